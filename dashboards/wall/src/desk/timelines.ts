// The state timelines of an area's sites, page by page: the worst of a site's units wins each instant, those in trouble first.
import { get } from '../api.js';
import { aged, h, link, section, stateText } from '../dom.js';
import { fetched } from '../fetched.js';
import { changed, model } from '../model.js';
import { number, say, sayOf } from '../say.js';
import { DAY_MS } from '../spans.js';
import { compareStates, groupOf, siteGroup } from '../states.js';
import type { Site } from '../types.js';
import { choices } from './choice.js';
import type { Span } from './paint.js';
import type { Timeline } from './site_data.js';
import { DAYS_OF, SPANS, type SpanName } from './span.js';
import { strip, timeAxis } from './strip.js';

const PAGE = 25;
const AGAIN_MS = 20000;
const AT_ONCE = 4; // questions under way: a page asks for many

let span: SpanName = '24h';
let first = 0;
let shownArea = '';

async function ask(sites: readonly string[], from: string): Promise<Map<string, Timeline>> {
  const found = new Map<string, Timeline>();
  const waiting = [...sites];
  const worker = async (): Promise<void> => {
    for (let site = waiting.shift(); site !== undefined; site = waiting.shift()) found.set(site, await get<Timeline>(`sites/${encodeURIComponent(site)}/timeline`, { from }));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

interface Answer { from: number; to: number; sites: Map<string, Timeline> }

const loaded = fetched(async (about): Promise<Answer> => {
  const [days = '1', ...sites] = about.split('\n');
  const to = Date.now();
  const from = to - Number(days) * DAY_MS;
  return { from, to, sites: await ask(sites, new Date(from).toISOString()) };
}, AGAIN_MS);

const spansOf = (timeline: Timeline | undefined): Span[] => (timeline?.units ?? []).flatMap((unit) => unit.spans)
  .map((s) => ({ from: Date.parse(s.from), to: Date.parse(s.to), state: s.state }));

function row(site: Site, answer: Answer | null): HTMLElement {
  const name = h('div', 'strip-name', stateText(siteGroup(site), ''), link(`site/${encodeURIComponent(site.id)}`, site.name || site.id), h('span', 'quiet', site.code));
  return h('div', 'strip-row', name, answer?.sites.has(site.id) ? strip(`row ${site.id}`, spansOf(answer.sites.get(site.id)), answer.from, answer.to) : h('span', 'rest', say('loading')));
}

function turn(step: number, word: 'page before' | 'page after', possible: boolean): HTMLElement {
  const node = h('button', '', say(word));
  node.type = 'button';
  node.disabled = !possible;
  node.addEventListener('click', () => {
    first += step;
    changed();
  });
  return node;
}

const inTrouble = (site: Site): boolean => groupOf(site.state) !== 'up';

function sitesOf(area: string): Site[] {
  if (area !== shownArea) first = 0;
  shownArea = area;
  const all = [...model.sites.values()].sort((a, b) => Number(inTrouble(b)) - Number(inTrouble(a)) || compareStates(a.state, b.state) || a.id.localeCompare(b.id, undefined, { numeric: true }));
  first = Math.min(first, Math.max(0, Math.floor((all.length - 1) / PAGE) * PAGE));
  return all;
}

let latest: Answer | null = null; // while the next page comes, what is known already of its sites stays

export function timelinesSection(area: string): HTMLElement {
  const all = sitesOf(area);
  const shown = all.slice(first, first + PAGE);
  const { data: fresh, told } = loaded([DAYS_OF[span], ...shown.map((site) => site.id)].join('\n'));
  const data = fresh ?? latest;
  latest = fresh ?? latest;
  const head = choices(SPANS, span, (one) => sayOf('window', one), (next) => {
    span = next;
    latest = null;
    changed();
  });
  const pages = h('p', 'choices', turn(-PAGE, 'page before', first > 0), h('span', 'quiet', say('page of', number(Math.min(first + 1, all.length)), number(first + shown.length), number(all.length))), turn(PAGE, 'page after', first + PAGE < all.length));
  const axis = data ? [h('div', 'strip-row', h('span', 'strip-name'), timeAxis(data.from, data.to))] : [];
  const made = section(say('site timelines'), 'timelines', head, ...shown.map((site) => row(site, data)), ...axis, pages);
  return fresh ? aged(made, told) : made;
}
