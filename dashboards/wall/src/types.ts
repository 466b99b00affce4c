// The API's answers as the page reads them (DESIGN section 6). Times are UTC texts, durations milliseconds, ratios 0..1.

export type State = 'up' | 'degraded' | 'down' | 'silent' | 'unobserved' | 'maintenance' | 'asleep' | 'planned';
export type Cause = 'fault' | 'power' | 'transport' | 'manual' | 'energy_saving' | 'probe' | 'third_party' | 'unknown';
export type Kind = 'bts' | 'fibre' | 'network' | 'service' | 'link' | 'feeder';

export interface Live {
  villages: number;
  villages_nominal: number;
  villages_unknown: number;
  villages_total: number;
  population: number;
  population_unknown: number;
  population_total: number;
}

export interface Area {
  id: string;
  name: string;
  level: string;
  parent: string | null;
  lat: number | null;
  lon: number | null;
  population: number | null;
  households: number | null;
  year: number | null;
  live: Record<string, Live>;
}

export interface Site {
  id: string;
  code: string;
  name: string;
  kind: Kind;
  area: string;
  lat: number | null;
  lon: number | null;
  state: State;
  cause: Cause | null;
  since: string | null;
  out: boolean;
  awaiting_backlog: boolean;
  units: Partial<Record<State, number>>;
}

export interface People {
  villages: number;
  households: number;
  population: number;
}

export interface Impact {
  exposed: People;
  without_service: People;
  without_service_silent: People;
}

export interface OutageMember {
  outage: string;
  unit: string;
  site: string;
  from: string;
  to: string | null;
  open: boolean;
  duration_ms: number;
  verified: boolean;
  cause: Cause | null;
  from_uncertainty_ms?: number;
  to_uncertainty_ms?: number;
}

export type Stage = 'new' | 'acknowledged' | 'assigned' | 'in_progress' | 'restored' | 'closed';

export interface Life {
  stage: Stage;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  assigned_to: string | null;
  ticket: string | null;
  waiting: string | null;
  expected: string | null;
  overdue: boolean;
  shelved_until: string | null;
  shelved_reason: string | null;
}

export interface Outage extends OutageMember {
  life: Life;
  root_name: string | null;
  root_area: string | null;
  group_verified: boolean;
  sites: number;
  sites_out: number;
  units: number;
  mobile: Impact;
  fibre: Impact;
  members?: OutageMember[];
}

export interface Figure {
  kind?: Kind;
  unit?: string;
  operator?: string;
  confirmed: number | null;
  lower: number | null;
  enough_data: boolean;
  decimals: number;
  outages: number;
  outages_unverified: number;
  mttr_ms: number | null;
  mtbf_ms: number | null;
  uncertainty_ms: number;
  observed: number | null;
  units?: number;
  units_enough?: number;
  down_ms_by_cause: Partial<Record<Cause, number>>;
  state_ms: Partial<Record<State, number>>;
}

export type StateCounts = Record<State, number>;
export type KindCounts = StateCounts & { total: number; out: number };

export interface Overview {
  centre: string;
  simulated: boolean;
  as_of: string;
  listening: boolean;
  area: Area[];
  sites: Partial<Record<Kind, KindCounts>>;
  units: Record<string, StateCounts>;
  availability_24h: Figure[];
  outages: Outage[];
  outages_total: number;
  outages_standing: number;
  outages_shelved: number;
}

export interface Declared {
  numerator: number;
  denominator: number;
  as_of: string;
  source: string;
}

export interface Coverage {
  technology: string;
  operator: string; // any, all, or one's id
  operator_name: string | null;
  total: People;
  nominal: People;
  live: People;
  unknown: People;
  measured: (People & { points: number }) | null;
  year_oldest: number | null;
  year_newest: number | null;
  declared: Declared | null;
}

export type Supply = 'mains' | 'generator' | 'battery' | 'exhausted';
export type PowerCounts = Record<Supply | 'unknown' | 'total', number>;

export interface PowerSite {
  id: string;
  code: string;
  name: string;
  area: string;
  state: State;
  supply: Supply;
  fresh: boolean;
  since: string;
  told: string;
  minutes_left: number | null;
  last_service: People;
}

export interface Power {
  as_of: string;
  counts: PowerCounts | null; // null while nobody reports
  sites: PowerSite[];
  total: number;
}

export interface TemporaryCover {
  unit: string;
  name: string | null;
  service: string;
  operator: string | null;
  area: string;
  area_name: string | null;
  from: string | null;
  to: string | null;
  reason: string | null;
  provenance: string;
}

export interface DarkVillage {
  technology: string;
  id: string;
  name: string;
  parent: string | null;
  served_before: boolean;
  households: number;
  population: number;
}

export interface Indicator {
  indicator: string;
  numerator: number;
  denominator: number;
  ratio: number;
  as_of: string;
  source: string;
}
