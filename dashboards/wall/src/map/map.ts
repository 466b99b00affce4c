// The map on a canvas: areas by the share of people without service, sites as shapes. A table says the same to who cannot see it.
import { h, stateText } from '../dom.js';
import { changed } from '../model.js';
import { say, sayOf, share } from '../say.js';
import { settings } from '../settings.js';
import { GROUPS, siteGroup, type Group } from '../states.js';
import type { Area, Live, Site } from '../types.js';
import { cells, outlined, plane, type Outline, type Place, type Point, type Shape } from './geometry.js';
import { placeNames, type Name } from './labels.js';
import { COLOUR, drawGroup, type Brush } from './marks.js';
import { loadOutlines } from './outlines.js';
import { middleOf, pathOf, views, type View } from './view.js';

const SITE = 0.006; // of the shorter side
const LINE = 1.35; // of a name's height
const NAMES_MOST = 40;
const FAMILY = 'mobile';
const OPAQUE = { alpha: false }; // nothing beneath to blend with, pixel by pixel

export interface MapPage {
  root: HTMLElement;
  // rises when a file of outlines came
  outlines: () => number;
  // focus: the area that it is fitted to, '' = all of them
  draw: (areas: readonly Area[], focus: string, sites: readonly Site[]) => void;
}

export const familyOf = (area: Area): Live | undefined => area.live[FAMILY] ?? Object.values(area.live)[0];

export const darkShare = (live: Live): number => (live.population_total > 0 ? 1 - (live.population + live.population_unknown) / live.population_total : darkVillages(live));

// Where nobody counted the people, villages stand for them.
const darkVillages = (live: Live): number => (live.villages_total > 0 ? 1 - (live.villages + live.villages_unknown) / live.villages_total : 0);

type Colours = (name: string) => string;

function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`);
}

function fillOf(area: Area | undefined): { colour: string; alpha: number } {
  const live = area && familyOf(area);
  const dark = live ? darkShare(live) : 0;
  if (dark > 1e-9) return { colour: 'down', alpha: 0.35 + 0.65 * dark };
  if (live && live.villages_unknown > 0) return { colour: 'unknown', alpha: 0.35 };
  return { colour: 'land', alpha: 1 };
}

function schematic(areas: readonly Area[]): Shape[] {
  return cells(areas.flatMap((a): Place[] => (a.lon === null || a.lat === null ? [] : [{ id: a.id, lon: a.lon, lat: a.lat }])));
}

interface Drawn { id: string; path: Path2D; middle: Point }

function drawAreas(context: Brush, drawn: readonly Drawn[], areas: ReadonlyMap<string, Area>, colour: Colours): void {
  context.strokeStyle = colour('line');
  context.lineWidth = devicePixelRatio || 1;
  for (const { id, path } of drawn) {
    const fill = fillOf(areas.get(id));
    context.globalAlpha = fill.alpha;
    context.fillStyle = colour(fill.colour);
    context.fill(path);
    context.globalAlpha = 1;
    context.stroke(path);
  }
}

function drawBox(context: Brush, view: View, name: string, colour: Colours): void {
  const { x, y, size } = view.box!;
  context.strokeStyle = colour('quiet');
  context.strokeRect(x, y, size, size);
  context.fillStyle = colour('text');
  context.font = `${size * 0.1}px "Be Vietnam Pro", sans-serif`;
  context.textAlign = 'center';
  context.fillText(name, x + size / 2, y + size * 0.93, size * 0.94);
}

const inBox = ([x, y]: Point, view: View): boolean => !view.box || (x >= view.box.x && x <= view.box.x + view.box.size && y >= view.box.y && y <= view.box.y + view.box.size);

type Places = Record<Group, Point[]>;

function placesOf(view: View, sites: readonly Site[]): Places {
  const points: Places = { down: [], unknown: [], degraded: [], maintenance: [], up: [] };
  for (const site of sites) {
    const at = site.lon === null || site.lat === null || site.state === 'planned' ? null : view.projection(plane(site.lon, site.lat));
    if (at && inBox(at, view)) points[siteGroup(site)].push(at);
  }
  return points;
}

// The good ones first, so that what is wrong lies on top.
function drawSites(context: Brush, places: Places, r: number, colour: Colours): void {
  for (const group of [...GROUPS].reverse()) drawGroup(context, group, places[group], r, colour(COLOUR[group]), colour('panel'));
}

// How much an area wants its name on the map: whoever has no service, before whoever may have none, before the largest.
function weightOf(area: Area): number {
  const live = familyOf(area);
  if (!live) return 0;
  return darkShare(live) > 1e-9 ? 2 + darkShare(live) : live.villages_unknown > 0 ? 1 : Math.min(0.99, live.population_total / 1e9);
}

function drawNames(context: Brush, drawn: readonly Drawn[], areas: ReadonlyMap<string, Area>, places: Places, r: number, colour: Colours): void {
  const size = parseFloat(getComputedStyle(document.documentElement).fontSize) * (devicePixelRatio || 1);
  context.save();
  context.font = `600 ${size}px "Be Vietnam Pro", sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const names = drawn.flatMap(({ id, middle }): (Name & { weight: number })[] => {
    const area = areas.get(id);
    return area ? [{ text: area.name, at: middle, width: context.measureText(area.name).width, important: weightOf(area) >= 1, weight: weightOf(area) }] : [];
  }).sort((a, b) => b.weight - a.weight);
  const marks = GROUPS.flatMap((group) => places[group]);
  context.lineWidth = size / 4;
  context.lineJoin = 'round';
  context.strokeStyle = colour('panel');
  for (const { text, at, important } of placeNames(names.slice(0, NAMES_MOST), marks, size * LINE, r, context.canvas.width, context.canvas.height)) {
    context.strokeText(text, ...at);
    context.fillStyle = colour(important ? 'text' : 'quiet');
    context.fillText(text, ...at);
  }
  context.restore();
}

