// The series that charts are drawn from: days of availability, hours of coverage.
import { get } from '../api.js';
import { fetched } from '../fetched.js';
import type { AvailabilityLine, CoverageLine, Series } from './trend.js';

const DAY_MS = 24 * 3600 * 1000;
const AGAIN_MS = 30000;

const before = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

export const daysOfArea = fetched((area) => get<Series<AvailabilityLine>>('series', { what: 'availability', area, step: 'day', from: before(30) }), AGAIN_MS);
export const daysOfSite = fetched((site) => get<Series<AvailabilityLine>>('series', { what: 'availability', site, step: 'day', from: before(30) }), AGAIN_MS);
export const hoursOfCoverage = fetched((area) => get<Series<CoverageLine>>('series', { what: 'coverage', area, step: 'hour', from: before(7) }), AGAIN_MS);
