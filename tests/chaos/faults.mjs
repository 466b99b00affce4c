// Every fault of a run: what it does, what it needs for itself, and how it is seen to have happened.
//
// run(run, random) resolves to a sentence once the fault is over, or to null if it could not be seen
// to do anything; it is then dealt again. `uses` names what no two faults may hold at once.
import { sleep } from '../support/servers.mjs';

const RECOVER_MS = 20000;
const LOOK_MS = 20;

export const within = async (ms, condition) => {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await condition()) return true;
    await sleep(LOOK_MS);
  }
  return false;
};

const anyProbe = (run, random) => random.pick(run.stage.real).part;

const KILLABLE = {
  collector: (run) => run.stage.collector,
  broker: (run) => run.stage.broker,
  database: (run) => run.stage.database,
  probe: anyProbe,
};

const restarted = (part, starts) => within(RECOVER_MS, () => part.starts > starts && part.child);

// Killed again and again before it has come up.
async function killYoung(part, random, times) {
  let kills = 0;
  for (let i = 0; i < times; i++) {
    const { starts } = part;
    if (!(await part.kill())) continue;
    kills++;
    await restarted(part, starts);
    await sleep(random.between(0, i % 2 ? 150 : 900));
  }
  return kills > 1 ? `${part.name} killed ${kills} times as it came up` : null;
}

// Kept away while much gathers, then killed as it works that off.
async function killRecovering(run, random) {
  const { collector } = run.stage;
  await collector.hold();
  await sleep(random.between(3000, 6000));
  const before = run.books.seen('kill recovering');
  for (let i = 0; i < 4; i++) {
    const { starts } = collector;
    collector.start();
    await restarted(collector, starts - 1);
    await sleep(random.between(5, 60 + 40 * i));
    await collector.hold();
  }
  collector.start();
  return run.books.seen('kill recovering') > before ? 'collector killed 4 times as it recovered' : null;
}

const killFaults = Object.entries(KILLABLE).flatMap(([name, part]) => [
  { name: `kill ${name}`, run: async (run, random) => ((await part(run, random).kill()) ? `${name} killed` : null) },
  { name: `kill ${name} as it starts`, uses: [name], run: (run, random) => killYoung(part(run, random), random, random.between(3, 5)) },
]);

async function killSeveral(run, random) {
  const names = random.shuffled(Object.keys(KILLABLE)).slice(0, random.between(2, 4));
  const killed = await Promise.all(names.map((name) => KILLABLE[name](run, random).kill()));
  const n = killed.filter(Boolean).length;
  if (n < 2) return null;
  run.books.count('kill several at once');
  return `${names.join(', ')} killed at once`;
}

// Stopped for longer than keep-alive, requests and answers may take.
const stopFault = ([name, part]) => ({
  name: `stop ${name}`,
  uses: [name],
  long: true,
  run: async (run, random) => {
    const stopped = part(run, random);
    if (!stopped.pause()) return null;
    const { child } = stopped;
    const ms = random.between(run.stopMs, run.stopMs * 1.2);
    await within(ms, () => stopped.child !== child);
    if (stopped.child !== child) return null; // killed meanwhile
    stopped.resume();
    run.books.count(`stopped ${name}`);
    return `${stopped.name} stood still for ${Math.round(ms / 1000)} s`;
  },
});

export const PROCESS_FAULTS = [
  ...killFaults,
  { name: 'kill several at once', run: killSeveral },
  { name: 'kill the collector as it recovers', uses: ['collector'], run: killRecovering },
  ...Object.entries(KILLABLE).map(stopFault),
];
