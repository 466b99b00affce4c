// The centre cannot store, or does not know the time: nobody waits for ever, nothing is acknowledged meanwhile,
// and afterwards everything is there. And a page that was away goes on behind the last event it saw.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, assertSamePoints, nowUs, until } from '../support/centre.mjs';
import { BIN, Influx, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('stalled');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const t = nowUs() - 3600_000_000n;
const probe = new Probe('p1', 'S1', { retryMs: 300 });
let centre, holder, n = 0;

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  await probe.connect(broker);
  probe.checklist(t - 1n, [['icmp/a', ['4g@a']]]);
});

beforeEach(() => { centre = new Collector(folder); });

afterEach(async () => {
  holder?.stdin.end();
  await centre.kill();
  assert.doesNotMatch(centre.log(), /Sanitizer|runtime error/);
});

after(async () => {
  await probe.close();
  for (const server of [influx, broker]) await server.kill();
});

async function start(env) {
  assert.ok(await centre.start(env), centre.log());
  await centre.ready();
}

function send(count, verdict = 0) {
  for (let i = 0; i < count; i++, n++) probe.results([['icmp/a', t + BigInt(n) * 1_000_000n, verdict, { rtt: n }]]);
}

async function allStored() {
  await probe.acked();
  await centre.drained();
  assertSamePoints(await influx.points('ioc'), [probe]);
  await centre.balanced();
}

// Another process that has begun to write into the store, until its input ends.
async function holdStore() {
  const program = 'import sqlite3,sys\nc=sqlite3.connect(sys.argv[1],isolation_level=None)\nc.execute("BEGIN IMMEDIATE")\nprint("held",flush=True)\nsys.stdin.read()\n';
  holder = spawn('python3', ['-c', program, path.join(centre.data, 'store.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
}

// The answer to a request, or null if none comes within the time.
function answered(path_, withinMs) {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(null), withinMs);
    ask('GET', centre.url + path_).then((answer) => { clearTimeout(late); resolve(answer); });
  });
}

test('a store that another process holds: 503 with Retry-After for everybody, acknowledged afterwards', async () => {
  await start();
  send(3);
  await allStored();
  await holdStore();
  const before = probe.upto;
  send(3);
  const asked = [];
  await until('it is told', () => {
    asked.push(answered('/api/v1/sites', 15000));
    return /store\.stalled/.test(centre.log());
  });
  for (const answer of await Promise.all(asked)) {
    assert.ok(answer, 'a request that came while the commit was tried waits for ever');
    assert.ok([200, 503].includes(answer.status), `${answer.status}`);
  }
  const refused = await answered('/api/v1/sites', 15000);
  assert.equal(refused.status, 503);
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assert.equal((await answered('/readyz', 15000)).status, 503);
  assert.equal((await answered('/healthz', 15000)).status, 200);
  assert.equal(probe.upto, before);
  holder.stdin.end();
  await until('it goes on', () => /store\.goes_on/.test(centre.log()));
  await allStored();
});

const clockFile = path.join(folder, 'clock');

function setClock(wrongMs) {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(BigInt(wrongMs), 0);
  bytes.writeBigInt64LE(1n, 8);
  const file = fs.openSync(clockFile, fs.existsSync(clockFile) ? 'r+' : 'w+');
  fs.writeSync(file, bytes, 0, 16, 0);
  fs.closeSync(file);
}

