// The probe against the real broker and a centre by the letter of the contract: what is in its outbox
// arrives once and in order, whatever is killed in between.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Mosquitto, makeCertificates } from '../support/broker.mjs';
import { FakeCentre } from '../support/fake_centre.mjs';
import { Probe } from '../support/probe.mjs';
import { BIN, freshFolder, until } from '../support/servers.mjs';

let folder, broker, centre, probe, number = 0;

beforeEach(async () => {
  folder = freshFolder(`probe-${++number}`);
  broker = new Mosquitto(folder);
  await broker.start();
  centre = new FakeCentre(broker.url);
  await centre.connect();
});

afterEach(async () => {
  if (probe?.child.exitCode === null && probe?.child.signalCode === null) await probe.stop('SIGKILL');
  await centre.close();
  await broker.kill();
  assert.doesNotMatch(probe.logged(), /Sanitizer|runtime error/);
});

// Packs in the outbox, as it says.
const waiting = () => Number(/Outbox +(\d+) packs/.exec(probe.ask('status', '--lang', 'en').stdout)?.[1] ?? 0);
const taken = (n) => until(`${n} packs taken`, () => centre.packs.length >= n);

// In order without a gap from the first, and no reading twice.
function assertWhole() {
  const epoch = centre.packs.at(-1).epoch;
  const seqs = centre.packs.filter((p) => p.epoch === epoch).map((p) => p.seq);
  assert.deepEqual(seqs, seqs.map((_, i) => i + 1));
  const keys = centre.readings().map((r) => `${r.name} ${r.time}`);
  assert.equal(new Set(keys).size, keys.length);
}

test('packs arrive in order after the list, and a stop is clean', async () => {
  probe = new Probe(folder);
  probe.start();
  await taken(4);
  const [list, first] = centre.packs;
  assert.deepEqual(list.body.checks.map((c) => [c.name, c.site, c.units, c.ttl_ms]), [['tcp/broker', 'S1', ['link'], 2500]]);
  assert.equal(first.body[0].n, 'tcp/broker/state');
  for (const { time } of centre.readings()) assert.ok(Math.abs(time - Date.now() / 1000) < 30);
  await until('no backlog', () => centre.lastStatus('p1').backlog === 0);
  const status = probe.ask('status', '--lang', 'en');
  assert.equal(status.status, 0, status.stdout);
  assert.match(status.stdout, /has stored packs up to/);
  assert.match(probe.ask('status', '--lang', 'vi').stdout, /đã lưu các gói đến số/);
  assert.equal(await probe.stop(), 0);
  await until('stopped', () => centre.lastStatus('p1').state === 'stopped');
  const birth = centre.statuses.find((s) => s.state === 'online');
  assert.equal(centre.lastStatus('p1').boot, birth.boot);
  assert.equal(centre.lastStatus('p1').conn, birth.conn);
  assertWhole();
  assert.equal(probe.ask('status').status, 3);
});

test('a broker that is killed costs nothing', async () => {
  probe = new Probe(folder);
  probe.start();
  await taken(3);
  await broker.kill();
  const before = centre.packs.length;
  await until('the probe works on', () => /verdict=failed/.test(probe.logged()));
  const status = await until('the probe knows', () => { const told = probe.ask('status', '--lang', 'en'); return told.status === 2 && told; });
  assert.match(status.stdout, /NOT CONNECTED/);
  await broker.start();
  await taken(before + 4);
  const birth = centre.statuses.findLast((s) => s.state === 'online' && s.backlog > 0);
  assert.ok(birth.now.some(([check]) => check === 'S1/tcp/broker'));
  await until('what failed meanwhile', () => centre.readings().some((r) => r.name === 'S1/tcp/broker/state' && r.value === 2));
  assert.equal(centre.lost, 0);
  assertWhole();
});

