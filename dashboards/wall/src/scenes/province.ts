// Toàn tỉnh: what the whole area looks like now.
import { h, section, stateText, table, type Column } from '../dom.js';
import { mapPage, type MapPage } from '../map/map.js';
import { model, ownArea } from '../model.js';
import { duration, number, ratio, say, sayOf, share, technologyName, time } from '../say.js';
import type { Scene } from '../scene.js';
import { GROUPS, groupCounts, type Group } from '../states.js';
import type { Coverage, Figure, Kind, KindCounts, Live, Outage } from '../types.js';

const DECIMALS_MAX = 2;

function figureGroup(live: Live): Group {
  if (live.villages_nominal - live.villages - live.villages_unknown > 0) return 'down';
  return live.villages_unknown > 0 ? 'unknown' : 'up';
}

function declaredLine(technology: string): string | null {
  const row = model.coverage.find((c: Coverage) => c.technology === technology && c.operator === 'any' && c.declared);
  if (!row?.declared) return null;
  return say('declared as of', share(row.declared.numerator, row.declared.denominator), row.declared.as_of);
}

function bigFigure(technology: string, live: Live): HTMLElement {
  const lines = [`${say('population')}: ${share(live.population, live.population_total)}`];
  if (live.villages_unknown) lines.push(say('villages unknown', number(live.villages_unknown)));
  const declared = declaredLine(technology);
  if (declared) lines.push(declared);
  return h('div', 'tile',
    h('span', 'label', `${technologyName(technology)} · ${say('villages live')}`),
    h('b', `headline ${figureGroup(live)}`, `${number(live.villages)}/${number(live.villages_total)}`),
    ...lines.map((line) => h('small', '', line)));
}

export function availabilityText(figure: Figure | undefined): string {
  if (!figure?.enough_data) return say('not enough data');
  const decimals = Math.min(DECIMALS_MAX, figure.decimals);
  const lower = figure.lower !== null && figure.confirmed !== null && figure.lower < figure.confirmed;
  return ratio(figure.confirmed, decimals) + (lower ? ` (${say('lowest', ratio(figure.lower, decimals))})` : '');
}

function kindTile(kind: Kind, counts: KindCounts): HTMLElement {
  const groups = groupCounts(counts);
  const worst = GROUPS.find((group) => groups[group] > 0) ?? 'up';
  const figure = model.overview?.availability_24h.find((f) => f.kind === kind);
  const states = GROUPS.filter((group) => group !== 'up' && groups[group] > 0).map((group) => stateText(group, `${sayOf('group', group)} ${number(groups[group])}`));
  return h('div', 'tile',
    h('span', 'label', sayOf('kind', kind)),
    h('b', `headline ${worst}`, `${number(counts.up)}/${number(counts.total)}`),
    h('small', 'states', ...states),
    h('small', '', `${say('availability')}: ${availabilityText(figure)}`));
}

export const peopleWithout = (o: Outage): number => Math.max(o.mobile.without_service.population, o.fibre.without_service.population);

const OUTAGE_COLUMNS: readonly Column<Outage>[] = [
  { title: 'outage', cell: (o) => stateText(o.group_verified ? 'down' : 'unknown', o.outage) },
  { title: 'place', cell: (o) => o.root_name ?? '–' },
  { title: 'cause', cell: (o) => (o.verified ? sayOf('cause', o.cause ?? 'unknown') : say('unverified')) },
  { title: 'since', cell: (o) => time(o.from) },
  { title: 'duration', cell: (o) => duration(o.duration_ms), number: true },
  { title: 'sites', cell: (o) => number(o.sites), number: true },
  { title: 'without service', cell: (o) => number(peopleWithout(o)), number: true },
];

const columns = () => OUTAGE_COLUMNS.map((column) => ({ ...column, title: say(column.title as Parameters<typeof say>[0]) }));

function outages(): HTMLElement {
  const shown = model.overview?.outages ?? [];
  const rest = (model.overview?.outages_total ?? 0) - shown.length;
  const note = shown.length === 0 ? say('no outages') : rest > 0 ? say('more outages', number(rest)) : '';
  const body = shown.length > 0 ? [table(columns(), shown)] : [];
  return section(say('outages'), 'outages', ...body, h('p', 'rest', note));
}

let map: MapPage | null = null;
const figures = h('div', 'figures');

function draw(root: HTMLElement): void {
  const live = Object.entries(ownArea()?.live ?? {});
  const kinds = Object.entries(model.overview?.sites ?? {}) as [Kind, KindCounts][];
  figures.replaceChildren(
    section(say('coverage'), 'coverage tiles', ...live.map(([technology, f]) => bigFigure(technology, f))),
    section(say('sites by state'), 'kinds tiles', ...kinds.map(([kind, counts]) => kindTile(kind, counts))),
    outages());
  map ??= mapPage();
  if (map.root.parentElement !== root) root.replaceChildren(map.root, figures);
  map.draw([...model.areas.values()], [...model.sites.values()]);
}

export const province: Scene = { id: 'province', title: 'scene province', empty: () => model.overview === null, draw };
