// Load that comes all at once: a province's wills, 240,000 probes that reconnect, a day's backlog of 10,000
// probes, 5,000 real connections. Of each: how long until all is as it should be, beside what the broker alone
// needs for the same messages; what a live reading waits meanwhile, beside a while before; how long the loop answers
// nobody; the most memory; what the worst probe waits, beside the median. README.md has what was seen.
import fs from 'node:fs';
import path from 'node:path';
import { BIN, PORT, Program, TMP, freshFolder, get, loadResult, median, metrics, openCollector, openLoad, quantile, sleep, until, writeConfig } from './bed.mjs';
import { writeInventory } from './inventory.mjs';

const SCALE = Number(process.env.IOC_BENCH_SCALE ?? 1);
const LIVE = 100; // probes that are live all the time
const LIVE_PACKS_A_SECOND = 50;
const FLIP_MS = 250; // so often one of them changes its verdict, and waits for the ack
const NORMAL_MS = 10000;
const PULSE_MS = 25;
const STRETCH_MS = 10000;
const HOLD_MS = 15000; // will_hold
const PATIENCE_MS = 7200000;
const READINGS = 20;
const CONNECTIONS = 8;
// Probes that were cut off for minutes come back within, or within what the centre asks; IOC_BENCH_DENSE leaves the latter alone.
const SPREAD_MS = process.env.IOC_BENCH_DENSE ? 1000 : 60000;
const BACK_MS = 10000; // a province's power

const begun = Date.now();
const progress = (what) => console.error(`bench: ${((Date.now() - begun) / 1000).toFixed(0)} s: ${what}`);

const spreadOf = (probes) => Math.max(SPREAD_MS, Math.floor(probes / 500) * 1000); // app_link.c: a second for each five hundred

const sized = (n) => Math.max(1, Math.round(n * SCALE));
const grouped = (n) => Math.round(n).toLocaleString('en');

function inventoryOf(probes) {
  const folder = path.join(TMP, `inventory-${probes}`);
  if (!fs.existsSync(path.join(folder, 'probes.csv'))) writeInventory(folder, probes);
  return folder;
}

const peakKb = (program) => Number(/^VmHWM:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${program.pid}/status`, 'utf8'))[1]);

// A few probes that go on as on any day; what their changes wait for the centre's word.
class Live {
  constructor(from) {
    this.load = openLoad({ from, probes: LIVE, packs: 100000000, rate: LIVE_PACKS_A_SECOND, flip: FLIP_MS });
  }

  // Changes sent since `fromMs` and acknowledged until `toMs`, as {at, ms}.
  changes(fromMs, toMs = Infinity) {
    const flips = this.load.lines.filter((line) => line.includes('"flip"')).map((line) => JSON.parse(line));
    return flips.filter((f) => f.sent_us / 1000 >= fromMs && f.ack_us / 1000 <= toMs).map((f) => ({ at: f.sent_us / 1000, ms: (f.ack_us - f.sent_us) / 1000 }));
  }

  waits(fromMs, toMs) {
    return this.changes(fromMs, toMs).map((change) => change.ms);
  }

  async normal() {
    progress('a normal while');
    await until('live probes are heard', () => this.waits(0).length > 3, 120000);
    const from = Date.now();
    await sleep(NORMAL_MS);
    return this.waits(from);
  }

  stop() {
    return this.load.stop('SIGKILL');
  }
}

// How long the collector's loop answers nobody: who asks after its health, again and again, waits so long.
// Beside it how much later than it asked for this program itself was woken: what the machine is short of.
class Pulse {
  constructor() {
    this.waits = [];
    this.late = [];
    this.done = this.beat();
  }

  async beat() {
    while (!this.over) {
      const asked = Date.now();
      await get(`http://127.0.0.1:${PORT.page}/healthz`);
      const answered = Date.now();
      this.waits.push({ at: asked, ms: answered - asked });
      await sleep(PULSE_MS);
      this.late.push({ at: asked, ms: Date.now() - answered - PULSE_MS });
    }
  }

  // ms of the questions asked since `fromMs`, and of the wakings
  since(fromMs) {
    const of = (list) => list.filter((wait) => wait.at >= fromMs).map((wait) => wait.ms);
    return { waits: of(this.waits), late: of(this.late) };
  }

  async stop() {
    this.over = true;
    await this.done;
  }
}

