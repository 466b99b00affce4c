// A unit that flaps has more outages than memory keeps: the API lists each of them once, whether memory or the
// store has it, after a kill -9, and on another machine after a backup.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, nowUs, until } from '../support/centre.mjs';
import { BIN, freshFolder } from '../support/servers.mjs';

const OUTAGES = 230; // memory keeps 180 of a unit
const STEP_US = 10_000_000n;
const folder = freshFolder('past_outages');
const broker = new Mosquitto(folder);
const centre = new Collector(folder);
const bare = new Collector(freshFolder('past_outages_bare'));
const probe = new Probe('p1', 'S1');
const start = nowUs() / 1_000_000n * 1_000_000n - 7200_000_000n;
const iso = (us) => new Date(Number(us / 1000n)).toISOString();
const at = (i) => start + BigInt(i) * 2n * STEP_US; // outage i begins

before(async () => {
  await broker.start();
  await centre.start();
  await centre.ready();
  await probe.connect(broker);
  probe.checklist(start - 2n, [['icmp/a', ['4g@a'], { ttl_ms: 60000 }]]);
  for (let i = 0; i < OUTAGES; i++) probe.results([['icmp/a', at(i), 2, {}], ['icmp/a', at(i) + STEP_US, 0, {}]]);
  probe.results([['icmp/a', at(OUTAGES) - STEP_US / 2n, 0, {}]]); // the last one has ended, whatever comes then
  await probe.acked();
});

after(async () => {
  await probe.close();
  for (const server of [centre, bare, broker]) await server.kill();
});

const list = (from, to) => centre.get(`/api/v1/outages?from=${iso(from)}&to=${iso(to)}&limit=1000`);

async function assertAll(collector, from = 0, to = OUTAGES) {
  const { outages, outages_total: total } = await collector.get(`/api/v1/outages?from=${iso(at(from))}&to=${iso(at(to))}&limit=1000`);
  const mine = outages.filter((o) => o.unit === 'S1/4g@a').sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
  assert.deepEqual(mine.map((o) => [o.from, o.to]), Array.from({ length: to - from }, (_, i) => [iso(at(from + i)), iso(at(from + i) + STEP_US)]));
  assert.equal(new Set(mine.map((o) => o.outage)).size, mine.length);
  assert.equal(total, outages.length);
}

test('every outage is listed once, those of the store too', async () => {
  await until('all are known', async () => (await list(at(0), at(OUTAGES))).outages_total === OUTAGES);
  await assertAll(centre);
  await assertAll(centre, 3, 7);
  await assertAll(centre, 40, 60);
  assert.equal((await list(at(5) + STEP_US / 2n, at(5) + STEP_US / 2n + 1000n)).outages_total, 1, 'one that began before');
});

test('after a kill -9', async () => {
  await centre.kill();
  await centre.start();
  await centre.ready();
  await assertAll(centre);
});

test('and on another machine, from a backup', async () => {
  const run = (collector, ...args) => spawnSync(path.join(BIN, 'ioc-collector'), ['--config', collector.configFile, ...args], { encoding: 'utf8', timeout: 60000 });
  const file = path.join(folder, 'centre.backup');
  const made = run(centre, 'backup', file);
  assert.equal(made.status, 0, made.stderr);
  await centre.stop();
  const restored = run(bare, 'restore', file);
  assert.equal(restored.status, 0, restored.stderr);
  await bare.start();
  await until('the restored one is ready', async () => (await ask('GET', `${bare.url}/readyz`)).status === 200);
  await assertAll(bare);
});
