// The page for weeks, in minutes: node tests/bench/heap.mjs [MINUTES] (with IOC_BIN, in a namespace of its own: tests/e2e/in-namespace).
// A province of 400 sites changes all the time, scenes turn every second; the heap after collecting garbage is measured as it goes, with
// what the page costs the browser's main thread at 4K. Prints one line of JSON: kilobytes an hour, milliseconds a second.
import { Collector, Mosquitto, Probe, nowUs, until } from '../support/centre.mjs';
import { freshFolder, sleep } from '../support/servers.mjs';
import { PROVINCE, SITES, Voice, all, openBrowser } from '../web/browser.mjs';

const MINUTES = Number(process.argv[2] ?? 30);
const SAMPLES = 30;
const WARM = 0.2; // of the samples: code is compiled, caches fill
const CHANGES = 20; // sites that change at once
const CHANGE_EVERY_MS = 1000;

const folder = freshFolder('heap');
const broker = new Mosquitto(folder);
const centre = new Collector(folder, { inventory: PROVINCE, wall: { dwell: '1s' } });
const probe = new Probe('p1', 'L1');
const voice = new Voice(probe);

// Least squares: bytes per hour.
function slope(samples) {
  const mean = (key) => samples.reduce((sum, s) => sum + s[key], 0) / samples.length;
  const [t, b] = [mean('t'), mean('bytes')];
  return samples.reduce((sum, s) => sum + (s.t - t) * (s.bytes - b), 0) / samples.reduce((sum, s) => sum + (s.t - t) ** 2, 0);
}

async function metrics(cdp) {
  const { metrics: all_ } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(all_.map((m) => [m.name, m.value]));
}

async function heap(cdp) {
  await cdp.send('HeapProfiler.collectGarbage');
  return (await metrics(cdp)).JSHeapUsedSize;
}

const verdicts = (turn) => Object.fromEntries(Array.from({ length: CHANGES }, (_, i) => [`S${(turn * 7 + i) % SITES}`, turn % 2 ? 2 : 0]));

async function run(cdp) {
  const samples = [];
  const began = Date.now();
  const span = MINUTES * 60000 / SAMPLES;
  let turn = 0;
  let busy = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const before = await metrics(cdp);
    const from = performance.now();
    while (Date.now() < began + span * (i + 1)) {
      voice.say(nowUs(), verdicts(turn++));
      await sleep(CHANGE_EVERY_MS);
    }
    const after = await metrics(cdp);
    busy += (after.TaskDuration - before.TaskDuration) / ((performance.now() - from) / 1000) * 1000 / SAMPLES;
    samples.push({ t: (Date.now() - began) / 3600000, bytes: await heap(cdp) });
  }
  const settled = samples.slice(Math.floor(SAMPLES * WARM));
  return { minutes: MINUTES, changes: turn * CHANGES, first_kb: Math.round(settled[0].bytes / 1024), last_kb: Math.round(settled.at(-1).bytes / 1024), kb_per_hour: Math.round(slope(settled) / 1024), main_thread_ms_per_s: Math.round(busy * 10) / 10 };
}

let browser;
try {
  await broker.start();
  if (!await centre.start()) throw new Error(centre.log());
  await centre.ready();
  await probe.connect(broker);
  const start = nowUs();
  voice.list(start - 1000n);
  voice.say(start, all(0));
  await probe.acked();
  await until('all are up', async () => (await centre.get('/api/v1/overview')).sites.bts.up === SITES);
  browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 3840, height: 2160 } });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'timeTicks' });
  await page.goto(`${centre.url}/${process.argv[3] ?? ''}`);
  await page.waitForFunction(() => document.querySelector('.kinds'));
  console.log(JSON.stringify(await run(cdp)));
} finally {
  await browser?.close();
  await probe.close();
  await centre.kill();
  await broker.kill();
}
