// Rows 1 and 2: how fast packs come through beside a bare subscriber that drops them, and what a
// reading costs in CPU, by thread.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { BIN, PORT, Program, freshFolder, loadResult, median, metrics, openCollector, openLoad, spent, sum, until, writeConfig } from './bed.mjs';

const READINGS = 20;
const CONNECTION_AND_MARKER = 2; // messages it has heard once its subscriptions stand
const GREETING = 2; // packs of each probe before it counts: with two every check has spoken

// It acknowledges nothing, so the load for it has no window.
async function bare({ window, ...plan }) {
  const subscriber = new Program('bare', path.join(BIN, 'bench-bare-subscriber'), [String(PORT.broker), String(plan.packs + plan.probes)]);
  await subscriber.line((line) => line === 'ready');
  const before = subscriber.threads();
  const load = openLoad(plan);
  const sent = await loadResult(load);
  const got = JSON.parse(await subscriber.line((line) => line.includes('ended_us'), 300000));
  const cpu = spent(before, subscriber.threads());
  await subscriber.stop('SIGKILL');
  return { rate: plan.packs / (got.ended_us - sent.began_us) * 1e6, cpuNs: sum(cpu) / plan.packs / READINGS };
}

// The broker would keep what the bare subscriber gets for the collector of the next row, which then does twice the work.
const forgetSession = () => execFileSync('mosquitto_sub', ['-p', String(PORT.broker), '-i', 'bench', '-t', 'nothing', '-E']);

// Waits until so many readings are written; the metrics then.
async function written(wanted) {
  let m;
  await until('everything is written', async () => {
    m = await metrics();
    return (m.ioc_ledger_readings_stored_total ?? 0) >= wanted && m.ioc_readings_pending === 0 && m['ioc_ledger_balanced{equation="readings"}'] === 1;
  }, 300000, 50);
  return m;
}

// Lists of checks and each check's first results are a probe's first minute, not what a reading costs.
async function greet({ probes }, rounds) {
  const first = await loadResult(openLoad({ probes, packs: rounds * probes }));
  await written(rounds * probes * READINGS);
  return { epoch: first.epoch, first: first.last_seq };
}

async function collect(plan, inventory, broker) {
  const folder = freshFolder('intake');
  const collector = await openCollector('collector-intake', writeConfig(folder, inventory));
  await until('it hears its own marker', async () => (await metrics()).ioc_ledger_control_total >= CONNECTION_AND_MARKER);
  const known = plan.past ? {} : await greet(plan, GREETING);
  const start = await metrics();
  const before = { own: collector.threads(), broker: sum(broker.threads()) };
  const load = openLoad({ ...plan, ...known });
  const sent = await loadResult(load);
  const m = await written((plan.packs + (plan.past ? 0 : GREETING * plan.probes)) * READINGS);
  const endedUs = Date.now() * 1000;
  const cpu = spent(before.own, collector.threads());
  const brokerNs = sum(broker.threads()) - before.broker;
  const resident = collector.resident();
  await collector.stop();
  forgetSession();
  const duplicate = m.ioc_ledger_duplicate_total - (start.ioc_ledger_duplicate_total ?? 0);
  return { rate: plan.packs / (endedUs - sent.began_us) * 1e6, cpu, brokerNs, resident, ignored: m.ioc_ledger_ignored_total + duplicate, unused: m.ioc_ledger_results_not_later_total + m.ioc_ledger_results_unlisted_total + m.ioc_ledger_results_ahead_total };
}

const isPaho = (thread) => thread.startsWith('MQTTAsync');
const perReading = (ns, plan) => ns / plan.packs / READINGS / 1000;

// CPU in us per reading: of the loop, its workers, and of paho's threads less what the bare one costs.
function split(runs, plan) {
  const of = (wanted) => median(runs.map((r) => perReading(sum(Object.fromEntries(Object.entries(r.cpu).filter(([name]) => wanted(name)))), plan)));
  return { loop: of((t) => t === 'main'), workers: of((t) => t !== 'main' && !isPaho(t)), paho: of(isPaho) };
}

export async function intakeRow(name, plan, inventory, broker, rounds) {
  const bares = [];
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    bares.push(await bare(plan));
    runs.push(await collect(plan, inventory, broker));
  }
  const peer = median(bares.map((b) => b.rate));
  const own = median(runs.map((r) => r.rate));
  const parts = split(runs, plan);
  const outside = parts.loop + parts.workers;
  const last = runs[runs.length - 1];
  const detail = { parts, barePahoUs: median(bares.map((b) => b.cpuNs)) / 1000, brokerUs: median(runs.map((r) => perReading(r.brokerNs, plan))), ignored: last.ignored, unused: last.unused, residentKb: last.resident, rates: runs.map((r) => Math.round(r.rate)), bareRates: bares.map((b) => Math.round(b.rate)) };
  const shares = { loop: parts.loop, workers: parts.workers, 'paho and append': parts.paho, broker: detail.brokerUs };
  const most = Object.entries(shares).sort((a, b) => b[1] - a[1])[0];
  return [
    { row: `intake, ${name}`, measured: own, unit: 'packs/s', reference: peer, kind: 'bare subscriber', ratio: own / peer, passes: own / peer >= 0.9, bound: `${most[0]}: ${(most[1] * READINGS).toFixed(1)} us of CPU per pack`, detail },
    { row: `CPU per reading, ${name}`, measured: outside, unit: 'us', reference: 0.6, kind: 'budget', ratio: outside / 0.6, passes: outside <= 0.6, bound: `loop ${parts.loop.toFixed(3)}, workers ${parts.workers.toFixed(3)}; paho and append ${parts.paho.toFixed(3)} (bare ${detail.barePahoUs.toFixed(3)})`, detail: parts },
  ];
}
