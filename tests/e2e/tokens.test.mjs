// Tokens of people: made by the command, hashed in their file, named in the audit log, taken away at a reload; and who tries tokens out is cut off.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, ask, until } from '../support/centre.mjs';
import { BIN, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('tokens');
const broker = new Mosquitto(folder);
const file = path.join(folder, 'people.tokens');
let centre;
const secret = {};

const make = (name, role) => spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile, 'token', 'make', name, role], { encoding: 'utf8', timeout: 60000 });
const get = async (token, path_ = '/api/v1/sites') => (await ask('GET', centre.url + path_, { headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } })).status;

before(async () => {
  await broker.start();
  centre = new Collector(folder, { http: { tokens_file: file } });
  centre.writeConfig();
  for (const [name, role] of [['lan', 'operator'], ['sếp', 'admin'], ['tv', 'viewer']]) {
    const made = make(name, role);
    assert.equal(made.status, 0, made.stderr);
    secret[name] = made.stdout.trim();
  }
  await centre.start();
  await until('it answers', async () => await get(secret.tv, '/readyz') === 200);
});

after(async () => { for (const server of [centre, broker]) await server.kill(); });

test('the file has names, roles and hashes, and no token', () => {
  const text = fs.readFileSync(file, 'utf8');
  assert.equal(fs.statSync(file).mode & 0o77, 0);
  assert.match(text, /^lan:operator:[0-9a-f]{64}$/m);
  for (const one of Object.values(secret)) { assert.match(one, /^[0-9a-f]{64}$/); assert.ok(!text.includes(one)); }
  assert.equal(make('lan', 'viewer').status, 1);
  assert.equal(make('x', 'root').status, 1);
  assert.equal(make('a:b', 'viewer').status, 1);
  assert.equal(fs.readFileSync(file, 'utf8'), text);
});

test('each may what its role may, under its own name', async () => {
  assert.equal(await get(), 401);
  assert.equal(await get(secret.tv), 200);
  const works = { target: 'S1', kind: 'maintenance', from: '2031-01-01T00:00:00Z', to: '2031-01-01T01:00:00Z', by: 'An' };
  const declare = (name) => ask('POST', `${centre.url}/api/v1/declarations`, { headers: { Authorization: `Bearer ${secret[name]}`, 'Content-Type': 'application/json' }, body: JSON.stringify(works) });
  assert.equal((await declare('tv')).status, 403);
  assert.equal((await declare('lan')).status, 201);
  assert.equal(await get(secret.lan, '/api/v1/audit'), 403);
  const log = JSON.parse((await ask('GET', `${centre.url}/api/v1/audit`, { headers: { Authorization: `Bearer ${secret['sếp']}` } })).body);
  assert.deepEqual(log.entries.map((e) => [e.who, e.role, e.act.split(' ')[0]]).sort(), [['lan', 'operator', 'POST'], ...Array(3).fill(['tokens_file', 'machine', 'token'])]);
});

test('a line that is gone is nobody after a reload; a wrong file changes nothing', async () => {
  const text = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, `${text}nonsense\n`);
  centre.child.kill('SIGHUP');
  await until('it complains', () => /http.tokens_wrong.*people.tokens:4:/.test(centre.log()));
  assert.equal(await get(secret.lan), 200);
  fs.writeFileSync(file, text.replace(/^lan:.*\n/m, ''));
  centre.child.kill('SIGHUP');
  await until('she is gone', async () => await get(secret.lan) === 401);
  assert.equal(await get(secret.tv), 200);
});

test('one stale page is no attack, twenty guesses are', async () => {
  for (let i = 0; i < 30; i++) assert.equal(await get('stale'), 401);
  let status;
  for (let i = 0; i < 25 && status !== 429; i++) status = await get(`guess-${i}`);
  assert.equal(status, 429);
  assert.equal(await get(secret.tv), 429);
  assert.equal(await get(undefined, '/healthz'), 200);
  const log = centre.log();
  for (const one of Object.values(secret)) assert.ok(!log.includes(one));
});
