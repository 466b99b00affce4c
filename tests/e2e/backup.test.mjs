// A backup made while the collector runs and its database is away, restored on a bare machine: the same figures, nothing that was acknowledged
// by then is missing, nothing doubled, and what came after it is counted as missing at the centre.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, assertSamePoints, connect, nowUs, until } from '../support/centre.mjs';
import { BIN, Influx, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('backup');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const centre = new Collector(folder);
const backup = path.join(folder, 'centre.backup');
const bare = new Collector(freshFolder('backup_bare'));
const probes = [new Probe('p1', 'S1', { retryMs: 300 }), new Probe('p2', 'S2', { retryMs: 300 })];
const BEFORE = 40;
const LATER = 7;
const from = nowUs() - 7200_000_000n;
let told; // figures at the moment of the backup

const run = (collector, ...args) => spawnSync(path.join(BIN, 'ioc-collector'), ['--config', collector.configFile, ...args], { encoding: 'utf8', timeout: 60000 });

function send(first, count) {
  for (const [i, p] of probes.entries())
    for (let n = first; n < first + count; n++) p.results([['icmp/a', from + BigInt(n) * 1_000_000n + BigInt(i), n % 9 === 0 ? 2 : 0, { rtt: n }]]);
}

async function acked() { for (const p of probes) await p.acked(); }

// Figures of the time that the packs tell of, and where every message and reading went.
async function figures(collector) {
  const iso = (us) => new Date(Number(us / 1000n)).toISOString();
  const window = `from=${iso(from)}&to=${iso(from + BigInt(BEFORE) * 1_000_000n)}`;
  const { outages } = await collector.get(`/api/v1/outages?limit=1000&${window}`);
  const sites = [];
  for (const site of ['S1', 'S2']) sites.push((await collector.get(`/api/v1/sites/${site}/timeline?${window}`)).units, (await collector.get(`/api/v1/availability?site=${site}&${window}`)).units);
  const { counters, probes: marks, readings } = await collector.get('/api/v1/ledger');
  const { control, taken, ...rest } = counters; // markers go on
  return { outages, sites, rest, readings, marks: marks.map((row) => row.epochs.map(({ open_since, ...mark }) => mark)) };
}

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  assert.ok(await centre.start(), centre.log());
  for (const p of probes) {
    await p.connect(broker);
    p.checklist(from - 1n, [['icmp/a', ['4g@a']]]);
  }
});

after(async () => {
  for (const p of probes) await p.close();
  for (const server of [centre, bare, influx, broker]) await server.kill();
});

test('a backup of a running collector whose database is away', async () => {
  send(0, BEFORE / 2);
  await acked();
  await centre.drained();
  await influx.kill();
  send(BEFORE / 2, BEFORE / 2);
  await acked();
  await until('batches wait', async () => (await centre.get('/api/v1/ledger')).readings.pending === 2 * BEFORE);
  told = await figures(centre);
  const made = run(centre, 'backup', backup);
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, /centre\.backup made: the collector as of .*Z, \d+ bytes, [1-9]\d* batches for the database/);
  assert.deepEqual(await figures(centre), told);
  assert.equal(fs.statSync(backup).mode & 0o777, 0o600);
  assert.deepEqual(fs.readdirSync(folder).filter((name) => name.includes('part')), []);
  assert.deepEqual(fs.readdirSync(centre.data).filter((name) => /backup/.test(name)), []);
});

test('what must not be overwritten is not', () => {
  assert.match(run(centre, 'backup', backup).stderr, /is there already/);
  assert.match(run(centre, 'restore', backup).stderr, /is a collector running on it/);
  const into = run(centre, 'backup', folder);
  assert.match(into.stdout, /ioc-collector-\d{8}T\d{6}Z\.backup made/, into.stderr);
  assert.equal(run(centre, 'backup').status, 64);
});

test('a damaged backup is told, at any byte, and nothing is left', () => {
  const whole = fs.readFileSync(backup);
  const damaged = path.join(folder, 'damaged.backup');
  for (const at of [20, whole.length >> 1, whole.length - 70, whole.length - 50, whole.length - 1]) {
    const bytes = Buffer.from(whole);
    bytes[at] ^= 1;
    fs.writeFileSync(damaged, bytes);
    const refused = run(bare, 'restore', damaged);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /is damaged or no backup/);
  }
  fs.writeFileSync(damaged, whole.subarray(0, whole.length - 1000));
  assert.match(run(bare, 'restore', damaged).stderr, /is damaged or no backup/);
  assert.match(run(bare, 'restore', path.join(folder, 'nothing')).stderr, /nothing: /);
  assert.deepEqual(fs.readdirSync(bare.data), ['lock']);
});

