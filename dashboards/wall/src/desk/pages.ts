// What draws the pages of the desk, by the names that src/desk.ts has for them.
import { drawAreas } from './areas.js';
import { drawAvailability } from './availability.js';
import { drawFeeds } from './feeds.js';
import { drawFreshness } from './freshness.js';
import { drawHandover } from './handover.js';
import { drawLedger } from './ledger.js';
import { drawMonthly } from './monthly.js';
import { drawOutage } from './outage.js';
import { drawOutages } from './outages.js';
import { drawReport } from './report.js';
import { drawSite } from './site.js';
import { drawSites } from './sites.js';
import { drawTrends } from './trends.js';

export const pages: Record<string, (root: HTMLElement, about: string) => void> = {
  areas: drawAreas,
  availability: drawAvailability,
  feeds: drawFeeds,
  freshness: drawFreshness,
  handover: drawHandover,
  ledger: drawLedger,
  monthly: drawMonthly,
  outage: drawOutage,
  outages: drawOutages,
  report: drawReport,
  site: drawSite,
  sites: drawSites,
  trends: drawTrends,
};
