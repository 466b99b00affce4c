// The chaos run: everything real, everything broken on purpose, and at the end a comparison with
// what the outboxes durably held. tests/chaos/run starts it in namespaces of its own.
import fs from 'node:fs';
import path from 'node:path';
import { within, PROCESS_FAULTS } from './faults.mjs';
import { parseLine } from '../support/fake_influx.mjs';
import { Batches } from './batches.mjs';
import { Books } from './books.mjs';
import { DISK_FAULTS } from './faults_disks.mjs';
import { IDENTITY_FAULTS } from './faults_identity.mjs';
import { wayFaults } from './faults_ways.mjs';
import { Front } from './front.mjs';
import { Lag } from './lag.mjs';
import { Life } from './life.mjs';
import { mend, quiet } from './quiet.mjs';
import { Random } from './random.mjs';
import { Relay } from './relay.mjs';
import { Schedule } from './schedule.mjs';
import { DATABASE, PORTS, Stage } from './stage.mjs';
import { verdict } from './verdict.mjs';

const GAP_MS = { short: [500, 3500], long: [1500, 7000] };
const MORE_MS = 600000; // until every fault was seen once
const LONG_MINUTES = 5;
const START_MS = 120000;
const STOP_MS = { short: 33000, long: 80000 }; // keep-alive is 20 s, an answer of the centre 60 to 75 s

function options(args) {
  const given = Object.fromEntries(args.map((a, i) => [a, args[i + 1]]).filter(([a]) => a.startsWith('--')));
  const seed = Number(given['--seed']);
  return { minutes: Number(given['--minutes']), seed, victoria: (given['--database'] ?? (seed % 3 === 0 ? 'victoria' : 'influxdb')) === 'victoria', folder: given['--folder'], only: given['--only'] };
}

const readingsOf = (line) => Object.keys(parseLine(line).fields).length;

class Run {
  constructor(o) {
    Object.assign(this, o, { books: new Books(o.folder), random: new Random(o.seed) });
    this.long = o.minutes >= LONG_MINUTES;
    this.stopMs = this.long ? STOP_MS.long : STOP_MS.short;
    this.stage = new Stage(o.folder, { seed: o.seed, victoria: o.victoria, tell: this.books.died });
    this.front = new Front(PORTS.front, `http://127.0.0.1:${o.victoria ? PORTS.victoria : PORTS.influx}`, this.random.fork());
    this.relays = [
      new Relay('probe to broker', PORTS.probeSide, PORTS.broker, this.random.fork()),
      new Relay('broker to collector', PORTS.collectorSide, PORTS.broker, this.random.fork()),
      new Relay('collector to database', PORTS.sinkSide, PORTS.front, this.random.fork()),
    ];
    this.lonely = new Relay('second probe to broker', PORTS.lonely, PORTS.broker, this.random.fork());
    this.lostLines = new Map();
    this.lostReadings = 0;
    this.lag = new Lag();
  }

  // Points that the database or damage of a batch took away for good, with the reason.
  condemned() {
    const lines = [...[...this.front.poisoned.keys()].map((line) => [line, 'refused by the database']), ...this.lostLines];
    return new Map(lines.map(([line, why]) => [`${line.slice(0, line.indexOf(' '))} ${line.slice(line.lastIndexOf(' ') + 1)}`, why]));
  }

  // Lines of a batch that was damaged by hand. All of it is dead, also what was there before from an
  // outbox that sends again.
  lose(lines, batch) {
    for (const line of lines) this.lostLines.set(line, `lost with ${batch}`);
    this.lostReadings += lines.reduce((n, line) => n + readingsOf(line), 0);
  }

  // How many readings the ledger may count as dead. An outbox that was numbered anew sends again what
  // it had sent, so that a line of it may be refused in several batches: at most as often as the front
  // refused it alone. A line that was lost with its batch need not have been refused for good before.
  deadReadings(renumbered) {
    const [least, most] = [...this.front.poisoned].reduce(([low, high], [line, { alone }]) => {
      const once = this.lostLines.has(line) ? 0 : 1;
      const again = renumbered.has(parseLine(line).tags.probe);
      return [low + once * readingsOf(line), high + (again ? Math.max(once, alone) : once) * readingsOf(line)];
    }, [0, 0]);
    return { least: this.lostReadings + least, most: this.lostReadings + most };
  }

