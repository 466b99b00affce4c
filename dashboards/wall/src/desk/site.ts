// Desk page of one site: how it is, why, what it was, what that rests on, and what is to be done. Made for a technician's phone too.
import { aged, h, section } from '../dom.js';
import { changed } from '../model.js';
import { refill } from '../refill.js';
import { say } from '../say.js';
import { unitNameOf } from '../names.js';
import { daysSection } from './days.js';
import { daysOfSite } from './series.js';
import { about, around, lately, nowOf, periods } from './site_data.js';
import { changesSection, evidenceSection } from './site_evidence.js';
import { siteHead } from './site_head.js';
import { monthsNow, periodsSection } from './site_periods.js';
import { readingsSection } from './site_readings.js';
import { unitsSection } from './site_units.js';
import type { SpanName } from './span.js';
import { outagesSection, workSection } from './site_work.js';

let span: SpanName = '24h';
let unit = ''; // whose days are drawn

function choose(next: SpanName): void {
  span = next;
  changed();
}

const days = (id: string): HTMLElement => daysSection(daysOfSite(id), {
  name: 'days-of-site', file: `days-${id}`, chosen: unit, id: (line) => line.unit ?? '', title: (line) => unitNameOf(line.unit ?? ''),
  choose: (next) => {
    unit = next;
    changed();
  },
});

export function drawSite(root: HTMLElement, id: string): void {
  const { data: site, missing, told } = nowOf(id);
  if (!site) return refill(root, section(say('sites'), '', h('p', 'rest', say(missing ? 'unknown site' : 'loading'))));
  const past = lately(about(id, span));
  const people = around(about(id, site.area));
  const months = periods(about(id, monthsNow(Date.now())));
  refill(root,
    aged(siteHead(site, people.data), told),
    h('div', 'column work-column', workSection(site, people.data), aged(evidenceSection(site), told)),
    past.data ? aged(unitsSection(site, past.data, span, choose), past.told) : unitsSection(site, null, span, choose),
    readingsSection(id), days(id), outagesSection(site, people.data), changesSection(site, past.data), periodsSection(site, months.data));
}