test('a centre that does not know the time holds every pack with the reason, and takes them once it does', async () => {
  setClock(-Date.now());
  await start({ LD_PRELOAD: path.join(BIN, 'machine_clock.so'), IOC_MACHINE_CLOCK: clockFile,
    ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` });
  assert.match(centre.log(), /clock\.untrusted.*set this machine's clock/);
  const before = probe.upto;
  probe.acks = [];
  send(3);
  await until('packs are held', () => /clock/.test(probe.hold));
  assert.equal(probe.upto, before);
  assert.ok(probe.acks.every((ack) => ack.now === undefined), 'it tells nobody a time that it does not know');
  setClock(0);
  await allStored();
});

test('a centre whose clock falls a day and more behind holds what is ahead of it, says so, and loses nothing', async () => {
  setClock(0);
  await start({ LD_PRELOAD: path.join(BIN, 'machine_clock.so'), IOC_MACHINE_CLOCK: clockFile,
    ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` });
  probe.results([['icmp/a', nowUs(), 0, { rtt: n++ }]]);
  await allStored();
  assert.equal(JSON.parse((await answered('/readyz', 15000)).body).clock, 'ok');
  setClock(-26 * 3600_000);
  const before = probe.upto;
  probe.acks = [];
  probe.hold = '';
  for (let i = 0; i < 3; i++) probe.results([['icmp/a', nowUs(), 0, { rtt: n++ }]]);
  await until('packs are held', () => /stands behind what it has stored/.test(probe.hold));
  await until('it is logged', () => /clock\.doubted.*set it/.test(centre.log()));
  const ready = await answered('/readyz', 15000);
  assert.match(JSON.parse(ready.body).clock, /behind/);
  assert.equal(probe.upto, before);
  assert.equal(probe.refused.size, 0);
  await centre.kill(); // what is stored remembers
  await start({ LD_PRELOAD: path.join(BIN, 'machine_clock.so'), IOC_MACHINE_CLOCK: clockFile,
    ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` });
  probe.hold = '';
  await until('packs are held again', () => /stands behind what it has stored/.test(probe.hold));
  await until('it is logged again', () => /clock\.doubted/.test(centre.log()));
  setClock(0);
  await allStored();
  assert.equal(probe.refused.size, 0);
  await until('it is logged that it is over', () => /clock\.agreed/.test(centre.log()));
});

// A stream of events: {events: [{id, event, data}], close()}.
function listen(lastId) {
  const stream = { events: [] };
  const request = http.get(centre.url + '/api/v1/events', { agent: false, headers: lastId === undefined ? {} : { 'Last-Event-ID': `${lastId}` } }, (response) => {
    let text = '';
    response.on('error', () => {});
    response.on('data', (chunk) => {
      const parts = (text += chunk).split('\n\n');
      text = parts.pop();
      for (const part of parts) stream.events.push(Object.fromEntries(part.split('\n').map((line) => line.split(/: ?(.*)/s))));
    });
  });
  request.on('error', () => {});
  stream.close = () => request.destroy();
  stream.ids = () => stream.events.filter((e) => e.id).map((e) => Number(e.id));
  return stream;
}

async function change(stream, verdict) {
  const seen = stream.ids().length;
  probe.results([['icmp/a', nowUs(), verdict, { rtt: n++ }]]);
  await until('the change is told', () => stream.ids().length > seen);
}

test('a stream that was cut goes on behind Last-Event-ID; one that saw another life is told to ask anew', async () => {
  await start();
  const watcher = listen();
  const page = listen();
  await until('both hear', () => watcher.events.length && page.events.length);
  probe.checklist(nowUs(), [['icmp/a', ['4g@a']]]);
  await change(watcher, 2);
  await until('the page saw it', () => page.ids().at(-1) === watcher.ids().at(-1));
  const last = page.ids().at(-1);
  page.close();
  await change(watcher, 0);
  await change(watcher, 2);
  const back = listen(last);
  const missed = () => watcher.events.filter((e) => e.id && Number(e.id) > last);
  await until('the page has what it missed', () => back.ids().length && back.ids().at(-1) === watcher.ids().at(-1));
  assert.deepEqual(back.events.filter((e) => e.id), missed());
  assert.ok(!back.events.some((e) => e.event === 'resync'));
  const stranger = listen(last + 1_000_000);
  await until('the stranger is told', () => stranger.events.some((e) => e.event === 'resync'));
  for (const stream of [watcher, back, stranger]) stream.close();
  await allStored();
});
