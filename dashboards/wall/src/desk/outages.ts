// Desk page: the outages of the last week, those that last first.
import { get } from '../api.js';
import { aged, h, link, section, stateText, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { ownArea } from '../model.js';
import { refill } from '../refill.js';
import { duration, number, say, sayOf, time } from '../say.js';
import { peopleWithout } from '../news.js';
import { daysAgo, MINUTE_MS } from '../spans.js';
import type { Outage } from '../types.js';

const DAYS = 7;
const SHOWN = 200;

interface Answer { outages: Outage[]; outages_total: number }

const loaded = fetched((area) => get<Answer>('outages', { area, from: daysAgo(DAYS, MINUTE_MS), limit: SHOWN }));

const byTime = (a: Outage, b: Outage): number => Number(b.open) - Number(a.open) || Date.parse(b.from) - Date.parse(a.from);

function numbered(o: Outage): HTMLElement {
  const node = link(`outage/${o.outage}`, '');
  node.append(stateText(!o.open ? 'up' : o.group_verified ? 'down' : 'unknown', o.outage));
  return node;
}

const stageText = (o: Outage): string => [sayOf('stage', o.life.stage), o.life.overdue ? say('overdue') : '', o.life.shelved_until ? sayOf('deed', 'shelve') : ''].filter(Boolean).join(' · ');

const COLUMNS = (): Column<Outage>[] => [
  { title: say('outage'), cell: numbered },
  { title: say('stage'), cell: stageText },
  { title: say('place'), cell: (o) => link(`site/${encodeURIComponent(o.site)}`, o.root_name ?? o.site) },
  { title: say('cause'), cell: (o) => (o.verified ? sayOf('cause', o.cause ?? 'unknown') : say('unverified')) },
  { title: say('from'), cell: (o) => time(o.from) },
  { title: say('to'), cell: (o) => (o.to ? time(o.to) : say('lasting')) },
  { title: say('duration'), cell: (o) => duration(o.duration_ms), number: true },
  { title: say('sites'), cell: (o) => number(o.sites), number: true },
  { title: say('without service'), cell: (o) => number(peopleWithout(o)), number: true },
];

export function drawOutages(root: HTMLElement): void {
  const { data, told } = loaded(ownArea()?.id ?? '');
  const title = say('outages of week');
  if (!data) return refill(root, section(title, 'list', h('p', 'rest', say('loading'))));
  const rest = data.outages_total - data.outages.length;
  const note = data.outages_total === 0 ? say('no outages') : rest > 0 ? say('more outages', number(rest)) : '';
  refill(root, aged(section(title, 'list', listing('outages', COLUMNS(), [...data.outages].sort(byTime)), h('p', 'rest', note)), told));
}
