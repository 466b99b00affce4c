// Desk page: the areas on the map as a table, the darkest first.
import { h, section, type Column } from '../dom.js';
import { listing } from '../listing.js';
import { model } from '../model.js';
import { compareNames, number, say, technologyName } from '../say.js';
import type { Scene } from '../scene.js';
import type { Area, Live } from '../types.js';

export const dark = (live: Live): number => live.villages_nominal - live.villages - live.villages_unknown;

const darkness = (area: Area): number => Math.max(0, ...Object.values(area.live).map(dark));

function cell(live: Live | undefined): HTMLElement {
  if (!live) return h('span', '', '–');
  const group = dark(live) > 0 ? 'down' : live.villages_unknown > 0 ? 'unknown' : 'up';
  return h('span', `headline-small ${group}`, `${number(live.villages)}/${number(live.villages_total)}`);
}

function columns(areas: readonly Area[]): Column<Area>[] {
  const technologies = [...new Set(areas.flatMap((area) => Object.keys(area.live)))];
  return [
    { title: say('area'), cell: (a) => a.name },
    ...technologies.map((t) => ({ title: technologyName(t), cell: (a: Area) => cell(a.live[t]), number: true })),
  ];
}

function draw(root: HTMLElement): void {
  const areas = [...model.areas.values()].sort((a, b) => darkness(b) - darkness(a) || compareNames(a.name, b.name));
  root.replaceChildren(section(say('areas'), 'list', listing('areas', columns(areas), areas)));
}

export const areas: Scene = { id: 'areas', title: 'area', empty: () => model.areas.size === 0, draw };
