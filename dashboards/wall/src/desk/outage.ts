// Desk page of one outage: where it stands, whom it concerns, what was done, and what an operator does next.
import { get } from '../api.js';
import { h, link, section, stateText, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { changed } from '../model.js';
import { serviceName, unitNameOf } from '../names.js';
import { operatorOfFigure } from '../operators.js';
import { refill } from '../refill.js';
import { duration, number, say, sayOf, time } from '../say.js';
import type { Impact, Outage, OutageMember } from '../types.js';
import { act, keepToken } from './act.js';
import { unsure } from './figure.js';
import { DEEDS, FIELDS, type Deed, type Field, type Values } from './deeds.js';

interface Act { deed: Deed; at: string; by: string; comment: string | null; to: string | null; ticket: string | null; waiting: string | null; until: string | null }
interface Part { operator: string | null; service: string; units: number; impact: Impact }
interface Case extends Outage { provenance: string; by_operator_and_service: Part[]; acts: Act[]; members: OutageMember[] }

const loaded = fetched((id) => get<Case>(`outages/${encodeURIComponent(id)}`), 2000);

const WAITS = ['nothing', 'parts', 'access', 'mains'] as const;

const MEMBER_COLUMNS = (): Column<OutageMember>[] => [
  { title: say('outage'), cell: (o) => stateText(!o.open ? 'up' : o.verified ? 'down' : 'unknown', o.outage) },
  { title: say('unit'), cell: (o) => (o.site ? link(`site/${encodeURIComponent(o.site)}`, `${o.site} · ${unitNameOf(o.unit)}`) : '–') },
  { title: say('cause'), cell: (o) => (o.verified ? sayOf('cause', o.cause ?? 'unknown') : say('unverified')) },
  { title: say('from'), cell: (o) => `${time(o.from, true)} ${unsure(o.from_uncertainty_ms)}` },
  { title: say('to'), cell: (o) => (o.to ? `${time(o.to, true)} ${unsure(o.to_uncertainty_ms)}` : say('lasting')) },
  { title: say('duration'), cell: (o) => duration(o.duration_ms), number: true },
];

const PART_COLUMNS = (): Column<Part>[] => [
  { title: say('operator'), cell: (p) => (p.operator ? operatorOfFigure(p.operator) : '–') },
  { title: say('service'), cell: (p) => serviceName(p.service) },
  { title: say('units'), cell: (p) => number(p.units), number: true },
  { title: say('exposed'), cell: (p) => number(p.impact.exposed.population), number: true },
  { title: say('without service'), cell: (p) => number(p.impact.without_service.population), number: true },
];

const said = (a: Act): string => [a.to, a.ticket, a.waiting ? sayOf('waiting', a.waiting) : '', a.until ? time(a.until) : '', a.comment].filter(Boolean).join(' · ');

const ACT_COLUMNS = (): Column<Act>[] => [
  { title: say('at'), cell: (a) => time(a.at, true) },
  { title: say('by'), cell: (a) => a.by },
  { title: say('deed'), cell: (a) => sayOf('deed', a.deed) },
  { title: say('said'), cell: said, long: true },
];

function standing(o: Case): string[] {
  const life = o.life;
  return [
    life.acknowledged_at ? `${sayOf('deed', 'acknowledge')}: ${life.acknowledged_by ?? ''} ${time(life.acknowledged_at)}` : '',
    life.assigned_to ? `${sayOf('deed', 'assign')}: ${[life.assigned_to, life.ticket].filter(Boolean).join(' · ')}` : '',
    life.waiting ? sayOf('waiting', life.waiting) : '',
    life.expected ? `${sayOf('deed', 'expect')}: ${time(life.expected)}${life.overdue ? ` (${say('overdue')})` : ''}` : '',
    life.shelved_until ? `${sayOf('deed', 'shelve')}: ${time(life.shelved_until)} · ${life.shelved_reason ?? ''}` : '',
  ].filter(Boolean);
}

function facts(o: Case): HTMLElement[] {
  const where = [o.root_name ?? '', o.verified ? sayOf('cause', o.cause ?? 'unknown') : say('unverified'), `${time(o.from, true)} – ${o.to ? time(o.to, true) : say('lasting')}`, duration(o.duration_ms)];
  return [
    section(`${o.outage} · ${sayOf('stage', o.life.stage)}`, 'outage-head', h('p', '', where.filter(Boolean).join(' · ')), ...standing(o).map((line) => h('p', 'quiet', line))),
    section(say('impact'), 'list', listing(`${o.outage}-impact`, PART_COLUMNS(), o.by_operator_and_service)),
    section(say('members'), 'list', listing(`${o.outage}-units`, MEMBER_COLUMNS(), o.members)),
    section(say('done so far'), 'list', listing(`${o.outage}-done`, ACT_COLUMNS(), [...o.acts].reverse())),
  ];
}

// ---- what is done: the form stays while the facts above it are drawn anew ----

function input(field: Field): HTMLInputElement | HTMLSelectElement {
  const node = field === 'waiting' ? h('select', '', ...WAITS.map((wait) => {
    const option = h('option', '', sayOf('waiting', wait));
    option.value = wait;
    return option;
  })) : h('input');
  if (node instanceof HTMLInputElement && field === 'until') node.type = 'datetime-local';
  if (node instanceof HTMLInputElement && field === 'comment') node.maxLength = 500;
  node.name = field;
  return node;
}

const labelled = (title: string, node: HTMLElement): HTMLLabelElement => h('label', '', h('span', '', title), node);

function deedSelect(): HTMLSelectElement {
  const select = h('select', '', ...DEEDS.map((deed) => {
    const option = h('option', '', sayOf('deed', deed));
    option.value = deed;
    return option;
  }));
  select.name = 'deed';
  return select;
}

function tokenField(): HTMLLabelElement {
  const node = h('input');
  node.type = 'password';
  node.autocomplete = 'off';
  node.addEventListener('change', () => keepToken(node.value));
  return labelled(say('operator token'), node);
}

function form(outage: string): HTMLFormElement {
  const deed = deedSelect();
  const fields = h('span', 'fields');
  const token = h('span', 'fields');
  const answer = h('p', 'rest');
  answer.setAttribute('role', 'status');
  const go = h('button', '', say('do it'));
  go.type = 'submit';
  const chosen = (): Deed => deed.value as Deed;
  const show = (): void => fields.replaceChildren(...FIELDS[chosen()].map((field) => labelled(sayOf('field', field), input(field))));
  const node = h('form', 'act', labelled(say('deed'), deed), fields, token, go, answer);
  const values = (): Values => Object.fromEntries(FIELDS[chosen()].map((field) => [field, (node.elements.namedItem(field) as HTMLInputElement).value]));
  const filled = (): string => JSON.stringify([chosen(), values()]);
  deed.addEventListener('change', show);
  node.addEventListener('submit', async (event) => {
    event.preventDefault();
    const sent = filled();
    const outcome = await act(outage, chosen(), values());
    answer.textContent = outcome.ok ? say('stored') : outcome.error;
    token.replaceChildren(...(outcome.needsToken ? [tokenField()] : []));
    if (outcome.ok && filled() === sent) show(); // what was begun since stays
    changed();
  });
  show();
  return node;
}

function shell(root: HTMLElement, id: string): HTMLElement {
  const old = root.querySelector<HTMLElement>(':scope > .outage-facts');
  if (old?.dataset.outage === id) return old;
  const made = h('div', 'outage-facts');
  made.dataset.outage = id;
  root.replaceChildren(made, section(say('do something'), 'list', form(id)));
  return made;
}

export function drawOutage(root: HTMLElement, id: string): void {
  const { data, missing } = loaded(id);
  const into = shell(root, id);
  if (data) refill(into, ...facts(data));
  else refill(into, section(id, '', h('p', 'rest', say(missing ? 'unknown outage' : 'loading'))));
}
