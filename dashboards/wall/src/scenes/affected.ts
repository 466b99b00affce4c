// The areas on the map with people without service, the most people first. Shown where a wall is wide enough for it.
import { withBar } from '../bar.js';
import { h, section, stateText, table, type Column } from '../dom.js';
import { leaveOut } from '../fit.js';
import { takeaway } from '../listing.js';
import { familyOf } from '../map/map.js';
import { model } from '../model.js';
import { compareNames, number, say, share } from '../say.js';
import type { Area, Live } from '../types.js';
import { lostVillages } from './tiles.js';

interface Row { area: Area; live: Live; people: number }

const peopleWithout = (live: Live): number => Math.max(0, live.population_total - live.population - live.population_unknown);

function rowOf(area: Area): Row[] {
  const live = familyOf(area);
  return live && (lostVillages(live) > 0 || live.villages_unknown > 0) ? [{ area, live, people: peopleWithout(live) }] : [];
}

const byPeople = (a: Row, b: Row): number => b.people - a.people || lostVillages(b.live) - lostVillages(a.live) || compareNames(a.area.name, b.area.name);

function people(row: Row, rows: readonly Row[]): HTMLElement {
  const { live } = row;
  const parts = [{ group: 'down', value: row.people }, { group: 'unknown', value: live.population_unknown }, { group: 'up', value: live.population }] as const;
  return withBar(parts, live.population_total, number(row.people), rows.map((other) => number(other.people)));
}

const columns = (rows: readonly Row[]): Column<Row>[] => [
  { title: say('area'), cell: (r) => h('span', 'clip', stateText(lostVillages(r.live) > 0 ? 'down' : 'unknown', r.area.name)) },
  { title: say('villages live'), cell: (r) => `${number(r.live.villages)}/${number(r.live.villages_total)}`, number: true },
  { title: say('population'), cell: (r) => share(r.live.population, r.live.population_total), number: true },
  { title: say('without service'), cell: (r) => people(r, rows), number: true },
];

export interface Affected { node: HTMLElement; fit: () => void }

export function affected(): Affected {
  const rows = [...model.areas.values()].flatMap(rowOf).sort(byPeople);
  const title = `${say('areas affected')}: ${number(rows.length)}`;
  if (rows.length === 0) return { node: section(title, 'affected', h('p', 'rest', say('no area affected'))), fit: () => undefined };
  const list = table(columns(rows), rows);
  const note = h('p', 'rest');
  const node = takeaway(section(title, 'affected', list, note), 'areas-affected', columns(rows), rows);
  return {
    node,
    fit: () => {
      const rest = leaveOut([...list.tBodies[0]!.rows], node);
      note.textContent = rest > 0 ? say('more areas', number(rest)) : '';
    },
  };
}
