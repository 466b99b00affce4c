// Desk page: the ledger. Where every message, pack and reading went, and whether the equations hold.
import { get } from '../api.js';
import { aged, h, section, stateText, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { refill } from '../refill.js';
import { number, say, sayOf, time } from '../say.js';
import { fact, facts } from './fact.js';

type Counts = Record<string, number>;

interface Ledger {
  as_of: string;
  checked_at?: string | null;
  broken_total: number;
  messages: Counts & { balanced: boolean };
  readings: Counts & { balanced: boolean };
  packs: Counts & { balanced: boolean };
  open: { packs: number; streams: number; oldest_since: string | null };
  counters: Counts;
}

const loaded = fetched(() => get<Ledger>('ledger', { limit: 1 }));

// Each equation: what comes first is the sum of the others, less those that were queued again (collector/core/ledger.c).
const EQUATIONS = [
  { name: 'messages', terms: ['logged', 'in_intake', 'control', 'duplicate', 'ignored', 'refused', 'untimed', 'plain_bounded', 'stored', 'requeued'] },
  { name: 'packs', terms: ['highest', 'stored', 'refused', 'untimed', 'lost_at_probe', 'missing_at_centre', 'open'] },
  { name: 'readings', terms: ['readings_stored', 'readings_written', 'pending', 'readings_dead', 'readings_beyond', 'readings_requeued'] },
] as const;

const OWN_TERMS = new Set<string>(EQUATIONS.filter(({ name }) => name !== 'packs').flatMap(({ terms }) => [...terms]));

function term(name: string, value: number, sign: string): HTMLElement {
  return fact(sayOf('term', name), `${sign} ${number(value)}`.trim(), value === 0 && sign !== '' ? 'naught' : '');
}

const LESS = new Set(['requeued', 'readings_requeued']);
const signOf = (name: string, i: number): string => (i === 0 ? '' : i === 1 ? '=' : LESS.has(name) ? '−' : '+');

function equation(data: Ledger, { name, terms }: (typeof EQUATIONS)[number]): HTMLElement {
  const own = data[name];
  const valueOf = (one: string): number => (name === 'packs' ? own[one] : own[one] ?? data.counters[one]) ?? 0;
  const verdict = stateText(own.balanced ? 'up' : 'down', say(own.balanced ? 'balanced' : 'not balanced'));
  return h('div', 'equation', h('p', '', h('b', '', sayOf('equation', name)), verdict), facts(...terms.map((one, i) => term(one, valueOf(one), signOf(one, i)))));
}

interface Row { name: string; value: number }

const COLUMNS = (): Column<Row>[] => [
  { title: say('counter'), cell: (r) => sayOf('counter', r.name) },
  { title: say('value'), cell: (r) => number(r.value), number: true },
];

const openLine = ({ open }: Ledger): HTMLElement[] => (open.packs > 0
  ? [h('p', 'quiet', say('open packs', number(open.packs), number(open.streams), time(open.oldest_since)))] : []);

const brokenLine = ({ broken_total: broken }: Ledger): HTMLElement[] => (broken > 0 ? [h('p', '', stateText('down', say('broken books', number(broken))))] : []);

export function drawLedger(root: HTMLElement): void {
  const { data, told } = loaded('');
  if (!data) return refill(root, section(say('ledger'), '', h('p', 'rest', say('loading'))));
  const others = Object.entries(data.counters).filter(([name]) => !OWN_TERMS.has(name)).map(([name, value]) => ({ name, value }));
  refill(root,
    aged(section(say('ledger'), 'ledger', h('p', 'quiet', say('checked', time(data.checked_at ?? data.as_of, true))), ...brokenLine(data), ...EQUATIONS.map((one) => equation(data, one)), ...openLine(data)), told),
    section(say('other counters'), 'list narrow', listing('ledger', COLUMNS(), others)));
}
