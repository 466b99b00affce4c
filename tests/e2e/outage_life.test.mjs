// What people do about an outage, through the API: who may, what is refused, and that an answer means "stored".
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, nowUs, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('outage_life');
const broker = new Mosquitto(folder);
// What work may wait for, and what an outage then shows: nothing is said where it waits for nothing.
const WAITS = [['parts', 'parts'], ['access', 'access'], ['nothing', null], ['mains', 'mains']];
const SOON_MS = 3000; // ahead, when it is heard of and looked at
const ROLES = ['viewer', 'operator', 'admin'];
let centre;
let probe;
let number; // "SC1"

const token = (role) => (role ? { Authorization: `Bearer ${role}-secret` } : {});
const iso = (ms) => new Date(ms).toISOString();
const minutes = (n) => iso(Date.now() + n * 60000);

async function act(deed, body = {}, role = 'operator', id = number) {
  const answer = await ask('POST', `${centre.url}/api/v1/outages/${id}/${deed}`, { headers: { ...token(role), 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return { status: answer.status, ...JSON.parse(answer.body) };
}

const read = async (path_) => JSON.parse((await ask('GET', centre.url + path_, { headers: token('viewer') })).body);
const whole = () => read(`/api/v1/outages/${number}`);
const verdict = async (value) => {
  probe.results([['icmp/a', nowUs(), value, {}]]);
  await probe.acked();
};

before(async () => {
  for (const role of ROLES) fs.writeFileSync(path.join(folder, `${role}.token`), `${role}-secret\n`, { mode: 0o600 });
  await broker.start();
  centre = new Collector(folder, { http: Object.fromEntries(ROLES.map((role) => [`${role}_token_file`, path.join(folder, `${role}.token`)])) });
  await centre.start();
  probe = new Probe('p1', 'S1');
  await probe.connect(broker);
  probe.checklist(nowUs(), [['icmp/a', ['4g@a'], { ttl_ms: 600000 }]]);
  await verdict(0);
  await verdict(2);
  number = await until('an outage', async () => (await read('/api/v1/outages?open=1')).outages[0]?.outage);
});

after(async () => { await probe?.close(); for (const server of [centre, broker]) await server.kill(); });

test('a new one says so; viewers look, operators act, nobody else does either', async () => {
  const found = await whole();
  assert.equal(found.life.stage, 'new');
  assert.deepEqual(found.acts, []);
  assert.equal(found.open, true);
  assert.equal((await act('acknowledge', {}, null)).status, 401);
  assert.equal((await act('acknowledge', {}, 'nobody')).status, 401);
  assert.equal((await act('acknowledge', {}, 'viewer')).status, 403);
  assert.equal((await act('acknowledge', {}, 'operator', 'SC999')).status, 404);
  assert.equal((await act('acknowledge', {}, 'operator', 'x')).status, 404);
  assert.equal((await act('forget')).status, 404);
  assert.deepEqual((await whole()).acts, []);
});

test('what is answered is stored: kill -9 right after, and nothing done is undone', async () => {
  const taken = await act('acknowledge', { by: 'Lan', comment: 'đã nhận' });
  assert.equal(taken.status, 200);
  assert.equal(taken.life.stage, 'acknowledged');
  await centre.kill();
  await centre.start();
  const after_ = await whole();
  assert.equal(after_.life.stage, 'acknowledged');
  assert.equal(after_.life.acknowledged_by, 'Lan');
  assert.equal(after_.acts[0].comment, 'đã nhận');
  const again = await act('acknowledge', { by: 'Minh' });
  assert.deepEqual([again.status, again.error], [409, 'it is acknowledged already']);
});

test('passed on, worked on, expected: each is in the list too', async () => {
  assert.equal((await act('assign', {})).status, 409);
  assert.equal((await act('assign', { to: 'VNPT', ticket: 'T-77' })).life.stage, 'assigned');
  assert.equal((await act('progress', { waiting: 'holidays' })).status, 400);
  for (const [waiting, shown] of WAITS) {
    const answer = await act('progress', { waiting, comment: `đợi ${waiting}` });
    assert.deepEqual([answer.status, answer.life.stage, answer.life.waiting], [200, 'in_progress', shown]);
    for (const { life } of [await whole(), (await read('/api/v1/outages?open=1')).outages[0], (await read('/api/v1/handover')).outages[0]])
      assert.deepEqual([life.stage, life.waiting, life.assigned_to, life.ticket], ['in_progress', shown, 'VNPT', 'T-77']);
  }
  assert.deepEqual((await whole()).acts.slice(-WAITS.length).map((a) => [a.deed, a.waiting, a.comment]), WAITS.map(([waiting]) => ['progress', waiting, `đợi ${waiting}`]));
  assert.equal((await act('expect', { until: minutes(-1) })).status, 409);
  assert.equal((await act('expect', { until: iso(Date.now() + SOON_MS) })).status, 200);
  await until('it is overdue', async () => (await read('/api/v1/outages?open=1')).outages[0].life.overdue);
  assert.equal((await act('comment', { comment: 'x'.repeat(501) })).status, 400);
  assert.equal((await act('comment', { comment: '' })).status, 409);
});

test('a shift hands it over, and both sign', async () => {
  const { unacknowledged, overdue, shelved, outages_total, maintenance } = await read('/api/v1/handover');
  assert.deepEqual({ unacknowledged, overdue, shelved, outages_total, maintenance }, { unacknowledged: 0, overdue: 1, shelved: 0, outages_total: 1, maintenance: [] });
  const sign = async (how, body, role = 'operator') => (await ask('POST', `${centre.url}/api/v1/handover/${how}`, { headers: { ...token(role), 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).status;
  assert.equal(await sign('give', { by: 'Lan' }, 'viewer'), 403);
  assert.equal(await sign('give', { by: '' }), 400);
  assert.equal(await sign('take', { by: 'Minh' }), 409); // nobody has given it
  assert.equal(await sign('give', { by: 'Lan', comment: 'SC chờ điện' }), 200);
  assert.equal(await sign('take', { by: 'Lan' }), 409);
  const given = await read('/api/v1/handover');
  assert.deepEqual([given.given.by, given.taken], ['Lan', null]);
  assert.equal(await sign('take', { by: 'Minh' }), 200);
  const taken = await read('/api/v1/handover');
  assert.deepEqual([taken.given, taken.taken.by], [null, 'Minh']);
  const { entries } = JSON.parse((await ask('GET', `${centre.url}/api/v1/audit?limit=2`, { headers: token('admin') })).body);
  assert.deepEqual(entries.map((e) => [e.act, JSON.parse(e.detail).by]), [['POST /api/v1/handover/take', 'Minh'], ['POST /api/v1/handover/give', 'Lan']]);
});

test('the shift log tells what happened and what people wrote, through a kill -9, and as a table', async () => {
  const note = (body, role = 'operator') => ask('POST', `${centre.url}/api/v1/shift`, { headers: { ...token(role), 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal((await note({ text: 'x' }, 'viewer')).status, 403);
  assert.equal((await note({ text: '' })).status, 400);
  const written = await note({ text: '=gọi "điện lực"', by: 'Minh' });
  assert.equal(written.status, 201);
  await centre.kill();
  await centre.start();
  const present = await read('/api/v1/shift'); // of the shift that Minh took
  assert.deepEqual(present.lines.map((l) => [l.kind, l.by]), [['collector_started', null], ['note', 'Minh'], ['handover_taken', 'Minh']]);
  const whole_ = await read(`/api/v1/shift?from=${iso(Date.now() - 3600e3)}&limit=100`);
  assert.deepEqual(whole_.lines.filter((l) => l.outage === number).reverse().map((l) => [l.kind, l.by]),
    [['outage_opened', null], ['outage_acknowledged', 'Lan'], ['outage_assigned', 'operator'], ...WAITS.map(() => ['outage_in_progress', 'operator']), ['outage_expected', 'operator']]);
  assert.deepEqual(whole_.lines.filter((l) => l.kind === 'outage_in_progress').reverse().map((l) => [l.waiting, l.text]), WAITS.map(([waiting, shown]) => [shown, `đợi ${waiting}`]));
  assert.equal(whole_.lines.filter((l) => l.kind === 'collector_started').length, 3);
  assert.deepEqual((await read(`/api/v1/shift?from=${iso(Date.now() - 3600e3)}&offset=1&limit=1`)).lines, [whole_.lines[1]]);
  const table = await ask('GET', `${centre.url}/api/v1/shift?format=csv`, { headers: token('viewer') });
  assert.match(table.headers['content-type'], /^text\/csv/);
  assert.match(table.body.split('\r\n')[0], /until,text,waiting,root,others$/);
  assert.match(table.body, /"note","","","","","","Minh","","","'=gọi ""điện lực""","","",""\r\n/);
  for (const wrong of ['from=yesterday', 'format=xml', `from=${iso(Date.now() - 40 * 86400e3)}`, `from=${minutes(5)}`])
    assert.equal((await ask('GET', `${centre.url}/api/v1/shift?${wrong}`, { headers: token('viewer') })).status, 400, wrong);
});

test('shelved it leaves the top list, not the count, and comes back by itself', async () => {
  assert.equal((await act('shelve', { until: minutes(10), comment: '' })).status, 409);
  assert.equal((await act('shelve', { until: minutes(60 * 24 * 8), comment: 'x' })).status, 409);
  assert.equal((await act('shelve', { until: iso(Date.now() + SOON_MS), comment: 'chờ điện' })).status, 200);
  const top = async () => { const { outages, outages_total } = await read('/api/v1/overview'); return [outages.length, outages_total]; };
  assert.deepEqual(await top(), [0, 1]);
  assert.equal((await read('/api/v1/outages?open=1')).outages[0].life.shelved_reason, 'chờ điện');
  await until('it is back', async () => (await top())[0] === 1);
  assert.equal((await act('unshelve')).status, 409);
});

test('closed when it is over, not before; a new one is another', async () => {
  assert.deepEqual([(await act('close')).status, (await act('close')).error], [409, 'what is out is not closed']);
  await verdict(0);
  await until('it is over', async () => (await whole()).life.stage === 'restored');
  assert.equal((await act('close', { comment: 'xong' })).life.stage, 'closed');
  assert.equal((await act('assign', { to: 'VNPT' })).status, 409);
  await verdict(2);
  const next = await until('another', async () => (await read('/api/v1/outages?open=1')).outages[0]);
  assert.notEqual(next.outage, number);
  assert.equal(next.life.stage, 'new');
  const found = await whole();
  assert.deepEqual(found.acts.map((a) => a.deed), ['acknowledge', 'assign', ...WAITS.map(() => 'progress'), 'expect', 'shelve', 'close']);
  assert.deepEqual(found.by_operator_and_service.map((p) => [p.operator, p.service, p.units]), [['a', '4g', 1]]);
});
