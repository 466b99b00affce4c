// Desk page of one site: what it is, how it is, why, what it was over the last day. Made for a technician's phone too.
import { get } from '../api.js';
import { h, section, stateText, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { model } from '../model.js';
import { duration, number, say, sayOf, time } from '../say.js';
import type { Scene } from '../scene.js';
import { availabilityText } from '../scenes/tiles.js';
import { groupOf } from '../states.js';
import type { Cause, Figure, Kind, State } from '../types.js';
import type { Span } from './paint.js';
import { strip } from './strip.js';

interface Unit {
  unit: string;
  service: string;
  operator: string;
  state: State;
  cause: Cause | null;
  provenance: string;
  awaiting_backlog: boolean;
  since: string | null;
  outage?: number;
}

interface Probe {
  probe: string;
  status: string;
  status_since: string | null;
  backlog: number;
  identity_conflict: boolean;
}

interface SiteDetail {
  id: string;
  code: string;
  name: string;
  kind: Kind;
  area: string;
  lat: number | null;
  lon: number | null;
  address: string;
  units: Unit[];
  probes: Probe[];
}

interface TimelineSpan { from: string; to: string; state: State; cause: Cause | null; uncertainty_ms?: number }
interface Timeline { from: string; to: string; units: { unit: string; spans: TimelineSpan[] }[] }
interface Whole { site: SiteDetail; timeline: Timeline; figures: Figure[] }

const loaded = fetched(async (id): Promise<Whole> => {
  const path = `sites/${encodeURIComponent(id)}`;
  const [site, timeline, availability] = await Promise.all([
    get<SiteDetail>(path), get<Timeline>(`${path}/timeline`), get<{ figures: Figure[] }>('availability', { site: id, window: '30d' }),
  ]);
  return { site, timeline, figures: availability.figures };
});

const nameOf = (unit: string): string => unit.slice(unit.indexOf('/') + 1);

const spansOf = (timeline: Timeline, unit: string): TimelineSpan[] => timeline.units.find((u) => u.unit === unit)?.spans ?? [];

function unitRow(unit: Unit, timeline: Timeline): HTMLElement {
  const spans = spansOf(timeline, unit.unit).map((s): Span => ({ from: Date.parse(s.from), to: Date.parse(s.to), state: s.state }));
  const why = [unit.cause ? sayOf('cause', unit.cause) : '', unit.outage ? `SC${unit.outage}` : '', unit.awaiting_backlog ? say('awaiting backlog') : ''].filter(Boolean);
  return h('div', 'unit',
    h('div', 'unit-head', h('b', '', nameOf(unit.unit)), stateText(groupOf(unit.state), say(unit.state)), h('span', '', why.join(' · ')), h('span', 'quiet', `${say('since')} ${time(unit.since)}`)),
    strip(spans, Date.parse(timeline.from), Date.parse(timeline.to)));
}

const FIGURE_COLUMNS = (): Column<Figure>[] => [
  { title: say('unit'), cell: (f) => nameOf(f.unit ?? '') },
  { title: say('availability 30d'), cell: availabilityText, number: true },
  { title: say('downtime'), cell: (f) => duration(f.state_ms.down ?? 0), number: true },
  { title: say('outages count'), cell: (f) => number(f.outages), number: true },
  { title: say('mttr'), cell: (f) => duration(f.mttr_ms), number: true },
];

const PROBE_COLUMNS = (): Column<Probe>[] => [
  { title: say('probe'), cell: (p) => p.probe },
  { title: say('state'), cell: (p) => sayOf('status', p.status) + (p.identity_conflict ? ` · ${say('identity conflict')}` : '') },
  { title: say('since'), cell: (p) => time(p.status_since) },
  { title: say('backlog'), cell: (p) => number(p.backlog), number: true },
];

interface Change extends TimelineSpan { unit: string }
const CHANGES = 30;

const CHANGE_COLUMNS = (): Column<Change>[] => [
  { title: say('from'), cell: (c) => time(c.from, true) },
  { title: say('unit'), cell: (c) => nameOf(c.unit) },
  { title: say('state'), cell: (c) => stateText(groupOf(c.state), say(c.state)) },
  { title: say('cause'), cell: (c) => (c.cause ? sayOf('cause', c.cause) : '') },
  { title: say('duration'), cell: (c) => duration(Date.parse(c.to) - Date.parse(c.from)), number: true },
  { title: say('uncertainty'), cell: (c) => (c.uncertainty_ms ? `± ${duration(c.uncertainty_ms)}` : ''), number: true },
];

function changes(timeline: Timeline): Change[] {
  return timeline.units.flatMap(({ unit, spans }) => spans.map((span) => ({ ...span, unit })))
    .sort((a, b) => Date.parse(b.from) - Date.parse(a.from)).slice(0, CHANGES);
}

function head(site: SiteDetail): HTMLElement {
  const where = [model.areas.get(site.area)?.name, site.address, site.lat === null ? '' : `${site.lat}, ${site.lon}`].filter(Boolean);
  return section(site.name, 'site-head', h('p', '', `${site.code || site.id} · ${sayOf('kind', site.kind)}`), h('p', 'quiet', where.join(' · ')));
}

function draw(root: HTMLElement, id: string): void {
  const { data, missing } = loaded(id);
  if (!data) {
    root.replaceChildren(section(say('sites'), '', h('p', 'rest', say(missing ? 'unknown site' : 'loading'))));
    return;
  }
  root.replaceChildren(
    head(data.site),
    section(say('last day'), 'list', ...data.site.units.map((unit) => unitRow(unit, data.timeline))),
    section(say('availability 30d'), 'list', listing('availability', FIGURE_COLUMNS(), data.figures)),
    section(say('changes'), 'list', listing('changes', CHANGE_COLUMNS(), changes(data.timeline))),
    section(say('probe'), 'list', listing('probes', PROBE_COLUMNS(), data.site.probes)));
}

export const site: Scene = { id: 'site', title: 'site', hidden: true, empty: () => false, draw };
