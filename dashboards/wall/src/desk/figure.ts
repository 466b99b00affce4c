// The parts of a figure of availability that are never shown without one another (FIGURES section 3): confirmed and lowest, the share
// observed, downtime by cause, outages and their mean times, and how sure all that is.
import { duration, number, ratio, say, sayOf } from '../say.js';
import type { Column } from '../dom.js';
import { availabilityText } from '../figure_text.js';
import type { Cause, Figure } from '../types.js';

export const causesOf = (f: Figure): string => Object.entries(f.down_ms_by_cause).filter(([, ms]) => ms > 0)
  .map(([cause, ms]) => `${sayOf('cause', cause as Cause)} ${duration(ms)}`).join(', ');

export const unsure = (ms: number | null | undefined): string => (ms ? say('plus minus', duration(ms)) : '');

// Those that were only ever silent are counted apart (FIGURES 7.9).
const outagesOf = (f: Figure): string => (f.enough_data ? number(f.outages) : '–') + (f.outages_unverified > 0 ? ` (+${number(f.outages_unverified)} ${say('unverified')})` : '');

const downtimeOf = (f: Figure): string => [duration(f.state_ms.down ?? 0), unsure(f.uncertainty_ms)].filter(Boolean).join(' ');

export const FIGURE_COLUMNS = (): Column<Figure>[] => [
  { title: say('availability word'), cell: availabilityText, number: true },
  { title: say('observed'), cell: (f) => ratio(f.observed), number: true },
  { title: say('downtime'), cell: downtimeOf, number: true },
  { title: say('causes'), cell: causesOf, long: true },
  { title: say('outages count'), cell: outagesOf, number: true },
  { title: say('mttr'), cell: (f) => duration(f.mttr_ms), number: true },
  { title: say('mtbf'), cell: (f) => duration(f.mtbf_ms), number: true },
];
