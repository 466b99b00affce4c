// What the page of one site asks the collector, and how often: how it is now every few seconds, what changes slowly less often.
import { get } from '../api.js';
import { fetched } from '../fetched.js';
import { daysAgo, MINUTE_MS } from '../spans.js';
import type { ProbeClock } from './probe_clock.js';
import type { Cause, Figure, Kind, Outage, OutageMember, PowerSite, State } from '../types.js';
import { DAYS_OF, type SpanName } from './span.js';

export interface Unit {
  unit: string;
  service: string;
  operator: string | null;
  state: State;
  cause: Cause | null;
  beneath: State;
  provenance: string;
  awaiting_backlog: boolean;
  awaits_acceptance: boolean;
  since: string | null;
  outage?: number;
}

export interface Probe extends ProbeClock {
  probe: string;
  feed_of: string | null;
  status: string | null;
  status_since: string | null;
  heard: string | null;
  backlog: number;
  unwritten: number;
  started: string | null;
  started_after: string | null;
  identity_conflict: boolean;
}

export interface SiteDetail {
  as_of: string;
  id: string;
  code: string;
  name: string;
  kind: Kind;
  area: string;
  lat: number | null;
  lon: number | null;
  address: string;
  summary: { state: State; cause: Cause | null; since: string | null; out: boolean };
  units: Unit[];
  probes: Probe[];
}

export interface TimelineSpan { from: string; to: string; state: State; cause: Cause | null; provenance: string; awaiting_backlog: boolean; uncertainty_ms?: number }
export interface Timeline { from: string; to: string; units: { unit: string; spans: TimelineSpan[] }[] }

export interface Declaration { target: string; kind: 'maintenance' | 'asleep'; from: string; to: string; reason: string; by: string | null; counts: boolean; withdrawn: string | null }
export interface Disagreement { unit: string; site: string; told: State; told_cause: Cause | null; told_at: string }
export interface Revision { revision: number; at: string | null; reason: string; old: Figure | null; new: Figure }
export type PeriodFigure = Figure & { revision?: number | null; revisions?: Revision[] };
export interface Period { period: string; from: string; to: string; provisional: boolean; final_at: string | null; figures: PeriodFigure[] }

// Of an outage as far as the site has part in it, with the group it belongs to.
export interface Part { member: OutageMember; group: Outage }

const SLOW_MS = 20000;
const PERIODS_MS = 60000;
const LIST_MOST = 200;

const pathOf = (id: string): string => `sites/${encodeURIComponent(id)}`;

export const nowOf = fetched((id) => get<SiteDetail>(pathOf(id)));

const parts = (about: string): [string, string] => about.split('\n') as [string, string];
export const about = (id: string, more: string): string => `${id}\n${more}`;

export interface Lately { timeline: Timeline; figures: Figure[]; provisional: boolean }

// About a site and a span: what its units were, and the figures of that time.
export const lately = fetched(async (text): Promise<Lately> => {
  const [site, span] = parts(text);
  const [timeline, { figures, provisional }] = await Promise.all([
    get<Timeline>(`${pathOf(site)}/timeline`, { from: daysAgo(DAYS_OF[span as SpanName], MINUTE_MS) }),
    get<{ figures: Figure[]; provisional: boolean }>('availability', { site, window: span })]);
  return { timeline, figures, provisional };
}, SLOW_MS / 2);

export interface Around { parts: Part[]; declarations: Declaration[]; disagreements: Disagreement[]; supply: PowerSite | null }

// About a site and its area: what people have to do with it.
export const around = fetched(async (text): Promise<Around> => {
  const [site, area] = parts(text);
  const [outages, declared, differing, power] = await Promise.all([
    get<{ outages: Outage[] }>('outages', { area, from: daysAgo(30, MINUTE_MS), limit: LIST_MOST }), get<{ declarations: Declaration[] }>('declarations', { site, limit: LIST_MOST }),
    get<{ disagreements: Disagreement[] }>('disagreements', { area, limit: LIST_MOST }), get<{ sites: PowerSite[] }>('power', { area, limit: LIST_MOST })]);
  const own = outages.outages.flatMap((group) => (group.members ?? [group]).filter((member) => member.site === site).map((member) => ({ member, group })));
  return {
    parts: own.sort((a, b) => Date.parse(b.member.from) - Date.parse(a.member.from)),
    declarations: declared.declarations.filter((d) => d.withdrawn === null),
    disagreements: differing.disagreements.filter((d) => d.site === site),
    supply: power.sites.find((s) => s.id === site) ?? null,
  };
}, SLOW_MS);

// About a site and its months "2026-11 2026-10".
export const periods = fetched(async (text): Promise<Period[]> => {
  const [site, months] = parts(text);
  return Promise.all(months.split(' ').map((month) => get<Period>('availability', { site, period: `month:${month}`, revisions: 1 })));
}, PERIODS_MS);
