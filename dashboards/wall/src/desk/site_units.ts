// The units of a site over a span: the state of each as a strip, and the figures of that time beneath it.
import { h, link, section, stateText, type Column } from '../dom.js';
import { csvButton } from '../listing.js';
import { unitName, unitNameOf } from '../names.js';
import { duration, say, sayOf, time } from '../say.js';
import { groupOf } from '../states.js';
import type { Figure } from '../types.js';
import { choices } from './choice.js';
import { FIGURE_COLUMNS } from './figure.js';
import type { Span } from './paint.js';
import { fact, facts } from './fact.js';
import type { Lately, SiteDetail, Timeline, Unit } from './site_data.js';
import { SPANS, type SpanName } from './span.js';
import { strip, timeAxis } from './strip.js';

const spansOf = (timeline: Timeline, unit: string): Span[] => (timeline.units.find((u) => u.unit === unit)?.spans ?? [])
  .map((s) => ({ from: Date.parse(s.from), to: Date.parse(s.to), state: s.state }));

// Maintenance and sleep hide a state that coverage still counts.
const beneath = (unit: Unit): string => (unit.beneath !== unit.state ? say('beneath', say(unit.beneath)) : '');

function unitHead(unit: Unit, asOf: string): HTMLElement {
  const why = [unit.cause ? sayOf('cause', unit.cause) : '', beneath(unit), unit.since ? `${say('since')} ${time(unit.since)}` : '',
    unit.since ? say('for a duration', duration(Date.parse(asOf) - Date.parse(unit.since))) : '', sayOf('provenance', unit.provenance), unit.awaiting_backlog ? say('awaiting backlog') : ''];
  return h('div', 'unit-head', h('b', '', unitName(unit.service, unit.operator)), stateText(groupOf(unit.state), say(unit.state)), h('span', 'quiet', why.filter(Boolean).join(' · ')),
    ...(unit.outage ? [link(`outage/SC${unit.outage}`, `SC${unit.outage}`)] : []));
}

// What a figure has nothing to say of is left out here; the table of the file has it.
function figureLine(figure: Figure): HTMLElement {
  const said = FIGURE_COLUMNS().map((column) => ({ title: column.title, value: column.cell(figure) as string })).filter(({ value }) => value !== '' && value !== '–');
  return facts(...said.map(({ title, value }) => fact(title, value)));
}

function unitCard(site: SiteDetail, unit: Unit, past: Lately | null): HTMLElement {
  const figure = past?.figures.find((f) => f.unit === unit.unit);
  const drawn = past ? [strip(unit.unit, spansOf(past.timeline, unit.unit), Date.parse(past.timeline.from), Date.parse(past.timeline.to)),
    timeAxis(Date.parse(past.timeline.from), Date.parse(past.timeline.to))] : [h('p', 'rest', say('loading'))];
  return h('div', 'unit', unitHead(unit, site.as_of), ...drawn, ...(figure ? [figureLine(figure)] : []));
}

const FILE_COLUMNS = (): Column<Figure>[] => [{ title: say('unit'), cell: (f) => unitNameOf(f.unit ?? '') }, ...FIGURE_COLUMNS()];

export function unitsSection(site: SiteDetail, past: Lately | null, span: SpanName, choose: (span: SpanName) => void): HTMLElement {
  const stands = past ? [`${time(past.timeline.from)} – ${time(past.timeline.to)}`, past.provisional ? say('provisional') : say('final')].join(' · ') : '';
  const file = past && past.figures.length > 0 ? [csvButton(`availability-${site.id}-${span}`, FILE_COLUMNS(), past.figures)] : [];
  return section(say('timeline'), 'units', choices(SPANS, span, (one) => sayOf('window', one), choose), h('p', 'quiet', stands), ...site.units.map((unit) => unitCard(site, unit, past)), ...file);
}
