// Toàn tỉnh: what the whole area looks like now.
import { aged, h, section } from '../dom.js';
import { mapPage, type MapPage } from '../map/map.js';
import { model, ownArea } from '../model.js';
import { say } from '../say.js';
import type { Scene } from '../scene.js';
import { settings } from '../settings.js';
import type { Kind, KindCounts } from '../types.js';
import { zoom } from '../zoom.js';
import { affected } from './affected.js';
import { lasting } from './lasting.js';
import { kindTile, serviceTile, technologyTile, tiles } from './tiles.js';

const SERVICES = ['conference'] as const; // units that people ask for beside the technologies
const TIGHTEST = 2; // first the third lines of the tiles go, then the second ones

let map: MapPage | null = null;
const figures = h('div', 'figures');

function tighten(): void {
  const phone = getComputedStyle(figures).overflowY !== 'hidden';
  for (let level = 0; level <= TIGHTEST; level++) {
    figures.dataset.tight = String(level);
    if (phone || figures.scrollHeight <= figures.clientHeight + 1) return;
  }
}

function drawFigures(): void {
  const live = Object.entries(ownArea()?.live ?? {});
  const kinds = Object.entries(model.overview?.sites ?? {}) as [Kind, KindCounts][];
  const services = SERVICES.flatMap((service) => (model.overview?.units[service] ? [serviceTile(service, model.overview.units[service])] : []));
  const list = lasting();
  const areas = affected();
  const outages = aged(section(say('outages'), 'outages', ...list.nodes), model.at.overview);
  figures.replaceChildren(
    aged(tiles(`${say('coverage')} · ${say('villages of all')}`, 'coverage', [...live.map(([technology, f]) => technologyTile(technology, f)), ...services]), model.at.overview),
    aged(tiles(`${say('sites by state')} · ${say('availability provisional')}`, 'kinds', kinds.map(([kind, counts]) => kindTile(kind, counts))), model.at.overview),
    outages, aged(areas.node, model.at.overview));
  tighten();
  list.fit(outages);
  areas.fit();
}

function draw(root: HTMLElement): void {
  map ??= mapPage(zoom);
  if (map.root.parentElement !== root) root.replaceChildren(map.root, figures);
  drawFigures();
  map.draw(model.frame, model.focus, settings.guest ? [] : [...model.sites.values()]);
}

export const province: Scene = { id: 'province', title: 'scene province', empty: () => model.overview === null, draw };
