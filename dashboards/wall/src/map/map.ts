// The map on a canvas: areas by the share of people without service, sites as shapes. A table says the same to who cannot see it.
import { geoIdentity, geoPath, type GeoIdentityTransform } from 'd3-geo';
import { get } from '../api.js';
import { h } from '../dom.js';
import { changed } from '../model.js';
import { say, share } from '../say.js';
import { settings } from '../settings.js';
import { GROUPS, groupOf, type Group } from '../states.js';
import type { Area, Live, Site } from '../types.js';
import { cells, outlined, plane, type Outline, type Place, type Point, type Shape } from './geometry.js';

const PAD = 0.03; // of the canvas
const SITE = 0.006;
const FAMILY = 'mobile';

export interface MapPage {
  root: HTMLElement;
  draw: (areas: readonly Area[], sites: readonly Site[]) => void;
}

const familyOf = (area: Area): Live | undefined => area.live[FAMILY] ?? Object.values(area.live)[0];

export const darkShare = (live: Live): number => (live.population_total > 0 ? 1 - (live.population + live.population_unknown) / live.population_total : 0);

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);

function fillOf(area: Area | undefined): { colour: string; alpha: number } {
  const live = area && familyOf(area);
  const dark = live ? darkShare(live) : 0;
  if (dark > 0) return { colour: colour('down'), alpha: 0.35 + 0.65 * dark };
  if (live && live.population_unknown > 0) return { colour: colour('unknown'), alpha: 0.35 };
  return { colour: colour('land'), alpha: 1 };
}

const isOutline = (x: Partial<Outline> | null): x is Outline => x?.type === 'Polygon' || x?.type === 'MultiPolygon';

interface Feature { id?: string | number; properties?: Record<string, unknown> | null; geometry: Partial<Outline> | null }

// A feature is called by its id, or by its properties id or code.
function outlineOf(feature: Feature): Outline[] {
  const id = feature.id ?? feature.properties?.id ?? feature.properties?.code;
  return id !== undefined && isOutline(feature.geometry) ? [{ ...feature.geometry, id: String(id) }] : [];
}

async function loadOutlines(): Promise<Outline[]> {
  const file = await get<{ features: Feature[] }>('outlines');
  return file.features.flatMap(outlineOf);
}

function schematic(areas: readonly Area[]): Shape[] {
  return cells(areas.flatMap((a): Place[] => (a.lon === null || a.lat === null ? [] : [{ id: a.id, lon: a.lon, lat: a.lat }])));
}

function fit(shapes: readonly Shape[], width: number, height: number): GeoIdentityTransform {
  const pad = Math.min(width, height) * PAD;
  const features = shapes.map((shape) => ({ type: 'Feature' as const, properties: {}, geometry: shape.geometry }));
  return geoIdentity().reflectY(true).fitExtent([[pad, pad], [width - pad, height - pad]], { type: 'FeatureCollection', features });
}

function drawAreas(context: CanvasRenderingContext2D, projection: GeoIdentityTransform, shapes: readonly Shape[], areas: ReadonlyMap<string, Area>): void {
  const path = geoPath(projection, context);
  context.strokeStyle = colour('line');
  for (const shape of shapes) {
    const fill = fillOf(areas.get(shape.id));
    context.beginPath();
    path(shape.geometry);
    context.globalAlpha = fill.alpha;
    context.fillStyle = fill.colour;
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
  }
}

type Mark = (context: CanvasRenderingContext2D, x: number, y: number, r: number) => void;

const MARKS: Record<Group, Mark> = {
  up: (c, x, y, r) => c.arc(x, y, r / 2, 0, 2 * Math.PI),
  maintenance: (c, x, y, r) => c.rect(x - r, y - r, 2 * r, 2 * r),
  unknown: (c, x, y, r) => c.arc(x, y, r, 0, 2 * Math.PI),
  degraded: (c, x, y, r) => {
    c.moveTo(x, y - r * 1.2);
    c.lineTo(x + r * 1.2, y + r);
    c.lineTo(x - r * 1.2, y + r);
    c.closePath();
  },
  down: (c, x, y, r) => {
    for (const [dx, dy] of [[1, 1], [1, -1]] as const) {
      c.moveTo(x - r * dx * 1.2, y - r * dy * 1.2);
      c.lineTo(x + r * dx * 1.2, y + r * dy * 1.2);
    }
  },
};
const OUTLINED: ReadonlySet<Group> = new Set(['down', 'unknown']);
const COLOUR: Record<Group, string> = { up: 'good', maintenance: 'maintenance', unknown: 'unknown', degraded: 'degraded', down: 'down-text' };

function drawGroup(context: CanvasRenderingContext2D, group: Group, points: readonly Point[], r: number): void {
  context.fillStyle = context.strokeStyle = colour(COLOUR[group]);
  context.lineWidth = r / 2;
  for (const [x, y] of points) {
    context.beginPath();
    MARKS[group](context, x, y, r);
    if (OUTLINED.has(group)) context.stroke();
    else context.fill();
  }
}

// The good ones first, so that what is wrong lies on top.
function drawSites(context: CanvasRenderingContext2D, projection: GeoIdentityTransform, sites: readonly Site[], r: number): void {
  const points: Record<Group, Point[]> = { down: [], unknown: [], degraded: [], maintenance: [], up: [] };
  for (const site of sites) {
    const at = site.lon === null || site.lat === null || site.state === 'planned' ? null : projection(plane(site.lon, site.lat));
    if (at) points[groupOf(site.state)].push(at);
  }
  for (const group of [...GROUPS].reverse()) drawGroup(context, group, points[group], r);
}

function hiddenTable(areas: readonly Area[]): HTMLTableElement {
  const rows = areas.map((area) => {
    const live = familyOf(area);
    return h('tr', '', h('th', '', area.name), h('td', '', live ? share(live.population, live.population_total) : '–'));
  });
  const table = h('table', 'visually-hidden', h('caption', '', say('coverage')), h('tbody', '', ...rows));
  return table;
}

function size(canvas: HTMLCanvasElement): number {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return Math.min(width, height);
}

export function mapPage(): MapPage {
  const canvas = h('canvas', 'map');
  const note = h('p', 'map-note');
  const table = h('div');
  canvas.setAttribute('aria-hidden', 'true');
  const root = h('section', 'map-box', canvas, note, table);
  let shapes: Shape[] = [];
  let known = '';
  let outlines: Outline[] = [];
  let real = false;
  if (settings.wall.outlines) loadOutlines().then((all) => {
    outlines = all;
    known = '';
    changed();
  }, (error: unknown) => console.warn(String(error)));
  return {
    root,
    draw: (areas, sites) => {
      const ids = areas.map((area) => area.id).join(' ');
      if (ids !== known) {
        const found = outlined(outlines, new Set(areas.map((area) => area.id)));
        real = found !== null;
        shapes = found ?? schematic(areas);
      }
      known = ids;
      note.textContent = real ? '' : say('map schematic');
      table.replaceChildren(hiddenTable(areas));
      const least = size(canvas);
      const context = canvas.getContext('2d');
      if (!context || least === 0 || shapes.length === 0) return;
      context.clearRect(0, 0, canvas.width, canvas.height);
      const projection = fit(shapes, canvas.width, canvas.height);
      drawAreas(context, projection, shapes, new Map(areas.map((area) => [area.id, area])));
      drawSites(context, projection, sites, Math.max(2, least * SITE));
    },
  };
}
