// Declarations of people through the API: who may, what the figures say with and without, that an answer means "stored",
// and that as many as are kept hold up nobody.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, ask, nowUs, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('declarations');
const broker = new Mosquitto(folder);
let centre;
let probe;
let down; // when the fault began, ms

const token = (role) => ({ Authorization: `Bearer ${role}-secret` });
const iso = (ms) => new Date(ms).toISOString();

async function change(method, path_, role, body) {
  const answer = await ask(method, centre.url + path_, { headers: { ...token(role), 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  return { status: answer.status, ...JSON.parse(answer.body) };
}

const SOON_MS = 3000; // ahead, when it is heard of

const read = async (path_) => JSON.parse((await ask('GET', centre.url + path_, { headers: token('viewer') })).body);

const works = (more) => ({ target: 'S1/4g@a', kind: 'maintenance', from: iso(down), to: iso(down + 1000), reason: 'thay ắc quy', by: 'Trần An', ...more });

before(async () => {
  for (const role of ['viewer', 'operator', 'admin']) fs.writeFileSync(path.join(folder, `${role}.token`), `${role}-secret\n`, { mode: 0o600 });
  await broker.start();
  centre = new Collector(folder, { inventory: { ...INVENTORY, depends: 'child,on,kind,group\nS2,S1,power,\n' }, http: Object.fromEntries(['viewer', 'operator', 'admin'].map((role) => [`${role}_token_file`, path.join(folder, `${role}.token`)])) });
  await centre.start();
  probe = new Probe('p1', 'S1');
  await probe.connect(broker);
  const start = nowUs() / 1000n * 1000n;
  probe.checklist(start, [['icmp/a', ['4g@a'], { ttl_ms: 60000 }]]);
  probe.results([['icmp/a', start + 1000n, 0, {}]]);
  await until('two seconds have passed', () => nowUs() > start + 2000000n);
  down = Number((start + 1000000n) / 1000n);
  probe.results([['icmp/a', start + 1000000n, 2, {}], ['icmp/a', start + 2000000n, 0, {}]]);
  await probe.acked();
  await until('the window is behind the last marker', async () => (await figure()).state_ms.up === 1000);
});

after(async () => { await probe?.close(); for (const server of [centre, broker]) await server.kill(); });

// 0.5 s up, 1 s down, 0.5 s up
const within = () => `from=${iso(down - 500)}&to=${iso(down + 1500)}`;
const figure = async () => (await read(`/api/v1/availability?site=S1&${within()}`)).figures.find((f) => f.unit === 'S1/4g@a');

test('what has begun takes an admin; what cannot be is refused in words', async () => {
  const post = (role, body) => change('POST', '/api/v1/declarations', role, body);
  assert.equal((await post('viewer', works())).status, 403);
  assert.deepEqual(await post('operator', works()), { status: 403, error: "what has begun takes an admin's token" });
  for (const [body, status, says] of [
    [works({ target: 'S9' }), 404, /unknown site/], [works({ target: 'S1/2g@a' }), 404, /unknown unit/], [works({ kind: 'rest' }), 400, /kind/],
    [works({ from: 'yesterday' }), 400, /from/], [works({ to: iso(down - 2000) }), 400, /before/], [works({ by: '' }), 400, /by/],
    [works({ from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' }), 400, /70 days/], [works({ to: iso(down + 4e10) }), 400, /a year/],
    [works({ reason: 'x'.repeat(501) }), 400, /reason/], [{ ...works(), by: undefined }, 400, /by/]]) {
    const answer = await post('admin', body);
    assert.equal(answer.status, status, JSON.stringify(answer));
    assert.match(answer.error, says);
  }
  assert.equal((await read('/api/v1/declarations')).total, 0);
});

test('maintenance in retrospect: the figure is shown with and without, and outlives a kill -9', async () => {
  const before_ = await figure();
  assert.equal(before_.with_retroactive, null);
  assert.equal(before_.confirmed, 0.5);
  const made = await change('POST', '/api/v1/declarations', 'admin', works());
  assert.equal(made.status, 201);
  assert.deepEqual({ ...made, registered: undefined },
    { ...works(), status: 201, number: 1, site: 'S1', counts: false, retroactive: true, withdrawn: null, registered: undefined });
  await centre.kill();
  await centre.start();
  const listed = await read('/api/v1/declarations?site=S1');
  assert.equal(listed.total, 1);
  assert.equal(listed.declarations[0].reason, 'thay ắc quy');
  const both = await figure();
  assert.equal(both.confirmed, 0.5);
  assert.equal(both.outages, 1);
  assert.equal(both.with_retroactive.confirmed, 1);
  assert.equal(both.with_retroactive.outages, 0);
  assert.equal(both.with_retroactive.retroactive_ms, 1000);
  const area = (await read(`/api/v1/availability?area=58&kind=bts&${within()}`)).figures.find((f) => f.operator === 'all');
  assert.deepEqual([area.confirmed, area.outages], [0.5, 1]);
  assert.deepEqual([area.with_retroactive.confirmed, area.with_retroactive.outages], [1, 0]);
});

test('so it is in the calendar day', async () => {
  const day = await read(`/api/v1/availability?site=S1&period=day:${new Date(down + 7 * 3600000).toISOString().slice(0, 10)}`);
  const own = day.figures.find((f) => f.unit === 'S1/4g@a');
  const other = day.figures.find((f) => f.unit !== 'S1/4g@a');
  assert.deepEqual([own.state_ms.down, own.state_ms.maintenance, own.outages], [1000, 0, 1]);
  assert.deepEqual([own.with_retroactive.retroactive_ms, own.with_retroactive.outages, own.with_retroactive.mttr_ms], [1000, 0, null]);
  assert.deepEqual(own.with_retroactive.down_ms_by_cause, {});
  assert.equal(other.with_retroactive, null);
  const [area] = (await read('/api/v1/availability?area=58&kind=bts&operator=a&period=month')).figures;
  assert.equal(area.with_retroactive.retroactive_ms, 1000);
});

test('withdrawn it counts nowhere, and stays in the list', async () => {
  assert.equal((await change('DELETE', '/api/v1/declarations/1', 'operator')).status, 403);
  assert.equal((await change('DELETE', '/api/v1/declarations/7', 'admin')).status, 404);
  const gone = await change('DELETE', '/api/v1/declarations/1', 'admin');
  assert.equal(gone.status, 200);
  assert.ok(gone.withdrawn);
  assert.equal((await change('DELETE', '/api/v1/declarations/1', 'admin')).status, 409);
  assert.equal((await figure()).with_retroactive, null);
  assert.equal((await read('/api/v1/declarations')).total, 1);
});

test('in time an operator may, and the unit is in maintenance when it begins', async () => {
  const from = Date.now() + SOON_MS;
  const made = await change('POST', '/api/v1/declarations', 'operator', works({ target: 'S2', from: iso(from), to: iso(from + 600000) }));
  assert.equal(made.status, 201);
  assert.equal(made.counts, true);
  const state = async () => (await read('/api/v1/sites/S2')).units[0].state;
  await until('the works begin', async () => await state() === 'maintenance');
  assert.ok(Date.now() >= from);
  assert.equal((await change('DELETE', `/api/v1/declarations/${made.number}`, 'operator')).status, 200);
  await until('the works have ended', async () => await state() !== 'maintenance');
});

test('a site with all behind it, every week: many rows by one request, and withdrawn by one', async () => {
  let from = Date.now() + SOON_MS;
  const plan = (more) => change('POST', '/api/v1/declarations/plan', 'operator', works({ target: 'S1', from: iso(from), to: iso(from + 600000), dependents: true, every: 'week', times: 3, ...more }));
  for (const [more, says] of [[{ every: undefined }, /needs every/], [{ every: 'day', to: iso(from + 90000000) }, /last longer/], [{ times: 60 }, /a year/], [{ times: 0 }, /at least 1/], [{ target: 'S1/4g@a' }, /whole site/], [{ by: '' }, /by/]]) {
    const answer = await plan(more);
    assert.equal(answer.status, 400, JSON.stringify(answer));
    assert.match(answer.error, says);
  }
  assert.equal((await change('POST', '/api/v1/declarations/plan', 'operator', works())).status, 403);
  const before_ = (await read('/api/v1/declarations')).total;
  from = Date.now() + SOON_MS;
  const made = await plan({});
  assert.deepEqual([made.status, made.last - made.first, made.sites, made.times], [201, 5, 2, 3]);
  assert.equal((await read('/api/v1/declarations')).total, before_ + 6);
  const states = async () => Promise.all(['S1', 'S2'].map(async (site) => (await read(`/api/v1/sites/${site}`)).units[0].state));
  await until('both are in maintenance', async () => (await states()).every((state) => state === 'maintenance'));
  await centre.kill();
  await centre.start();
  const gone = await change('DELETE', `/api/v1/declarations/plan/${made.first + 2}`, 'operator');
  assert.deepEqual([gone.status, gone.withdrawn], [200, 6]);
  await until('neither is any more', async () => (await states()).every((state) => state !== 'maintenance'));
  assert.equal((await change('DELETE', `/api/v1/declarations/plan/${made.first}`, 'operator')).status, 409);
});

// Far more than it takes: a plan onto a site that had 7,000 declarations once took 4 s of the loop, and each one a copy of the inventory.
const SILENCE_MS = 1000;

// What the loop has worked so far, in ms of a processor: whoever else is busy on this machine does not count.
const worked = (pid) => Number(fs.readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

test('with all that may be declared, one more is refused in words and the loop answers all the while', async () => {
  const from = Date.now() + 86400000;
  const waits = [];
  let over = false;
  const pulse = (async () => {
    while (!over) {
      const asked = worked(centre.child.pid);
      await ask('GET', `${centre.url}/healthz`);
      waits.push(worked(centre.child.pid) - asked);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const plan = (times) => change('POST', '/api/v1/declarations/plan', 'operator', works({ target: 'S2', from: iso(from), to: iso(from + 600000), every: 'day', times }));
  let left = 20000 - (await read('/api/v1/declarations')).total;
  for (; left > 1000; left -= 360) assert.equal((await plan(360)).status, 201);
  const one = (i) => change('POST', '/api/v1/declarations', 'operator', works({ target: 'S1', from: iso(from + i), to: iso(from + 600000) }));
  const said = await Promise.all(Array.from({ length: 8 }, async (_, lane) => {
    let status;
    for (let i = lane; i < 64; i += 8) ({ status } = await one(i));
    return status;
  }));
  assert.deepEqual([...new Set(said)], [201]);
  left -= 64;
  while (left > 0) {
    const times = Math.min(left, 360);
    assert.equal((await plan(times)).status, 201);
    left -= times;
  }
  assert.deepEqual(await one(0), { status: 409, error: 'too many declarations are kept' });
  over = true;
  await pulse;
  console.log(`20,000 declarations; the loop answered after ${Math.max(...waits).toFixed(0)} ms of work at most (${waits.length} times asked)`);
  assert.ok(Math.max(...waits) < SILENCE_MS);
  await centre.kill();
  await centre.start();
  assert.equal((await read('/api/v1/declarations')).total, 20000);
});
