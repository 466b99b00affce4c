// Desk page: find a site by code or name, worst states first.
import { h, link, section, stateText, type Column } from '../dom.js';
import { listing } from '../listing.js';
import { changed, model } from '../model.js';
import { refill } from '../refill.js';
import { number, plain, say, sayOf, time } from '../say.js';
import { compareStates, groupOf, siteGroup } from '../states.js';
import type { Site } from '../types.js';

const SHOWN = 200;
let wanted = '';

const troubled = (site: Site): boolean => groupOf(site.state) !== 'up' && site.state !== 'planned';

// Some of its units are down: which, says its own page.
const partly = (site: Site): boolean => site.state === 'down' && !site.out;

function matches(site: Site): boolean {
  const needle = plain(wanted);
  return needle === '' ? troubled(site) : plain(`${site.id} ${site.code} ${site.name}`).includes(needle);
}

// What is degraded carries yet and has no cause: what it runs on, or that it warns; what its checks measured, says its own page.
function causeText(site: Site): string {
  if (site.cause || site.state !== 'degraded') return site.cause ? sayOf('cause', site.cause) : '';
  const supply = model.power?.sites.find(({ id }) => id === site.id)?.supply;
  return supply === 'battery' || supply === 'generator' ? sayOf('runs on', supply) : say('early warning');
}

const COLUMNS = (): Column<Site>[] => [
  { title: say('state'), cell: (s) => stateText(siteGroup(s), say(partly(s) ? 'partly down' : s.state)) },
  { title: say('site code'), cell: (s) => link(`site/${encodeURIComponent(s.id)}`, s.code || s.id) },
  { title: say('name'), cell: (s) => s.name },
  { title: say('area'), cell: (s) => model.areas.get(s.area)?.name ?? '' },
  { title: say('cause'), cell: causeText },
  { title: say('since'), cell: (s) => time(s.since) },
];

function search(): HTMLElement {
  const input = h('input', 'search');
  input.type = 'search';
  input.value = wanted;
  input.placeholder = say('search');
  input.setAttribute('aria-label', say('search'));
  input.addEventListener('input', () => {
    wanted = input.value;
    changed();
  });
  return input;
}

function note(found: readonly Site[]): string {
  if (found.length > SHOWN) return say('more sites', number(found.length - SHOWN));
  return found.length === 0 && wanted === '' ? say('all sites up', number(model.sites.size)) : '';
}

export function drawSites(root: HTMLElement): void {
  const found = [...model.sites.values()].filter(matches).sort((a, b) => compareStates(a.state, b.state) || Number(partly(a)) - Number(partly(b)) || a.id.localeCompare(b.id));
  const list = section(say('sites'), 'list', listing('sites', COLUMNS(), found, SHOWN), h('p', 'rest', note(found)));
  const box = root.querySelector('input.search') ? null : search();
  if (box) root.replaceChildren(box, list);
  else if (!root.lastElementChild!.isEqualNode(list)) refill(root, root.firstElementChild as HTMLElement, list);
}
