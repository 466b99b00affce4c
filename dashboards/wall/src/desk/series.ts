// The series that charts are drawn from: days of availability, hours of coverage.
import { get } from '../api.js';
import { fetched } from '../fetched.js';
import { daysAgo } from '../spans.js';
import type { AvailabilityLine, CoverageLine, Series } from './trend.js';

const AGAIN_MS = 30000;

export const daysOfArea = fetched((area) => get<Series<AvailabilityLine>>('series', { what: 'availability', area, step: 'day', from: daysAgo(30) }), AGAIN_MS);
export const daysOfSite = fetched((site) => get<Series<AvailabilityLine>>('series', { what: 'availability', site, step: 'day', from: daysAgo(30) }), AGAIN_MS);
export const hoursOfCoverage = fetched((area) => get<Series<CoverageLine>>('series', { what: 'coverage', area, step: 'hour', from: daysAgo(7) }), AGAIN_MS);
