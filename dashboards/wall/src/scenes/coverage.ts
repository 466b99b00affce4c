// Vùng phủ: technology and operator, live beside what is declared.
import { h, section, table, type Column } from '../dom.js';
import { model } from '../model.js';
import { day, number, say, sayOf, share, technologyName } from '../say.js';
import type { Scene } from '../scene.js';
import type { Coverage } from '../types.js';

const operatorName = (operator: string): string => (operator === 'any' || operator === 'all' ? sayOf('operator', operator) : operator);

const declared = (c: Coverage): string => (c.declared ? say('declared as of', share(c.declared.numerator, c.declared.denominator), day(c.declared.as_of)) : '–');

const withUnknown = (live: number, unknown: number): string => (unknown > 0 ? `${number(live)} – ${number(live + unknown)}` : number(live));

function columns(): Column<Coverage>[] {
  return [
    { title: say('technology'), cell: (c) => technologyName(c.technology) },
    { title: say('operator'), cell: (c) => operatorName(c.operator) },
    { title: `${say('villages')}, ${say('live')}`, cell: (c) => `${withUnknown(c.live.villages, c.unknown.villages)}/${number(c.total.villages)}`, number: true },
    { title: say('households'), cell: (c) => withUnknown(c.live.households, c.unknown.households), number: true },
    { title: say('population'), cell: (c) => `${withUnknown(c.live.population, c.unknown.population)} (${share(c.live.population, c.total.population)})`, number: true },
    { title: say('nominal'), cell: (c) => number(c.nominal.villages), number: true },
    { title: say('measured'), cell: (c) => (c.measured ? number(c.measured.villages) : say('unknown')), number: true },
    { title: say('declared'), cell: declared },
  ];
}

function draw(root: HTMLElement): void {
  const body = model.coverage.length > 0 ? table(columns(), model.coverage) : h('p', 'rest', say('nothing to show'));
  root.replaceChildren(section(say('coverage'), 'wide', body));
}

export const coverage: Scene = { id: 'coverage', title: 'scene coverage', empty: () => model.coverage.length === 0, draw };
