// A real probe whose machine has no clock, or one that jumps: results taken before the time was known are
// timed once, by the monotonic clock of their boot; those of a boot that never knew it are counted as untimed
// and enter no series; a step of the clock while running spoils nothing that can be told from outside.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { makeCertificates } from '../support/broker.mjs';
import { Collector, Mosquitto } from '../support/centre.mjs';
import { Probe } from '../support/probe.mjs';
import { Relay } from '../support/relay.mjs';
import { BIN, freshFolder, sleep, until } from '../support/servers.mjs';

const HOUR_MS = 3600_000, DAY_MS = 24 * HOUR_MS;
const STARTED_MS = 20000; // time for a start and a first check on a slow machine; a clock that is wrong here is so by hours
const AWAY_MS = 4000; // well beyond the ttl of the check
let folder, broker, line, centre, probe, number = 0;

beforeEach(async () => {
  folder = freshFolder(`clock-${++number}`);
  broker = new Mosquitto(folder);
  line = new Relay(1999, 1883);
  centre = new Collector(folder);
  probe = new Probe(folder, { broker: 'host: 127.0.0.1\n  port: 1999', checks: [{ type: 'tcp', name: 'centre', target: '127.0.0.1:1999', units: '["4g@a"]', cause: 'transport' }] });
  await broker.start();
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
});

afterEach(async () => {
  if (probe.child?.exitCode === null && probe.child?.signalCode === null) await probe.stop('SIGKILL');
  if (line.server?.listening) await line.cut();
  for (const server of [centre, broker]) await server.kill();
  assert.doesNotMatch(probe.logged() + centre.log(), /Sanitizer|runtime error/);
});

// The probe's machine: how wrong its wall clock is, and whether the kernel calls it synchronised.
function setClock(wrongMs, synchronised, name = 'clock') {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(BigInt(Math.round(wrongMs)), 0);
  bytes.writeBigInt64LE(synchronised ? 1n : 0n, 8);
  const at = path.join(folder, name), file = fs.openSync(at, fs.existsSync(at) ? 'r+' : 'w+');
  fs.writeSync(file, bytes, 0, 16, 0);
  fs.closeSync(file);
}

