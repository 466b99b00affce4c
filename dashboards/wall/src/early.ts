// Early warnings: what a degraded check measured last, while the place carries yet. It says figures, not causes: which of them is
// beyond its limit only the probe knows. Pure.
import { metricName, valueText, type Reading } from './desk/metric.js';
import { rowsOf } from './desk/reading_rows.js';

export interface Early { check: string; text: string }

const DEGRADED = 1; // the verdict
const OLD_MS = 15 * 60000; // older than this it is no news of now
const FIGURES_MOST = 3;

// What tells most, first.
const TELLING = ['rx_drop', 'rx_power', 'minutes_left', 'loss', 'rtt', 'temperature', 'rsrp'];

const rank = ({ metric }: Reading): number => (TELLING.indexOf(metric) + TELLING.length + 1) % (TELLING.length + 1);

const figure = (reading: Reading): string => `${metricName(reading.metric)} ${valueText(reading)}`;

export function earlyOf(readings: readonly Reading[], now: number): Early[] {
  return rowsOf(readings)
    .filter((row) => row.verdict === DEGRADED && row.at !== null && now - Date.parse(row.at) < OLD_MS)
    .map((row) => {
      const own = readings.filter((r) => r.probe === row.probe && r.check === row.check && r.at === row.at && r.metric !== 'state');
      return { check: row.check, text: own.sort((a, b) => rank(a) - rank(b)).slice(0, FIGURES_MOST).map(figure).join(', ') || row.check };
    });
}
