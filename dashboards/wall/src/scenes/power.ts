// Nguồn điện: feeders, units that tell where the power comes from, and sites that are out for want of it. While nobody reports any of
// this it says so and leaves the rotation.
import { aged, h, section, stateText, table, type Column } from '../dom.js';
import { model } from '../model.js';
import { number, say, sayOf, time } from '../say.js';
import type { Scene } from '../scene.js';
import { settings } from '../settings.js';
import { compareStates, GROUPS, groupCounts, groupOf } from '../states.js';
import type { Site } from '../types.js';

// Services by which units say what feeds a site (inventory: units.csv).
const SUPPLIES = ['mains', 'battery', 'generator'] as const;

const feeders = (): Site[] => [...model.sites.values()].filter((s) => s.kind === 'feeder').sort((a, b) => compareStates(a.state, b.state));
const unpowered = (): Site[] => [...model.sites.values()].filter((s) => s.kind !== 'feeder' && s.cause === 'power' && groupOf(s.state) !== 'up');
const supplies = (): string[] => SUPPLIES.filter((service) => model.overview?.units[service]);

const FEEDER_COLUMNS = (): Column<Site>[] => [
  { title: say('state'), cell: (s) => stateText(groupOf(s.state), say(s.state)) },
  { title: say('name'), cell: (s) => h('span', 'clip', s.name) },
  { title: say('since'), cell: (s) => time(s.since) },
];

const SITE_COLUMNS = (): Column<Site>[] => [
  { title: say('state'), cell: (s) => stateText(groupOf(s.state), say(s.state)) },
  { title: say('site'), cell: (s) => h('span', 'clip', settings.guest ? '–' : s.name) },
  { title: say('area'), cell: (s) => model.areas.get(s.area)?.name ?? '' },
  { title: say('since'), cell: (s) => time(s.since) },
];

function supplyTile(service: string): HTMLElement {
  const groups = groupCounts(model.overview!.units[service]!);
  const states = GROUPS.filter((group) => groups[group] > 0).map((group) => stateText(group, `${sayOf('group', group)} ${number(groups[group])}`));
  return h('div', 'tile', h('span', 'label', sayOf('supply', service)), h('b', 'headline', number(groups.up)), h('small', 'states', ...states));
}

const none = (): HTMLElement => h('p', 'rest', say('nothing to show'));

function draw(root: HTMLElement): void {
  const [lines, out, units] = [feeders(), unpowered(), supplies()];
  const nothing = lines.length + out.length + units.length === 0;
  if (nothing) return root.replaceChildren(section(say('scene power'), '', none()));
  root.replaceChildren(
    ...(units.length > 0 ? [aged(section(say('supplies'), 'tiles', ...units.map(supplyTile)), model.at.overview)] : []),
    aged(section(say('kind feeder'), '', lines.length > 0 ? table(FEEDER_COLUMNS(), lines) : none()), model.at.overview),
    aged(section(`${say('out of power')}: ${number(out.length)}`, '', out.length > 0 ? table(SITE_COLUMNS(), out) : h('p', 'rest', say('no site out of power'))), model.at.overview));
}

// Feeders that are all up tell nobody anything.
const quiet = (): boolean => feeders().every((s) => groupOf(s.state) === 'up') && unpowered().length === 0 && supplies().length === 0;

export const power: Scene = { id: 'power', title: 'scene power', empty: quiet, draw };