const onMachine = (name = 'clock', options = '') => ({ LD_PRELOAD: path.join(BIN, 'machine_clock.so'), IOC_MACHINE_CLOCK: path.join(folder, name),
  ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0${options}` });
const start = () => probe.start(onMachine());

function reboot() {
  const file = path.join(folder, 'boot_id');
  fs.writeFileSync(file, `00000000-0000-0000-0000-00000000000${number}\n`);
  execFileSync('mount', ['--bind', file, '/proc/sys/kernel/random/boot_id']);
}

const site = () => centre.get('/api/v1/sites/S1');
const state = async () => (await site()).units.find((u) => u.unit === 'S1/4g@a').state;
const shows = (what) => until(`4g@a is ${what}`, async () => (await state()) === what);
const drained = () => until('no backlog', async () => {
  const [{ backlog, status }] = (await site()).probes;
  return status === 'online' && backlog === 0;
}, 40000);
const waiting = (n) => until(`${n} packs wait`, () => Number(/Outbox +(\d+) packs/.exec(probe.ask('status', '--lang', 'en').stdout)?.[1]) >= n);

async function spans(from, to) {
  const { units } = await centre.get(`/api/v1/sites/S1/timeline?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`);
  return units.find((u) => u.unit === 'S1/4g@a').spans.map((s) => ({ what: [s.state, s.cause].filter(Boolean).join(' '), from: Date.parse(s.from), to: Date.parse(s.to) }));
}

// Nothing but up: once all of that time was heard of.
async function assertUp(from, to, what) {
  const heard = (all) => all.at(-1).to >= to && all.at(-1).what === 'up';
  const all = await until(`${what}: heard`, async () => { const now = await spans(from, to); return heard(now) && now; });
  assert.deepEqual(all.map((s) => s.what), ['up'], what);
}

async function ledger() {
  await centre.balanced();
  const { probes } = await centre.get('/api/v1/ledger');
  return probes.find((p) => p.probe === 'p1').epochs[0];
}

test('results from before the time was known get their times, once it is', async () => {
  setClock(-Date.now(), false); // 1970: no battery, no network
  const began = Date.now();
  start();
  await waiting(2);
  assert.match(probe.ask('status', '--lang', 'en').stdout, /Clock +NOT SET/);
  await sleep(AWAY_MS);
  assert.equal((await ledger())?.stored ?? 0, 0);
  const joined = Date.now();
  await line.join();
  await drained();
  await shows('up');
  assert.match(probe.ask('status', '--lang', 'en').stdout, /Clock +from the centre/);
  const [first, ...rest] = (await spans(began - HOUR_MS, Date.now())).filter((s) => s.what !== 'unobserved unknown');
  assert.equal(first.what, 'down transport');
  assert.ok(first.from >= began - 100 && first.from < began + STARTED_MS, `from ${first.from - began} ms after it began`);
  assert.ok(first.to >= joined - 1500 && first.to < joined + STARTED_MS, `to ${first.to - joined} ms after the line stood`);
  assert.deepEqual(rest.map((s) => s.what), ['up']);
  const row = await ledger();
  assert.equal(row.untimed, 0);
  assert.equal(row.stored, row.highest);
});

// README, boards without a clock: certificates made three days ago, saved time of yesterday.
test('mutual TLS from 1970 fails, from the time the system saved it works, and results get their true times', async () => {
  const tls = path.join(folder, 'tls');
  fs.mkdirSync(tls);
  setClock(-3 * DAY_MS, true, 'authority');
  makeCertificates(tls, ['p1'], { days: '30', env: onMachine('authority', ':detect_leaks=0') });
  await broker.kill();
  broker = new Mosquitto(folder, { tls });
  await broker.start();
  await centre.ready();
  probe = new Probe(folder, { broker: `host: 127.0.0.1\n  tls: true\n  ca_file: ${tls}/ca.crt\n  cert_file: ${tls}/p1.crt\n  key_file: ${tls}/p1.key`,
    checks: [{ type: 'tcp', name: 'centre', target: '127.0.0.1:8883', units: '["4g@a"]', cause: 'transport' }] });
  setClock(-Date.now(), false);
  const began = Date.now();
  start();
  await waiting(2);
  await until('the server is refused', () => /broker.down/.test(probe.logged()));
  assert.equal(await probe.stop(), 0);
  assert.equal((await ledger())?.stored ?? 0, 0);
  setClock(-DAY_MS, false); // systemd-timesyncd's file, or fake-hwclock's
  start();
  await drained();
  await shows('up');
  assert.match(probe.ask('status', '--lang', 'en').stdout, /Clock +from the centre/);
  const [first] = (await spans(began - 2 * DAY_MS, Date.now())).filter((s) => s.what !== 'unobserved unknown');
  assert.equal(first.what, 'up');
  assert.ok(first.from >= began - 100 && first.from < began + STARTED_MS, `from ${first.from - began} ms after it began`);
  const row = await ledger();
  assert.equal(row.untimed, 0);
  assert.equal(row.stored, row.highest);
});

test('packs of a boot that never knew the time are untimed: counted, and in no series', async () => {
  setClock(-Date.now(), false);
  start();
  await waiting(3);
  await probe.stop('SIGKILL');
  const [, high] = /^high (\d+)$/m.exec(fs.readFileSync(path.join(probe.outbox, 'state'), 'utf8'));
  reboot();
  const began = Date.now();
  await line.join();
  start();
  await shows('up');
  await drained();
  const row = await ledger();
  assert.ok(row.untimed >= 3 && row.untimed >= Number(high), JSON.stringify(row));
  assert.equal(row.highest, row.stored + row.untimed, JSON.stringify(row));
  assert.equal((await centre.metrics()).ioc_ledger_untimed_total, row.untimed);
  const known = (await spans(began - HOUR_MS, Date.now())).filter((s) => s.what !== 'unobserved unknown');
  assert.ok(known[0].from >= began - 100, 'nothing of the boot before entered a timeline');
  assert.equal((await site()).probes[0].started_after, 'reset');
});

test('steps by an hour and to 1970 while running', async () => {
  setClock(0, true);
  await line.join();
  start();
  await shows('up');
  const from = Date.now();
  for (const synchronised of [true, false]) {
    setClock(-Date.now(), synchronised); // nobody is believed about 1970
    await sleep(AWAY_MS);
    await assertUp(from, Date.now(), `1970, synchronised: ${synchronised}`);
    setClock(0, true);
  }
  setClock(HOUR_MS, false); // somebody sets the clock by hand: the kernel says so
  await sleep(AWAY_MS);
  assert.equal((await centre.metrics()).ioc_ledger_results_ahead_total, 0);
  setClock(HOUR_MS, true); // its time server is wrong: in the database, counted, in no timeline
  await until('results ahead of us', async () => (await centre.metrics()).ioc_ledger_results_ahead_total >= 2);
  setClock(0, true);
  const back = Date.now();
  await sleep(AWAY_MS);
  await until('it is up', async () => (await spans(back, Date.now())).at(-1).what === 'up');
  const metrics = await centre.metrics();
  assert.equal(metrics.ioc_ledger_refused_total, 0);
  assert.equal(metrics.ioc_ledger_results_not_later_total, 0);
  await drained();
  const row = await ledger();
  assert.equal(row.stored, row.highest);
});
