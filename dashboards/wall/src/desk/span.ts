// The spans that people may choose from on the desk, and months of the centre's calendar.
import { offset } from '../say.js';

export const SPANS = ['24h', '7d', '30d'] as const;
export type SpanName = (typeof SPANS)[number];
export const DAYS_OF: Record<SpanName, number> = { '24h': 1, '7d': 7, '30d': 30 };

// "2026-10": the month so many before that of an instant.
export function monthBefore(now: number, back: number): string {
  const local = new Date(now + offset());
  return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
}
