// What this page is to show: from the address (?area= &lang= &scene= &guest &token=) and from the collector's configuration (/api/v1/wall).
// The address follows what a person chooses, so that a reload shows the same again.
import { setOffset } from './say.js';
import { DAY_MS, HOUR_MS } from './spans.js';

export interface WallConfig {
  scenes: string[];
  dwell_ms: number;
  height_mm: number;
  distance_mm: number;
  map_level: string;
  outlines: boolean;
  guest: boolean;
  sound: boolean;
  standing_ms: number;
  utc_offset_ms: number;
  insets: string[];
}

export const DEFAULTS: WallConfig = {
  scenes: ['province', 'power', 'coverage', 'services'],
  dwell_ms: 20000,
  height_mm: 0,
  distance_mm: 0,
  map_level: 'commune',
  outlines: false,
  guest: false,
  sound: false,
  standing_ms: DAY_MS,
  utc_offset_ms: 7 * HOUR_MS,
  insets: [],
};

const address = new URLSearchParams(location.search);

export const settings = {
  area: address.get('area') ?? '',
  token: address.get('token') ?? '',
  guest: address.has('guest'),
  scene: address.get('scene') ?? '',
  at: null as number | null, // the instant that is replayed, null = now
  wall: { ...DEFAULTS },
};

export function takeConfig(config: Partial<WallConfig>): void {
  settings.wall = { ...DEFAULTS, ...config };
  settings.guest ||= settings.wall.guest;
  setOffset(settings.wall.utc_offset_ms);
}

export function chooseArea(area: string): void {
  settings.area = area;
  const query = new URLSearchParams(location.search);
  if (area === '') query.delete('area');
  else query.set('area', area);
  const text = query.toString();
  history.replaceState(null, '', `${location.pathname}${text ? `?${text}` : ''}${location.hash}`);
}
