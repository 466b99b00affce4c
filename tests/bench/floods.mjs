// Load that comes all at once: a province's wills, 240,000 probes that reconnect, a day's backlog of 10,000
// probes, 5,000 real connections. Of each: how long until all is as it should be, beside what the broker alone
// needs for the same messages; what a live reading waits meanwhile, beside the minute before; the most memory;
// how far one probe gets ahead of another.
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
const HOLD_MS = 15000; // will_hold
const PATIENCE_MS = 1800000;
const READINGS = 20;

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

  // ms of the changes acknowledged since `fromMs`
  waits(fromMs, toMs = Infinity) {
    const flips = this.load.lines.filter((line) => line.includes('"flip"')).map((line) => JSON.parse(line));
    return flips.filter((f) => f.sent_us / 1000 >= fromMs && f.ack_us / 1000 <= toMs).map((f) => (f.ack_us - f.sent_us) / 1000);
  }

  async normal() {
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
class Pulse {
  constructor() {
    this.waits = [];
    this.done = this.beat();
  }

  async beat() {
    while (!this.over) {
      const asked = Date.now();
      await get(`http://127.0.0.1:${PORT.page}/healthz`);
      this.waits.push({ at: asked, ms: Date.now() - asked });
      await sleep(PULSE_MS);
    }
  }

  // ms of the questions asked since `fromMs`
  since(fromMs) {
    return this.waits.filter((wait) => wait.at >= fromMs).map((wait) => wait.ms);
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
  await until(`${grouped(readings)} readings are stored`, async () => ((await metrics()).ioc_ledger_readings_stored_total ?? 0) >= readings, PATIENCE_MS, 100);
}

const overview = async () => JSON.parse((await get(`http://127.0.0.1:${PORT.page}/api/v1/overview`)).body || '{}');
const inState = (o, state) => Object.values(o.units ?? {}).reduce((sum, unit) => sum + (unit[state] ?? 0), 0);

// Rows of one flood. told: {name, seconds, bare, before, during, peak, more}
function rowsOf({ name, seconds, bare, bareWord = 'broker and bare subscriber', before, during, silent, peak, sites, more, apart, detail }) {
  const normal = median(before);
  const worst = during.length ? Math.max(...during) : NaN;
  const p99 = during.length ? quantile(during, 0.99) : NaN;
  const rows = [
    { row: `${name}: until all is there`, measured: seconds, unit: 's', reference: bare, kind: bareWord, ratio: seconds / bare, bound: more, detail },
    { row: `${name}: a live change waits, p99`, measured: p99, unit: 'ms', reference: normal * 10, kind: 'ten times normal', ratio: p99 / (normal * 10), passes: p99 <= normal * 10, bound: `normal p50 ${normal.toFixed(0)} ms; during p50 ${during.length ? median(during).toFixed(0) : '-'} ms, worst ${worst.toFixed(0)} ms, ${during.length} changes` },
    { row: `${name}: the loop answers nobody, longest`, measured: Math.max(...silent), unit: 'ms', reference: 100, kind: 'limit', ratio: Math.max(...silent) / 100, passes: Math.max(...silent) <= 100, bound: `asked ${silent.length} times; p50 ${median(silent)} ms, p99 ${quantile(silent, 0.99)} ms` },
    { row: `${name}: most memory`, measured: peak / 1024, unit: 'MB', kind: 'part', bound: `${(peak / sites).toFixed(1)} kB per site, inventory and evidence included` },
  ];
  if (apart !== undefined) rows.push({ row: `${name}: one probe ahead of another`, measured: apart, unit: 'packs', kind: 'part', bound: 'by acks, looked at each second; the window is 8' });
  return rows;
}

async function flood(probes, run) {
  const collector = await openCollector('collector-flood', writeConfig(freshFolder('flood'), inventoryOf(probes + LIVE)), 180000);
  const live = new Live(probes);
  const pulse = new Pulse();
  try {
    return await run(collector, live, pulse);
  } finally {
    await pulse.stop();
    await live.stop();
    await collector.stop();
  }
}

// Births and packs of all, for the first time.
async function greet(probes) {
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
    const began = Date.now();
    await loadResult(openLoad({ probes, packs: 0, wills: true, ...known }), PATIENCE_MS);
    await until('all are silent', async () => inState(await overview(), 'silent') >= units, PATIENCE_MS, 200);
    const silent = Date.now();
    const rows = rowsOf({ name: `wills of ${grouped(probes)} sites`, seconds: (silent - began - HOLD_MS) / 1000, bare, before, during: live.waits(began, silent), silent: pulse.since(began), peak: peakKb(collector), sites: probes, more: `beyond will_hold of ${HOLD_MS / 1000} s; ${grouped(units)} units silent` });
    const back = Date.now();
    await loadResult(openLoad({ probes, packs: 2 * probes, births: true, conn: 2, epoch: known.epoch, first: known.first + 1 }), PATIENCE_MS);
    await until('all are up', async () => {
      const now = await overview();
      return inState(now, 'silent') === 0 && inState(now, 'up') >= units;
    }, PATIENCE_MS, 200);
    const up = Date.now();
    return [...rows, ...rowsOf({ name: `${grouped(probes)} sites come back`, seconds: (up - back) / 1000, bare: 2 * bare, before, during: live.waits(back, up), silent: pulse.since(back), peak: peakKb(collector), sites: probes, more: 'births and two packs each; all units up again' })];
  });
}

