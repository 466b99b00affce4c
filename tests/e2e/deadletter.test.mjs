// What was refused for good can be looked at, taken again once after the fix, or thrown away; the books balance all along.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, ask, nowUs, until, writeInventory } from '../support/centre.mjs';
import { BIN, Influx, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('deadletter');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const token = path.join(folder, 'admin.token');
fs.writeFileSync(token, 'rule\n', { mode: 0o600 });
const centre = new Collector(folder, { http: { admin_token_file: token }, limits: { dead_letters: 5 } });
const bearer = { Authorization: 'Bearer rule' };
const p = new Probe('p1', 'S1', { retryMs: 300 });
const LINES = 150; // one condemned among so many is an exception, not a fault of the database's set-up
const t = nowUs() - 3600_000_000n;

const api = async (method, path_) => {
  const answer = await ask(method, centre.url + path_, { headers: bearer });
  return { status: answer.status, ...JSON.parse(answer.body) };
};
const letters = async () => (await api('GET', '/api/v1/deadletters')).letters;
const command = (...args) => spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile, ...args], { encoding: 'utf8', timeout: 60000 });

async function balanced() {
  await until('nothing waits', async () => { const l = await api('GET', '/api/v1/ledger'); return l.readings.pending === 0 && l.messages.in_intake === 0; });
  const ledger = await api('GET', '/api/v1/ledger');
  assert.ok(ledger.messages.balanced && ledger.readings.balanced && ledger.probes.every((row) => row.epochs.every((mark) => mark.balanced)), JSON.stringify(ledger));
  return ledger;
}

// What the collector itself finds when it looks anew: at its next start.
async function looked() {
  await centre.stop();
  assert.ok(await centre.start(), centre.log());
  const { broken } = await until('it looked', async () => { const l = await api('GET', '/api/v1/ledger'); return l.checked_at && l; });
  assert.deepEqual(broken, []);
}

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  assert.ok(await centre.start(), centre.log());
  await p.connect(broker);
  p.checklist(t - 1n, [['icmp/a', ['4g@a']]]);
  await p.acked();
});

after(async () => {
  await p.close();
  for (const server of [centre, influx, broker]) await server.kill();
});

test('a line in conflict with the database: mended there, queued again, present once', async () => {
  await ask('POST', `${influx.url}/write?db=ioc`, { body: `chk_tcp,site=other rtt="a text" ${t * 1000n}` });
  const rows = Array.from({ length: LINES }, (_, k) => [`icmp/b${k}`, t, 0, { rtt: k }]);
  p.results([...rows, ['tcp/x', t, 0, { rtt: 7 }]]);
  await p.acked();
  const [letter] = await until('the line is among the dead letters', async () => { const l = await letters(); return l.length && l; });
  assert.equal(letter.source, 'sink');
  assert.match(letter.reason, /field type conflict/);
  assert.deepEqual([letter.readings, letter.requeue], [2, true]);
  assert.match((await api('GET', `/api/v1/deadletters/${letter.number}`)).payload, /^chk_tcp,.*rtt=7/);
  assert.equal((await balanced()).counters.readings_dead, 2);

  await influx.query('drop measurement chk_tcp', 'ioc');
  const done = await api('POST', `/api/v1/deadletters/${letter.number}/requeue`);
  assert.deepEqual([done.status, done.requeued], [200, true]);
  assert.equal((await api('POST', `/api/v1/deadletters/${letter.number}/requeue`)).status, 404, 'twice is impossible');
  const { counters } = await balanced();
  assert.deepEqual([counters.readings_dead, counters.readings_requeued, counters.readings_written], [2, 2, 2 * LINES + 2]);
  const points = await influx.points('ioc');
  assert.deepEqual([...points].filter(([key]) => key.startsWith('chk_tcp')).map(([, fields]) => fields), [{ rtt: 7, state: 0 }]);
  await looked();
});

test('a plain message of an unknown site: declared, queued again, present once', async () => {
  p.client.publish('ioc/v1/meter/plain', `[{"n":"S9/power/m/volt","v":230,"t":${t / 1000000n}}]`, { qos: 1 });
  const letter = await until('it is refused', async () => (await letters()).find((l) => l.source === 'ioc/v1/meter/plain'));
  assert.match(letter.reason, /site S9 is not in the inventory/);
  const early = await api('POST', `/api/v1/deadletters/${letter.number}/requeue`);
  assert.deepEqual([early.status, early.error], [409, 'site S9 is not in the inventory']);
  writeInventory(centre.inventory, { ...INVENTORY, sites: `${INVENTORY.sites}S9,NT-009,Trạm đo,bts,22738,,,,public,,,\n` });
  centre.child.kill('SIGHUP');
  await until('it is taken', async () => (await api('POST', `/api/v1/deadletters/${letter.number}/requeue`)).status === 200);
  const { counters } = await balanced();
  assert.deepEqual([counters.refused, counters.requeued], [1, 1]);
  const points = await influx.points('ioc');
  assert.deepEqual([...points].filter(([key]) => key.startsWith('chk_power')).map(([, fields]) => fields), [{ volt: 230 }]);
});

