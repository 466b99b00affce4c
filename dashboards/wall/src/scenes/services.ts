// Dịch vụ và chỉ tiêu: services by state, and the authority's figures with their dates.
import { bar } from '../bar.js';
import { aged, h, section, stateText, table, type Column } from '../dom.js';
import { takeaway } from '../listing.js';
import { model } from '../model.js';
import { day, number, ratio, say, sayOf, shortTime } from '../say.js';
import type { Scene } from '../scene.js';
import { settings } from '../settings.js';
import { compareStates, siteGroup } from '../states.js';
import type { Indicator, Site } from '../types.js';

const services = (): Site[] => [...model.sites.values()].filter((site) => site.kind === 'service').sort((a, b) => compareStates(a.state, b.state));

// Of a hundred: declared as a share, not as things that were counted.
const counted = (i: Indicator): string => (i.denominator === 100 ? '' : `${number(i.numerator)}/${number(i.denominator)} · `);

function indicatorTile(i: Indicator): HTMLElement {
  return h('div', 'tile', h('span', 'label', sayOf('indicator', i.indicator)), h('b', 'headline', ratio(i.ratio)), bar([{ group: 'up', value: i.ratio }], 1),
    h('small', '', `${counted(i)}${say('as of')} ${day(i.as_of)}`), h('small', 'second', `${say('source')}: ${i.source}`));
}

const now = (): number => Date.parse(model.overview!.as_of);

// Why, only where something is wrong.
const serviceColumns = (list: readonly Site[]): Column<Site>[] => [
  { title: say('state'), cell: (s) => stateText(siteGroup(s), say(s.state)) },
  { title: say('name'), cell: (s) => h('span', 'clip', settings.guest ? '–' : s.name) },
  ...(list.some((s) => s.cause) ? [{ title: say('cause'), cell: (s: Site) => (s.cause ? sayOf('cause', s.cause) : '') }] : []),
  { title: say('since'), cell: (s) => (s.since ? shortTime(s.since, now()) : '–') },
];

const INDICATORS = (): Column<Indicator>[] => [
  { title: say('indicator'), cell: (i) => sayOf('indicator', i.indicator) },
  { title: say('value'), cell: (i) => ratio(i.ratio), number: true },
  { title: say('numerator'), cell: (i) => number(i.numerator), number: true },
  { title: say('denominator'), cell: (i) => number(i.denominator), number: true },
  { title: say('as of'), cell: (i) => day(i.as_of) },
  { title: say('source'), cell: (i) => i.source },
];

function draw(root: HTMLElement): void {
  const list = services();
  root.replaceChildren(
    aged(takeaway(section(say('kind service'), '', list.length > 0 ? table(serviceColumns(list), list, 'cards') : h('p', 'rest', say('nothing to show'))), 'services', serviceColumns(list), list), model.at.overview),
    aged(takeaway(section(say('indicators declared'), 'indicators', model.indicators.length > 0 ? h('div', 'tiles', ...model.indicators.map(indicatorTile)) : h('p', 'rest', say('nothing to show'))), 'indicators', INDICATORS(), model.indicators), model.at.indicators));
}

export const serviceScene: Scene = { id: 'services', title: 'scene services', empty: () => services().length === 0 && model.indicators.length === 0, draw };
