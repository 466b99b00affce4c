// Work on site: said at the probe, maintenance at the centre, nobody paged; bounded, audited, said once whatever is killed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, ask, until } from '../support/centre.mjs';
import { Probe } from '../support/probe.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('work');
const SERVICE = 9200;
const HOOK = 9201;
const HOUR = 3600 * 1000;
const CLOCK_OFF_MS = 5000; // half of the longest round trip by which a probe sets its clock (core/clock_trust.h)
const broker = new Mosquitto(folder);
const pages = [];
const hook = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => { pages.push(JSON.parse(Buffer.concat(chunks))); response.end('{}'); });
});
let service; // what the probe's only check connects to
let centre;
let probe;

const listen = (server, port) => new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
const open = async () => { service = net.createServer((socket) => socket.destroy()); await listen(service, SERVICE); };
const close = () => new Promise((resolve) => { service.close(resolve); });

const read = async (path_) => JSON.parse((await ask('GET', centre.url + path_)).body);
const unit = async () => (await read('/api/v1/sites/S1')).units.find((u) => u.unit === 'S1/4g@a');
const becomes = (state) => until(`the unit is ${state}`, async () => (await unit()).state === state);
const declared = async () => (await read('/api/v1/declarations')).declarations.filter((d) => d.by === 'ioc-probe p1');
const stored = async () => (await read('/api/v1/ledger?limit=1000')).probes.find((row) => row.probe === 'p1').epochs.reduce((sum, mark) => sum + mark.stored, 0);
const work = (...words) => probe.ask('--lang', 'en', 'work', ...words);

before(async () => {
  fs.writeFileSync(path.join(folder, 'rules.yaml'), `paging:\n  settle: 0s\ntargets:\n  - name: hook\n    type: webhook\n    url: http://127.0.0.1:${HOOK}/\n` +
    'rules:\n  - name: out\n    type: down\n    severity: critical\n    keep_for: 0s\n    targets: [hook]\n');
  await Promise.all([broker.start(), listen(hook, HOOK), open()]);
  centre = new Collector(folder, { centre: { rules: path.join(folder, 'rules.yaml'), work_max: '1h' } });
  assert.ok(await centre.start(), centre.log());
  probe = new Probe(folder, { checks: [{ type: 'tcp', name: 'core', target: `127.0.0.1:${SERVICE}`, units: '[4g@a]' }] });
  probe.start();
  await becomes('up');
});

after(async () => {
  await probe?.stop('SIGKILL');
  hook.close();
  service?.close();
  for (const server of [centre, broker]) await server?.kill();
  assert.doesNotMatch(probe.logged(), /Sanitizer|runtime error/);
});

test('what makes no sense is refused at the site', () => {
  for (const words of [['start'], ['start', '60m'], ['start', 'soon', '--reason', 'x'], ['rest'], ['end', '5m']]) assert.equal(work(...words).status, 64, words.join(' '));
  assert.match(work('status').stdout, /no work on site was announced/);
});

test('announced work is maintenance with its reason, pages nobody, and is cut to what the centre allows', async () => {
  const said = work('start', '5h', '--reason', 'thay "ắc quy"');
  assert.equal(said.status, 0, said.stderr);
  assert.match(said.stdout, /still for (5 h|4 h 59 min): thay "ắc quy"/);
  await becomes('maintenance');
  const [row, ...more] = await declared();
  assert.equal(more.length, 0);
  assert.equal(row.reason, 'thay "ắc quy"');
  assert.equal(row.retroactive, false);
  const ms = Date.parse(row.to) - Date.parse(row.from);
  assert.ok(ms <= HOUR && ms > HOUR - 5000, `${ms}`);
  assert.equal((await unit()).provenance, 'declared');
  await close();
  await until('the fault is seen beneath', async () => (await unit()).beneath === 'down');
  assert.match(probe.ask('status', '--lang', 'en').stdout, /Work on site\s+announced to the centre/);
  assert.deepEqual(pages, []);
  await open();
  await until('it is well beneath', async () => (await unit()).beneath === 'up');
});