// The same messages to one who drops them all.
async function bareSeconds({ window, ...plan }) {
  const expected = plan.packs + (plan.first ? 0 : plan.probes);
  const subscriber = new Program('bare-flood', path.join(BIN, 'bench-bare-subscriber'), [String(PORT.broker), String(expected)]);
  await subscriber.line((line) => line === 'ready');
  const sent = await loadResult(openLoad(plan), PATIENCE_MS);
  const got = JSON.parse(await subscriber.line((line) => line.includes('ended_us'), PATIENCE_MS));
  await subscriber.stop('SIGKILL');
  return (got.ended_us - sent.began_us) / 1e6;
}

async function stored(readings) {
  await until(`${grouped(readings)} readings are stored`, async () => ((await metrics()).ioc_ledger_readings_stored_total ?? 0) >= readings, PATIENCE_MS, 1000);
}

const overview = async () => JSON.parse((await get(`http://127.0.0.1:${PORT.page}/api/v1/overview`)).body || '{}');
const inState = (o, state) => Object.values(o.units ?? {}).reduce((sum, unit) => sum + (unit[state] ?? 0), 0);

// The worst of each stretch of a flood: what a live change waited, how long the loop answered nobody.
function stretchesOf(began, ended, changes, silences) {
  const worst = (list, from) => Math.round(Math.max(0, ...list.filter((one) => one.at >= from && one.at < from + STRETCH_MS).map((one) => one.ms)));
  const stretches = [];
  for (let from = began; from < ended; from += STRETCH_MS)
    stretches.push({ second: Math.round((from - began) / 1000), change_ms: worst(changes, from), silent_ms: worst(silences, from) });
  return stretches;
}

// Rows of one flood. told: {name, seconds, bare, before, during, peak, more}
function rowsOf({ name, seconds, bare, bareWord = 'broker and bare subscriber', before, during, silent, peak, sites, more, waited, detail }) {
  const late = [['p50', 0.5], ['p99', 0.99]].map(([word, q]) => {
    const normal = quantile(before, q);
    const measured = during.length ? quantile(during, q) : NaN;
    return { row: `${name}: a live change waits, ${word}`, measured, unit: 'ms', reference: normal * 10, kind: 'ten times normal', ratio: measured / (normal * 10), passes: measured <= normal * 10, bound: `normal ${normal.toFixed(0)} ms, so ${(measured / normal).toFixed(1)} times; worst ${during.length ? Math.max(...during).toFixed(0) : '-'} ms, ${during.length} changes` };
  });
  const longest = Math.max(...silent.waits);
  const rows = [
    { row: `${name}: until all is there`, measured: seconds, unit: 's', reference: bare, kind: bareWord, ratio: seconds / bare, bound: more, detail },
    ...late,
    { row: `${name}: the loop answers nobody, longest`, measured: longest, unit: 'ms', reference: 100, kind: 'limit', ratio: longest / 100, passes: longest <= 100, bound: `asked ${silent.waits.length} times; p50 ${median(silent.waits)} ms, p99 ${quantile(silent.waits, 0.99)} ms; who asked was itself woken late by p99 ${quantile(silent.late, 0.99)} ms, at most ${Math.max(...silent.late)} ms` },
    { row: `${name}: most memory`, measured: peak / 1024, unit: 'MB', kind: 'part', bound: `${(peak / sites).toFixed(1)} kB per site, inventory and evidence included` },
  ];
  if (waited) rows.push({ row: `${name}: the worst probe waits`, measured: waited.worst_ms / 1000, unit: 's', reference: waited.median_ms / 1000, kind: 'the median', ratio: waited.worst_ms / waited.median_ms, bound: 'from its birth to its last ack' });
  return rows;
}

// A flood that ends the collector is over: nobody waits for answers that cannot come.
const endOf = (collector) => collector.ended.then(() => {
  throw new Error(`the collector ended with ${collector.code}: see ${collector.log}`);
});

