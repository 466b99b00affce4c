// When the page begins anew by itself, so that weeks leave nothing behind: on another build at once, else in a quiet hour. Pure.
import { HOUR_MS } from './spans.js';

export const QUIET_HOUR = 3;
const OPEN_LEAST_MS = 2 * HOUR_MS; // not twice in one night

export interface Moment {
  now: number;
  openedAt: number;
  hour: number; // of the centre's clock
  turning: boolean; // between two scenes
  newBuild: boolean;
}

export const reloadIsDue = (m: Moment): boolean => m.newBuild || (m.turning && m.hour === QUIET_HOUR && m.now - m.openedAt > OPEN_LEAST_MS);
