// Wrong clocks, a cloned probe, a probe that is kept away until its outbox is full, and one that
// never learns the time.
import fs from 'node:fs';
import { sleep } from '../support/servers.mjs';
import { within } from './faults.mjs';
import { backlog, decidedTo, ledger } from './quiet.mjs';

const HOUR_MS = 3600000;
const SEEN_MS = 20000;

const STEPS = {
  'an hour ahead': () => HOUR_MS,
  'an hour behind': () => -HOUR_MS,
  'in 1970': () => -Date.now() + 1000 * 5000,
};

const probeClock = ([name, shift]) => ({
  name: `clock of a probe ${name}`,
  uses: ['clock probe'],
  run: async (run, random) => {
    const probe = run.stage.real.at(-1);
    probe.clockWrong = true;
    run.stage.shiftClock(probe.clockFile, shift());
    await sleep(random.between(3000, 8000));
    if (random.between(0, 1)) await probe.part.kill();
    await sleep(random.between(1000, 3000));
    run.stage.shiftClock(probe.clockFile, 0);
    run.books.count(`clock of a probe ${name}`);
    return `the clock of ${probe.id} was ${name}`;
  },
});

// A centre that is behind what it has stored takes nothing that is ahead of it (clock_gate.h): the probes keep
// that and bring it later, so that no timeline lacks it.
const collectorClock = ([name, shift]) => ({
  name: `clock of the collector ${name}`,
  uses: ['clock'],
  run: async (run, random) => {
    run.stage.real[2].clockWrong = true; // it believes the centre
    run.stage.shiftClock(run.stage.clockFile, shift());
    await sleep(random.between(2000, run.long ? 10000 : 4000));
    run.stage.shiftClock(run.stage.clockFile, 0);
    run.books.count(`clock of the collector ${name}`);
    return `the clock of the collector was ${name}`;
  },
});

const DELIVERED_MS = 900000; // its way may be bad for minutes, and it knocks less and less often

// Two machines with one identity and one past: both go on, then one after the other until what each
// held is delivered.
async function clone(run, random) {
  const probe = run.stage.real[2];
  await probe.part.hold();
  const twin = run.stage.clone(probe);
  probe.cloned = true;
  const from = fs.statSync(run.stage.collector.log).size;
  probe.part.start();
  await sleep(random.between(103, 897)); // or both look at the same moments, and a series has room for one
  twin.part.start();
  const told = () => fs.readFileSync(run.stage.collector.log).subarray(from).includes('identity_conflict');
  const seen = await within(SEEN_MS, told);
  await sleep(random.between(2000, 8000));
  await probe.part.hold();
  const delivered = await within(DELIVERED_MS, async () => {
    const book = await ledger(run);
    return book && backlog(twin, book) <= 2;
  });
  await twin.part.hold();
  await within(SEEN_MS, async () => {
    const book = await ledger(run);
    if (book) twin.leftFrom = decidedTo(twin, book) + 1;
    return book;
  });
  twin.held.close();
  probe.part.start();
  if (!delivered) run.books.wrong(`the twin of ${probe.id} was not rid of its packs`);
  if (!seen) return null;
  run.books.count('outbox cloned');
  return `${probe.id} had a twin`;
}

// r2 has the smallest outbox and a way of its own to the broker.
async function bound(run) {
  const probe = run.stage.real[1];
  const before = probe.held.state?.dropped ?? 0;
  run.lonely.set('refuse');
  const seen = await within(90000, () => (probe.held.state?.dropped ?? 0) > before);
  run.lonely.set('pass');
  if (!seen) return null;
  run.books.count('outbox reached its bound');
  return `the outbox of ${probe.id} reached its bound and gave up ${probe.held.state.dropped - before} packs`;
}

// r3 believes no clock but the centre's; its machine is switched on and off again before it hears of
// it, so that nobody will ever know when that was.
async function timeless(run, random) {
  const probe = run.stage.real[2];
  const relay = run.relays[0];
  relay.set('refuse');
  await probe.part.hold();
  run.stage.rebootMachine(random);
  probe.part.start();
  const packs = probe.held.records().length;
  const wrote = await within(SEEN_MS, () => probe.held.records().length > packs + 1);
  await probe.part.hold();
  run.stage.rebootMachine(random);
  probe.part.start();
  relay.set('pass');
  const untimed = async () => ((await ledger(run))?.counters.untimed ?? 0) > 0;
  if (!wrote || !(await within(2 * SEEN_MS, untimed))) return null;
  run.books.count('a start that never knew the time');
  return `${probe.id} was switched off before it knew the time`;
}

export const IDENTITY_FAULTS = [
  ...Object.entries(STEPS).map(probeClock),
  ...Object.entries(STEPS).map(collectorClock),
  { name: 'clone', uses: ['probe'], long: true, run: clone },
  { name: 'bound', uses: ['lonely'], long: true, run: bound },
  { name: 'timeless', uses: ['probe', 'way 0'], run: timeless },
];
