// What an operator can do wrong, and what a machine can: each is told in words that say what to do,
// and nothing that was acknowledged is lost.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, ask, assertSamePoints, nowUs, until, writeInventory } from '../support/centre.mjs';
import { BIN, Influx, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('trouble');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const p = new Probe('p1', 'S1', { retryMs: 300 });
const t = nowUs() - 3600_000_000n;
let centre;
let n = 0;

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  centre = new Collector(folder);
  await p.connect(broker);
  p.checklist(t - 1n, [['icmp/a', ['4g@a']]]);
});

after(async () => {
  await p.close();
  for (const server of [centre, influx, broker]) await server.kill();
});

afterEach(async () => { if (centre.code === undefined) await centre.kill(); });

function send(count, bytes = 0) {
  for (let i = 0; i < count; i++, n++)
    p.results([['icmp/a', t + BigInt(n) * 1_000_000n, 0, { rtt: n }], ...Array.from({ length: bytes / 100 }, (_, k) => [`icmp/b${k}`, t + BigInt(n) * 1_000_000n, 0, { rtt: Math.random() }])]);
}

const check = () => spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile, '--check-config'], { encoding: 'utf8' });

async function allStored() {
  await p.acked();
  await centre.drained();
  assertSamePoints(await influx.points('ioc'), [p]);
  await centre.balanced();
}

test('a wrong configuration: every mistake at once, with its place and a suggestion', async () => {
  const good = fs.readFileSync(centre.configFile, 'utf8');
  fs.writeFileSync(centre.configFile, good + 'limits_:\n  reserve: 1\nsinks:\n  url: x\n');
  fs.writeFileSync(centre.configFile, `centre:\n  idd: c1\n  utc_offset: banana\nbroker:\n  port: 99999\nhttp:\n  listen: 0.0.0.0\n`);
  const { status, stderr } = check();
  fs.writeFileSync(centre.configFile, good);
  assert.notEqual(status, 0);
  for (const words of [/:2:3:.*idd.*"id"/, /:3:\d+:.*utc_offset/, /:5:\d+:.*port/, /needs cert_file/]) assert.match(stderr, words);
});

test('a wrong inventory: every mistake with file and line; the old one stays in force', async () => {
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  send(3);
  await allStored();
  const wrong = {
    areas: INVENTORY.areas + 'x1,x2,commune,A,,,,,,,,\nx2,x1,commune,B,,,,,,,,\nx3,nowhere,village,C,,,,,,,,\nv1,22738,village,Again,,,,,,,,\n',
    sites: INVENTORY.sites + 'S3,NT-003,Far,bts,22738,95.5,200,,public,,,\n',
  };
  writeInventory(centre.inventory, { ...INVENTORY, ...wrong });
  const told = check();
  assert.notEqual(told.status, 0);
  for (const words of [/areas\.csv:6:.*x/, /areas\.csv:8:.*nowhere/, /areas\.csv:9:.*line 4/, /sites\.csv:4:.*(lat|95)/]) assert.match(told.stderr, words);
  centre.child.kill('SIGHUP');
  await until('the log names the mistakes', () => /inventory\.wrong.*areas\.csv:8/.test(centre.log()));
  assert.equal((await centre.get('/api/v1/sites')).total ?? (await centre.get('/api/v1/sites')).sites.length, 2);
  send(3);
  await allStored();
  await centre.kill();
  assert.ok(await centre.start(), 'a start goes on with the inventory of the store');
  await centre.ready();
  send(3);
  await allStored();
  writeInventory(centre.inventory, { ...INVENTORY, sites: INVENTORY.sites + 'S3,NT-003,Gần,bts,22738,,,,public,,,\n' });
  centre.child.kill('SIGHUP');
  await until('the good one is taken', async () => (await centre.get('/api/v1/sites')).sites.length === 3);
  writeInventory(centre.inventory, INVENTORY);
});

test('a wrong configuration at SIGHUP: the old one stays in force', async () => {
  assert.ok(await centre.start(), centre.log());
  const good = fs.readFileSync(centre.configFile, 'utf8');
  fs.writeFileSync(centre.configFile, good + 'nonsense: [\n');
  centre.child.kill('SIGHUP');
  await until('told', () => /config\.wrong/.test(centre.log()));
  fs.writeFileSync(centre.configFile, good);
  centre.child.kill('SIGHUP');
  send(3);
  await allStored();
});

test('a port that is taken is named, and the process ends', async () => {
  const other = net.createServer();
  await new Promise((resolve) => other.listen(8080, '127.0.0.1', resolve));
  const ended = spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile], { encoding: 'utf8', timeout: 60000 });
  other.close();
  assert.equal(ended.status, 1, ended.stderr);
  assert.match(ended.stderr, /http\.open_failed.*8080.*set http\.port/);
});

