// How old a part of the page may get: what is older is hatched and says since when. Pure.

export const LIMIT_MS = 90 * 1000; // three times what the page waits between two questions

export const isOld = (at: number, now: number, limitMs = LIMIT_MS): boolean => now - at > limitMs;
