// Runs the rows of the bench one after another, prints the table and writes the JSON.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { TMP, openBroker, openSink } from './bed.mjs';
import { agentRows } from './agents.mjs';
import { backlogRows, connectionRows, reconnectRows, willRows } from './floods.mjs';
import { intakeRow } from './intake.mjs';
import { writeInventory } from './inventory.mjs';
import { memoryRows, microRows, ruleRows } from './modules.mjs';
import { pageRows } from './page.mjs';
import { probeRows } from './probe.mjs';
import { soakRows, wallRows } from './wall.mjs';

const SOURCE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const out = process.env.IOC_BENCH_JSON ?? path.join(TMP, 'bench.json');
const few = path.join(TMP, 'inventory-1000');
const many = path.join(TMP, 'inventory-10000');
const tls = path.join(TMP, 'tls');

function certificates() {
  fs.rmSync(tls, { recursive: true, force: true });
  fs.mkdirSync(tls, { recursive: true });
  for (const what of [['broker', '127.0.0.1'], ...[0, 1, 2, 3].map((n) => ['client', `p0000${n}`])]) execFileSync(path.join(SOURCE, 'deploy/enrol'), [tls, ...what], { stdio: 'ignore' });
}

const GROUPS = {
  intake: () => intakeRow('live, 1,000 probes', { probes: 1000, packs: 150000 }, few, broker, 2),
  window: () => intakeRow('W = 8 by acks, 1,000 probes', { probes: 1000, packs: 60000, window: true }, few, broker, 1),
  sparse: () => intakeRow('live, 10,000 probes', { probes: 10000, packs: 80000 }, many, broker, 1),
  backlog: () => intakeRow('10 s apart, all late', { probes: 1000, packs: 60000, past: 10000 }, few, broker, 1),
  modules: () => microRows(few, 4),
  memory: () => memoryRows(many),
  rules: () => ruleRows(many),
  page: () => pageRows(many),
  probe: async () => (await probeRows(few, tls)).rows,
  wall: () => wallRows(),
  soak: () => soakRows(SOAK_MINUTES),
  agents: () => agentRows(few, tls),
  wills: () => willRows(),
  reconnect: () => reconnectRows(),
  backlog24: () => backlogRows(),
  connections: () => connectionRows(),
};

const FLOODS = ['wills', 'reconnect', 'backlog24', 'connections'];
const SOAK_MINUTES = Number(process.env.IOC_BENCH_SOAK_MINUTES ?? 30);
const LONG = [...FLOODS, 'soak', 'agents']; // too long for every day, or twice the same

const number = (n) => (n === undefined ? '-' : n >= 100 ? Math.round(n).toLocaleString('en') : n.toPrecision(3));
const verdict = (row) => (row.passes === undefined ? '' : row.passes ? 'ok' : 'MISSED');

function print(rows) {
  const cells = rows.map((r) => [r.row, `${number(r.measured)} ${r.unit ?? ''}`, r.reference === undefined ? r.kind : `${number(r.reference)} (${r.kind})`, r.ratio === undefined ? '' : r.ratio.toFixed(2), verdict(r), r.bound ?? '']);
  const head = ['row', 'measured', 'peer or budget', 'ratio', '', 'what bounds it'];
  const width = head.map((h, i) => Math.max(h.length, ...cells.map((c) => c[i].length)));
  for (const line of [head, ...cells]) console.log(line.map((text, i) => (i === 5 ? text : text.padEnd(width[i]))).join('  '));
}

certificates();
writeInventory(few, 1000);
writeInventory(many, 10000);
const broker = await openBroker(tls);
const sink = await openSink();
const asked = process.argv.slice(2).flatMap((name) => (name === 'floods' ? FLOODS : [name]));
const wanted = asked.length ? asked : Object.keys(GROUPS).filter((name) => !LONG.includes(name));
const rows = [];
const failures = [];
for (const [name, run] of Object.entries(GROUPS)) {
  if (!wanted.includes(name)) continue;
  console.error(`bench: ${name}`);
  try {
    rows.push(...[await run()].flat());
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
  }
}
print(rows);
fs.writeFileSync(out, JSON.stringify({ at: new Date().toISOString(), cpus: os.cpus().length, cpu: os.cpus()[0].model, load: os.loadavg(), rows, failures }, null, 1));
for (const failure of failures) console.error(`bench: FAILED ${failure}`);
console.log(`\nload average ${os.loadavg().map((l) => l.toFixed(1)).join(' ')} on ${os.cpus().length} CPUs; all of it in ${out}`);
sink.close();
await broker.stop();
process.exit(failures.length ? 1 : 0);
