// A probe's clock in words: right, or how far it is off as far as its messages show (collector/core/probe_clock.h).
import { stateText } from '../dom.js';
import { duration, say, sayOf } from '../say.js';

export interface ProbeClock { clock: string | null; clock_ahead_ms: number | null; clock_wrong: boolean }

export function clockText({ clock, clock_ahead_ms: ahead, clock_wrong: wrong }: ProbeClock): HTMLElement | string {
  if (wrong && ahead !== null) return stateText('degraded', say(ahead > 0 ? 'clock ahead' : 'clock behind', duration(Math.abs(ahead))));
  return clock === null ? '–' : sayOf('clock', clock);
}
