// Rows of the wall in a browser: what it costs the main thread at the budget's case, and its heap over time, accelerated.
//   node tests/bench/wall.mjs cpu | heap [MINUTES]    by itself (with IOC_BIN, in a namespace of its own: tests/e2e/in-namespace)
import { fileURLToPath } from 'node:url';
import { Collector, Mosquitto, Probe, nowUs, until } from '../support/centre.mjs';
import { freshFolder, sleep } from '../support/servers.mjs';
import { Voice, openBrowser, province } from '../web/browser.mjs';

const HEAP_SAMPLES = 30;
const WARM = 0.2; // of the samples: code is compiled, caches fill
const CPU_SECONDS = 40;
const CPU_WARM_S = 10;
const CPU_BUDGET = 15;

// DESIGN section 5: 65 communes, 1,000 sites, something changes once a second, 4K. The heap's case is harder: 20 sites four
// times a second, and scenes that turn each second.
const CASES = { cpu: { communes: 65, sites: 1000, changes: 1, everyMs: 1000, dwell: '3600s' }, heap: { communes: 20, sites: 400, changes: 20, everyMs: 250, dwell: '1s' } };

// Least squares: bytes per hour.
function slope(samples, of) {
  const mean = (key) => samples.reduce((sum, s) => sum + s[key], 0) / samples.length;
  const [t, b] = [mean('t'), mean(of)];
  return samples.reduce((sum, s) => sum + (s.t - t) * (s[of] - b), 0) / samples.reduce((sum, s) => sum + (s.t - t) ** 2, 0);
}

async function metrics(cdp) {
  const { metrics: all } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(all.map((m) => [m.name, m.value]));
}

const COMPILED = ['code', 'object shape']; // what V8 makes of the page's functions: bounded by them
const BROWSERS = ['native', 'synthetic']; // Blink's own, most of it the DevTools' record of this very session

// Bytes of the page's heap after GC: what it holds, and what was compiled.
async function heapOf(cdp) {
  const chunks = [];
  const take = ({ chunk }) => chunks.push(chunk);
  cdp.on('HeapProfiler.addHeapSnapshotChunk', take);
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.takeHeapSnapshot');
  cdp.off('HeapProfiler.addHeapSnapshotChunk', take);
  const { snapshot: { meta }, nodes } = JSON.parse(chunks.join(''));
  const [type, size] = ['type', 'self_size'].map((field) => meta.node_fields.indexOf(field));
  const sums = { held: 0, compiled: 0 };
  for (let i = 0; i < nodes.length; i += meta.node_fields.length) {
    const kind = meta.node_types[type][nodes[i + type]];
    if (!BROWSERS.includes(kind)) sums[COMPILED.includes(kind) ? 'compiled' : 'held'] += nodes[i + size];
  }
  return sums;
}

// Sites that change at once, down and up in turns.
function change(bed, turn) {
  const { changes, sites } = bed.case;
  bed.voices[0].say(nowUs(), Object.fromEntries(Array.from({ length: changes }, (_, i) => [`S${(turn * 7 + i) % Math.min(sites, 400)}`, Math.floor(turn * changes / 200) % 2 ? 0 : 2])));
}

async function changing(bed, until_) {
  while (Date.now() < until_) {
    change(bed, bed.turn++);
    await sleep(bed.case.everyMs);
  }
}

// Runs `measure` before a wall at 4K whose province lives.
async function onWall(name, measure) {
  const what = CASES[name];
  const folder = freshFolder(`wall-${name}`);
  const broker = new Mosquitto(folder);
  const centre = new Collector(folder, { inventory: province(what.communes, what.sites), wall: { dwell: what.dwell } });
  const probes = Array.from({ length: Math.ceil(what.sites / 400) }, (_, i) => new Probe(`p${i + 1}`, i ? `S${400 * i}` : 'L1'));
  const voices = probes.map((probe, i) => new Voice(probe, i, what.sites));
  let browser;
  try {
    await broker.start();
    if (!await centre.start()) throw new Error(centre.log());
    await centre.ready();
    for (const [i, probe] of probes.entries()) {
      await probe.connect(broker);
      const start = nowUs();
      voices[i].list(start - 1000n);
      voices[i].sayAll(start, 0);
      await probe.acked();
    }
    await until('all are up', async () => (await centre.get('/api/v1/overview')).sites.bts.up === what.sites, 60000);
    browser = await openBrowser();
    const page = await browser.newPage({ viewport: { width: 3840, height: 2160 } });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(`${centre.url}/`);
    await page.waitForFunction(() => document.querySelector('.kinds'));
    return await measure({ cdp, voices, case: what, turn: 0 });
  } finally {
    await browser?.close();
    for (const probe of probes) await probe.close();
    await centre.kill();
    await broker.kill();
  }
}

async function cpu(bed) {
  await changing(bed, Date.now() + CPU_WARM_S * 1000);
  const before = await metrics(bed.cdp);
  const from = performance.now();
  await changing(bed, Date.now() + CPU_SECONDS * 1000);
  const after = await metrics(bed.cdp);
  const seconds = (performance.now() - from) / 1000;
  const each = (key) => Math.round((after[key] - before[key]) / seconds * 10000) / 10;
  return { ms: each('TaskDuration'), script: each('ScriptDuration'), layout: each('LayoutDuration'), style: each('RecalcStyleDuration') };
}

async function heap(bed, minutes) {
  const samples = [];
  const began = Date.now();
  for (let i = 0; i < HEAP_SAMPLES; i++) {
    await changing(bed, began + minutes * 60000 / HEAP_SAMPLES * (i + 1));
    samples.push({ t: (Date.now() - began) / 3600000, ...await heapOf(bed.cdp) });
  }
  const settled = samples.slice(Math.floor(HEAP_SAMPLES * WARM));
  const of = (kind) => ({ first_kb: Math.round(settled[0][kind] / 1024), last_kb: Math.round(settled.at(-1)[kind] / 1024), kb_per_hour: Math.round(slope(settled, kind) / 1024) });
  return { minutes, changes: bed.turn * bed.case.changes, held: of('held'), compiled: of('compiled') };
}

export async function wallRows() {
  const r = await onWall('cpu', cpu);
  return [{ row: 'page at 4K: 65 communes, 1,000 sites, 1 Hz', measured: r.ms, unit: 'ms/s of main thread', reference: CPU_BUDGET, kind: 'budget', ratio: r.ms / CPU_BUDGET, passes: r.ms <= CPU_BUDGET, bound: `script ${r.script}, style ${r.style}, layout ${r.layout} ms/s`, detail: r }];
}

const said = ({ first_kb, last_kb }) => `${first_kb} kB to ${last_kb} kB`;

export async function soakRows(minutes) {
  const r = await onWall('heap', (bed) => heap(bed, minutes));
  return [{ row: `page's heap, ${minutes} min with 80 changes and a scene a second`, measured: r.held.kb_per_hour, unit: 'kB/h after GC', kind: 'part', bound: `held ${said(r.held)}; V8's compiled code, which ends with the functions there are, ${said(r.compiled)}, ${r.compiled.kb_per_hour} kB/h; ${r.changes} changes`, detail: r }];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , what, minutes = '30'] = process.argv;
  console.log(JSON.stringify(what === 'heap' ? await soakRows(Number(minutes)) : await wallRows()));
}