test('a summary says what the stream will say', async () => {
  probe = new Probe(folder);
  probe.start();
  await taken(2);
  centre.mute = true;
  await until('a summary', () => centre.statuses.filter((s) => s.now?.length).length > 2);
  centre.mute = false;
  const { boot } = centre;
  await centre.close();
  const packs = centre.packs.length;
  await centre.connect(); // with a new boot: the probe goes back at once
  assert.notEqual(centre.boot, boot);
  await taken(packs + 4);
  const times = new Set(centre.readings().filter((r) => r.name.endsWith('/state')).map((r) => Math.round(r.time * 1000)));
  const summary = centre.statuses.find((s) => s.now?.length);
  for (const [, , time] of summary.now) assert.ok(times.has(Math.round(time * 1000)));
  assertWhole();
});

test('a probe that is killed with a backlog delivers it after its restart', async () => {
  probe = new Probe(folder);
  probe.start();
  await taken(2);
  centre.mute = true;
  await until('packs wait', () => (centre.lastStatus('p1').backlog ?? 0) >= 4);
  await probe.stop('SIGKILL');
  await until('the will', () => centre.lastStatus('p1').state === 'offline');
  centre.mute = false;
  const [{ epoch }] = centre.packs;
  const before = centre.packs.length;
  probe.start();
  await taken(before + 6);
  assert.ok(centre.packs.every((p) => p.epoch === epoch));
  assert.equal(new Set(centre.statuses.filter((s) => s.state === 'online').map((s) => s.boot)).size, 2);
  await until('the list of each start', () => centre.packs.filter((p) => p.body.checks).length === 2); // the second one behind all that waited
  assert.equal(centre.lost, 0);
  assertWhole();
});

test('results of a start that never knew the time get it at the next', async () => {
  await broker.kill();
  const began = Date.now() / 1000;
  probe = new Probe(folder);
  probe.start();
  await until('packs wait', () => waiting() >= 4);
  await probe.stop('SIGKILL');
  const killed = Date.now() / 1000;
  await broker.start();
  await until('the centre is back', () => centre.client.connected);
  probe.start();
  await taken(8);
  const failed = centre.readings().filter((r) => r.value === 2);
  assert.ok(failed.length >= 3);
  for (const { time } of failed) assert.ok(time < killed + 1 && time > began - 1);
  assertWhole();
});

test('a centre that comes after the probe gets everything at once', async () => {
  await centre.close();
  probe = new Probe(folder);
  probe.start();
  await until('packs wait', () => waiting() >= 4);
  await centre.connect();
  await taken(6);
  assert.ok(centre.packs[0].body.checks);
  assertWhole();
});

test('hold is obeyed, shown and ended by an acknowledgement', async () => {
  centre.hold = 'site S1 is not in the inventory';
  probe = new Probe(folder);
  probe.start();
  await until('the hold is logged', () => /centre.hold/.test(probe.logged()));
  const status = probe.ask('status', '--lang', 'en');
  assert.equal(status.status, 1);
  assert.match(status.stdout, /site S1 is not in the inventory/);
  assert.match(probe.ask('status', '--lang', 'vi').stdout, /TẠM HOÃN, chưa lưu: trung tâm chưa khai báo trạm S1/);
  await until('packs wait', () => (centre.lastStatus('p1').backlog ?? 0) >= 3);
  centre.release();
  await taken(4);
  assertWhole();
});

test('a pack refused for good is shown and passed', async () => {
  centre.refuse = (pack) => (pack.seq === 2 ? 'not to my taste' : null);
  probe = new Probe(folder);
  probe.start();
  await taken(3);
  await until('it is logged', () => /not to my taste/.test(probe.logged()));
  assert.match(probe.ask('status').stdout, /not to my taste/);
  assert.deepEqual(centre.packs.slice(0, 3).map((p) => p.seq), [1, 3, 4]);
});

