// Spans of time that many reckon with.
export const MINUTE_MS = 60000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

// The instant so many days ago; rounded, a question stays the same for a while.
export const daysAgo = (days: number, roundMs = 1): string => new Date(Math.floor((Date.now() - days * DAY_MS) / roundMs) * roundMs).toISOString();
