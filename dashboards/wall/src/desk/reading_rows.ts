// The newest readings of a site, a row for each check. Pure.
import { metricName, valueText, type Reading } from './metric.js';

// A check with its newest run.
export interface Row { probe: string; check: string; verdict: number | null; said: string; at: string | null }

const newest = (a: string | null, b: string | null): string | null => ((a ?? '') > (b ?? '') ? a : b);

// A metric that the newest run said nothing of is of an earlier one, and left out.
function rowOf(readings: readonly Reading[]): Row {
  const { probe, check } = readings[0]!;
  const at = readings.map((r) => r.at).reduce(newest);
  const fresh = readings.filter((r) => r.at === at);
  const values = fresh.filter((r) => r.metric !== 'state').map((r) => `${metricName(r.metric)} ${valueText(r)}`);
  return { probe, check, verdict: fresh.find((r) => r.metric === 'state')?.number ?? null, said: values.join(' · '), at };
}

export function rowsOf(readings: readonly Reading[]): Row[] {
  const checks = new Map<string, Reading[]>();
  for (const reading of readings) {
    const key = `${reading.probe} ${reading.check}`;
    checks.set(key, [...(checks.get(key) ?? []), reading]);
  }
  return [...checks.values()].map(rowOf);
}
