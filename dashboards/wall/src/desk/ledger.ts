// Desk page: the ledger. Where every message and reading went, and whether the equations hold.
import { get } from '../api.js';
import { h, section, stateText, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { number, say, sayOf, time } from '../say.js';

interface Ledger {
  as_of: string;
  checked_at?: string | null;
  messages: { logged: number; in_intake: number; balanced: boolean };
  readings: { pending: number; balanced: boolean };
  counters: Record<string, number>;
}

const loaded = fetched(() => get<Ledger>('ledger', { limit: 1 }));

interface Row { name: string; value: number }

const COLUMNS = (): Column<Row>[] => [
  { title: say('counter'), cell: (r) => sayOf('counter', r.name) },
  { title: say('value'), cell: (r) => number(r.value), number: true },
];

const balance = (word: 'messages' | 'readings', holds: boolean): HTMLElement => h('p', '', stateText(holds ? 'up' : 'down', `${say(word)}: ${say(holds ? 'balanced' : 'not balanced')}`));

export function drawLedger(root: HTMLElement): void {
  const { data } = loaded('');
  if (!data) return root.replaceChildren(section(say('ledger'), '', h('p', 'rest', say('loading'))));
  const rows: Row[] = [
    { name: 'logged', value: data.messages.logged }, { name: 'in_intake', value: data.messages.in_intake }, { name: 'pending', value: data.readings.pending },
    ...Object.entries(data.counters).map(([name, value]) => ({ name, value })),
  ];
  root.replaceChildren(section(say('ledger'), 'list',
    balance('messages', data.messages.balanced), balance('readings', data.readings.balanced),
    h('p', 'quiet', `${say('as of')} ${time(data.checked_at ?? data.as_of, true)}`),
    listing('ledger', COLUMNS(), rows)));
}
