// The audit log: every act is in it with who, when and from where, in the commit of the act; and whoever meddles with the store is caught.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, ask, connect, until } from '../support/centre.mjs';
import { BIN, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('audit');
const broker = new Mosquitto(folder);
const ROLES = ['viewer', 'operator', 'admin'];
let centre;
let store;

const headers = (role) => ({ Authorization: `Bearer ${role}-secret`, 'Content-Type': 'application/json' });
const audit = async (query = '') => JSON.parse((await ask('GET', `${centre.url}/api/v1/audit${query}`, { headers: headers('admin') })).body);
const works = (day) => ({ target: 'S1', kind: 'maintenance', from: `2031-01-0${day}T00:00:00Z`, to: `2031-01-0${day}T01:00:00Z`, reason: 'thay ắc quy', by: 'An' });
const declare = (day, role = 'operator') => ask('POST', `${centre.url}/api/v1/declarations`, { headers: headers(role), body: JSON.stringify(works(day)) });
const verify = () => spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile, 'audit', 'verify'], { encoding: 'utf8', timeout: 60000 });
const sql = (text) => execFileSync('sqlite3', [store, text], { encoding: 'utf8' }).trim();

before(async () => {
  for (const role of ROLES) fs.writeFileSync(path.join(folder, `${role}.token`), `${role}-secret\n`, { mode: 0o600 });
  await broker.start();
  centre = new Collector(folder, { http: Object.fromEntries(ROLES.map((role) => [`${role}_token_file`, path.join(folder, `${role}.token`)])) });
  await centre.start();
  store = path.join(centre.sections.centre.data_folder, 'store.db');
});

after(async () => { for (const server of [centre, broker]) await server.kill(); });

test('an empty log holds; only an admin reads it', async () => {
  assert.match(verify().stdout, /^audit: 0 rows hold/);
  for (const role of ['viewer', 'operator']) assert.equal((await ask('GET', `${centre.url}/api/v1/audit`, { headers: headers(role) })).status, 403);
  assert.equal((await ask('GET', `${centre.url}/api/v1/audit`)).status, 401);
  assert.deepEqual((await audit()).entries, []);
});

test('acts stand in it, refusals do not; what was answered outlives a kill -9', async () => {
  const before_ = Date.now();
  assert.equal((await declare(1)).status, 201);
  assert.equal((await declare(2, 'viewer')).status, 403);
  await centre.kill();
  await centre.start();
  assert.equal((await declare(2)).status, 201);
  assert.equal((await ask('DELETE', `${centre.url}/api/v1/declarations/1`, { headers: headers('admin') })).status, 200);
  const { entries, total, next } = await audit();
  assert.deepEqual([total, next, entries.map((e) => e.number)], [3, null, [3, 2, 1]]);
  assert.deepEqual([entries[0].who, entries[0].role, entries[0].act, entries[0].target], ['admin', 'admin', 'DELETE /api/v1/declarations/{id}', '1']);
  assert.deepEqual([entries[2].who, entries[2].role, entries[2].address], ['operator', 'operator', '127.0.0.1']);
  assert.deepEqual(JSON.parse(entries[2].detail), works(1));
  assert.ok(Date.parse(entries[2].at) >= before_ - 1000 && Date.parse(entries[2].at) <= Date.now());
});

test('what is done to dead letters stands in it', async () => {
  const client = await connect(broker);
  await client.publishAsync('ioc/v1/school/plain', 'garbage', { qos: 1 });
  const number = await until('a letter', async () => JSON.parse((await ask('GET', `${centre.url}/api/v1/deadletters`, { headers: headers('admin') })).body).letters[0]?.number);
  assert.equal((await ask('POST', `${centre.url}/api/v1/deadletters/${number}/purge`, { headers: headers('admin'), body: '{}' })).status, 200);
  const [entry] = (await audit('?limit=1')).entries;
  assert.deepEqual([entry.act, entry.target, entry.who], ['deadletter purge', String(number), 'admin']);
  await client.endAsync(true);
});

test('pages follow each other', async () => {
  const first = await audit('?limit=3');
  assert.deepEqual([first.entries.map((e) => e.number), first.next], [[4, 3, 2], 2]);
  const second = await audit(`?limit=3&before=${first.next}`);
  assert.deepEqual([second.entries.map((e) => e.number), second.next], [[1], null]);
});

test('the chain holds while the collector runs, and whoever meddles is caught by the row', async () => {
  const whole = verify();
  assert.equal(whole.status, 0, whole.stderr);
  assert.ok(whole.stdout.includes((await audit()).head));
  assert.match(centre.log(), /audit.head number=4 hash=[0-9a-f]{64}/);
  await centre.kill();
  fs.copyFileSync(store, `${store}.good`);
  if (fs.existsSync(`${store}-wal`)) sql('PRAGMA wal_checkpoint(TRUNCATE)');
  fs.copyFileSync(store, `${store}.good`);
  const caught = (change, row) => {
    sql(change);
    const found = verify();
    assert.equal(found.status, 1, change);
    assert.match(found.stderr, new RegExp(`BROKEN at row ${row}:`), change);
    for (const end of ['-wal', '-shm']) fs.rmSync(store + end, { force: true });
    fs.copyFileSync(`${store}.good`, store);
  };
  caught("UPDATE audit SET who = 'minh' WHERE number = 2", 2);
  caught("UPDATE audit SET detail = replace(detail, 'An', 'Ai') WHERE number = 1", 1);
  caught('UPDATE audit SET at_ms = at_ms + 1 WHERE number = 3', 3);
  caught('DELETE FROM audit WHERE number = 2', 2);
  caught('DELETE FROM audit WHERE number = 4', 4);
  caught('DELETE FROM audit', 1);
  caught('UPDATE audit SET number = CASE number WHEN 2 THEN -3 ELSE -2 END WHERE number IN (2, 3); UPDATE audit SET number = -number WHERE number < 0', 2); // two change places
  caught("INSERT INTO audit SELECT 5, at_ms, who, role, address, act, target, detail, hash FROM audit WHERE number = 4", 5);
  caught('UPDATE audit SET hash = zeroblob(32) WHERE number = 1', 1);
  caught("UPDATE meta SET value = zeroblob(32) WHERE key = 'audit_hash'", 4);
  assert.equal(verify().status, 0);
  await centre.start();
  assert.equal((await declare(3)).status, 201);
  assert.match(verify().stdout, /^audit: 5 rows hold/);
});
