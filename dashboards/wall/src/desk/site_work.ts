// What is open at a site: outages and who has them, maintenance that is declared, acceptance that is awaited. And the outages it had.
import { h, link, section, stateText, type Column } from '../dom.js';
import { listing } from '../listing.js';
import { unitName, unitNameOf } from '../names.js';
import { duration, say, sayOf, time } from '../say.js';
import type { Outage } from '../types.js';
import { unsure } from './figure.js';
import type { Around, Declaration, Part, SiteDetail } from './site_data.js';

const item = (...lines: (Node | string)[]): HTMLElement => h('li', '', ...lines);
const quiet = (parts: readonly string[]): HTMLElement[] => (parts.some(Boolean) ? [h('div', 'quiet', parts.filter(Boolean).join(' · '))] : []);

// The root of an outage that began elsewhere.
const rootOf = (group: Outage, site: string): string => (group.site !== site && group.root_name ? say('because of', group.root_name) : '');

function outageItem(group: Outage, own: readonly Part[], site: string): HTMLElement {
  const { life } = group;
  const number = link(`outage/${group.outage}`, '');
  number.append(stateText(group.group_verified ? 'down' : 'unknown', group.outage));
  const first = own[0]!.member;
  const what = [...new Set(own.map(({ member }) => unitNameOf(member.unit)))].join(', ');
  return item(h('div', '', number, h('b', '', sayOf('stage', life.stage))),
    h('div', '', [what, rootOf(group, site), group.verified ? sayOf('cause', group.cause ?? 'unknown') : say('unverified')].filter(Boolean).join(' · ')),
    ...quiet([`${say('from')} ${time(first.from, true)} ${unsure(first.from_uncertainty_ms)}`.trim(), duration(group.duration_ms)]),
    ...quiet([life.assigned_to ? `${sayOf('deed', 'assign')}: ${life.assigned_to}` : '', life.ticket ?? '', life.waiting ? sayOf('waiting', life.waiting) : '',
      life.expected ? `${sayOf('deed', 'expect')}: ${time(life.expected)}${life.overdue ? ` (${say('overdue')})` : ''}` : '',
      life.shelved_until ? `${sayOf('deed', 'shelve')}: ${time(life.shelved_until)}` : '']));
}

const declarationItem = (d: Declaration): HTMLElement => item(
  h('div', '', stateText('maintenance', sayOf(d.kind, 'declared'))), h('div', '', [d.target.includes('/') ? unitNameOf(d.target) : '', d.reason].filter(Boolean).join(' · ')),
  ...quiet([`${time(d.from)} – ${time(d.to)}`, d.by ? `${say('by')} ${d.by}` : '', d.counts ? '' : say('retroactive')]));

export function workSection(site: SiteDetail, around: Around | null): HTMLElement {
  if (!around) return section(say('open work'), 'work', h('p', 'rest', say('loading')));
  const open = around.parts.filter(({ group }) => group.open);
  const groups = [...new Set(open.map(({ group }) => group))];
  const ahead = around.declarations.filter((d) => Date.parse(d.to) > Date.parse(site.as_of));
  const items = [
    ...groups.map((group) => outageItem(group, open.filter((part) => part.group === group), site.id)), ...ahead.map(declarationItem),
    ...site.units.filter((unit) => unit.awaits_acceptance).map((unit) => item(stateText('maintenance', `${unitName(unit.service, unit.operator)}: ${say('awaits acceptance')}`))),
  ];
  return section(say('open work'), 'work', items.length > 0 ? h('ul', 'plain', ...items) : h('p', 'rest', say('no open work')));
}

function numbered({ member, group }: Part): HTMLElement {
  const node = link(`outage/${member.outage}`, '');
  node.append(stateText(!member.open ? 'up' : group.group_verified ? 'down' : 'unknown', member.outage));
  return node;
}

const whyOf = ({ member }: Part): string => (member.verified ? sayOf('cause', member.cause ?? 'unknown') : say('unverified'));

const PAST_COLUMNS = (site: string): Column<Part>[] => [
  { title: say('outage'), cell: numbered },
  { title: say('unit'), cell: ({ member }) => unitNameOf(member.unit) },
  { title: say('cause'), cell: (part) => [whyOf(part), rootOf(part.group, site)].filter(Boolean).join(' · ') },
  { title: say('from'), cell: ({ member }) => `${time(member.from, true)} ${unsure(member.from_uncertainty_ms)}` },
  { title: say('to'), cell: ({ member }) => (member.to ? `${time(member.to, true)} ${unsure(member.to_uncertainty_ms)}` : say('lasting')) },
  { title: say('duration'), cell: ({ member }) => duration(member.duration_ms), number: true },
];

export function outagesSection(site: SiteDetail, around: Around | null): HTMLElement {
  const title = say('outages of 30 days');
  if (!around) return section(title, 'list', h('p', 'rest', say('loading')));
  return section(title, 'list', listing(`outages-${site.id}`, PAST_COLUMNS(site.id), around.parts));
}
