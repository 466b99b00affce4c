// The big figures: villages by technology, sites by kind. One headline each, small lines beneath that go first when there is no room.
import { h, stateText } from '../dom.js';
import { model } from '../model.js';
import { day, number, ratio, say, sayOf, share, technologyName } from '../say.js';
import { GROUPS, groupCounts, type Group } from '../states.js';
import type { Coverage, Figure, Kind, KindCounts, Live } from '../types.js';

const DECIMALS_MAX = 2;

function figureGroup(live: Live): Group {
  if (live.villages_nominal - live.villages - live.villages_unknown > 0) return 'down';
  return live.villages_unknown > 0 ? 'unknown' : 'up';
}

function declaredLine(technology: string): string | null {
  const row = model.coverage.find((c: Coverage) => c.technology === technology && c.operator === 'any' && c.declared);
  if (!row?.declared) return null;
  return say('declared as of', share(row.declared.numerator, row.declared.denominator), day(row.declared.as_of));
}

const small = (importance: string, ...children: (Node | string)[]): HTMLElement => h('small', importance, ...children);

export function technologyTile(technology: string, live: Live): HTMLElement {
  const declared = declaredLine(technology);
  return h('div', 'tile',
    h('span', 'label', `${technologyName(technology)} · ${say('villages live')}`),
    h('b', `headline ${figureGroup(live)}`, `${number(live.villages)}/${number(live.villages_total)}`),
    small('second', `${say('population')}: ${share(live.population, live.population_total)}`),
    ...(live.villages_unknown ? [small('', stateText('unknown', say('villages unknown', number(live.villages_unknown))))] : []),
    ...(declared ? [small('third', declared)] : []));
}

export function availabilityText(figure: Figure | undefined): string {
  if (!figure?.enough_data) return say('not enough data');
  const decimals = Math.min(DECIMALS_MAX, figure.decimals);
  const lower = figure.lower !== null && figure.confirmed !== null && figure.lower < figure.confirmed;
  return ratio(figure.confirmed, decimals) + (lower ? ` (${say('lowest', ratio(figure.lower, decimals))})` : '');
}

function availabilityLine(kind: Kind): string {
  const figure = model.overview?.availability_24h.find((f) => f.kind === kind);
  const provisional = figure?.enough_data ? ` · ${say('provisional')}` : '';
  return `${say('availability')}: ${availabilityText(figure)}${provisional}`;
}

export function kindTile(kind: Kind, counts: KindCounts): HTMLElement {
  const groups = groupCounts(counts);
  const worst = GROUPS.find((group) => groups[group] > 0) ?? 'up';
  const states = GROUPS.filter((group) => group !== 'up' && groups[group] > 0).map((group) => stateText(group, `${sayOf('group', group)} ${number(groups[group])}`));
  return h('div', 'tile',
    h('span', 'label', sayOf('kind', kind)),
    h('b', `headline ${worst}`, `${number(counts.up)}/${number(counts.total)}`),
    small('states', ...states),
    small('second', availabilityLine(kind)));
}
