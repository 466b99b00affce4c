// What a real probe knew while nobody heard it: a site that was cut off but alive has been `down`,
// transport, once its backlog is in (FIGURES 7.16); what failed at the site meanwhile was a fault; a probe
// that was killed while its machine ran on was itself the gap; one whose machine was started anew cannot
// say, unless a last gasp did (READINGS 21, FIGURES 7.14).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto } from '../support/centre.mjs';
import { Probe } from '../support/probe.mjs';
import { Relay } from '../support/relay.mjs';
import { freshFolder, sleep, until } from '../support/servers.mjs';

const folder = freshFolder('cut_off');
const broker = new Mosquitto(folder);
const service = new Mosquitto(folder, { port: 1884 });
const line = new Relay(1999, 1883);
const centre = new Collector(folder);
const GONE_MS = 4000; // well beyond the ttl of the checks
const checks = [
  { type: 'tcp', name: 'centre', target: '127.0.0.1:1999', units: '["4g@a"]', cause: 'transport' },
  { type: 'tcp', name: 'service', target: '127.0.0.1:1884', units: '["5g@a"]' },
];
const probe = new Probe(folder, { broker: 'host: 127.0.0.1\n  port: 1999', checks, extra: '  trust_clock: true' });

before(async () => {
  await Promise.all([broker.start(), service.start(), line.join()]);
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
});

after(async () => {
  if (probe.child?.exitCode === null && probe.child?.signalCode === null) await probe.stop('SIGKILL');
  await line.cut();
  for (const server of [centre, service, broker]) await server.kill();
});

const iso = (ms) => new Date(ms).toISOString();
const site = () => centre.get('/api/v1/sites/S1');
const unitNow = async (unit) => (await site()).units.find((u) => u.unit === `S1/${unit}`);
const shows = (unit, state) => until(`${unit} is ${state}`, async () => (await unitNow(unit)).state === state);
const drained = () => until('no backlog', async () => {
  const [{ backlog, status }] = (await site()).probes;
  return status === 'online' && backlog === 0;
}, 40000);

// What the unit was in [from, to): ["state cause", ms] of each span.
async function spans(unit, from, to) {
  const { units } = await centre.get(`/api/v1/sites/S1/timeline?from=${iso(from)}&to=${iso(to)}`);
  return units.find((u) => u.unit === `S1/${unit}`).spans.map((s) => [[s.state, s.cause].filter(Boolean).join(' '), Date.parse(s.to) - Date.parse(s.from)]);
}

// The unit was `what` for most of [from, to), otherwise up, also just after: nothing else, for no moment.
async function assertWas(unit, what, from, to) {
  const was = await spans(unit, from, to + 2000);
  const ms = was.filter(([word]) => word === what).reduce((sum, [, n]) => sum + n, 0);
  assert.ok(ms > 0.5 * (to - from), `${unit}: ${JSON.stringify(was)}`);
  assert.deepEqual(was.filter(([word]) => word !== what && word !== 'up'), [], unit);
}

// Another boot of the machine, as the kernel tells it.
function reboot(id) {
  const file = path.join(folder, `boot_id_${id}`);
  fs.writeFileSync(file, `00000000-0000-0000-0000-00000000000${id}\n`);
  execFileSync('mount', ['--bind', file, '/proc/sys/kernel/random/boot_id']);
}

test('cut off but alive: down, transport, afterwards; what failed at the site meanwhile was a fault', async () => {
  probe.start();
  await shows('4g@a', 'up');
  await shows('5g@a', 'up');
  const from = Date.now();
  await line.cut();
  await shows('4g@a', 'silent');
  await sleep(GONE_MS);
  const broken = Date.now();
  await service.kill();
  await sleep(GONE_MS);
  await service.start();
  const mended = Date.now();
  await sleep(GONE_MS / 2);
  const to = Date.now();
  assert.equal((await unitNow('5g@a')).state, 'silent', 'nobody knows at the centre');
  await line.join();
  await drained();
  await shows('4g@a', 'up');
  await assertWas('4g@a', 'down transport', from, to);
  await assertWas('5g@a', 'down fault', broken, mended);
  assert.deepEqual((await spans('5g@a', from, broken - 1000)).map(([word]) => word), ['up']);
});

test('a probe that was killed while its machine ran on could not tell', async () => {
  const from = Date.now();
  await probe.stop('SIGKILL');
  await shows('4g@a', 'silent');
  await sleep(GONE_MS);
  const to = Date.now();
  probe.start();
  await shows('4g@a', 'up');
  await drained();
  await assertWas('4g@a', 'unobserved probe', from, to);
  assert.equal((await site()).probes[0].started_after, 'killed');
  const { outages } = await centre.get(`/api/v1/outages?from=${iso(from)}`);
  assert.deepEqual(outages.filter((o) => !o.verified), [], 'its silence was no outage');
});

test('a machine that was started anew leaves the silence, and says so beside the outage', async () => {
  const from = Date.now();
  assert.equal(await probe.stop('SIGTERM'), 0);
  reboot(1);
  await shows('4g@a', 'silent');
  await sleep(GONE_MS);
  const to = Date.now();
  probe.start();
  await shows('4g@a', 'up');
  await drained();
  await assertWas('4g@a', 'silent unknown', from, to);
  assert.equal((await site()).probes[0].started_after, 'shutdown');
  const { outages } = await centre.get(`/api/v1/outages?from=${iso(from)}`);
  assert.equal(outages.flatMap((o) => o.members).find((o) => o.unit === 'S1/4g@a' && !o.verified).probe_started_after, 'shutdown');
});

test('after a last gasp it was the power', async () => {
  const from = Date.now();
  probe.signal('SIGPWR');
  await until('power_lost', async () => (await site()).probes[0].status === 'power_lost');
  await until('the gasp is kept', () => / gasped$/m.test(fs.readFileSync(path.join(probe.outbox, 'state'), 'utf8')));
  await probe.stop('SIGKILL');
  reboot(2);
  await sleep(GONE_MS);
  const to = Date.now();
  probe.start();
  await shows('4g@a', 'up');
  await drained();
  await assertWas('4g@a', 'down power', from, to);
  assert.equal((await site()).probes[0].started_after, 'power');
  assert.equal(await probe.stop(), 0);
});