async function flood(probes, run) {
  progress(`a collector over ${grouped(probes + LIVE)} sites`);
  const collector = await openCollector('collector-flood', writeConfig(freshFolder('flood'), inventoryOf(probes + LIVE)), 180000);
  const live = new Live(probes);
  const pulse = new Pulse();
  try {
    return await Promise.race([run(collector, live, pulse), endOf(collector)]);
  } finally {
    pulse.over = true;
    await pulse.stop();
    await live.stop();
    await collector.stop();
  }
}

// Births and packs of all, for the first time.
async function greet(probes) {
  progress('every probe says what it checks, for the first time');
  const first = await loadResult(openLoad({ probes, packs: 2 * probes, births: true }), PATIENCE_MS);
  await stored(first.packs * READINGS);
  return { epoch: first.epoch, first: first.last_seq };
}

export async function willRows() {
  const probes = sized(10000);
  const bare = await bareSeconds({ probes, packs: probes, births: true, first: 1 });
  return flood(probes, async (collector, live, pulse) => {
    const known = await greet(probes);
    const before = await live.normal();
    await loadResult(openLoad({ probes, packs: probes, ...known }), PATIENCE_MS); // all have just been heard
    const units = 5 * probes;
    progress('the flood');
    const began = Date.now();
    await loadResult(openLoad({ probes, packs: 0, wills: true, ...known }), PATIENCE_MS);
    await until('all are silent', async () => inState(await overview(), 'silent') >= units, PATIENCE_MS, 1000);
    const silent = Date.now();
    const rows = rowsOf({ name: `wills of ${grouped(probes)} sites`, seconds: (silent - began - HOLD_MS) / 1000, bare, before, during: live.waits(began, silent), silent: pulse.since(began), peak: peakKb(collector), sites: probes, more: `beyond will_hold of ${HOLD_MS / 1000} s; ${grouped(units)} units silent` });
    const back = Date.now();
    await loadResult(openLoad({ probes, packs: 2 * probes, births: true, conn: 2, window: true, spread: BACK_MS, epoch: known.epoch, first: known.first + 1 }), PATIENCE_MS);
    await until('all are up', async () => {
      const now = await overview();
      return inState(now, 'silent') === 0 && inState(now, 'up') >= units;
    }, PATIENCE_MS, 1000);
    const up = Date.now();
    return [...rows, ...rowsOf({ name: `${grouped(probes)} sites come back`, seconds: (up - back) / 1000, bare: 2 * bare, before, during: live.waits(back, up), silent: pulse.since(back), peak: peakKb(collector), sites: probes, more: `births and two packs each within ${BACK_MS / 1000} s; all units up again` })];
  });
}

// The same load over several connections, each with its part of the probes; what they say together.
function openLoads({ probes, packs, ...plan }, parts) {
  const each = probes / parts;
  return Array.from({ length: parts }, (_, part) => openLoad({ ...plan, from: part * each, probes: each, packs: packs / parts }));
}

async function resultOf(loads) {
  const all = await Promise.all(loads.map((load) => loadResult(load, PATIENCE_MS)));
  const sumOf = (name) => all.reduce((total, one) => total + one[name], 0);
  return { packs: sumOf('packs'), held: sumOf('held'), gaps: sumOf('gaps'), ended_us: Math.max(...all.map((one) => one.ended_us)), median_ms: median(all.map((one) => one.median_ms)), worst_ms: Math.max(...all.map((one) => one.worst_ms)) };
}

// Probes that were cut off for minutes come back within a minute, as their waits have put them apart
// (io/mqtt.h); each with its birth and four packs of the past two minutes.
export async function reconnectRows() {
  const probes = sized(240000 / CONNECTIONS) * CONNECTIONS;
  const packs = 4 * probes;
  const bare = await bareSeconds({ probes, packs, births: true, first: 1 });
  return flood(probes, async (collector, live, pulse) => {
    const known = await greet(probes);
    const before = await live.normal();
    const idle = collector.resident().total;
    progress('the flood');
    const began = Date.now();
    const sent = await resultOf(openLoads({ probes, packs, births: true, conn: 2, window: true, past: 30000, spread: spreadOf(probes), ...known }, CONNECTIONS));
    const ended = sent.ended_us / 1000;
    return rowsOf({ name: `${grouped(probes)} probes reconnect`, seconds: (ended - began) / 1000, bare, before, during: live.waits(began, ended), silent: pulse.since(began), peak: peakKb(collector), sites: probes, waited: sent, more: `births and four packs each over ${CONNECTIONS} connections within ${spreadOf(probes) / 1000} s, all acknowledged; ${grouped(sent.packs / (ended - began) * 1000)} packs/s; resident before ${grouped(idle / 1024)} MB`, detail: { held: sent.held, gaps: sent.gaps, stretches: stretchesOf(began, ended, live.changes(began, ended), pulse.waits) } });
  });
}