  async metrics() {
    try {
      return await this.stage.centre.metrics();
    } catch {
      return {};
    }
  }

  // How far a pack is known to have come.
  wayOf(truth, pack) {
    const [first] = pack.points.keys();
    const batches = first ? this.batches.holding(first) : [];
    return `${pack.twin ?? truth.probe}'s outbox file ${pack.file ?? '-'}, seq ${pack.number - truth.base} of ${truth.epoch}, the centre decided up to ${pack.upto}; ` +
      `${batches.length ? `in batch ${batches.join(', ')}` : 'in no batch that was seen'}; not in the database; first reading ${first}`;
  }

  async start() {
    const { stage } = this;
    for (const server of [this.front, this.lonely, ...this.relays]) await server.listen();
    await stage.open();
    this.batches = new Batches(stage.disks.batches, path.join(this.folder, 'batches'));
    stage.database.start();
    if (!(await within(START_MS, () => stage.database.isReady))) throw new Error('the database does not start');
    if (!this.victoria) await stage.base.query(`create database ${DATABASE}`);
    for (const part of stage.parts) part.start();
    if (!(await within(START_MS, () => stage.parts.every((p) => p.isReady)))) throw new Error(`not up: ${stage.parts.filter((p) => !p.isReady).map((p) => p.name)}`);
    this.startedMs = Date.now();
  }

  async play() {
    const faults = [...PROCESS_FAULTS, ...wayFaults(this), ...DISK_FAULTS, ...IDENTITY_FAULTS].filter((f) => new RegExp(this.only ?? '').test(f.name));
    const life = new Life(this, this.random.fork());
    const schedule = new Schedule(this, faults, this.random.fork());
    life.start();
    await schedule.play(Date.now() + this.minutes * 60000, MORE_MS, this.long ? GAP_MS.long : GAP_MS.short);
    await life.end();
    for (const name of schedule.undealt) this.books.wrong(`never seen to happen: ${name}`);
  }

  close() {
    this.stage.close();
    this.batches?.close();
    this.front.close();
    for (const relay of [this.lonely, ...this.relays]) relay.close();
  }
}

function summary(run, sums) {
  const { books } = run;
  const kills = [...books.counts].filter(([k]) => /^kill (collector|broker|database|probe)$/.test(k)).reduce((n, [, v]) => n + v, 0);
  books.say('what was done:');
  for (const [what, n] of [...books.counts].sort()) books.say(`    ${String(n).padStart(5)}  ${what}`);
  if (sums) {
    books.say(`kills survived ${kills}; readings sent ${sums.readings}; lost ${sums.lost}; doubled ${sums.invented}; packs ${sums.packs}, waiting ${sums.waiting}, ` +
      `given up for a reason ${sums.accounted}, torn ${sums.torn}, collided ${sums.collided}; readings dead-lettered ${sums.counters.readings_dead}, stored again after renumbering ${sums.twice}`);
    books.say(`this machine let a timer wait ${run.lag.worstMs} ms too long at worst`);
    books.note(JSON.stringify(sums));
  }
  books.say(books.wrongs.length ? `FAILED with ${books.wrongs.length} findings; seed ${run.seed}, logs in ${run.folder}` : `passed; seed ${run.seed}`);
}

const run = new Run(options(process.argv.slice(2)));
run.books.say(`seed ${run.seed}, ${run.minutes} minutes, ${run.victoria ? 'VictoriaMetrics' : 'InfluxDB'}, logs in ${run.folder}`);
let sums;
try {
  await run.start();
  await run.play();
  await mend(run);
  await quiet(run);
  sums = await verdict(run);
} catch (error) {
  run.books.wrong(error.stack);
}
summary(run, sums);
if (run.books.wrongs.length) run.stage.keepDisks();
run.close();
if (!run.books.wrongs.length) for (const large of ['database', 'batches', 'held']) fs.rmSync(path.join(run.folder, large), { recursive: true, force: true });
fs.writeFileSync(path.join(run.folder, 'result'), run.books.wrongs.length ? 'failed\n' : 'passed\n');
process.exit(run.books.wrongs.length ? 1 : 0);
