// Keeps the model true: loads everything once, then follows the collector's events; after a gap it asks for everything again.
import { ApiError, address, get, getAll, type Values } from './api.js';
import { changed, changedLive, model, type Model, type Trouble } from './model.js';
import { settings } from './settings.js';
import { daysAgo } from './spans.js';
import type { Area, Coverage, DarkVillage, Indicator, Outage, Overview, Power, Site, TemporaryCover } from './types.js';

declare const BUILD: string;

const RETRY_MS = 2000;
const SLOW_MS = 30000; // figures that no event carries
const SOON_MS = 5000;
const SLOW_FIRST_MS = 2000; // how long the first drawing waits for them
const REOPEN_MS = 15000; // a stream that is silent for so long is given up: no browser notices a half-open one

export const heard = { at: 0, listening: true, ledger: true, clock: true, newBuild: false };

const warn = (error: unknown): void => console.warn(String(error));

// Of which area and instant the answers on their way are: others are thrown away.
let turn = 0;

const question = (): Values => ({ area: settings.area, ...(settings.at === null ? {} : { at: new Date(settings.at).toISOString() }) });

interface Areas { below: Area[]; frame: Area[]; focus: string }

// Below an area of the map's own level are villages, which have no borders: then the map shows the area among its neighbours.
async function loadAreas(own: Area | undefined): Promise<Areas> {
  const at = question().at ?? '';
  const level = settings.wall.map_level;
  const all = own ? await getAll<Area>('areas', 'areas', { parent: own.id, level, at }) : [];
  const wanted = all.filter((area) => area.id !== own?.id);
  if (!own || wanted.length > 0) return { below: wanted, frame: wanted, focus: '' };
  const [below, frame] = await Promise.all([getAll<Area>('areas', 'areas', { parent: own.id, at }), getAll<Area>('areas', 'areas', { level, at })]);
  return { below, frame, focus: frame.find((area) => area.id === own.id || area.id === own.parent)?.id ?? '' };
}

function takeAll(overview: Overview, areas: Areas, sites: Site[]): void {
  model.overview = overview;
  model.trouble = '';
  model.areas = new Map(areas.below.map((area) => [area.id, area]));
  Object.assign(model, { frame: areas.frame, focus: areas.focus });
  model.sites = new Map(sites.map((site) => [site.id, site]));
  model.edition = { areas: model.edition.areas + 1, sites: model.edition.sites + 1 };
  model.at.overview = Date.now();
  changed();
}

// What shows all the rest waits so long for it and no longer.
const soon = (load: Promise<void>): Promise<void> => Promise.race([load.catch(warn), new Promise<void>((resolve) => { setTimeout(resolve, SLOW_FIRST_MS); })]);

async function loadAll(): Promise<void> {
  const mine = turn;
  const overview = await get<Overview>('overview', question());
  const own = overview.area[0];
  const [areas, sites] = await Promise.all([loadAreas(own), getAll<Site>('sites', 'sites', { ...question(), area: own?.id ?? '' }), soon(loadSlow())]);
  if (mine !== turn) return;
  if (slowOf !== mine) forgetSlow();
  takeAll(overview, areas, sites);
}

const RESTORED_MOST = 50;
const POWER_MOST = 200;

// Of the outages of the last day those that are over; the past that is replayed knows only what lasted then.
async function loadRestored(): Promise<Outage[]> {
  if (settings.at !== null) return [];
  const from = daysAgo(1, SLOW_MS);
  const { outages } = await get<{ outages: Outage[] }>('outages', { area: settings.area, from, limit: RESTORED_MOST });
  return outages.filter((o) => !o.open && o.to !== null && o.verified).sort((a, b) => Date.parse(b.to!) - Date.parse(a.to!));
}

let slowOf = 0; // the turn that the slow parts are of

// Those of another area or instant are none.
function forgetSlow(): void {
  Object.assign(model, { coverage: [], dark: [], darkTotal: 0, temporary: [], temporaryTotal: 0, unservedTotal: 0, indicators: [], restored: [], power: null });
  model.at.coverage = model.at.indicators = model.at.power = 0;
}

interface CoverageAnswer { coverage: Coverage[]; dark: DarkVillage[]; dark_total: number; unserved_total: number; temporary: TemporaryCover[]; temporary_total: number }

async function loadSlow(): Promise<void> {
  const mine = turn;
  const [coverage, indicators, restored, power] = await Promise.all([
    get<CoverageAnswer>('coverage', question()), getAll<Indicator>('indicators', 'indicators', { area: settings.area }), loadRestored(),
    get<Power>('power', { ...question(), limit: POWER_MOST })]);
  if (mine !== turn) return;
  slowOf = mine;
  Object.assign(model, { coverage: coverage.coverage, dark: coverage.dark, darkTotal: coverage.dark_total, temporary: coverage.temporary, temporaryTotal: coverage.temporary_total, unservedTotal: coverage.unserved_total, indicators, restored, power });
  model.at.coverage = model.at.indicators = model.at.power = Date.now();
  changed();
}

