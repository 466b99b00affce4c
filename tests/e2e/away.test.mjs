// Broker and database come and go, or come late: the collector waits, says for what, and loses nothing.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, assertSamePoints, nowUs, until } from '../support/centre.mjs';
import { Influx, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('away');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const centre = new Collector(folder);
const p = new Probe('p1', 'S1', { retryMs: 300 });
const t = nowUs() - 300_000_000n;
let n = 0;

function send(count) {
  for (let i = 0; i < count; i++, n++) p.results([['icmp/a', t + BigInt(n) * 1_000_000n, 0, { rtt: n }]]);
}

after(async () => {
  await p.close();
  for (const server of [centre, influx, broker]) await server.kill();
});

test('started before broker and database it says what it waits for', async () => {
  assert.ok(await centre.start(), centre.log());
  const ready = await ask('GET', centre.url + '/readyz');
  assert.equal(ready.status, 503);
  assert.equal(JSON.parse(ready.body).broker, false);
  await until('the log says so', () => /broker\.lost.*check the broker/.test(centre.log()));
  await broker.start();
  await centre.ready();
});

test('a database that is away keeps batches pending, a page that answers, and loses nothing', async () => {
  await p.connect(broker);
  p.checklist(t - 1n, [['icmp/a', ['4g@a']]]);
  send(20);
  await p.acked();
  const m = await centre.metrics();
  assert.ok(m.ioc_readings_pending > 0);
  assert.equal((await ask('GET', centre.url + '/readyz')).status, 200, 'the database away is not unready');
  await until('the log names the database', () => /sink\.trouble.*8086/.test(centre.log()));
  assert.notEqual(JSON.parse((await ask('GET', centre.url + '/readyz')).body).database, 'ok');
});

test('a database without the name says so and gets everything once the name is there', async () => {
  await influx.start();
  await until('the log names the missing database', () => /sink\.trouble.*ioc.*create it/.test(centre.log()));
  send(5);
  await p.acked();
  await influx.query('create database ioc');
  await centre.drained();
  assertSamePoints(await influx.points('ioc'), [p]);
  await centre.balanced();
});

test('the database killed while packs come', async () => {
  send(10);
  await influx.kill();
  send(20);
  await p.acked();
  await influx.start();
  await centre.drained();
  assertSamePoints(await influx.points('ioc'), [p]);
});

test('the broker killed while packs come: the probe goes back, the centre comes back', async () => {
  send(30);
  await broker.kill();
  send(10);
  await broker.start();
  await p.acked();
  await centre.drained();
  assertSamePoints(await influx.points('ioc'), [p]);
  await centre.balanced();
});

test('batches that wait survive a kill -9 and a start without the database', async () => {
  await influx.kill();
  send(10);
  await p.acked();
  await centre.kill();
  assert.ok(await centre.start(), centre.log());
  const m = await centre.metrics();
  assert.ok(m.ioc_readings_pending >= 20, `${m.ioc_readings_pending} pending`);
  await centre.balanced();
  await influx.start();
  await centre.drained();
  assertSamePoints(await influx.points('ioc'), [p]);
  await centre.balanced();
  await centre.stop();
});

test('beyond the pending bound packs are held with a reason, and taken once there is room', async () => {
  centre.sections.limits.pending = '64KiB';
  centre.writeConfig();
  await influx.kill();
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  const noise = () => Math.random();
  for (let i = 0; i < 200; i++, n++)
    p.results(Array.from({ length: 60 }, (_, k) => [`icmp/x${k}`, t + BigInt(n) * 1_000_000n, 0, { rtt: noise() }]));
  await until('packs are held', () => /database/.test(p.hold));
  assert.match(centre.log(), /sink\.bound_reached.*bring the database back/);
  assert.ok((await centre.metrics()).ioc_batches_pending_bytes < 2 * 65536);
  await influx.start();
  await p.acked(40000);
  await centre.drained();
  assertSamePoints(await influx.points('ioc'), [p]);
  await centre.balanced();
  await centre.stop();
});
