// Desk page: who is late, how late, and whether that grows: the probes not heard for longest first.
import { get } from '../api.js';
import { h, link, section, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { ownArea } from '../model.js';
import { duration, number, say, sayOf } from '../say.js';

const LATE_S = 60;
const SHOWN = 200;

interface Probe {
  site: string;
  name: string;
  probe: string;
  status: string | null;
  heard: string | null;
  backlog: number;
}

interface Answer { as_of: string; probes: Probe[]; total: number }

const loaded = fetched((area) => get<Answer>('probes', { area, late_s: LATE_S, limit: 1000 }));

// Backlogs of the answer before this one, for the trend.
let before: { asOf: string; backlog: Map<string, number> } = { asOf: '', backlog: new Map() };
let latest = before;

function remember(data: Answer): void {
  if (latest.asOf === data.as_of) return;
  before = latest;
  latest = { asOf: data.as_of, backlog: new Map(data.probes.map((p) => [p.probe, p.backlog])) };
}

function trend(probe: Probe): string {
  const then = before.backlog.get(probe.probe);
  if (then === undefined || then === probe.backlog) return '→';
  return probe.backlog > then ? '↗' : '↘';
}

const age = (probe: Probe, asOf: string): number => (probe.heard ? Date.parse(asOf) - Date.parse(probe.heard) : Infinity);

const COLUMNS = (asOf: string): Column<Probe>[] => [
  { title: say('probe'), cell: (p) => p.probe },
  { title: say('site'), cell: (p) => link(`site/${encodeURIComponent(p.site)}`, p.name) },
  { title: say('state'), cell: (p) => (p.status ? sayOf('status', p.status) : say('never heard')) },
  { title: say('heard before'), cell: (p) => (p.heard ? duration(age(p, asOf)) : say('never heard')), number: true },
  { title: say('backlog'), cell: (p) => `${number(p.backlog)} ${trend(p)}`, number: true },
];

export function drawFreshness(root: HTMLElement): void {
  const { data } = loaded(ownArea()?.id ?? '');
  if (!data) return root.replaceChildren(section(say('freshness'), 'list', h('p', 'rest', say('loading'))));
  remember(data);
  const late = [...data.probes].sort((a, b) => age(b, data.as_of) - age(a, data.as_of));
  const body = data.total === 0 ? [h('p', 'rest', say('nobody late'))] : [listing('freshness', COLUMNS(data.as_of), late, SHOWN)];
  root.replaceChildren(section(`${say('freshness')}: ${number(data.total)}`, 'list', ...body));
}
