// What is new among the outages that last: those to jump to, and whether so many sites fail at once that only roots count. Pure.
import type { Outage } from './types.js';

export const STORM_MS = 10 * 60 * 1000; // ISA-18.2: a flood is more than ten in ten minutes
export const STORM_SITES = 10;
export const MAJOR_SITES = 5;

export const peopleWithout = (o: Outage): number => Math.max(o.mobile.without_service.population, o.fibre.without_service.population);

export const isMajor = (o: Outage): boolean => peopleWithout(o) > 0 || o.sites >= MAJOR_SITES;

export const isStanding = (o: Outage, now: number, standingMs: number): boolean => now - Date.parse(o.from) >= standingMs;

// Sites of outages that began within the last ten minutes.
export function freshSites(outages: readonly Outage[], now: number): number {
  return outages.filter((o) => now - Date.parse(o.from) < STORM_MS).reduce((sum, o) => sum + o.sites, 0);
}

export const isStorm = (outages: readonly Outage[], now: number): boolean => freshSites(outages, now) > STORM_SITES;

export interface News {
  known: ReadonlySet<string>; // major outages that last
  first: boolean; // nothing was known before, so nothing is new
}

export const noNews: News = { known: new Set(), first: true };

// Bounded by what lasts: who ends is forgotten.
export function newsOf(before: News, outages: readonly Outage[]): { news: News; fresh: Outage[] } {
  const major = outages.filter(isMajor);
  const fresh = before.first ? [] : major.filter((o) => !before.known.has(o.outage));
  return { news: { known: new Set(major.map((o) => o.outage)), first: false }, fresh };
}