test('an outbox restored from a copy is numbered anew', async () => {
  probe = new Probe(folder);
  probe.start();
  await taken(2);
  assert.equal(await probe.stop(), 0);
  fs.cpSync(probe.outbox, `${probe.outbox}.copy`, { recursive: true });
  const old = centre.packs.length;
  probe.start();
  await taken(old + 4);
  assert.equal(await probe.stop(), 0);
  const [{ epoch }] = centre.packs;
  fs.rmSync(probe.outbox, { recursive: true });
  fs.renameSync(`${probe.outbox}.copy`, probe.outbox);
  probe.start();
  await until('a new epoch', () => centre.packs.filter((p) => p.epoch !== epoch).length >= 3);
  assert.match(probe.logged(), /outbox.renumbered/);
  assert.ok(centre.packs.filter((p) => p.epoch !== epoch).some((p) => p.body.checks));
});

test('the last gasp is in the stream and in the status', async () => {
  probe = new Probe(folder);
  probe.start();
  await taken(2);
  probe.signal('SIGPWR');
  const status = await until('power_lost', () => centre.statuses.find((s) => s.state === 'power_lost'));
  const pack = await until('its pack', () => centre.packs.find((p) => p.body.power_lost));
  assert.equal(pack.body.power_lost, status.t);
  assert.match(probe.ask('status', '--lang', 'vi').stdout, /MẤT ĐIỆN LƯỚI/);
});

test('a check that watches the mains gives the gasp, and power back ends it', async () => {
  const mains = { type: 'tcp', name: 'mains', target: '127.0.0.1:1884' };
  const second = new Mosquitto(folder, { port: 1884 });
  await second.start();
  probe = new Probe(folder, { checks: [mains], extra: '  last_gasp: tcp/mains' });
  probe.start();
  await taken(2);
  await second.kill();
  await until('power_lost', () => centre.lastStatus('p1').state === 'power_lost');
  await until('its pack', () => centre.packs.find((p) => p.body.power_lost));
  const { conn } = centre.lastStatus('p1');
  await second.start();
  const birth = await until('power is back', () => centre.statuses.findLast((s) => s.state === 'online' && s.conn > conn));
  assert.equal(birth.boot, centre.statuses[0].boot);
  await second.kill();
});

test('a list that the bound of the outbox took is sent again', async () => {
  const name = () => `broker-${crypto.randomBytes(24).toString('hex')}`; // which no compression of the outbox makes short
  const checks = Array.from({ length: 80 }, () => ({ type: 'tcp', name: name(), target: '127.0.0.1:1883' }));
  probe = new Probe(folder, { checks, extra: '  trust_clock: true', outboxExtra: '  max_bytes: 64KiB' });
  centre.mute = true;
  probe.start();
  await until('packs are dropped', () => /outbox.dropped/.test(probe.logged()));
  centre.mute = false;
  await centre.close();
  await centre.connect(); // with a new boot: the probe goes back at once
  await until('the list', () => centre.packs.some((p) => p.body.checks?.length === 80));
  assert.ok(centre.lost > 0 && centre.packs[0].seq > 1);
});