test('its end is announced, once, though the collector is killed; both acts stand in the audit log', async () => {
  await centre.kill();
  assert.equal(work('end').status, 0);
  assert.match(work('status').stdout, /no work on site/);
  assert.ok(await centre.start(), centre.log());
  await becomes('up');
  assert.equal((await declared()).length, 1);
  const rows = (await read('/api/v1/audit')).entries.filter((row) => row.who === 'ioc-probe p1');
  assert.deepEqual(rows.map((row) => `${row.act} ${row.target}`).sort(), ['work end S1', 'work start S1']);
  assert.deepEqual(pages, []);
});

test('work ends by itself; a fault after it is paged', async () => {
  assert.equal(work('start', '6s', '--reason', 'đo quang').status, 0);
  await becomes('maintenance');
  await becomes('up');
  await close();
  await until('somebody is paged', () => pages.length === 1);
  assert.equal(pages[0].place, 'NT-001');
});

test('what was answered is on disk: killed at once, the probe says it after its start', async () => {
  await broker.kill();
  const said = work('start', '10m', '--reason', 'mất điện tay');
  assert.equal(said.status, 0, said.stdout + said.stderr);
  await probe.stop('SIGKILL');
  await broker.start();
  probe.start();
  await until('the centre has it', async () => (await declared()).some((row) => row.reason === 'mất điện tay'));
  assert.equal(work('end').status, 0);
  await until('it is over', async () => (await unit()).state !== 'maintenance');
});

test('what is over before the centre hears of it changes nothing', async () => {
  await broker.kill();
  const began = Date.now();
  assert.equal(work('start', '1s', '--reason', 'quá muộn').status, 0);
  await until('it is over', () => /no work on site/.test(work('status').stdout));
  await until('by any clock', () => Date.now() > began + 1000 + CLOCK_OFF_MS);
  await broker.start();
  await until('the centre has said so', () => /work\.refused .*over before/.test(centre.log()));
  assert.equal((await declared()).filter((row) => row.reason === 'quá muộn').length, 0);
});

test('behind packs that wait, it goes ahead with the status; the pack that comes later says nothing new', async () => {
  const S9 = { type: 'tcp', name: 'far', site: 'S9', target: `127.0.0.1:${SERVICE}` };
  const before = (await declared()).length;
  await probe.stop();
  probe.write([{ type: 'tcp', name: 'core', target: `127.0.0.1:${SERVICE}`, units: '[4g@a]' }, S9]); // a site that the inventory lacks: every pack is held
  probe.start();
  await until('packs wait', () => /site S9 is not in the inventory/.test(probe.ask('status', '--lang', 'en').stdout));
  assert.equal(work('start', '30m', '--reason', 'sau hàng đợi').status, 0);
  await becomes('maintenance');
  assert.equal(work('end').status, 0);
  await until('it is over', async () => (await unit()).state !== 'maintenance');
  assert.equal(work('start', '40m', '--reason', 'lần nữa').status, 0);
  await becomes('maintenance');
  const before_ = await stored();
  fs.appendFileSync(path.join(centre.inventory, 'sites.csv'), 'S9,NT-009,Trạm xa,bts,22738,,,,public,,,\n');
  centre.child.kill('SIGHUP');
  await until('the site is known', () => /inventory\.loaded sites=3/.test(centre.log()));
  assert.equal(before_, await stored());
  await probe.stop(); // so that it tries again at once
  probe.start();
  await until('what waited is taken', async () => (await stored()) > before_ + 5);
  assert.deepEqual((await declared()).slice(before).map((row) => row.reason).sort(), ['lần nữa', 'sau hàng đợi'].sort());
  assert.equal((await unit()).state, 'maintenance');
  assert.equal(work('end').status, 0);
  await until('it is over', async () => (await unit()).state !== 'maintenance');
  assert.deepEqual(pages.filter((page) => page.place !== 'NT-001'), []);
});
