// Rows at 10,000 sites: how soon a stored change is on the page, what answers cost, and how soon the
// collector is ready again.
import http from 'node:http';
import { PORT, freshFolder, get, loadResult, median, metrics, openCollector, openLoad, quantile, sleep, until, writeConfig } from './bed.mjs';

const READINGS = 20;
const SITES = 10000;
const PACKS_A_SECOND = 2500; // of 20 readings: 50 k points/s
const SECONDS = 25;
const ASK_EVERY_MS = 20;
const LOOK_EVERY_MS = 50;
const SHOWN_WITHIN_MS = 5000;

// Listens to events and notes when a site was first said to be down.
function openPage() {
  const downAt = new Map();
  const count = { events: 0, bytes: 0 };
  const request = http.get(`http://127.0.0.1:${PORT.page}/api/v1/events`, (response) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (chunk) => {
      count.bytes += chunk.length;
      const events = (rest + chunk).split('\n\n');
      rest = events.pop();
      for (const event of events) take(event);
    });
  });
  const take = (event) => {
    count.events++;
    if (!/^event: sites$/m.test(event)) return;
    const now = Date.now() * 1000;
    for (const site of JSON.parse(/^data: (.*)$/m.exec(event)[1])) if (site.state === 'down' && !downAt.has(site.id)) downAt.set(site.id, now);
  };
  return { downAt, count, close: () => request.destroy() };
}

const siteOf = (flip) => `B${String(flip).padStart(5, '0')}`;

async function written(readings) {
  await until('everything is written', async () => {
    const m = await metrics();
    return m.ioc_ledger_readings_stored_total >= readings && m.ioc_readings_pending === 0;
  }, 300000, 100);
}

// Asks for an answer some times: what it costs the loop, and how long the slowest took.
async function askRow(collector, path, times) {
  const took = [];
  const before = collector.threads().main;
  let size = 0;
  for (let i = 0; i < times; i++) {
    const from = performance.now();
    const { status, body } = await get(`http://127.0.0.1:${PORT.page}${path}`);
    if (status !== 200) throw new Error(`${path}: ${status}`);
    size = body.length;
    took.push(performance.now() - from);
    await sleep(ASK_EVERY_MS);
  }
  const loopMs = (collector.threads().main - before) / times / 1e6;
  return { row: `answer ${path.split('?')[0]}, 10,000 sites`, measured: loopMs, unit: 'ms of the loop', reference: 20, kind: 'aim', ratio: loopMs / 20, passes: loopMs <= 20, bound: `${size} bytes; waited p50 ${median(took).toFixed(1)} ms, worst ${Math.max(...took).toFixed(1)} ms` };
}

async function flipRow(page, plan) {
  const load = openLoad(plan);
  let worst = 0;
  const watch = (async () => {
    while (!load.lines.some((line) => line.includes('"packs"'))) {
      const from = performance.now();
      await get(`http://127.0.0.1:${PORT.page}/healthz`);
      worst = Math.max(worst, performance.now() - from);
      await sleep(LOOK_EVERY_MS);
    }
  })();
  const result = await loadResult(load);
  await watch;
  const flips = load.lines.filter((line) => line.includes('"flip"')).map((line) => JSON.parse(line)).filter((f) => f.bad);
  const isShown = (f) => page.downAt.has(siteOf(f.flip));
  const end = Date.now() + SHOWN_WITHIN_MS;
  while (!flips.every(isShown) && Date.now() < end) await sleep(LOOK_EVERY_MS);
  const shown = flips.filter(isShown);
  const waits = shown.map((f) => Math.max(0, (page.downAt.get(siteOf(f.flip)) - f.ack_us) / 1000));
  const acks = flips.map((f) => (f.ack_us - f.sent_us) / 1000);
  const seconds = (result.ended_us - result.began_us) / 1e6;
  const p99 = quantile(waits, 0.99);
  return { row: 'stored change to the page, p99', measured: p99, unit: 'ms', reference: 500, kind: 'budget', ratio: p99 / 500, passes: p99 < 500 && shown.length === flips.length, bound: `p50 ${median(waits).toFixed(0)} ms; ${Math.round(result.packs / seconds * READINGS)} points/s, ${shown.length} of ${flips.length} changes shown; ack p99 ${quantile(acks, 0.99).toFixed(0)} ms; healthz worst ${worst.toFixed(0)} ms`, detail: { acksP50: median(acks), ...page.count } };
}

export async function pageRows(inventory) {
  const folder = freshFolder('page');
  const config = writeConfig(folder, inventory);
  let collector = await openCollector('collector-page', config);
  const empty = collector.resident();
  const first = await loadResult(openLoad({ probes: SITES, packs: 2 * SITES }));
  await written(first.packs * READINGS);
  const page = openPage();
  await until('the page listens', () => page.count.events > 0);
  const rows = [await flipRow(page, { probes: SITES, packs: PACKS_A_SECOND * SECONDS, rate: PACKS_A_SECOND, flip: 50, epoch: first.epoch, first: first.last_seq })];
  page.close();
  for (const path of ['/api/v1/overview', '/metrics', '/api/v1/areas', '/api/v1/sites?limit=100']) rows.push(await askRow(collector, path, 10));
  const full = collector.resident();
  rows.push({ row: 'memory with 10,000 sites', measured: full.total, unit: 'kB', kind: 'part', bound: `private ${full.private}; just started ${empty.total}` });
  await collector.stop();
  const starts = [];
  const startCpu = [];
  for (let i = 0; i < 3; i++) {
    const from = performance.now();
    collector = await openCollector('collector-again', config);
    starts.push(performance.now() - from);
    startCpu.push(collector.threads().main / 1e9);
    await collector.stop();
  }
  const ready = median(starts) / 1000;
  rows.push({ row: 'restart with 10,000 sites', measured: ready, unit: 's', reference: 2, kind: 'budget', ratio: ready / 2, passes: ready <= 2, bound: `one thread: inventory, state rows, evaluating every unit; CPU ${median(startCpu).toFixed(2)} s` });
  return rows;
}
