// Where a span of time gets its marks, and what they say: round hours or days of the centre's clock. Pure.
import { DAY_MS, HOUR_MS } from '../spans.js';

const STEPS = [HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, 2 * DAY_MS, 5 * DAY_MS, 10 * DAY_MS, 30 * DAY_MS] as const;

export interface Mark { at: number; text: string }

const two = (n: number): string => String(n).padStart(2, '0');

// Midnight says the day, other hours the hour.
function textOf(local: number): string {
  const date = new Date(local);
  return local % DAY_MS === 0 ? `${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}` : `${two(date.getUTCHours())}:00`;
}

// At most `most` marks between two instants.
export function marks(from: number, to: number, offsetMs: number, most: number): Mark[] {
  const step = STEPS.find((ms) => (to - from) / ms <= most) ?? STEPS.at(-1)!;
  const found: Mark[] = [];
  for (let local = Math.ceil((from + offsetMs) / step) * step; local <= to + offsetMs; local += step) found.push({ at: local - offsetMs, text: textOf(local) });
  return found;
}
