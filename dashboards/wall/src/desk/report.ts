// Desk page: the flash report of the area at an instant, to read, copy and print.
import { get } from '../api.js';
import { h, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { changed, model, ownArea } from '../model.js';
import { currentLanguage, duration, inputInstant, inputText, number, say, sayOf, time } from '../say.js';
import { HOUR_MS } from '../spans.js';
import type { Cause, Kind, People, PowerCounts } from '../types.js';
import { drawPaper, labelled, part, printButton, signatures, tile } from './paper.js';

interface Count { total: number; out: number; unverified: number; standing: number; restored: number; causes: Partial<Record<Cause, number>> }
interface KindCount extends Count { kind: Kind }
interface OperatorCount extends Count { operator: string | null; name: string | null }
interface Route { site: string; name: string; since: string | null; cause: Cause; verified: boolean }
interface Commune { id: string; name: string }
interface Without { technology: string; without_service: People; unverified: People; year_newest: number }
interface Lasting { outage: string; name: string | null; from: string; duration_ms: number; verified: boolean; cause: Cause; sites_out: number; people: number; stage: string; expected: string | null }

interface Report {
  centre: string; simulated: boolean; area_name: string | null; at: string; standing_ms: number;
  kinds: KindCount[]; operators: OperatorCount[]; routes: Route[]; routes_total: number;
  communes: { total: number; without_service: number; unverified: number; names: Commune[]; names_unverified: Commune[] };
  power: PowerCounts | null; people: Without[]; outages: Lasting[]; outages_total: number; text: string;
}

const NEVER_AGAIN_MS = HOUR_MS; // an instant's report stays as it was read
let chosen = ''; // the instant; fixed when the page is opened

const loaded = fetched((about) => {
  const [area = '', at = '', lang = ''] = about.split(' ');
  return get<Report>('report', { area, at, lang });
}, NEVER_AGAIN_MS);

const causeText = (causes: Count['causes']): string => Object.entries(causes).map(([cause, n]) => `${sayOf('cause', cause)} ${number(n)}`).join(', ');

const countColumns = (standingMs: number): Column<Count>[] => [
  { title: say('count out'), cell: (c) => number(c.out), number: true },
  { title: say('count total'), cell: (c) => number(c.total), number: true },
  { title: say('count standing', number(standingMs / HOUR_MS)), cell: (c) => number(c.standing), number: true },
  { title: say('count unverified'), cell: (c) => number(c.unverified), number: true },
  { title: say('count restored'), cell: (c) => number(c.restored), number: true },
  { title: say('causes'), cell: (c) => causeText(c.causes), long: true },
];

const kindColumns = (r: Report): Column<KindCount>[] => [{ title: say('kind'), cell: (c) => sayOf('kind', c.kind) }, ...countColumns(r.standing_ms)];

const operatorColumns = (r: Report): Column<OperatorCount>[] => [{ title: say('operator'), cell: (c) => c.name ?? say('no operator') }, ...countColumns(r.standing_ms)];

const ROUTES = (): Column<Route>[] => [
  { title: say('name'), cell: (route) => route.name, long: true },
  { title: say('from'), cell: (route) => time(route.since) },
  { title: say('cause'), cell: (route) => (route.verified ? sayOf('cause', route.cause) : say('count unverified')) },
];

const OUTAGES = (): Column<Lasting>[] => [
  { title: say('outage'), cell: (o) => o.outage },
  { title: say('place'), cell: (o) => o.name ?? say('restricted'), long: true },
  { title: say('from'), cell: (o) => time(o.from) },
  { title: say('duration'), cell: (o) => duration(o.duration_ms), number: true },
  { title: say('cause'), cell: (o) => (o.verified ? sayOf('cause', o.cause) : say('count unverified')) },
  { title: say('sites out'), cell: (o) => number(o.sites_out), number: true },
  { title: say('people'), cell: (o) => number(o.people), number: true },
  { title: say('stage'), cell: (o) => sayOf('stage', o.stage) },
  { title: say('expected'), cell: (o) => time(o.expected) },
];

const SUPPLIES = ['mains', 'battery', 'generator', 'exhausted', 'unknown', 'total'] as const;

const POWER = (): Column<{ supply: (typeof SUPPLIES)[number]; sites: number }>[] => [
  { title: say('supply'), cell: (p) => (p.supply === 'total' ? say('power watched') : sayOf('supply', p.supply)) },
  { title: say('sites'), cell: (p) => number(p.sites), number: true },
];

function figures(r: Report): HTMLElement {
  const bts = r.kinds.find((kind) => kind.kind === 'bts');
  const mobile = r.people.find((people) => people.technology === 'mobile');
  const group = (n: number): string => (n > 0 ? 'down' : 'up');
  const year = mobile && mobile.year_newest > 0 ? ` (${say('census', mobile.year_newest)})` : '';
  return h('div', 'tiles',
    ...(bts ? [tile(`${number(bts.out)}/${number(bts.total)}`, say('report bts'), group(bts.out))] : []),
    tile(`${number(r.communes.without_service)}/${number(r.communes.total)}`, say('report communes'), group(r.communes.without_service)),
    ...(mobile ? [tile(number(mobile.without_service.population), say('report people') + year, group(mobile.without_service.population)),
      tile(number(mobile.without_service.households), say('report households'), group(mobile.without_service.households))] : []));
}

const namesOf = (communes: readonly Commune[]): string => communes.map((commune) => commune.name).join(', ');

function communes(r: Report): HTMLElement {
  const unsure = r.communes.unverified > 0 ? [h('p', '', `${say('count unverified')}: ${namesOf(r.communes.names_unverified)}`)] : [];
  return part(say('dark communes'), h('p', '', namesOf(r.communes.names) || say('none')), ...unsure);
}

const tableOrNone = (rows: number, made: () => HTMLElement): HTMLElement => (rows > 0 ? made() : h('p', '', say('none')));

function copyButton(text: string): HTMLElement {
  const node = h('button', '', say('copy'));
  node.type = 'button';
  node.addEventListener('click', () => {
    const box = node.parentElement!.querySelector('textarea')!;
    box.select();
    void Promise.resolve(navigator.clipboard?.writeText(text) ?? document.execCommand('copy')).catch(() => document.execCommand('copy')).then(() => { node.textContent = say('copied'); });
  });
  return node;
}

function copyText(text: string): HTMLElement {
  const box = h('textarea', 'report-text');
  box.readOnly = true;
  box.value = text;
  box.rows = text.split('\n').length;
  box.setAttribute('aria-label', say('text to copy'));
  return h('div', 'part no-print', h('h3', '', say('text to copy')), copyButton(text), box);
}

function sheet(r: Report): (Node | string)[] {
  return [
    h('p', 'paper-centre', r.centre), h('h2', 'paper-title', `${say('flash report')} · ${r.area_name ?? ''}`),
    h('p', '', `${say('as of')} ${time(r.at)}`), ...(r.simulated ? [h('p', '', h('strong', 'mark', say('simulated')))] : []),
    figures(r),
    part(say('of operators'), listing('operators', operatorColumns(r), r.operators)),
    part(say('of kinds'), listing('kinds', kindColumns(r), r.kinds)),
    part(say('power'), r.power ? h('div', 'narrow', listing('power', POWER(), SUPPLIES.map((supply) => ({ supply, sites: r.power![supply] })))) : h('p', 'quiet', say('power absent'))),
    part(say('cut routes'), tableOrNone(r.routes_total, () => listing('routes', ROUTES(), r.routes))),
    communes(r),
    part(say('report outages'), tableOrNone(r.outages_total, () => listing('report-outages', OUTAGES(), r.outages))),
    copyText(r.text), signatures(),
  ];
}

function choose(at: string): void {
  chosen = at;
  changed();
}

function form(): HTMLElement[] {
  const input = h('input');
  input.type = 'datetime-local';
  input.value = inputText(Date.parse(chosen));
  input.addEventListener('change', () => { if (input.value) choose(new Date(inputInstant(input.value)).toISOString()); });
  const now = h('button', '', say('now'));
  now.type = 'button';
  now.addEventListener('click', () => {
    choose(model.overview?.as_of ?? new Date().toISOString());
    input.value = inputText(Date.parse(chosen));
  });
  return [labelled(say('instant'), input), now, printButton()];
}

// #report/INSTANT is a link to that report.
export function drawReport(root: HTMLElement, about: string): void {
  if (chosen === '') choose(Number.isNaN(Date.parse(about)) ? model.overview?.as_of ?? new Date().toISOString() : new Date(about).toISOString());
  const area = ownArea()?.id ?? '';
  const language = currentLanguage();
  const { data, missing } = loaded(`${area} ${chosen} ${language}`);
  const key = `${area} ${chosen} ${language} ${data ? 'there' : missing ? 'missing' : 'awaited'}`;
  drawPaper(root, `report ${language}`, form, key, () => (data ? sheet(data) : [h('p', 'rest', say(missing ? 'report failed' : 'loading'))]));
}