async function loadOverview(): Promise<void> {
  const mine = turn;
  const overview = await get<Overview>('overview', question());
  if (mine === turn) takeOverview(overview);
}

const TROUBLES: Record<number, Trouble> = { 401: 'refused', 403: 'refused' };

function troubleOf(error: unknown): Trouble {
  if (!(error instanceof ApiError) || error.path !== 'overview') return '';
  if (error.status === 404) return settings.area === '' ? 'empty inventory' : 'unknown area';
  return TROUBLES[error.status] ?? '';
}

let loading = false;
let again = false;

export function resync(): void {
  if (loading) {
    again = true;
    return;
  }
  loading = true;
  again = false;
  loadAll()
    .catch((error: unknown) => {
      model.trouble = troubleOf(error);
      changed();
      setTimeout(resync, RETRY_MS);
    })
    .finally(() => {
      loading = false;
      if (again) resync();
    });
}

// Another area or another instant: what is on its way is of no use any more.
export function askAnew(): void {
  turn++;
  resync();
}

const isLive = (): boolean => settings.at === null;

function patch<T extends { id: string }>(part: keyof Model['edition'], known: Map<string, T>, items: T[], all: boolean): void {
  if (!isLive()) return;
  model.edition[part]++;
  for (const item of items) if (all || known.has(item.id)) known.set(item.id, item);
  changedLive();
}

let slowSoon: ReturnType<typeof setTimeout> | undefined;

// Coverage by operator and the dark villages follow what changes in areas, at a distance.
function refreshSlow(): void {
  slowSoon = undefined;
  loadSlow().catch(warn);
}

function takeAreas(areas: Area[]): void {
  const known = new Map(areas.map((area) => [area.id, area]));
  if (isLive()) model.frame = model.frame.map((area) => known.get(area.id) ?? area);
  patch('areas', model.areas, areas, false);
  slowSoon ??= setTimeout(refreshSlow, SOON_MS);
}

function takeOverview(overview: Overview): void {
  model.overview = overview;
  model.at.overview = Date.now();
  changedLive();
}

// The event speaks of the whole; whoever looks at a part asks for it.
function onOverview(overview: Overview): void {
  if (!isLive()) return;
  if (settings.area === '') takeOverview(overview);
  else loadOverview().catch(warn);
}

interface Beat { listening: boolean; ledger?: boolean; clock?: boolean; build?: string }

function takeBeat(beat: Beat): void {
  heard.listening = beat.listening;
  heard.ledger = beat.ledger !== false;
  heard.clock = beat.clock !== false;
  heard.newBuild = beat.build !== undefined && beat.build !== BUILD;
}

const TAKE: Record<string, (data: never) => void> = {
  hb: takeBeat,
  resync,
  overview: onOverview,
  areas: takeAreas,
  sites: (sites: Site[]) => patch('sites', model.sites, sites, settings.area === ''),
};

let source: EventSource | null = null;
let openedAt = 0;

// The browser comes back by itself with the last event's number; from a refusal it does not.
function open(): void {
  source?.close();
  source = new EventSource(address('events'));
  openedAt = Date.now();
  for (const [name, take] of Object.entries(TAKE)) {
    source.addEventListener(name, (event) => {
      heard.at = Date.now();
      take(JSON.parse((event as MessageEvent<string>).data) as never);
    });
  }
}

let resting = false;

// A browser opens six connections to one place for all its tabs: one that nobody sees gives its own back, or the seventh stays
// empty. One that may ring stays.
function onVisibility(): void {
  if (!document.hidden && resting) {
    resting = false;
    open();
    resync();
  }
  if (!document.hidden || settings.wall.sound) return;
  resting = true;
  source?.close();
}

function lookAfter(): void {
  if (resting) return;
  const now = Date.now();
  const closed = source?.readyState === EventSource.CLOSED && now - openedAt > RETRY_MS;
  if (!model.overview && !loading && model.trouble === '' && now - openedAt > RETRY_MS) resync();
  if (closed || now - Math.max(heard.at, openedAt) > REOPEN_MS) open();
}

function refresh(): void {
  if (resting || !model.overview || model.trouble) return;
  loadSlow().catch(warn);
  if (isLive() && Date.now() - model.at.overview > SLOW_MS / 2) loadOverview().catch(warn);
}

export function follow(): void {
  open();
  addEventListener('visibilitychange', onVisibility);
  setInterval(lookAfter, RETRY_MS);
  setInterval(refresh, SLOW_MS);
}
