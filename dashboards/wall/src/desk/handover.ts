// Desk page: what one shift hands over to the next, with the log of the shift; both sign, each with a token of their own.
import { get } from '../api.js';
import { h, link, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { changed, model } from '../model.js';
import { currentLanguage, duration, number, say, sayOf, time } from '../say.js';
import type { Outage } from '../types.js';
import { post } from './act.js';
import { drawPaper, labelled, part, printButton, tile } from './paper.js';

interface Signature { at: string; by: string }
interface Declared { site: string; from: string; to: string | null; reason: string; by: string | null }
interface Handover { as_of: string; taken: Signature | null; given: Signature | null; outages: Outage[]; outages_total: number; maintenance: Declared[] }
interface Line { at: string; kind: string; outage: string | null; site: string | null; name: string | null; sites: number | null; cause: string | null; by: string | null; to: string | null; until: string | null; text: string | null; waiting: string | null; root: string | null; others: number | null }
interface Log { since: string | null; lines: Line[]; total: number }
interface Late { site: string; name: string; probe: string; heard: string | null }
interface Sheet { handover: Handover; log: Log; late: { probes: Late[]; total: number } }

const LATE_S = 900;
const LIMIT = 1000;
const AGAIN_MS = 30000;

const loaded = fetched(async (): Promise<Sheet> => {
  const [handover, log, late] = await Promise.all([
    get<Handover>('handover', { limit: LIMIT }), get<Log>('shift', { limit: LIMIT }), get<Sheet['late']>('probes', { late_s: LATE_S, feeds: 'without', limit: LIMIT })]);
  return { handover, log, late };
}, AGAIN_MS);

let acted = 0; // what somebody did here is looked at again at once

// ---- the sheet ----

const OUTAGES = (): Column<Outage>[] => [
  { title: say('outage'), cell: (o) => link(`outage/${o.outage}`, o.outage) },
  { title: say('place'), cell: (o) => o.root_name ?? say('restricted'), long: true },
  { title: say('cause'), cell: (o) => (o.group_verified ? sayOf('cause', o.cause ?? 'unknown') : say('count unverified')) },
  { title: say('from'), cell: (o) => time(o.from) },
  { title: say('duration'), cell: (o) => duration(o.duration_ms), number: true },
  { title: say('stage'), cell: (o) => [sayOf('stage', o.life.stage), o.life.waiting ? sayOf('waiting', o.life.waiting) : ''].filter(Boolean).join(' · ') },
  { title: say('by'), cell: (o) => [o.life.assigned_to ?? o.life.acknowledged_by ?? '', o.life.ticket].filter(Boolean).join(' · ') },
  { title: say('expected'), cell: (o) => time(o.life.expected) },
];

const SHELVED = (): Column<Outage>[] => [
  ...OUTAGES().slice(0, 5),
  { title: say('shelved until'), cell: (o) => time(o.life.shelved_until) },
  { title: say('reason given'), cell: (o) => o.life.shelved_reason ?? '', long: true },
];

const MAINTENANCE = (): Column<Declared>[] => [
  { title: say('site'), cell: (d) => link(`site/${encodeURIComponent(d.site)}`, model.sites.get(d.site)?.name ?? d.site) },
  { title: say('from'), cell: (d) => time(d.from) },
  { title: say('to'), cell: (d) => time(d.to) },
  { title: say('reason given'), cell: (d) => d.reason },
  { title: say('declared by'), cell: (d) => d.by ?? '' },
];

const LATE = (): Column<Late>[] => [
  { title: say('probe'), cell: (p) => p.probe },
  { title: say('site'), cell: (p) => link(`site/${encodeURIComponent(p.site)}`, p.name) },
  { title: say('last heard'), cell: (p) => (p.heard ? time(p.heard) : say('never heard')) },
];

const detailsOf = (l: Line): string => [
  l.root ? say(l.kind === 'outage_joined' ? 'part of now' : 'was part of', l.root) : '', l.others ? say('and others', number(l.others)) : '', l.waiting ? sayOf('waiting', l.waiting) : '',
  l.cause ? sayOf('cause', l.cause) : '', l.sites ? say('sites count', number(l.sites)) : '', l.to ?? '', l.until ? `→ ${time(l.until)}` : '', l.text ?? '',
].filter(Boolean).join(' · ');

const LINES = (): Column<Line>[] => [
  { title: say('at'), cell: (l) => time(l.at) },
  { title: say('what happened'), cell: (l) => sayOf('line', l.kind) },
  { title: say('outage'), cell: (l) => (l.outage ? link(`outage/${l.outage}`, l.outage) : '') },
  { title: say('place'), cell: (l) => l.name ?? '', long: true },
  { title: say('by'), cell: (l) => l.by ?? '' },
  { title: say('details'), cell: detailsOf, long: true },
];

// Each outage stands in one list: the one that asks most of the next shift.
type Bucket = 'unacknowledged' | 'overdue' | 'working' | 'shelved';

const bucketOf = ({ life }: Outage): Bucket => {
  if (life.shelved_until) return 'shelved';
  if (life.stage === 'new') return 'unacknowledged';
  return life.overdue ? 'overdue' : 'working';
};

const titled = (title: string, n: number): string => `${title}: ${number(n)}`;

const rowsOf = ({ outages }: Handover, which: Bucket): Outage[] => outages.filter((o) => bucketOf(o) === which);

function bucket(handover: Handover, which: Bucket): HTMLElement {
  const rows = rowsOf(handover, which);
  return part(titled(sayOf('to', which), rows.length), listing(`handover-${which}`, which === 'shelved' ? SHELVED() : OUTAGES(), rows));
}

const group = (n: number): string => (n > 0 ? 'down' : 'up');

function figures({ handover, late }: Sheet): HTMLElement {
  const [unacknowledged, overdue, shelved] = (['unacknowledged', 'overdue', 'shelved'] as const).map((which) => rowsOf(handover, which).length) as [number, number, number];
  return h('div', 'tiles', tile(number(handover.outages_total), say('outages open'), group(handover.outages_total)),
    tile(number(unacknowledged), say('to unacknowledged'), group(unacknowledged)), tile(number(overdue), say('to overdue'), group(overdue)),
    tile(number(shelved), say('to shelved'), shelved > 0 ? 'maintenance' : 'up'), tile(number(late.total), say('to late'), group(late.total)));
}

function signedBy({ taken, given }: Handover): HTMLElement[] {
  return [h('p', '', taken ? say('shift taken', taken.by, time(taken.at)) : say('shift unsigned')),
    ...(given ? [h('p', '', h('strong', '', say('shift given', given.by, time(given.at))))] : [])];
}

function logPart(log: Log): HTMLElement {
  const older = log.total - log.lines.length;
  return part(log.since ? say('shift log since', time(log.since)) : say('shift log'), listing('shift-log', LINES(), log.lines),
    ...(older > 0 ? [h('p', 'rest', say('more lines', number(older)))] : []));
}

const signature = (title: string, by: string): HTMLElement => h('p', '', title, h('br'), by);

function sheet(s: Sheet): (Node | string)[] {
  const { maintenance, given, as_of: asOf } = s.handover;
  return [
    h('p', 'paper-centre', model.overview?.centre ?? ''), h('h2', 'paper-title', say('handover')), h('p', '', `${say('as of')} ${time(asOf)}`), ...signedBy(s.handover), figures(s),
    ...(['unacknowledged', 'overdue', 'working', 'shelved'] as const).map((which) => bucket(s.handover, which)),
    part(titled(say('to maintenance'), maintenance.length), listing('handover-maintenance', MAINTENANCE(), maintenance)),
    part(titled(say('to late'), s.late.total), listing('handover-late', LATE(), s.late.probes)),
    logPart(s.log), h('div', 'signatures', signature(say('signed giver'), given?.by ?? ''), signature(say('signed taker'), '')),
  ];
}

// ---- what people do here ----

type Name = 'by' | 'token' | 'text';

function field(name: Name, title: string, type = 'text'): HTMLElement {
  const input = h('input');
  input.name = name;
  input.type = type;
  input.autocomplete = 'off';
  input.maxLength = name === 'text' ? 500 : 64;
  return labelled(title, input);
}

interface Doing { title: 'sign give' | 'sign take' | 'write note'; path: string; body: (by: string, text: string) => Record<string, string>; spent: readonly Name[] }

// A signature spends the token that it was given with: the next one is somebody else's.
const DOINGS: readonly Doing[] = [
  { title: 'sign give', path: 'handover/give', body: (by, comment) => ({ by, comment }), spent: ['by', 'token', 'text'] },
  { title: 'sign take', path: 'handover/take', body: (by, comment) => ({ by, comment }), spent: ['by', 'token', 'text'] },
  { title: 'write note', path: 'shift', body: (by, text) => ({ by, text }), spent: ['text'] },
];

function doingButton(doing: Doing, fields: Record<Name, HTMLElement>, answer: HTMLElement): HTMLElement {
  const valueOf = (name: Name): HTMLInputElement => fields[name].querySelector('input')!;
  const node = h('button', '', say(doing.title));
  node.type = 'button';
  node.addEventListener('click', async () => {
    const outcome = await post(doing.path, doing.body(valueOf('by').value, valueOf('text').value), valueOf('token').value);
    answer.textContent = outcome.ok ? say('stored') : outcome.error;
    if (!outcome.ok) return;
    for (const name of doing.spent) valueOf(name).value = '';
    acted += 1;
    changed();
  });
  return node;
}

function form(): HTMLElement[] {
  const answer = h('p', 'rest');
  answer.setAttribute('role', 'status');
  const fields = { by: field('by', say('your name')), token: field('token', say('your token'), 'password'), text: field('text', say('remark')) };
  return [fields.by, fields.token, fields.text, ...DOINGS.map((doing) => doingButton(doing, fields, answer)), printButton(), answer];
}

export function drawHandover(root: HTMLElement): void {
  const { data } = loaded(String(acted));
  const language = currentLanguage();
  const key = data ? `${language} ${JSON.stringify(data)}` : language;
  drawPaper(root, `handover ${language}`, form, key, () => (data ? sheet(data) : [h('p', 'rest', say('loading'))]));
}
