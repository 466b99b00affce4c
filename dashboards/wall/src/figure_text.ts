// Figures of availability in words. Pure.
import { ratio, say } from './say.js';
import type { Figure } from './types.js';

const DECIMALS_MAX = 2;
const OBSERVED_LEAST = 0.9; // FIGURES, section 3

// The same to the decimals shown is not said twice.
export function availabilityText(figure: Figure | undefined): string {
  if (!figure?.enough_data) return say('not enough data');
  const decimals = Math.min(DECIMALS_MAX, figure.decimals);
  const [confirmed, lower] = [ratio(figure.confirmed, decimals), ratio(figure.lower, decimals)];
  return confirmed + (figure.lower !== null && lower !== confirmed ? ` (${say('lowest', lower)})` : '');
}

// A figure of few of many is none for a wall, where nothing stands beside it; in one line, for lists beneath need the room.
export function lastDay(figure: Figure | undefined): string {
  const few = figure?.enough_data && figure.observed !== null && figure.observed < OBSERVED_LEAST;
  return `${say('in 24 h')}: ${few ? say('little data') : availabilityText(figure)}`;
}
