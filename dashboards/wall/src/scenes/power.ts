// Nguồn điện: what feeds the sites, who is on battery for how long yet and who would then lose the last service, feeders, and what is
// out for want of power. While nobody reports any of this it says so and leaves the rotation.
import { bar, type Part } from '../bar.js';
import { aged, h, section, stateText, table, type Column } from '../dom.js';
import { leaveOut } from '../fit.js';
import { takeaway } from '../listing.js';
import { model } from '../model.js';
import { duration, number, say, sayOf, shortTime } from '../say.js';
import type { Scene } from '../scene.js';
import { settings } from '../settings.js';
import { MINUTE_MS } from '../spans.js';
import { compareStates, siteGroup, type Group } from '../states.js';
import type { PowerCounts, PowerSite, Site } from '../types.js';
import { tiles } from './tiles.js';

const SOON_MIN = 60; // less than that left is nearly over
const GROUP_OF = { mains: 'up', generator: 'maintenance', battery: 'degraded', exhausted: 'down', unknown: 'unknown' } as const satisfies Record<string, Group>;
const SUPPLIES = ['battery', 'generator', 'exhausted', 'unknown', 'mains'] as const;

const sites = (): Site[] => [...model.sites.values()];
const feeders = (): Site[] => sites().filter((s) => s.kind === 'feeder').sort((a, b) => compareStates(a.state, b.state));
const unpowered = (): Site[] => sites().filter((s) => s.kind !== 'feeder' && s.cause === 'power' && siteGroup(s) !== 'up');
const counts = (): PowerCounts | null => model.power?.counts ?? null;
const now = (): number => Date.parse(model.overview?.as_of ?? model.power?.as_of ?? '');
const areaOf = (area: string): string => model.areas.get(area)?.name ?? '';
const nameOf = (site: { name: string; area: string }): string => (settings.guest ? areaOf(site.area) : site.name);

// The answer's minutes run down here until the next one comes.
function minutesLeft(site: PowerSite): number | null {
  if (site.minutes_left === null) return null;
  return Math.max(0, site.minutes_left - Math.floor((now() - Date.parse(model.power!.as_of)) / MINUTE_MS));
}

function left(site: PowerSite): HTMLElement {
  const minutes = minutesLeft(site);
  const group = minutes !== null && minutes < SOON_MIN ? 'down' : '';
  return h('b', `headline-small ${group}`, minutes === null ? '–' : duration(minutes * MINUTE_MS));
}

const fed = (site: PowerSite): HTMLElement => stateText(site.fresh ? GROUP_OF[site.supply] : 'unknown',
  sayOf('supply', site.supply) + (site.fresh ? '' : ` (${say('told at', shortTime(site.told, now()))})`));

const ENDANGERED = (): Column<PowerSite>[] => [
  { title: say('supply'), cell: fed },
  { title: say('site'), cell: (s) => h('span', 'clip', nameOf(s)) },
  { title: say('area'), cell: (s) => areaOf(s.area) },
  { title: say('since'), cell: (s) => shortTime(s.since, now()) },
  { title: say('minutes left'), cell: left, number: true },
  { title: say('last service'), cell: (s) => number(s.last_service.population), number: true },
];

const FEEDERS = (): Column<Site>[] => [
  { title: say('state'), cell: (s) => stateText(siteGroup(s), say(s.state)) },
  { title: say('name'), cell: (s) => h('span', 'clip', s.name) },
  { title: say('since'), cell: (s) => (s.since ? shortTime(s.since, now()) : '–') },
];

const OUT = (): Column<Site>[] => [
  { title: say('state'), cell: (s) => stateText(siteGroup(s), say(s.state)) },
  { title: say('site'), cell: (s) => h('span', 'clip', nameOf(s)) },
  { title: say('area'), cell: (s) => areaOf(s.area) },
  { title: say('since'), cell: (s) => (s.since ? shortTime(s.since, now()) : '–') },
];

function supplyTile(all: PowerCounts, supply: (typeof SUPPLIES)[number]): HTMLElement {
  const parts: Part[] = [{ group: GROUP_OF[supply], value: all[supply] }];
  const group = all[supply] > 0 ? GROUP_OF[supply] : 'up';
  return h('div', 'tile', h('span', 'label', sayOf('supply', supply)), h('b', `headline ${group}`, number(all[supply]), h('span', 'of', `/${number(all.total)}`)), bar(parts, all.total));
}

interface Box { node: HTMLElement; fit: () => void }

// A list that shows what fits and counts the rest.
function fitted<T>(title: string, className: string, columns: readonly Column<T>[], rows: readonly T[], beyond: number, none: string): Box {
  if (rows.length === 0) return { node: section(title, className, h('p', 'rest', none)), fit: () => undefined };
  const list = table(columns, rows, 'cards');
  const note = h('p', 'rest');
  const node = takeaway(section(title, className, list, note), className, columns, rows);
  return {
    node,
    fit: () => {
      const rest = beyond + leaveOut([...list.tBodies[0]!.rows], node);
      note.textContent = rest > 0 ? say('more sites', number(rest)) : '';
    },
  };
}

const onBattery = (): number => (counts()?.battery ?? 0) + (counts()?.generator ?? 0);

function boxes(): Box[] {
  const endangered = model.power?.sites ?? [];
  const out = unpowered();
  return [
    ...(counts() ? [fitted(`${say('not on mains')}: ${number(onBattery())}`, 'endangered', ENDANGERED(), endangered, (model.power?.total ?? 0) - endangered.length, say('all on mains'))] : []),
    ...(feeders().length > 0 ? [fitted(say('kind feeder'), 'feeders', FEEDERS(), feeders(), 0, '')] : []),
    fitted(`${say('out of power')}: ${number(out.length)}`, 'unpowered', OUT(), out, 0, say('no site out of power')),
  ];
}

function draw(root: HTMLElement): void {
  const all = counts();
  if (!all && feeders().length + unpowered().length === 0) return root.replaceChildren(section(say('scene power'), 'list', h('p', 'rest', say('nothing to show'))));
  const lists = boxes();
  const [first, ...others] = lists.map((box) => aged(box.node, box.node.classList.contains('endangered') ? model.at.power : model.at.overview));
  root.replaceChildren(
    ...(all ? [aged(tiles(say('supplies'), 'supplies', SUPPLIES.map((supply) => supplyTile(all, supply))), model.at.power)] : []),
    first!, h('div', 'column', ...others));
  for (const box of lists) box.fit();
}

// Feeders that are all up and sites that are all on mains tell nobody anything.
const quiet = (): boolean => feeders().every((s) => siteGroup(s) === 'up') && unpowered().length === 0 && (model.power?.total ?? 0) === 0;

export const power: Scene = { id: 'power', title: 'scene power', empty: quiet, draw };