test('restored on a bare machine: the same figures, the same ledger, a life of its own', async () => {
  send(BEFORE, LATER); // after the backup: acknowledged, then lost with the machine
  await acked();
  await influx.start();
  await centre.drained();
  assertSamePoints(await influx.points('ioc'), probes);
  await centre.kill();
  for (const p of probes) await p.close();

  await influx.kill(); // so that what is restored can be looked at before it is sent
  const restored = run(bare, 'restore', backup);
  assert.equal(restored.status, 0, restored.stderr);
  assert.match(restored.stdout, /restored: the collector as of .*, [1-9]\d* batches/);
  assert.match(run(bare, 'restore', backup).stderr, /store\.db is there already: nothing is overwritten/);
  assert.ok(await bare.start(), bare.log());
  await bare.ready();
  assert.deepEqual(await figures(bare), told);
  const row = await until('it stands in the audit log', async () => (await bare.get('/api/v1/audit')).entries[0]);
  assert.deepEqual([row.act, row.target, row.role, row.who.length > 0], ['restore', backup, 'machine', true]);
  assert.doesNotMatch(bare.log(), /level=(error|warning) what=(batch|intake|store|ledger)/);
});

test('the database afterwards: everything once; what the probes forgot is missing at the centre', async () => {
  await influx.start();
  await bare.drained();
  assertSamePoints(await influx.points('ioc'), probes); // a series and time that stands there twice throws
  for (const [i, p] of probes.entries()) {
    const last = p.packs.length;
    const topic = p.topic.bind(p); // its outbox holds nothing that was acknowledged
    p.topic = (seq) => topic(seq).replace(/\/\d+\/(\d+)$/, (_, s) => `/${Math.min(last + 1, Number(s))}/${s}`);
    await p.connect(broker);
    p.results([['icmp/a', from + BigInt(BEFORE + LATER + 1) * 1_000_000n + BigInt(i), 0, { rtt: 1 }]]);
    await p.acked();
    const mark = (await bare.get(`/api/v1/ledger?probe=${p.name}`)).probes[0].epochs[0];
    assert.deepEqual([mark.highest, mark.stored, mark.missing_at_centre, mark.balanced], [last + 1, BEFORE + 2, LATER, true]);
  }
  await bare.drained();
  assertSamePoints(await influx.points('ioc'), probes);
  await bare.stop();
  assert.ok(await bare.start(), bare.log());
  const { broken } = await until('the ledger was looked at', async () => { const l = await bare.get('/api/v1/ledger'); return l.checked_at && l; });
  assert.deepEqual(broken, []);
});

test('a backup put in place by hand is told', async () => {
  await bare.stop();
  fs.rmSync(bare.data, { recursive: true });
  fs.mkdirSync(bare.data);
  fs.copyFileSync(backup, path.join(bare.data, 'store.db'));
  assert.equal(await bare.start(), false);
  assert.match(bare.log(), /store\.open_failed.*this is a backup/);
  fs.rmSync(path.join(bare.data, 'store.db'));
  assert.match(run(bare, 'restore', path.join(bare.data, 'store.db')).stderr, /store\.db: /);
});

test('while batches come and go, every backup is whole', async () => {
  const busy = path.join(folder, 'busy');
  fs.mkdirSync(busy);
  const other = new Collector(path.join(folder, 'busy_restored'), { port: 8082 });
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  const client = await connect(broker);
  const publish = setInterval(() => client.publish('ioc/v1/meter/plain', `[{"n":"S1/power/m/volt","v":${Math.random()},"t":${Date.now() / 1000}}]`, { qos: 1 }), 2);
  try {
    for (let i = 0; i < 8; i++) {
      const file = path.join(busy, `${i}.backup`);
      const child = spawn(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile, 'backup', file], { stdio: 'inherit' });
      assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 0);
    }
  } finally {
    clearInterval(publish);
    await client.endAsync(true);
  }
  for (let i = 0; i < 8; i++) {
    fs.rmSync(other.data, { recursive: true, force: true });
    const restored = run(other, 'restore', path.join(busy, `${i}.backup`));
    assert.deepEqual([restored.status, restored.stderr], [0, '']);
  }
  fs.writeFileSync(other.configFile, fs.readFileSync(other.configFile, 'utf8').replace('"c1"', '"c9"'));
  assert.ok(await other.start(), other.log());
  const ledger = await until('the ledger was looked at', async () => { const l = await other.get('/api/v1/ledger'); return l.checked_at && l; });
  assert.deepEqual(ledger.broken, []);
  assert.ok(ledger.counters.stored > 2);
  await other.kill();
});
