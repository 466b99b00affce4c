// The head of a site's page: what it is, where, and how it is at this moment, large enough to read at arm's length.
import { h, section, stateText } from '../dom.js';
import { model, ownArea } from '../model.js';
import { serviceName } from '../names.js';
import { duration, say, sayOf, time } from '../say.js';
import { compareStates, groupOf, siteGroup } from '../states.js';
import type { State } from '../types.js';
import type { Around, SiteDetail, Unit } from './site_data.js';
import { earlyOfSite } from './site_readings.js';

// "5G mất liên lạc, 4G hoạt động": worst first, one state for all of them said once.
function unitsSaid(units: readonly Unit[]): string {
  const states = [...new Set(units.map((unit) => unit.state))].sort(compareStates);
  const services = (state: State): string => [...new Set(units.filter((unit) => unit.state === state).map((unit) => serviceName(unit.service)))].join(', ');
  return states.length === 1 ? say(states[0]!) : states.map((state) => `${services(state)} ${say(state)}`).join(', ');
}

// A site whose own probes are gone and which is unobserved, not silent, is seen by others, and works (FIGURES, section 2).
function causeSaid({ summary, probes }: SiteDetail): string {
  const seenByOthers = summary.state === 'unobserved' && summary.cause === 'probe' && probes.every((probe) => probe.status !== 'online');
  return seenByOthers ? say('probe fault, site works') : summary.cause ? sayOf('cause', summary.cause) : '';
}

function stateLine(site: SiteDetail): HTMLElement {
  const { summary } = site;
  const group = siteGroup({ state: summary.state, out: summary.out });
  const facts = [causeSaid(site), summary.since ? `${say('since')} ${time(summary.since)}` : '',
    summary.since ? say('for a duration', duration(Date.parse(site.as_of) - Date.parse(summary.since))) : ''].filter(Boolean);
  const said = stateText(group, unitsSaid(site.units));
  said.classList.add('headline-small', group);
  return h('p', 'site-state', said, h('span', 'quiet', facts.join(' · ')));
}

function areaName(id: string): string {
  const own = ownArea();
  return model.areas.get(id)?.name ?? (own?.id === id ? own.name : '');
}

// A phone opens its own map.
function position(site: SiteDetail): HTMLElement[] {
  if (site.lat === null || site.lon === null) return [];
  const node = h('a', '', `${site.lat.toFixed(5)}, ${site.lon.toFixed(5)}`);
  node.href = `geo:${site.lat},${site.lon}?q=${site.lat},${site.lon}`;
  return [h('span', '', `${say('position')} `, node)];
}

function supplyLine(around: Around | null): HTMLElement[] {
  if (!around?.supply) return [];
  const { supply, minutes_left: left, since } = around.supply;
  const text = [sayOf('supply', supply), left === null ? '' : say('battery for', say('minutes', Math.floor(left))), `${say('since')} ${time(since)}`].filter(Boolean).join(' · ');
  return [h('p', '', stateText(supply === 'mains' ? 'up' : supply === 'exhausted' ? 'down' : 'degraded', text))];
}

function doubtLines(site: SiteDetail, around: Around | null): HTMLElement[] {
  const waiting = site.units.some((unit) => unit.awaiting_backlog) ? [h('p', '', stateText('unknown', say('awaiting backlog')))] : [];
  const differing = (around?.disagreements ?? []).map((d) => {
    const service = d.unit.slice(d.unit.indexOf('/') + 1).split('@')[0] ?? '';
    return h('p', '', stateText(groupOf(d.told), `${serviceName(service)}: ${say('operator differs', say(d.told))}`));
  });
  return [...waiting, ...differing];
}

function earlyLine(site: SiteDetail): HTMLElement[] {
  const text = site.summary.state === 'degraded' ? earlyOfSite(site.id) : '';
  return text ? [h('p', 'early', stateText('degraded', `${say('early warning')}: ${text}`))] : [];
}

export function siteHead(site: SiteDetail, around: Around | null): HTMLElement {
  const what = [site.code || site.id, sayOf('one', site.kind), areaName(site.area)].filter(Boolean).join(' · ');
  const where = [...(site.address ? [h('span', '', site.address)] : []), ...position(site)];
  return section(site.name, 'site-head', h('p', '', what), stateLine(site), ...supplyLine(around), ...earlyLine(site), ...doubtLines(site, around),
    ...(where.length > 0 ? [h('p', 'quiet where', ...where)] : []));
}
