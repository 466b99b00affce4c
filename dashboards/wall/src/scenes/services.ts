// Dịch vụ và chỉ tiêu: services by state, and the authority's figures with their dates.
import { aged, h, section, stateText, table, type Column } from '../dom.js';
import { model } from '../model.js';
import { day, number, ratio, say, sayOf } from '../say.js';
import type { Scene } from '../scene.js';
import { settings } from '../settings.js';
import { compareStates, groupOf } from '../states.js';
import type { Indicator, Site } from '../types.js';

const services = (): Site[] => [...model.sites.values()].filter((site) => site.kind === 'service').sort((a, b) => compareStates(a.state, b.state));

const INDICATOR_COLUMNS = (): Column<Indicator>[] => [
  { title: say('indicator'), cell: (i) => sayOf('indicator', i.indicator) },
  { title: say('value'), cell: (i) => `${ratio(i.ratio)} (${number(i.numerator)}/${number(i.denominator)})`, number: true },
  { title: say('as of'), cell: (i) => day(i.as_of) },
  { title: say('source'), cell: (i) => i.source },
];

const SERVICE_COLUMNS = (): Column<Site>[] => [
  { title: say('state'), cell: (s) => stateText(groupOf(s.state), say(s.state)) },
  { title: say('name'), cell: (s) => h('span', 'clip', settings.guest ? '–' : s.name) },
  { title: say('cause'), cell: (s) => (s.cause ? sayOf('cause', s.cause) : '') },
];

function draw(root: HTMLElement): void {
  const list = services();
  root.replaceChildren(
    aged(section(say('kind service'), '', list.length > 0 ? table(SERVICE_COLUMNS(), list) : h('p', 'rest', say('nothing to show'))), model.at.overview),
    aged(section(say('indicator'), '', model.indicators.length > 0 ? table(INDICATOR_COLUMNS(), model.indicators) : h('p', 'rest', say('nothing to show'))), model.at.indicators));
}

export const serviceScene: Scene = { id: 'services', title: 'scene services', empty: () => services().length === 0 && model.indicators.length === 0, draw };
