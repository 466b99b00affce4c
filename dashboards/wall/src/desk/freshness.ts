// Desk page: who is late, how late, and whether that grows: the probes not heard for longest first, the late ones marked; and whose clock
// is wrong, by how much. Operators' feeds come when their tables do: they stand apart, and are never late by the measure of a probe.
import { get } from '../api.js';
import { aged, h, link, section, stateText, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { ownArea } from '../model.js';
import { operatorOfFigure } from '../operators.js';
import { refill } from '../refill.js';
import { duration, number, say, sayOf, time } from '../say.js';
import { clockText, type ProbeClock } from './probe_clock.js';

const LATE_S = 60;
const ALL_MOST = 1000; // more probes than this: only those that are late
const SHOWN = 100;

interface Probe extends ProbeClock {
  site: string;
  name: string;
  probe: string;
  feed_of: string | null;
  status: string | null;
  heard: string | null;
  backlog: number;
}

interface List { as_of: string; probes: Probe[]; total: number }
interface Answer extends List { late: number; all: number; wrong: List; feeds: List }

const loaded = fetched(async (area): Promise<Answer> => {
  const [late, all, wrong, feeds] = await Promise.all([
    get<List>('probes', { area, late_s: LATE_S, feeds: 'without', limit: ALL_MOST }), get<List>('probes', { area, late_s: 0, feeds: 'without', limit: ALL_MOST }),
    get<List>('probes', { area, clock: 'wrong', limit: SHOWN }), get<List>('probes', { area, feeds: 'only', limit: SHOWN })]);
  return { ...(all.total > ALL_MOST ? late : all), late: late.total, all: all.total, wrong, feeds };
});

// Who has never been heard is the latest of all.
const age = (probe: Probe, asOf: string): number => (probe.heard ? Date.parse(asOf) - Date.parse(probe.heard) : Infinity);

const isLate = (probe: Probe, asOf: string): boolean => age(probe, asOf) >= LATE_S * 1000;

interface Moment { asOf: string; backlog: Map<string, number>; age: Map<string, number> }

// The answer before this one, for the trend.
let before: Moment = { asOf: '', backlog: new Map(), age: new Map() };
let latest = before;

function remember(data: Answer): void {
  if (latest.asOf === data.as_of) return;
  before = latest;
  latest = { asOf: data.as_of, backlog: new Map(data.probes.map((p) => [p.probe, p.backlog])), age: new Map(data.probes.map((p) => [p.probe, age(p, data.as_of)])) };
}

// Later when it is late and nothing came meanwhile, or when more waits at the site than did.
function trend(probe: Probe, asOf: string): string {
  const [backlog, then] = [before.backlog.get(probe.probe), before.age.get(probe.probe)];
  if (backlog === undefined || then === undefined) return '';
  if (probe.backlog < backlog) return say('trend nearer');
  const silent = isLate(probe, asOf) && age(probe, asOf) > then;
  return say(silent || (isLate(probe, asOf) && probe.backlog > backlog) ? 'trend later' : 'trend same');
}

const COLUMNS = (asOf: string, ranks: Map<Probe, number>): Column<Probe>[] => [
  { title: say('rank'), cell: (p) => number(ranks.get(p) ?? 0), number: true },
  { title: say('site'), cell: (p) => link(`site/${encodeURIComponent(p.site)}`, p.name) },
  { title: say('probe'), cell: (p) => p.probe },
  { title: say('state'), cell: (p) => stateText(isLate(p, asOf) || p.status !== 'online' ? 'unknown' : 'up', p.status ? sayOf('status', p.status) : say('never heard')) },
  { title: say('heard last'), cell: (p) => (p.heard ? time(p.heard, true) : say('never heard')) },
  { title: say('heard before'), cell: (p) => (p.heard ? duration(age(p, asOf)) : '–'), number: true },
  { title: say('backlog'), cell: (p) => number(p.backlog), number: true },
  { title: say('trend'), cell: (p) => trend(p, asOf) },
];

const CLOCKS = (asOf: string): Column<Probe>[] => [
  { title: say('site'), cell: (p) => link(`site/${encodeURIComponent(p.site)}`, p.name) },
  { title: say('probe'), cell: (p) => p.probe },
  { title: say('clock'), cell: clockText },
  { title: say('heard before'), cell: (p) => (p.heard ? duration(age(p, asOf)) : '–'), number: true },
];

const FEEDS = (asOf: string): Column<Probe>[] => [
  { title: say('feed'), cell: (p) => link('feeds', p.probe) },
  { title: say('operator'), cell: (p) => (p.feed_of ? operatorOfFigure(p.feed_of) : '') },
  { title: say('heard last'), cell: (p) => (p.heard ? time(p.heard, true) : say('no table yet')) },
  { title: say('heard before'), cell: (p) => (p.heard ? duration(age(p, asOf)) : '–'), number: true },
];

// Nothing where no operator hands over data.
function feedsHeard({ feeds }: Answer): HTMLElement[] {
  return feeds.total === 0 ? [] : [section(say('feeds'), 'list feeds-heard', listing('feeds-heard', FEEDS(feeds.as_of), feeds.probes))];
}

// Nothing as long as all are right.
function wrongClocks({ wrong }: Answer): HTMLElement[] {
  if (wrong.total === 0) return [];
  const worst = [...wrong.probes].sort((a, b) => Math.abs(b.clock_ahead_ms ?? 0) - Math.abs(a.clock_ahead_ms ?? 0));
  return [section(say('wrong clocks', number(wrong.total)), 'list', listing('clocks', CLOCKS(wrong.as_of), worst), h('p', 'rest', say('wrong clocks note')))];
}

export function drawFreshness(root: HTMLElement): void {
  const { data, told } = loaded(ownArea()?.id ?? '');
  if (!data) return refill(root, section(say('freshness'), 'list', h('p', 'rest', say('loading'))));
  remember(data);
  const ranked = [...data.probes].sort((a, b) => age(b, data.as_of) - age(a, data.as_of) || b.backlog - a.backlog || a.probe.localeCompare(b.probe, undefined, { numeric: true }));
  const ranks = new Map(ranked.map((probe, i) => [probe, i + 1]));
  const count = h('p', '', stateText(data.late > 0 ? 'unknown' : 'up', say('late of all', number(data.late), number(data.all), duration(LATE_S * 1000))));
  const more = ranked.length > SHOWN ? [h('p', 'rest', say('more probes', number(ranked.length - SHOWN)))] : [];
  refill(root, ...wrongClocks(data), aged(section(say('freshness'), 'list', count, listing('freshness', COLUMNS(data.as_of, ranks), ranked, SHOWN), ...more), told), ...feedsHeard(data));
}