test('a second collector on the same data is told so', async () => {
  assert.ok(await centre.start(), centre.log());
  const second = spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile], { encoding: 'utf8', timeout: 60000 });
  assert.equal(second.status, 1);
  assert.match(second.stderr, /data\.open_failed.*another collector/);
});

test('a store of a newer schema is left alone', async () => {
  const store = path.join(centre.data, 'store.db');
  const sql = (text) => execFileSync('python3', ['-c', `import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()`, store, text]);
  sql('PRAGMA user_version = 999');
  assert.equal(await centre.start(), false);
  assert.match(centre.log(), /store\.open_failed.*newer program/);
  sql('PRAGMA user_version = 1');
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  send(3);
  await allStored();
});

test('a store that is no database is told', async () => {
  const other = new Collector(freshFolder('garbage'), { port: 8082 });
  fs.mkdirSync(other.data, { recursive: true });
  fs.writeFileSync(path.join(other.data, 'store.db'), 'x'.repeat(8192));
  assert.equal(await other.start(), false);
  assert.match(other.log(), /store\.open_failed.*not a database/);
});

test('a damaged intake segment: the start goes on, the damage is named and kept', async () => {
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  send(5);
  await p.acked();
  await centre.kill();
  const intake = path.join(centre.data, 'intake');
  const newest = fs.readdirSync(intake).filter((f) => f.endsWith('.seg')).sort().at(-1);
  // a record that claims a length and does not check, then a good length of nothing known
  fs.appendFileSync(path.join(intake, newest), Buffer.concat([Buffer.from([20, 0, 0, 0, 1, 2, 3, 4]), Buffer.alloc(200, 0x55)]));
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  await until('damage is told', () => /intake\.damaged.*\.(bad|seg)/.test(centre.log()));
  send(5);
  await allStored();
});

test('a damaged batch file: its readings are dead letters, the rest goes on', async () => {
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  await influx.kill();
  const spoiled = new Probe('p2', 'S2', { retryMs: 300 });
  await spoiled.connect(broker);
  spoiled.results([['icmp/z', nowUs(), 0, { rtt: 1 }]]);
  await spoiled.acked();
  await centre.kill();
  const batches = path.join(centre.data, 'batches');
  const file = path.join(batches, fs.readdirSync(batches).sort().at(-1));
  const bytes = fs.readFileSync(file);
  bytes[bytes.length - 9] ^= 0xff;
  fs.writeFileSync(file, bytes);
  await influx.start();
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  await until('told', () => /batch\.damaged/.test(centre.log()));
  send(3);
  await allStored();
  const m = await centre.metrics();
  assert.equal(m.ioc_ledger_readings_dead_total, 2);
  await spoiled.close();
});

test('a disk full at start and while running: told, nothing acknowledged is lost, and it recovers by itself', async () => {
  const place = freshFolder('small');
  fs.mkdirSync(path.join(place, 'data'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'none', path.join(place, 'data')]);
  centre = new Collector(place, { port: 8083, centre: { id: 'c3' }, limits: { low_water: '64KiB', reserve: '2MiB' } });
  const filler = path.join(centre.data, 'filler');
  const fill = (left) => {
    const { bavail, bsize } = fs.statfsSync(centre.data);
    fs.appendFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
  };
  fill(65536);
  assert.equal(await centre.start(), false);
  assert.match(centre.log(), /(data|store)\.open_failed.*(full|space)/);
  fs.rmSync(filler);
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  p.upto = 0; // a new centre: everything again
  p.sent = 0;
  await p.acked();
  await centre.drained();

  fill(300_000); // above the low-water mark, below what the next commits need
  send(60, 20_000);
  await until('it is told', () => /store\.stalled.*free disk space|intake\.paused.*free disk space|intake\.append_failed/.test(centre.log()));
  const ready = await ask('GET', centre.url + '/readyz');
  assert.ok(ready.status === 503 || ready.status === 0, `${ready.status}`);
  const api = await ask('GET', centre.url + '/api/v1/sites');
  assert.ok([0, 200, 503].includes(api.status), 'no request waits for ever');
  fs.rmSync(filler);
  await until('it goes on or has ended', () => centre.code !== undefined || p.upto === p.packs.length);
  if (centre.code !== undefined) { // an append that failed: it ends without an acknowledgement to the broker
    assert.match(centre.log(), /intake\.append_failed/);
    assert.ok(await centre.start(), centre.log());
  }
  await allStored();
  assert.equal((await ask('GET', centre.url + '/readyz')).status, 200);
  await centre.stop();
});
