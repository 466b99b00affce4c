// Vùng phủ: technology and operator, live beside what is declared, and the villages without service by name.
import { withBar } from '../bar.js';
import { aged, h, section, stateText, table, type Column } from '../dom.js';
import { leaveOut } from '../fit.js';
import { takeaway } from '../listing.js';
import { model } from '../model.js';
import { operatorOfCoverage } from '../operators.js';
import { compareNames, day, number, say, share, technologyName, time } from '../say.js';
import type { Scene } from '../scene.js';
import type { Coverage, DarkVillage, TemporaryCover } from '../types.js';
import { affected } from './affected.js';

const isFirst = (c: Coverage): boolean => c.operator === 'any';

// What was declared stands beneath whom it is about, with its date.
function operatorCell(c: Coverage): HTMLElement {
  const name = h('span', isFirst(c) ? 'first' : '', operatorOfCoverage(c.operator));
  return c.declared ? h('span', '', name, h('small', 'declared', say('declared as of', share(c.declared.numerator, c.declared.denominator), day(c.declared.as_of)))) : name;
}

const withUnknown = (live: number, unknown: number): string => (unknown > 0 ? `${number(live)} – ${number(live + unknown)}` : number(live));

// Whom nobody serves though somebody was meant to, by villages.
const lost = (c: Coverage): number => Math.max(0, c.nominal.villages - c.live.villages - c.unknown.villages);

function shareText(c: Coverage): string {
  const upper = c.unknown.population > 0 ? ` – ${share(c.live.population + c.unknown.population, c.total.population)}` : '';
  return share(c.live.population, c.total.population) + upper;
}

function people(c: Coverage): HTMLElement {
  const parts = [{ group: 'up', value: c.live.population }, { group: 'unknown', value: c.unknown.population }, { group: 'down', value: Math.max(0, c.nominal.population - c.live.population - c.unknown.population) }] as const;
  return withBar(parts, c.total.population, shareText(c), model.coverage.map(shareText));
}

function columns(): Column<Coverage>[] {
  return [
    { title: say('technology'), cell: (c) => (isFirst(c) ? h('b', '', technologyName(c.technology)) : '') },
    { title: say('operator'), cell: operatorCell },
    { title: say('villages'), cell: (c) => h('span', `headline-small ${lost(c) > 0 ? 'down' : c.unknown.villages > 0 ? 'unknown' : ''}`, `${withUnknown(c.live.villages, c.unknown.villages)}/${number(c.total.villages)}`), number: true },
    { title: say('nominal'), cell: (c) => number(c.nominal.villages), number: true },
    { title: say('households'), cell: (c) => number(c.live.households), number: true },
    { title: say('population'), cell: (c) => number(c.live.population), number: true },
    { title: say('share'), cell: people, number: true },
    ...(model.coverage.some((c) => c.measured) ? [{ title: say('measured'), cell: (c: Coverage) => (c.measured ? number(c.measured.villages) : say('unknown')), number: true }] : []),
  ];
}

const placeOf = (v: DarkVillage): string => (v.parent ? `${v.name}, ${v.parent}` : v.name);

const DARK_COLUMNS = (): Column<DarkVillage>[] => [
  { title: say('village'), cell: (v) => h('span', 'clip', stateText(v.served_before ? 'down' : 'unknown', placeOf(v))) },
  { title: say('technology'), cell: (v) => technologyName(v.technology) },
  { title: say('state'), cell: (v) => say(v.served_before ? 'lost' : 'no unit') },
  { title: say('population'), cell: (v) => number(v.population), number: true },
];

// Those that lost their service before those that never had one, the most people first.
const byWeight = (a: DarkVillage, b: DarkVillage): number =>
  Number(b.served_before) - Number(a.served_before) || b.population - a.population || compareNames(placeOf(a), placeOf(b));

interface List { node: HTMLElement; fit: () => void }

function darkVillages(): List {
  const title = say('dark villages', number(model.darkTotal), number(model.unservedTotal));
  if (model.dark.length === 0) return { node: section(title, 'dark', h('p', 'rest', say('no dark village'))), fit: () => undefined };
  const list = table(DARK_COLUMNS(), [...model.dark].sort(byWeight));
  const note = h('p', 'rest');
  const node = takeaway(section(title, 'dark', list, note), 'dark-villages', DARK_COLUMNS(), [...model.dark].sort(byWeight));
  const beyond = model.darkTotal + model.unservedTotal - model.dark.length;
  return {
    node,
    fit: () => {
      const rest = beyond + leaveOut([...list.tBodies[0]!.rows], node);
      note.textContent = rest > 0 ? say('more villages', number(rest)) : '';
    },
  };
}

const TEMPORARY_MOST = 3;

// Where from, why, until when and who says so: nobody shall take it for cover that stays.
function temporaryText(t: TemporaryCover): string {
  const about = [t.reason ?? '', t.to ? say('temporary until', time(t.to)) : '', t.provenance === 'operator' ? say('told by operator') : ''].filter((part) => part !== '');
  return `${t.area_name ?? t.area} ← ${t.name ?? t.unit} ${technologyName(t.service)}${about.length > 0 ? ` (${about.join(', ')})` : ''}`;
}

function temporaryCover(): HTMLElement[] {
  if (model.temporaryTotal === 0) return [];
  const shown = model.temporary.slice(0, TEMPORARY_MOST).map(temporaryText);
  const rest = model.temporaryTotal - shown.length;
  if (rest > 0 && shown.length > 0) shown.push(say('more places', number(rest)));
  return [h('p', 'rest temporary', [say('temporary cover', number(model.temporaryTotal)), ...shown].join(' · '))];
}

function draw(root: HTMLElement): void {
  const body = model.coverage.length > 0 ? table(columns(), model.coverage, 'cards') : h('p', 'rest', say('nothing to show'));
  const dark = darkVillages();
  const areas = affected();
  root.replaceChildren(
    h('div', 'column', aged(takeaway(section(say('coverage'), 'wide', body, ...temporaryCover()), 'coverage', columns(), model.coverage), model.at.coverage), aged(areas.node, model.at.overview)),
    aged(dark.node, model.at.coverage));
  dark.fit();
  areas.fit();
}

export const coverage: Scene = { id: 'coverage', title: 'scene coverage', empty: () => model.coverage.length === 0, draw };