const shareText = (area: Area): string => {
  const live = familyOf(area);
  return live ? share(live.population, live.population_total) : '–';
};

function hiddenTable(areas: readonly Area[]): HTMLTableElement {
  const rows = areas.map((area) => {
    const head = h('th', '', area.name);
    head.scope = 'row';
    return h('tr', '', head, h('td', '', shareText(area)));
  });
  return h('table', '', h('caption', '', say('coverage')), h('tbody', '', ...rows));
}

// Cells that say something else now; a table made anew each second would cost more than the map.
function updateTable(table: HTMLTableElement, areas: readonly Area[]): void {
  areas.forEach((area, i) => {
    const cell = table.tBodies[0]!.rows[i]!.cells[1]!;
    const text = shareText(area);
    if (cell.textContent !== text) cell.textContent = text;
  });
}

// Shape, colour and word of each state, good first.
const legend = (): HTMLElement[] => [...GROUPS].reverse().map((group) => stateText(group, sayOf('group', group)));

function resize(canvas: HTMLCanvasElement): string {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return `${width}x${height}`;
}

export function mapPage(onArea: (id: string) => void): MapPage {
  const canvas = h('canvas', 'map');
  const note = h('p', 'map-note');
  const table = h('div', 'visually-hidden');
  const key = h('p', 'legend');
  canvas.setAttribute('aria-hidden', 'true');
  const root = h('section', 'map-box', canvas, key, note, table);
  // Drawn out of sight and shown as a finished picture: a canvas that may be drawn on costs its pixels with each frame of the page.
  const shown = canvas.getContext('bitmaprenderer', OPAQUE);
  const ground = new OffscreenCanvas(1, 1);
  const brush = ground.getContext('2d', OPAQUE);
  let shapes: Shape[] = [];
  let parts: { view: View; drawn: Drawn[] }[] = [];
  let outlines: Outline[] = [];
  let known: ReadonlyMap<string, Area> = new Map();
  let unfit = false;
  let knownAreas = '';
  let knownSize = '';

  function find(areas: readonly Area[]): void {
    const ids = new Set([...areas.map((area) => area.id), ...settings.wall.insets]);
    const found = outlined(outlines, ids, areas.length);
    unfit = found === null && outlines.length > 0;
    shapes = found ?? schematic(areas);
    knownSize = '';
  }

  function place(focus: string): void {
    parts = views(shapes, settings.wall.insets, canvas.width, canvas.height, focus).map((view) => ({ view, drawn: view.shapes.map((shape) => ({ id: shape.id, path: pathOf(view, shape), middle: middleOf(view, shape) })) }));
  }

  function noteText(areas: readonly Area[]): string {
    if (shapes.length === 0) return say('map without places');
    if (unfit) return `${say('map unfit')} ${say('map schematic')}`;
    return outlined(outlines, new Set(areas.map((a) => a.id)), areas.length) ? '' : say('map schematic');
  }

  const nameOf = (id: string, areas: ReadonlyMap<string, Area>): string => areas.get(id)?.name ?? outlines.find((o) => o.id === id)?.name ?? id;

  function drawPart(context: Brush, part: { view: View; drawn: Drawn[] }, areas: ReadonlyMap<string, Area>, sites: readonly Site[]): void {
    const colour = colours();
    drawAreas(context, part.drawn, areas, colour);
    if (part.view.box) drawBox(context, part.view, nameOf(part.drawn[0]!.id, areas), colour);
    const r = Math.max(2, Math.min(canvas.width, canvas.height) * SITE);
    const places = placesOf(part.view, sites);
    drawSites(context, places, r, colour);
    if (!part.view.box) drawNames(context, part.drawn, areas, places, r, colour);
  }

  function paint(context: Brush, sites: readonly Site[]): void {
    if (ground.width !== canvas.width || ground.height !== canvas.height) Object.assign(ground, { width: canvas.width, height: canvas.height });
    context.fillStyle = colours()('panel');
    context.fillRect(0, 0, ground.width, ground.height);
    for (const part of parts) drawPart(context, part, known, sites);
    shown?.transferFromImageBitmap(ground.transferToImageBitmap());
  }

  canvas.addEventListener('click', (event) => {
    const ratio = devicePixelRatio || 1;
    const [x, y] = [event.offsetX * ratio, event.offsetY * ratio];
    const part = parts.find((p) => p.view.box && inBox([x, y], p.view)) ?? parts[0];
    const hit = part?.drawn.find(({ path }) => brush?.isPointInPath(path, x, y));
    if (hit && known.has(hit.id)) onArea(hit.id === settings.area ? '' : hit.id);
  });

  if (settings.wall.outlines) loadOutlines().then((all) => {
    outlines = all;
    knownAreas = '';
    changed();
  }, (error: unknown) => console.warn(String(error)));

  return {
    root,
    outlines: () => outlines.length,
    draw: (areas, focus, sites) => {
      known = new Map(areas.map((area) => [area.id, area]));
      const ids = `${say('legend')} ${focus}: ${areas.map((area) => area.id).join(' ')}`;
      if (ids !== knownAreas) {
        key.replaceChildren(...legend());
        table.replaceChildren(hiddenTable(areas));
        find(areas);
        knownAreas = ids;
        note.textContent = noteText(areas);
      }
      updateTable(table.querySelector('table')!, areas);
      const size = resize(canvas);
      if (size !== knownSize) place(focus);
      knownSize = size;
      if (brush && canvas.width > 0 && canvas.height > 0) paint(brush, sites);
    },
  };
}
