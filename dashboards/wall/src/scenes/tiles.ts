// The big figures: villages by technology, sites by kind. One headline each, small lines beneath that go first when there is no room.
import { bar, type Part } from '../bar.js';
import { h, section, stateText } from '../dom.js';
import { lastDay } from '../figure_text.js';
import { model } from '../model.js';
import { day, number, say, sayOf, share, technologyName } from '../say.js';
import { GROUPS, groupCounts, type Group } from '../states.js';
import type { Coverage, Figure, Kind, KindCounts, Live, StateCounts } from '../types.js';

// Villages that were meant to be served and are not, for certain.
export const lostVillages = (live: Live): number => live.villages_nominal - live.villages - live.villages_unknown;

function figureGroup(live: Live): Group {
  if (lostVillages(live) > 0) return 'down';
  return live.villages_unknown > 0 ? 'unknown' : 'up';
}

function declaredLine(technology: string): string | null {
  const row = model.coverage.find((c: Coverage) => c.technology === technology && c.operator === 'any' && c.declared);
  if (!row?.declared) return null;
  return say('declared as of', share(row.declared.numerator, row.declared.denominator), day(row.declared.as_of));
}

const small = (importance: string, ...children: (Node | string)[]): HTMLElement => h('small', importance, ...children);

// 387/408, of which the first half is what counts.
export const headline = (group: Group, part: number, whole: number): HTMLElement => h('b', `headline ${group}`, number(part), h('span', 'of', `/${number(whole)}`));

export const tiles = (title: string, className: string, all: readonly HTMLElement[]): HTMLElement => section(title, className, h('div', 'tiles', ...all));

function tile(label: string, head: HTMLElement, parts: readonly Part[], total: number, ...lines: HTMLElement[]): HTMLElement {
  return h('div', 'tile', h('span', 'label', label), head, bar(parts, total), ...lines);
}

const totalOf = (counts: StateCounts): number => Object.values(counts).reduce((sum, n) => sum + n, 0);

const carrying = (counts: StateCounts): number => counts.up + counts.degraded;

// Of the units that carry it: a 5G cell that is lost shows, though its village has another.
function unitLine(service: string): HTMLElement[] {
  const counts = model.overview?.units[service];
  return counts && totalOf(counts) > 0 ? [small('second', say('units carrying', number(carrying(counts)), number(totalOf(counts))))] : [];
}

const livePart = (live: Live): Part[] => [{ group: 'up', value: live.villages }, { group: 'unknown', value: live.villages_unknown }, { group: 'down', value: lostVillages(live) }];

export function technologyTile(technology: string, live: Live): HTMLElement {
  const declared = declaredLine(technology);
  return tile(technologyName(technology), headline(figureGroup(live), live.villages, live.villages_total), livePart(live), live.villages_total,
    small('', `${say('population')}: ${share(live.population, live.population_total)}`),
    ...(live.villages_unknown ? [small('', stateText('unknown', say('villages unknown', number(live.villages_unknown))))] : []),
    ...unitLine(technology),
    ...(declared ? [small('third', declared)] : []));
}

const figureOf = (kind: Kind): Figure | undefined => model.overview?.availability_24h.find((f) => f.kind === kind);

const stateLine = (group: Group, text: string, n: number): HTMLElement[] => (n > 0 ? [stateText(group, `${text} ${number(n)}`)] : []);

const partsOf = (groups: Record<Group, number>): Part[] => (['up', 'maintenance', 'degraded', 'unknown', 'down'] as const).map((group) => ({ group, value: groups[group] }));

// Worst first; up says nothing.
const linesOf = (groups: Record<Group, number>): HTMLElement[] => GROUPS.filter((group) => group !== 'up').flatMap((group) => stateLine(group, sayOf('group', group), groups[group]));

const worstOf = (groups: Record<Group, number>): Group => GROUPS.find((group) => groups[group] > 0) ?? 'up';

// Sites that lost only some of their units are not out.
export function kindGroups(counts: KindCounts): Record<Group, number> {
  const groups = groupCounts(counts);
  const partly = counts.down - counts.out;
  return { ...groups, down: counts.out, degraded: groups.degraded + partly };
}

export function kindTile(kind: Kind, counts: KindCounts): HTMLElement {
  const groups = kindGroups(counts);
  return tile(sayOf('kind', kind), headline(worstOf(groups), counts.up, counts.total), partsOf(groups), counts.total,
    small('states', ...linesOf(groups)),
    small('second', lastDay(figureOf(kind))));
}

// A service of units that is no technology, such as the conference endpoints of the communes.
export function serviceTile(service: string, counts: StateCounts): HTMLElement {
  const groups = groupCounts(counts);
  return tile(sayOf('unit', service), headline(groups.down > 0 || groups.unknown > 0 ? worstOf(groups) : 'up', carrying(counts), totalOf(counts)), partsOf(groups), totalOf(counts), small('states', ...linesOf(groups)));
}
