// Keeps the model true: loads everything once, then follows the collector's events; after a gap it asks for everything again.
import { address, get, getAll } from './api.js';
import { changed, model } from './model.js';
import { settings } from './settings.js';
import type { Area, Coverage, Indicator, Overview, Site } from './types.js';

declare const BUILD: string;

const RETRY_MS = 2000;
const SLOW_MS = 30000; // figures that no event carries

export const heard = { at: 0, listening: true, ledger: true, newBuild: false };

async function loadAll(): Promise<void> {
  const overview = await get<Overview>('overview', { area: settings.area });
  const own = overview.area[0]?.id ?? '';
  const [areas, sites] = await Promise.all([
    getAll<Area>('areas', 'areas', { parent: own, level: settings.wall.map_level }),
    getAll<Site>('sites', 'sites', { area: own }),
    loadSlow(own),
  ]);
  model.overview = overview;
  model.areas = new Map(areas.map((area) => [area.id, area]));
  model.sites = new Map(sites.map((site) => [site.id, site]));
  changed();
}

async function loadSlow(area: string): Promise<void> {
  const coverage = await get<{ coverage: Coverage[] }>('coverage', { area });
  model.coverage = coverage.coverage;
  model.indicators = await getAll<Indicator>('indicators', 'indicators', { area });
  changed();
}

let loading = false;

function resync(): void {
  if (loading) return;
  loading = true;
  loadAll()
    .catch((error: unknown) => {
      console.warn(String(error));
      setTimeout(resync, RETRY_MS);
    })
    .finally(() => { loading = false; });
}

function patch<T extends { id: string }>(known: Map<string, T>, items: T[], all: boolean): void {
  for (const item of items) if (all || known.has(item.id)) known.set(item.id, item);
  changed();
}

function takeOverview(overview: Overview): void {
  if (settings.area !== '') return resync();
  model.overview = overview;
  changed();
}

interface Beat { listening: boolean; ledger?: boolean; build?: string }

function takeBeat(beat: Beat): void {
  heard.listening = beat.listening;
  heard.ledger = beat.ledger !== false;
  heard.newBuild = beat.build !== undefined && beat.build !== BUILD;
}

const TAKE: Record<string, (data: never) => void> = {
  hb: takeBeat,
  resync,
  overview: takeOverview,
  areas: (areas: Area[]) => patch(model.areas, areas, false),
  sites: (sites: Site[]) => patch(model.sites, sites, settings.area === ''),
};

export function follow(): void {
  const source = new EventSource(address('events'));
  for (const [name, take] of Object.entries(TAKE)) {
    source.addEventListener(name, (event) => {
      heard.at = Date.now();
      take(JSON.parse((event as MessageEvent<string>).data) as never);
    });
  }
  setInterval(() => {
    const own = model.overview?.area[0]?.id;
    if (own !== undefined) loadSlow(own).catch((error: unknown) => console.warn(String(error)));
  }, SLOW_MS);
}
