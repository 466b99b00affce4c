// What this page is to show: from the address (?area= &lang= &scene= &guest &token=) and from the collector's configuration (/api/v1/wall).

export interface WallConfig {
  scenes: string[];
  dwell_ms: number;
  height_mm: number;
  distance_mm: number;
  map_level: string;
  outlines: boolean;
  guest: boolean;
  sound: boolean;
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
};

const address = new URLSearchParams(location.search);

export const settings = {
  area: address.get('area') ?? '',
  token: address.get('token') ?? '',
  guest: address.has('guest'),
  scene: address.get('scene') ?? '',
  wall: { ...DEFAULTS },
};

export function takeConfig(config: Partial<WallConfig>): void {
  settings.wall = { ...DEFAULTS, ...config };
  settings.guest ||= settings.wall.guest;
}