export async function reconnectRows() {
  const probes = sized(240000);
  const packs = 4 * probes;
  const bare = await bareSeconds({ probes, packs, births: true, first: 1 });
  return flood(probes, async (collector, live, pulse) => {
    const known = await greet(probes);
    const before = await live.normal();
    const idle = collector.resident().total;
    const began = Date.now();
    const load = openLoad({ probes, packs, births: true, conn: 2, window: true, past: 2000, ...known });
    const sent = await loadResult(load, PATIENCE_MS);
    const ended = sent.ended_us / 1000;
    return rowsOf({ name: `${grouped(probes)} probes reconnect`, seconds: (ended - began) / 1000, bare, before, during: live.waits(began, ended), silent: pulse.since(began), peak: peakKb(collector), sites: probes, apart: sent.apart, more: `births and four packs each, all acknowledged; ${grouped(sent.packs / (ended - began) * 1000)} packs/s; resident before ${grouped(idle / 1024)} MB`, detail: { held: sent.held, gaps: sent.gaps } });
  });
}

// A pack each five minutes, or as IOC_BENCH_PACKS says (2880 are one each 30 s).
export async function backlogRows() {
  const probes = sized(10000);
  const each = Number(process.env.IOC_BENCH_PACKS ?? 288);
  const plan = { probes, packs: each * probes, past: Math.round(86400000 / each), window: true };
  const bare = await bareSeconds(plan);
  return flood(probes, async (collector, live, pulse) => {
    const before = await live.normal();
    const idle = collector.resident().total;
    const began = Date.now();
    const sent = await loadResult(openLoad(plan), PATIENCE_MS);
    const ended = sent.ended_us / 1000;
    const peak = peakKb(collector);
    await until('the database has it', async () => (await metrics()).ioc_readings_pending < READINGS * 1000, PATIENCE_MS, 200);
    return rowsOf({ name: `a day of ${grouped(probes)} probes`, seconds: (ended - began) / 1000, bare, before, during: live.waits(began, ended), silent: pulse.since(began), peak, sites: probes, apart: sent.apart, more: `${each} packs each, all acknowledged; ${grouped(sent.packs / (ended - began) * 1000)} packs/s; the database ${((Date.now() - ended) / 1000).toFixed(0)} s later; resident before ${grouped(idle / 1024)} MB`, detail: { held: sent.held, gaps: sent.gaps } });
  });
}

// --- real connections ---

const linesUp = (fleet) => (fs.readFileSync(fleet.log, 'utf8').match(/what=line\.up/g) ?? []).length;

function openFleet(name, inventory, probes) {
  return new Program(name, path.join(BIN, 'ioc-fleet'), ['run', '--inventory', inventory, '--probes', String(probes), '--broker', `127.0.0.1:${PORT.broker}`, '--connections', '0', '--interval', '10s', '--pack', '30s', '--control', '-']);
}

// All of a fleet's lines, from the broker's start to the last one up.
async function reconnect(broker, fleet, probes) {
  const was = linesUp(fleet);
  await broker.again();
  const began = Date.now();
  await until('every line is up again', () => linesUp(fleet) - was >= probes, PATIENCE_MS, 100);
  return { began, seconds: (Date.now() - began) / 1000 };
}

export async function connectionRows(broker) {
  const probes = sized(5000);
  const inventory = inventoryOf(probes + LIVE);
  const alone = openFleet('fleet-alone', inventory, probes);
  await until('every line is up', () => linesUp(alone) >= probes, PATIENCE_MS, 100);
  const { seconds: bare } = await reconnect(broker, alone, probes);
  await alone.stop('SIGKILL');
  const collector = await openCollector('collector-flood', writeConfig(freshFolder('flood'), inventory));
  const fleet = openFleet('fleet-each', inventory, probes);
  const up = async () => inState(await overview(), 'up') >= 5 * probes;
  try {
    await until('all are up', up, PATIENCE_MS, 200);
    const { began, seconds: lines } = await reconnect(broker, fleet, probes);
    const live = new Live(probes);
    await until('every unit is up', up, PATIENCE_MS, 200);
    const seconds = (Date.now() - began) / 1000;
    const during = live.waits(began);
    const before = await live.normal();
    await live.stop();
    return rowsOf({ name: `${grouped(probes)} connections`, seconds, bare, bareWord: 'lines up, without a collector', before, during, peak: peakKb(collector), sites: probes, more: `broker killed and started; lines up after ${lines.toFixed(1)} s, then every unit` });
  } finally {
    await fleet.stop('SIGKILL');
    await collector.stop();
  }
}
