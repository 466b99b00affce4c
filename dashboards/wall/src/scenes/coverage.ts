// Vùng phủ: technology and operator, live beside what is declared, and the villages without service by name.
import { aged, h, section, stateText, table, type Column } from '../dom.js';
import { leaveOut } from '../fit.js';
import { model } from '../model.js';
import { compareNames, day, number, say, sayOf, share, technologyName } from '../say.js';
import type { Scene } from '../scene.js';
import type { Coverage, DarkVillage } from '../types.js';

const operatorName = (c: Coverage): string => c.operator_name ?? sayOf('operator', c.operator);

const declared = (c: Coverage): string => (c.declared ? `${share(c.declared.numerator, c.declared.denominator)} (${day(c.declared.as_of)})` : '–');

const withUnknown = (live: number, unknown: number): string => (unknown > 0 ? `${number(live)} – ${number(live + unknown)}` : number(live));

function columns(): Column<Coverage>[] {
  return [
    { title: say('technology'), cell: (c) => technologyName(c.technology) },
    { title: say('operator'), cell: operatorName },
    { title: `${say('villages')}, ${say('live')}`, cell: (c) => `${withUnknown(c.live.villages, c.unknown.villages)}/${number(c.total.villages)}`, number: true },
    { title: say('households'), cell: (c) => withUnknown(c.live.households, c.unknown.households), number: true },
    { title: say('population'), cell: (c) => `${withUnknown(c.live.population, c.unknown.population)} (${share(c.live.population, c.total.population)})`, number: true },
    { title: say('nominal'), cell: (c) => number(c.nominal.villages), number: true },
    ...(model.coverage.some((c) => c.measured) ? [{ title: say('measured'), cell: (c: Coverage) => (c.measured ? number(c.measured.villages) : say('unknown')), number: true }] : []),
    { title: say('declared'), cell: declared },
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
  const node = section(title, 'dark', list, note);
  const beyond = model.darkTotal + model.unservedTotal - model.dark.length;
  return {
    node,
    fit: () => {
      const rest = beyond + leaveOut([...list.tBodies[0]!.rows], node);
      note.textContent = rest > 0 ? say('more villages', number(rest)) : '';
    },
  };
}

function draw(root: HTMLElement): void {
  const body = model.coverage.length > 0 ? table(columns(), model.coverage) : h('p', 'rest', say('nothing to show'));
  const dark = darkVillages();
  root.replaceChildren(aged(section(say('coverage'), 'wide', body), model.at.coverage), aged(dark.node, model.at.coverage));
  dark.fit();
}

export const coverage: Scene = { id: 'coverage', title: 'scene coverage', empty: () => model.coverage.length === 0, draw };
