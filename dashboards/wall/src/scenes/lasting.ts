// Outages that last, by people without service: one row per root. In a storm each root is one headline. Standing ones come last and
// are counted apart; rows that do not fit drop from the end, and the list says how many.
import { h, stateText, table, type Child, type Column } from '../dom.js';
import { leaveOut } from '../fit.js';
import { model } from '../model.js';
import { isStanding, isStorm, peopleWithout } from '../news.js';
import { duration, number, say, sayOf, shortTime } from '../say.js';
import { settings } from '../settings.js';
import type { Outage } from '../types.js';
import { isUnseen } from '../unseen.js';
import type { Word } from '../words.js';
import { earlyLines } from './early_warnings.js';

const END_PX = 8; // what a box keeps free at its end

const now = (): number => Date.parse(model.overview!.as_of);

const stands = (o: Outage): boolean => isStanding(o, now(), settings.wall.standing_ms);

// A guest learns the area, not the site.
function place(o: Outage): string {
  const area = o.root_area === null ? undefined : model.areas.get(o.root_area)?.name;
  return (settings.guest ? area : o.root_name ?? area) ?? '–';
}

// What people do about it; new ones say nothing.
const stage = (o: Outage): string => (o.life.stage === 'new' ? '–' : sayOf('stage', o.life.stage));

const cause = (o: Outage): string => (o.verified ? sayOf('cause', o.cause ?? 'unknown') : say('unverified'));

// As it was at the instant shown: what is replayed had not ended then.
const lasted = (o: Outage): string => duration(settings.at === null ? o.duration_ms : now() - Date.parse(o.from));

const COLUMNS: readonly Column<Outage>[] = [
  { title: 'outage', cell: (o) => stateText(o.group_verified ? 'down' : 'unknown', o.outage) },
  { title: 'place', cell: (o) => h('span', 'clip', place(o)) },
  { title: 'cause', cell: cause },
  { title: 'stage', cell: stage },
  { title: 'since', cell: (o) => shortTime(o.from, now()) },
  { title: 'duration', cell: lasted, number: true },
  { title: 'sites', cell: (o) => number(o.sites), number: true },
  { title: 'without service', cell: (o) => number(peopleWithout(o)), number: true },
];

const titled = (columns: readonly Column<Outage>[]): Column<Outage>[] => columns.map((column) => ({ ...column, title: say(column.title as Word) }));

const SHORT = 16;

// A short fact stays on one line: no "6" here and its "minutes" there.
const kept = (text: string): string => (text.length <= SHORT ? text.replaceAll(' ', '\u00a0') : text);

function headline(o: Outage): HTMLElement {
  const facts = [cause(o), say('sites count', number(o.sites)), ...(peopleWithout(o) > 0 ? [`${number(peopleWithout(o))} ${say('without service')}`] : []), lasted(o), ...(o.life.stage === 'new' ? [] : [stage(o)])];
  return h('p', `root ${o.group_verified ? 'down' : 'unknown'}`, stateText(o.group_verified ? 'down' : 'unknown', `${o.outage} · ${place(o)}`), h('span', 'facts', facts.map(kept).join(' · ')));
}

interface List { nodes: HTMLElement[]; rows: HTMLElement[] }

function asTable(shown: readonly Outage[]): List {
  const node = table(titled(COLUMNS), shown, 'lasting');
  return { nodes: [node], rows: [...node.tBodies[0]!.rows] };
}

function asHeadlines(shown: readonly Outage[]): List {
  const rows = shown.map(headline);
  return { nodes: rows, rows };
}

function notes(left: number): string {
  const { outages_standing: standing, outages_shelved: shelved } = model.overview!;
  const parts: [number, string][] = [[left, say('more outages', number(left))], [standing, say('standing', duration(settings.wall.standing_ms), number(standing))], [shelved, say('shelved count', number(shelved))]];
  return parts.filter(([count]) => count > 0).map(([, text]) => text).join(' · ');
}

// What ended in the last day, below what lasts: the answer to "what was it this night?".
const RESTORED: readonly Column<Outage>[] = [
  { title: 'restored', cell: (o) => stateText('up', o.outage) },
  { title: 'place', cell: (o) => h('span', 'clip', place(o)) },
  { title: 'cause', cell: cause },
  { title: 'since', cell: (o) => shortTime(o.from, now()) },
  { title: 'to', cell: (o) => shortTime(o.to!, now()) },
  { title: 'duration', cell: (o) => duration(o.duration_ms), number: true },
];

function restored(): HTMLElement[] {
  if (settings.at !== null || isStorm(model.overview!.outages, now()) || model.restored.length === 0) return [];
  return [h('h2', 'restored', say('restored today')), table(titled(RESTORED), model.restored, 'restored')];
}

export interface Lasting {
  nodes: Child[];
  // Called once it stands on the page: hides the rows that reach below the box's end.
  fit: (box: HTMLElement) => void;
}

function marked(list: List, shown: readonly Outage[]): void {
  list.rows.forEach((row, i) => {
    row.classList.toggle('standing', stands(shown[i]!));
    row.classList.toggle('fresh', isUnseen(shown[i]!.outage));
  });
}

// Early warnings, with their title: those for which there is room.
function fitEarly(early: readonly HTMLElement[], box: HTMLElement): void {
  const room = box.getBoundingClientRect().bottom - END_PX;
  for (const node of early) node.hidden = false;
  for (const node of early) node.hidden = node.getBoundingClientRect().bottom > room;
  if (early[1]?.hidden) early[0]!.hidden = true;
}

// Rows that ended go first when there is no room, and their title with the last of them.
function fitEnded(ended: readonly HTMLElement[], box: HTMLElement): void {
  if (ended.length === 0) return;
  const rows = [...(ended[1] as HTMLTableElement).tBodies[0]!.rows];
  const room = box.getBoundingClientRect().bottom - END_PX;
  rows.forEach((row) => { row.hidden = row.getBoundingClientRect().bottom > room; });
  for (const node of ended) node.hidden = rows.every((row) => row.hidden);
}

export function lasting(): Lasting {
  const known = model.overview?.outages ?? [];
  const total = (model.overview?.outages_total ?? 0) - (model.overview?.outages_shelved ?? 0);
  const early = earlyLines();
  const ended = restored();
  const fitRest = (box: HTMLElement): void => {
    fitEarly(early, box);
    fitEnded(ended, box);
  };
  if (known.length === 0) return { nodes: [h('p', 'rest', notes(0) || say('no outages')), ...early, ...ended], fit: fitRest };
  const shown = [...known].sort((a, b) => Number(stands(a)) - Number(stands(b)));
  const list = isStorm(known, now()) ? asHeadlines(shown) : asTable(shown);
  const note = h('p', 'rest', notes(total - shown.length));
  marked(list, shown);
  return {
    nodes: [...list.nodes, note, ...early, ...ended],
    fit: (box) => {
      for (const node of [...early, ...ended]) node.hidden = true;
      const hidden = leaveOut(list.rows, box);
      note.textContent = notes(total - shown.length + hidden);
      if (hidden > 0) return;
      for (const node of ended) node.hidden = false;
      fitRest(box);
    },
  };
}
