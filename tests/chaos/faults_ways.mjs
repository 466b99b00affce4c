// Faults of the ways between programs and of the database as it answers.
import { sleep } from '../support/servers.mjs';
import { FRONT_MODES } from './front.mjs';
import { RELAY_MODES } from './relay.mjs';
import { within } from './faults.mjs';

const SEEN_MS = 12000;

// How long a mode lasts once it is on.
const lasting = (run, random) => (run.long ? random.between(2000, 12000) : random.between(1500, 5000));

const wayFault = (i, mode) => ({
  name: `way ${i}: ${mode}`,
  uses: [`way ${i}`],
  run: async (run, random) => {
    const relay = run.relays[i];
    const before = relay.harmed;
    relay.set(mode);
    await within(SEEN_MS, () => relay.harmed > before);
    await sleep(lasting(run, random));
    relay.set('pass');
    if (relay.harmed === before) return null;
    run.books.count(`${relay.name}: ${mode}`, relay.harmed - before);
    return `${relay.name}: ${mode}, ${relay.harmed - before} times`;
  },
});

const frontFault = (mode) => ({
  name: `database: ${mode}`,
  uses: ['front'],
  run: async (run, random) => {
    const { front } = run;
    const before = front.seen(mode);
    front.set(mode);
    await within(SEEN_MS, () => front.seen(mode) > before);
    if (mode !== '400 line') await sleep(lasting(run, random));
    front.set('pass');
    const times = front.seen(mode) - before;
    if (times === 0) return null;
    run.books.count(`database answered ${mode}`, times);
    return `the database: ${mode}, ${times} times`;
  },
});

// VictoriaMetrics takes everything with a 204 and counts what it threw away.
const rowsInvalid = {
  name: 'database: 204 and rows invalid',
  uses: ['front'],
  run: async (run, random) => {
    const lost = async () => (await run.metrics()).ioc_database_rows_lost_total ?? 0;
    const before = await lost();
    run.front.invalid += random.between(1, 9);
    const seen = await within(SEEN_MS, async () => (await lost()) > before);
    if (!seen) return null;
    run.books.count('database threw rows away after a 204');
    return 'the database threw rows away after a 204, and the collector says so';
  },
};

export const wayFaults = ({ victoria }) => [
  ...[0, 1, 2].flatMap((i) => RELAY_MODES.map((mode) => wayFault(i, mode))),
  ...FRONT_MODES.map(frontFault),
  ...(victoria ? [rowsInvalid] : []),
];