// A pack each five minutes, or as IOC_BENCH_PACKS says (2880 are one each 30 s), of checks that all ran as their
// lists say: each tells of every second pack. With IOC_BENCH_GAPS they should have run every 10 s, and each reading stands alone
// between two silences.
export async function backlogRows() {
  const probes = sized(10000);
  const each = Number(process.env.IOC_BENCH_PACKS ?? 288);
  const past = Math.round(86400000 / each);
  const plan = { probes, packs: each * probes, past, window: true, ...(process.env.IOC_BENCH_GAPS ? {} : { interval: 2 * past }) };
  const bare = await bareSeconds(plan);
  return flood(probes, async (collector, live, pulse) => {
    const before = await live.normal();
    const idle = collector.resident().total;
    progress('the flood');
    const began = Date.now();
    const sent = await loadResult(openLoad({ ...plan, spread: BACK_MS }), PATIENCE_MS);
    const ended = sent.ended_us / 1000;
    const peak = peakKb(collector);
    await until('the database has it', async () => (await metrics()).ioc_readings_pending < READINGS * 1000, PATIENCE_MS, 200);
    return rowsOf({ name: `a day of ${grouped(probes)} probes`, seconds: (ended - began) / 1000, bare, before, during: live.waits(began, ended), silent: pulse.since(began), peak, sites: probes, waited: sent, more: `${each} packs each, from probes that come back within ${BACK_MS / 1000} s, all acknowledged; ${grouped(sent.packs / (ended - began) * 1000)} packs/s; the database ${((Date.now() - ended) / 1000).toFixed(0)} s later; resident before ${grouped(idle / 1024)} MB`, detail: { held: sent.held, gaps: sent.gaps } });
  });
}

// --- real connections ---

const connected = async (load) => JSON.parse(await load.line((line) => line.includes('connected_us'), PATIENCE_MS)).connected_us / 1000;

// A connection of its own for each probe, with its will. They are all cut at once, so that the broker publishes all
// wills, and come back at once, with births and four packs of the past two minutes. The broker alone: how long
// the same connections take without anybody who listens.
export async function connectionRows() {
  const probes = sized(5000);
  const plan = { probes, each: true, births: true, window: true, stay: true };
  progress('the connections alone');
  const aloneFrom = Date.now();
  const alone = openLoad({ probes, packs: 0, first: 1, each: true, stay: true, births: true });
  const bare = ((await connected(alone)) - aloneFrom) / 1000;
  await alone.stop('SIGKILL');
  return flood(probes, async (collector, live, pulse) => {
    progress('every probe says what it checks, for the first time');
    const first = openLoad({ ...plan, packs: 2 * probes });
    const known = await loadResult(first, PATIENCE_MS);
    const before = await live.normal();
    const idle = collector.resident().total;
    progress('the flood');
    const began = Date.now();
    await first.stop('SIGKILL');
    const again = openLoad({ ...plan, packs: 4 * probes, conn: 2, past: 30000, epoch: known.epoch, first: known.last_seq });
    const lines = ((await connected(again)) - began) / 1000;
    const sent = await loadResult(again, PATIENCE_MS);
    const ended = sent.ended_us / 1000;
    await again.stop('SIGKILL');
    return rowsOf({ name: `${grouped(probes)} connections`, seconds: (ended - began) / 1000, bare, bareWord: 'connected, nobody listening', before, during: live.waits(began, ended), silent: pulse.since(began), peak: peakKb(collector), sites: probes, waited: sent, more: `all cut, with their wills; connected after ${lines.toFixed(1)} s, then births and four packs each, all acknowledged; resident before ${grouped(idle / 1024)} MB` });
  });
}
