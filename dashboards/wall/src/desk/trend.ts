// A figure over time as a chart draws it: what it was, between what it may have been, what it should be, and how much of it was seen.
// What was not seen is null and stays a gap. Pure.
import type { People } from '../types.js';

export interface Trend {
  at: number[]; // beginnings of the steps, ms
  to: number; // end of the last one
  line: (number | null)[]; // the figure, 0..1
  low: (number | null)[]; // what is not certain lies between these
  high: (number | null)[];
  top: number[]; // what it would be with nothing out
  observed: (number | null)[];
  finalTo: number; // from here on provisional
}

export interface Series<Line> { from: string; to: string; final_to: string; at: string[]; lines: Line[] }
export interface AvailabilityLine { kind?: string; unit?: string; confirmed: (number | null)[]; lower: (number | null)[]; observed: (number | null)[] }
export interface CoverageLine { technology: string; operator: string; total: (People | null)[]; nominal: (People | null)[]; live: (People | null)[]; unknown: (People | null)[] }

const ENOUGH = 0.9; // FIGURES section 3: below it there is no figure

// Of a unit the series has the ratio whatever was seen of it.
const seen = (value: number | null | undefined, observed: number | null | undefined): number | null => ((observed ?? 0) < ENOUGH ? null : value ?? null);

export function availabilityTrend(series: Series<AvailabilityLine>, line: AvailabilityLine): Trend {
  const whole = line.kind !== undefined; // of an area only units with enough data are in it
  const figure = (values: (number | null)[]): (number | null)[] => values.map((value, i) => (whole ? value : seen(value, line.observed[i])));
  return {
    at: series.at.map(Date.parse), to: Date.parse(series.to), line: figure(line.confirmed), low: figure(line.lower), high: figure(line.confirmed),
    top: line.confirmed.map(() => 1), observed: line.observed, finalTo: Date.parse(series.final_to),
  };
}

const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

// Coverage stands at instants: each holds until the next one, the last of them is the end.
export function coverageTrend(series: Series<CoverageLine>, line: CoverageLine): Trend {
  const steps = series.at.slice(0, -1).map((_, i) => i);
  const of = (part: (i: number) => number): (number | null)[] => steps.map((i) => (line.total[i] ? share(part(i), line.total[i].villages) : null));
  const live = of((i) => line.live[i]?.villages ?? 0);
  return {
    at: series.at.slice(0, -1).map(Date.parse), to: Date.parse(series.at.at(-1) ?? series.to), line: live, low: live,
    high: of((i) => (line.live[i]?.villages ?? 0) + (line.unknown[i]?.villages ?? 0)), top: of((i) => line.nominal[i]?.villages ?? 0).map((v) => v ?? 0),
    observed: steps.map((i) => (line.total[i] ? 1 : null)), finalTo: Date.parse(series.final_to),
  };
}

const SPANS = [0.001, 0.002, 0.004, 0.01, 0.02, 0.04, 0.1, 0.2, 0.4, 1] as const;

// The least round span below the best that holds all; its half is a round number, too.
export function rangeOf(trend: Trend): [number, number] {
  const best = Math.max(0, ...trend.top) || 1;
  const worst = Math.min(best, ...[...trend.line, ...trend.low].filter((v) => v !== null));
  const span = SPANS.find((s) => best - worst <= s * 0.98) ?? 1;
  return [Math.max(0, best - span), best];
}

export const decimalsOf = (span: number): number => Math.max(0, Math.ceil(-Math.log10(span * 50) - 1e-9));

const isWhole = (percent: number): boolean => Math.abs(percent - Math.round(percent)) < 1e-6;

// Of the numbers beside the axis.
export const axisDecimals = ([low, high]: readonly [number, number]): number => Math.max(decimalsOf(high - low), isWhole(high * 100) ? 0 : 1);

// Which step holds an instant.
export const stepAt = (trend: Trend, ms: number): number => trend.at.reduce((found, at, i) => (at <= ms ? i : found), 0);
