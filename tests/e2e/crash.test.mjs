// The collector is killed with -9 at random moments while two probes send: nothing is lost, nothing
// is doubled, the ledger balances, and timelines and numbers of outages are those of a collector
// that was never killed. IOC_SEED repeats a run.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, assertSamePoints, nowUs, sleep } from '../support/centre.mjs';
import { Influx, freshFolder } from '../support/servers.mjs';

const seed = Number(process.env.IOC_SEED ?? Date.now() % 1e6);
let state = seed;
function random(n) { // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

const folder = freshFolder('crash');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const killed = new Collector(folder);
const calm = new Collector(freshFolder('calm'), { port: 8081, centre: { id: 'c2' }, sink: { database: 'calm' } });
const probes = [new Probe('p1', 'S1', { retryMs: 300 }), new Probe('p2', 'S2', { retryMs: 300 })];

before(async () => {
  console.log(`IOC_SEED=${seed}`);
  await broker.start();
  await influx.start();
  for (const name of ['ioc', 'calm']) await influx.query(`create database ${name}`);
});

after(async () => {
  for (const p of probes) await p.close();
  for (const server of [killed, calm, influx, broker]) await server.kill();
});

const PACKS = 240;
const KILLS = 8;
const LIFE_MS = 40; // a life is at least this long: killed while it starts, reads or commits
const from = nowUs() - 600_000_000n;

// What must not depend on crashes: closed outages and spans of the time that the packs tell of.
async function story(centre) {
  const window = `from=${new Date(Number(from / 1000n)).toISOString()}&to=${new Date(Number(from / 1000n) + (PACKS - 10) * 1000).toISOString()}`;
  const outages = (await centre.get(`/api/v1/outages?limit=1000&${window}`)).outages.flatMap((o) => o.members);
  const timelines = [];
  for (const site of ['S1', 'S2']) timelines.push((await centre.get(`/api/v1/sites/${site}/timeline?${window}`)).units);
  return { outages, timelines };
}

test('kill -9 at random moments loses and doubles nothing', async () => {
  assert.ok(await killed.start(), killed.log());
  await killed.ready();
  for (const [i, p] of probes.entries()) {
    await p.connect(broker);
    p.checklist(from - 1n, [['icmp/a', ['4g@a']]]);
  }
  for (let n = 0; n < PACKS; n++) {
    for (const [i, p] of probes.entries()) p.results([['icmp/a', from + BigInt(n) * 1_000_000n + BigInt(i), random(7) === 0 ? 2 : 0, { rtt: random(1000) / 8 }]]);
    if (n % (PACKS / KILLS) !== PACKS / KILLS - 1) continue; // each life has its share of the packs, however fast they are taken
    await sleep(LIFE_MS + random(400));
    await killed.kill();
    assert.ok(await killed.start(), killed.log());
  }
  for (const p of probes) await p.acked();
  await killed.ready();
  await killed.drained();
  assertSamePoints(await influx.points('ioc'), probes);
  await killed.balanced();
  const m = await killed.metrics();
  assert.equal(m.ioc_ledger_readings_stored_total, 2 * PACKS * 2);
  assert.equal(m.ioc_ledger_refused_total, 0);
  const { probes: rows } = await killed.get('/api/v1/ledger');
  for (const row of rows) {
    assert.equal(row.epochs[0].stored, PACKS + 1);
    assert.equal(row.epochs[0].missing_at_centre + row.epochs[0].lost_at_probe, 0);
  }
});

test('timelines and outages are those of a collector that was never killed', async () => {
  const after_ = await story(killed);
  assert.ok(after_.outages.length > 20, 'there were outages');
  await killed.kill();
  assert.ok(await killed.start(), killed.log());
  await killed.ready();
  assert.deepEqual(await story(killed), after_, 'a restart changes nothing');
  await killed.kill();

  assert.ok(await calm.start(), calm.log());
  await calm.ready();
  for (const p of probes) {
    await p.close();
    const again = new Probe(p.name, p.site);
    again.packs = p.packs;
    await again.connect(broker);
    await again.acked();
    await again.close();
  }
  const other = await story(calm);
  const plain = (o) => o.map(({ outage, ...rest }) => rest).sort((a, b) => (a.unit + a.from).localeCompare(b.unit + b.from));
  assert.deepEqual(other.timelines, after_.timelines);
  assert.deepEqual(plain(other.outages), plain(after_.outages));
  const numbers = after_.outages.map((o) => o.outage);
  assert.equal(new Set(numbers).size, numbers.length, 'no number twice');
  await calm.stop();
});
