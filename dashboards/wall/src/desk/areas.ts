// Desk page: the areas on the map as a table, the darkest first.
import { withBar } from '../bar.js';
import { h, section, type Column } from '../dom.js';
import { listing } from '../listing.js';
import { familyOf } from '../map/map.js';
import { model, ownArea } from '../model.js';
import { refill } from '../refill.js';
import { compareNames, number, say, technologyName } from '../say.js';
import { lostVillages } from '../scenes/tiles.js';
import type { Area, Live } from '../types.js';
import { zoom } from '../zoom.js';

const darkness = (area: Area): number => Math.max(0, ...Object.values(area.live).map(lostVillages));

function cell(live: Live | undefined): HTMLElement {
  if (!live) return h('span', '', '–');
  const group = lostVillages(live) > 0 ? 'down' : live.villages_unknown > 0 ? 'unknown' : 'up';
  return h('span', `headline-small ${group}`, `${number(live.villages)}/${number(live.villages_total)}`);
}

// To the area's own wall.
function named(area: Area): HTMLElement {
  const node = h('button', 'link', area.name);
  node.type = 'button';
  node.addEventListener('click', () => {
    location.hash = 'province';
    zoom(area.id);
  });
  return node;
}

const people = (area: Area): number => familyOf(area)?.population_total ?? 0;
const without = (area: Area): number => {
  const live = familyOf(area);
  return live ? Math.max(0, live.population_total - live.population - live.population_unknown) : 0;
};

function withoutBar(area: Area, areas: readonly Area[]): HTMLElement {
  const live = familyOf(area);
  const parts = [{ group: 'up', value: live?.population ?? 0 }, { group: 'unknown', value: live?.population_unknown ?? 0 }, { group: 'down', value: without(area) }] as const;
  return withBar(parts, people(area), number(without(area)), areas.map((other) => number(without(other))));
}

function columns(areas: readonly Area[]): Column<Area>[] {
  const technologies = [...new Set([...Object.keys(ownArea()?.live ?? {}), ...areas.flatMap((area) => Object.keys(area.live))])];
  return [
    { title: say('area'), cell: named },
    { title: say('population'), cell: (a) => number(people(a)), number: true },
    ...technologies.map((t) => ({ title: technologyName(t), cell: (a: Area) => cell(a.live[t]), number: true })),
    { title: say('without service'), cell: (a) => withoutBar(a, areas), number: true },
  ];
}

export function drawAreas(root: HTMLElement): void {
  const areas = [...model.areas.values()].sort((a, b) => without(b) - without(a) || darkness(b) - darkness(a) || compareNames(a.name, b.name));
  refill(root, section(say('areas'), 'list', listing('areas', columns(areas), areas)));
}