test('killed with -9 while letters are queued again: each is taken once, or still there', async () => {
  const MESSAGES = 4;
  for (let i = 0; i < MESSAGES; i++) p.client.publish('ioc/v1/meter/plain', `[{"n":"S8/power/m${i}/amp","v":${i},"t":${t / 1000000n}}]`, { qos: 1 });
  const mine = async () => (await letters()).filter((l) => /site S8 /.test(l.reason));
  await until('all are refused', async () => (await mine()).length === MESSAGES);
  const { sites } = INVENTORY;
  writeInventory(centre.inventory, { ...INVENTORY, sites: `${sites}S9,NT-009,Trạm đo,bts,22738,,,,public,,,\nS8,NT-008,Trạm đo,bts,22738,,,,public,,,\n` });
  for (let i = 0; i < MESSAGES; i++) {
    await centre.stop();
    assert.ok(await centre.start(), centre.log());
    const [letter] = await mine();
    if (!letter) break;
    ask('POST', `${centre.url}/api/v1/deadletters/${letter.number}/requeue`, { headers: bearer });
    await new Promise((resolve) => setTimeout(resolve, 4 * i)); // before, while and after it is committed
    await centre.kill();
    assert.ok(await centre.start(), centre.log());
  }
  for (const letter of await mine()) assert.equal((await api('POST', `/api/v1/deadletters/${letter.number}/requeue`)).status, 200);
  const { counters } = await balanced();
  assert.equal(counters.requeued, 1 + MESSAGES);
  const amps = [...await influx.points('ioc')].filter(([key, fields]) => key.startsWith('chk_power') && 'amp' in fields).map(([, fields]) => fields.amp);
  assert.deepEqual(amps.sort(), [0, 1, 2, 3]);
  await looked();
});

test('a refused pack is queued again behind its stream: into the database, into no timeline', async () => {
  const before_ = await api('GET', '/api/v1/sites/S1/timeline?from=' + new Date(Number(t / 1000n) - 1000).toISOString());
  p.pack(`[{"n":"S1/power/agrees/volt","v":1,"t":${Number(nowUs()) / 1e6}}]`); // its clock and the centre's agree: it is the pack that is wrong
  await p.acked();
  const ahead = nowUs() + 86_400_000_000n + 8_000_000n; // more than a day ahead, but not for long
  const seq = p.results([['icmp/a', ahead, 2, { rtt: 1 }]]);
  await p.acked();
  assert.match(p.refused.get(seq), /ahead/);
  const letter = (await letters()).find((l) => l.source.startsWith('ioc/v1/p1/data/'));
  const mark = async () => (await api('GET', '/api/v1/ledger?probe=p1')).probes[0].epochs[0];
  const refused = await mark();
  assert.equal(refused.refused, 1);
  await until('its time has come', async () => (await api('POST', `/api/v1/deadletters/${letter.number}/requeue`)).status === 200);
  const stored = await mark();
  assert.deepEqual([stored.refused, stored.stored, stored.highest, stored.balanced], [0, refused.stored + 1, refused.highest, true]);
  await balanced();
  assert.equal((await influx.points('ioc')).get(`chk_icmp,check=icmp/a,probe=p1,site=S1 ${ahead * 1000n}`).rtt, 1);
  const after_ = await api('GET', '/api/v1/sites/S1/timeline?from=' + new Date(Number(t / 1000n) - 1000).toISOString());
  assert.deepEqual(after_.units.map((u) => u.spans?.map((s) => s.state)), before_.units.map((u) => u.spans?.map((s) => s.state)));
  await looked();
});

test('on the terminal: listed, shown, refused still, purged; the bounds drop the oldest and count them', async () => {
  for (let i = 0; i < 8; i++) p.pack(`[{"n":"broken ${i}"`);
  await p.acked();
  const list = command('deadletter', 'list');
  assert.equal(list.status, 0, list.stderr);
  assert.match(list.stdout, /NUMBER +AT +READINGS +SOURCE +REASON\n(.*ioc\/v1\/p1\/data\/.*\n){5}5 kept; of 15 ever: 3 dropped by the bounds, 0 purged, 7 queued again\n/);
  const numbers = [...list.stdout.matchAll(/^ *(\d+) /gm)].map((m) => m[1]).slice(0, 5);
  assert.match(command('deadletter', 'show', numbers[0]).stdout, /reason .*\n(.*\n)*\[\{"n":"broken 3"/);
  const still = command('deadletter', 'requeue', numbers[0], numbers[1]);
  assert.equal(still.status, 1);
  assert.match(still.stderr, /409 .*\n.*409/);
  assert.match(command('deadletter', 'purge', numbers[4]).stdout, /purged/);
  assert.equal(command('deadletter', 'purge', numbers[4]).status, 1);
  assert.equal(command('deadletter', 'purge', '--all', '--reason', 'no such words').stdout, '');
  const all = command('deadletter', 'purge', '--all');
  assert.equal(all.stdout.split('\n').length, 5, all.stdout + all.stderr);
  assert.deepEqual(JSON.parse(command('deadletter', 'list', '--json').stdout), { letters: [], next: null, total: 0, made: 15, dropped: 3, purged: 5, requeued: 7 });
  assert.equal(command('deadletter', 'burn').status, 64);
  await looked();
});

test('only an admin may', async () => {
  assert.equal((await ask('POST', `${centre.url}/api/v1/deadletters/1/requeue`)).status, 401);
  assert.equal((await ask('GET', `${centre.url}/api/v1/deadletters`)).status, 401);
  fs.writeFileSync(token, 'wrong\n');
  assert.match(command('deadletter', 'list').stderr, /401/);
  fs.writeFileSync(token, 'rule\n');
});