test('a centre without a clock is asked for the time again', async () => {
  const clock = path.join(folder, 'clock');
  fs.writeFileSync(clock, Buffer.alloc(16)); // right, and nobody vouches for it
  centre.timeless = true;
  probe = new Probe(folder);
  probe.start({ LD_PRELOAD: path.join(BIN, 'machine_clock.so'), IOC_MACHINE_CLOCK: clock, ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` });
  await until('its birth', () => centre.lastStatus('p1')?.backlog > 0);
  assert.equal(centre.packs.length, 0);
  centre.timeless = false;
  await taken(4);
  for (const { time } of centre.readings()) assert.ok(Math.abs(time - Date.now() / 1000) < 60);
  assertWhole();
});

test('a changed list is sent, a wrong one is refused', async () => {
  probe = new Probe(folder);
  probe.start();
  await taken(2);
  fs.appendFileSync(probe.config, '  - type: tpc\n    name: x\n');
  probe.signal('SIGHUP');
  await until('the mistake is told', () => /did you mean \\?"tcp/.test(probe.logged()));
  assert.match(probe.logged(), /reload.refused/);
  probe.write([{ type: 'tcp', name: 'broker', target: '127.0.0.1:1883' }, { type: 'host', name: 'self' }]);
  probe.signal('SIGHUP');
  const list = await until('the new list', () => centre.packs.find((p) => p.body.checks?.length === 2));
  await until('its results', () => centre.packs.some((p) => p.seq > list.seq && Array.isArray(p.body) && p.body.some((r) => r.n.startsWith('host/self'))));
  assertWhole();
});

test('what checks remember outlives stop, reload and kill', async () => {
  const memory = path.join(folder, 'outbox', 'memory');
  const text = 'ioc-probe memory 1\nsfp/up lo\t-600 -601\nend\n';
  fs.mkdirSync(path.dirname(memory), { mode: 0o700 });
  fs.writeFileSync(memory, text.replace('end', 'sfp/gone eth7\t-700\nend'));
  probe = new Probe(folder, { checks: [{ type: 'sfp', name: 'up', target: 'lo' }] });
  probe.start();
  await taken(2);
  probe.signal('SIGHUP');
  await until('read again', () => /reload.done/.test(probe.logged()));
  assert.equal(await probe.stop(), 0);
  assert.equal(fs.readFileSync(memory, 'utf8'), text);
  fs.writeFileSync(memory, '\u0000 garbage');
  probe.start();
  await until('it is named', () => /memory.forgotten.*memory/.test(probe.logged()));
  await taken(centre.packs.length + 2);
  await probe.stop('SIGKILL');
  assertWhole();
});

test('the centre changes intervals and limits, and nothing else', async () => {
  const publish = (message) => centre.client.publishAsync('ioc/v1/p1/config', message, { qos: 1, retain: true });
  await publish(JSON.stringify({ checks: { 'tcp/broker': { interval: '2s', degraded_connect_ms: 500 } } }));
  probe = new Probe(folder);
  probe.start();
  await until('the changed list', () => centre.packs.find((p) => p.body.checks?.[0].interval_ms === 2000));
  await publish(JSON.stringify({ checks: { 'tcp/broker': { units: 'x' } } }));
  await until('the refusal', () => /config.refused/.test(probe.logged()));
  const lists = centre.packs.filter((p) => p.body.checks).length;
  probe.signal('SIGHUP'); // the accepted change outlives it
  await until('another list', () => centre.packs.filter((p) => p.body.checks).length > lists);
  assert.equal(centre.packs.findLast((p) => p.body.checks).body.checks[0].interval_ms, 2000);
  await publish('');
  await until('the file alone', () => centre.packs.findLast((p) => p.body.checks).body.checks[0].interval_ms === 1000);
  assertWhole();
});

test('mutual TLS', async () => {
  const certificates = path.join(folder, 'tls');
  fs.mkdirSync(certificates);
  makeCertificates(certificates, ['p1']);
  await broker.kill();
  broker = new Mosquitto(folder, { tls: certificates });
  await broker.start();
  const tls = (name) => `host: 127.0.0.1\n  tls: true\n  ca_file: ${certificates}/${name}.crt\n  cert_file: ${certificates}/p1.crt\n  key_file: ${certificates}/p1.key`;
  probe = new Probe(folder, { broker: tls('ca') });
  probe.start();
  await taken(3);
  assert.match(probe.ask('status', '--lang', 'en').stdout, /Certificate +[12] days left/);
  assertWhole();
  assert.equal(await probe.stop(), 0);
  const packs = centre.packs.length;
  probe = new Probe(folder, { broker: tls('p1') }); // an authority that did not sign the server's
  probe.start();
  await until('it does not connect', () => (probe.logged().match(/broker.down/g) ?? []).length >= 2);
  assert.equal(centre.packs.length, packs);
});
