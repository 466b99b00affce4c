// Toàn tỉnh: what the whole area looks like now.
import { isOld } from '../age.js';
import { aged, h, section } from '../dom.js';
import { mapPage, type MapPage } from '../map/map.js';
import { changed, model, ownArea } from '../model.js';
import { currentLanguage, say } from '../say.js';
import type { Scene } from '../scene.js';
import { settings } from '../settings.js';
import type { Kind, KindCounts } from '../types.js';
import { unchanged } from '../unchanged.js';
import { unseenNames } from '../unseen.js';
import { zoom } from '../zoom.js';
import { affected } from './affected.js';
import { earlySaid } from './early_warnings.js';
import { lasting } from './lasting.js';
import { themeNow } from '../theme.js';
import { kindTile, serviceTile, technologyTile, tiles } from './tiles.js';

const SERVICES = ['conference'] as const; // units that people ask for beside the technologies
const AREAS_LEAST_REM = 7; // lower, their box is half a heading
const TIGHTEST = 2; // first the third lines of the tiles go, then the second ones

let map: MapPage | null = null;
const sameFigures = unchanged();
const sameMap = unchanged();
const sameView = unchanged();
const sameAreas = unchanged();
const figures = h('div', 'figures');
const areasBox = h('div', 'affected-box');
const MAP_MS = 4000; // the costliest drawing by far: the browser copies all of its pixels
let mapAt = -Infinity;
let height = 0; // of the scene; asked of the layout when it has made one
let waiting: ReturnType<typeof setTimeout> | undefined;

const view = (): unknown[] => [innerWidth, innerHeight, devicePixelRatio, document.documentElement.style.fontSize, currentLanguage(), themeNow(), document.fonts.status];

// What only the size of the screen decides is read once for it: each reading may cost a layout.
function perView<T>(read: () => T): () => T {
  const same = unchanged();
  let kept: T;
  return () => {
    if (!same(view())) kept = read();
    return kept;
  };
}

const isPage = perView(() => getComputedStyle(figures).overflowY !== 'hidden'); // read to its end, on a phone
const hasAffected = perView(() => getComputedStyle(areasBox).display !== 'none');

let level = 0;
const sameTiles = unchanged();

// As many lines in the tiles as last time unless there are others; else as many as fit.
function tighten(): void {
  const tiles_ = [...figures.children].slice(0, 2).map((box) => box.getElementsByTagName('*').length);
  level = isPage() || !sameTiles([...tiles_, ...view()]) ? 0 : level;
  for (; level <= TIGHTEST; level++) {
    if (figures.dataset.tight !== String(level)) figures.dataset.tight = String(level);
    if (isPage() || figures.scrollHeight <= figures.clientHeight + 1) return;
  }
}

function drawFigures(): void {
  const live = Object.entries(ownArea()?.live ?? {});
  const kinds = Object.entries(model.overview?.sites ?? {}) as [Kind, KindCounts][];
  const services = SERVICES.flatMap((service) => (model.overview?.units[service] ? [serviceTile(service, model.overview.units[service])] : []));
  const list = lasting();
  const outages = aged(section(say('outages'), 'outages', ...list.nodes), model.at.overview);
  figures.replaceChildren(
    aged(tiles(`${say('coverage')} · ${say('villages of all')}`, 'coverage', [...live.map(([technology, f]) => technologyTile(technology, f)), ...services]), model.at.overview),
    aged(tiles(`${say('sites by state')} · ${say('availability provisional')}`, 'kinds', kinds.map(([kind, counts]) => kindTile(kind, counts))), model.at.overview),
    outages, areasBox);
  tighten();
  list.fit(outages);
}

const oldNow = (): boolean => settings.at === null && isOld(model.at.overview, Date.now());
// Only where the wall is wide enough for it.
function drawAffected(): void {
  if (!hasAffected()) return;
  const areas = affected();
  areasBox.replaceChildren(aged(areas.node, model.at.overview));
  areas.fit();
  areasBox.style.visibility = areasBox.clientHeight < AREAS_LEAST_REM * parseFloat(getComputedStyle(document.documentElement).fontSize) ? 'hidden' : '';
}

// Once, when the map may be drawn again.
function later(): void {
  waiting ??= setTimeout(() => {
    waiting = undefined;
    changed();
  }, mapAt + MAP_MS - performance.now());
}

function drawMap(page: MapPage): void {
  mapAt = performance.now();
  page.draw(model.frame, model.focus, settings.guest ? [] : [...model.sites.values()]);
}

const heights = new ResizeObserver(([entry]) => {
  const now = Math.round(entry!.contentRect.height);
  if (now === height) return;
  height = now;
  changed();
});

// What has not changed is not drawn again: the page is looked at for weeks.
function draw(root: HTMLElement): void {
  if (!map) heights.observe(root);
  map ??= mapPage(zoom);
  const fresh = map.root.parentElement !== root;
  if (fresh) root.replaceChildren(map.root, figures);
  const areasSame = sameAreas([model.edition.areas]);
  const figuresSame = sameFigures([model.overview, model.coverage, model.restored, unseenNames(), oldNow(), settings.at, earlySaid(), ...view()]);
  const soon = sameView([map.outlines(), model.focus, settings.area, settings.at, model.frame.length, height, ...view()]) && !fresh && performance.now() < mapAt + MAP_MS;
  if (soon) later();
  const mapSame = soon || sameMap([model.frame, model.focus, model.edition.areas, model.edition.sites, map.outlines(), height, settings.at, ...view()]);
  if (fresh || !figuresSame) drawFigures();
  if (fresh || !figuresSame || !areasSame) drawAffected();
  if (fresh || !mapSame) drawMap(map);
}

export const province: Scene = { id: 'province', title: 'scene province', empty: () => model.overview === null, draw };
