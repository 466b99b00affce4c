// Pages: from a fault to every kind of target, once each, through kill -9 at the steps of a page's life; a real Alertmanager.
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Collector, Mosquitto, Probe, ask, nowUs, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('notify');
const spool = path.join(folder, 'outgoing');
const called = path.join(folder, 'called');
const program = path.join(folder, 'call');
const rulesFile = path.join(folder, 'rules.yaml');
const run = promisify(execFile);
const HOOK = 9100;
const ALERTMANAGER = 'http://127.0.0.1:9093';
const SECRET = 'mật khẩu';
const broker = new Mosquitto(folder);
let centre;
let alertmanager;
const probes = {};

// Records what is posted; answers as `reply` says: {status, body, headers}, or null: not at all.
const hook = { got: [], reply: { status: 200, body: '{"ok":true}' }, elsewhere: 0 };
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/elsewhere') hook.elsewhere++;
    const body = Buffer.concat(chunks);
    const reply = hook.reply;
    hook.got.push({ body, page: request.method === 'POST' ? JSON.parse(body) : null, id: request.headers['x-ioc-page'], signature: request.headers['x-ioc-signature'] });
    if (reply) response.writeHead(reply.status, reply.headers).end(reply.body);
  });
});

const target = (name, type, more) => `  - name: ${name}\n    type: ${type}\n${Object.entries(more).map(([k, v]) => `    ${k}: ${JSON.stringify(v)}\n`).join('')}`;
const rule = (targets) => `rules:\n  - name: out\n    type: down\n    severity: critical\n    keep_for: 0s\n    targets: [${targets}]\n`;

const HOOK_TARGET = target('hook', 'webhook', { url: `http://127.0.0.1:${HOOK}/pages`, secret_file: path.join(folder, 'secret'), recovery: true, timeout: '2s', cap: 0 });

function writeRules(targets = 'hook, am, call, sms') {
  fs.writeFileSync(rulesFile, `paging:\n  settle: 200ms\n  area_sites: 100\ntargets:\n${HOOK_TARGET}` +
    target('am', 'alertmanager', { url: ALERTMANAGER, repeat: '1s' }) + target('call', 'program', { program }) +
    target('sms', 'smstools', { folder: spool, numbers: ['84900000001', '84900000002'] }) + rule(targets));
}

const fault = (name, verdict) => probes[name].results([['icmp/a', nowUs() / 1000n * 1000n, verdict, {}]]);
// Not spawnSync: the target of the test is served by this very process meanwhile.
const alerts = async () => JSON.parse((await run('amtool', ['--alertmanager.url', ALERTMANAGER, 'alert', 'query', '-o', 'json'], { timeout: 60000 }).catch(() => ({}))).stdout || '[]');
const firedFor = (place) => hook.got.filter((got) => got.page?.place === place && got.page.transition === 'fired');

const toldOf = () => hook.got.filter((got) => got.page?.place === 'NT-002').length;

async function startAlertmanager() {
  alertmanager = spawn('prometheus-alertmanager', [`--config.file=${folder}/am.yaml`, `--storage.path=${folder}/am`, '--web.listen-address=127.0.0.1:9093', '--cluster.listen-address='], { stdio: 'ignore' });
  await until('alertmanager answers', async () => (await ask('GET', `${ALERTMANAGER}/-/ready`).catch(() => ({}))).status === 200);
}

async function newProbe(name, site) {
  probes[name] = new Probe(name, site);
  await probes[name].connect(broker);
  probes[name].checklist(nowUs() / 1000n * 1000n - 1000n, [['icmp/a', ['4g@a'], { ttl_ms: 600000 }]]);
  fault(name, 0);
  await probes[name].acked();
}

before(async () => {
  fs.mkdirSync(spool);
  fs.writeFileSync(path.join(folder, 'secret'), SECRET + '\n', { mode: 0o600 });
  fs.writeFileSync(program, `#!/bin/sh\ncat >> ${called}\necho >> ${called}\necho "$1" >> ${called}.sms\n`, { mode: 0o755 });
  fs.writeFileSync(path.join(folder, 'am.yaml'), 'route: {receiver: none}\nreceivers: [{name: none}]\n');
  await new Promise((resolve) => server.listen(HOOK, '127.0.0.1', resolve));
  await startAlertmanager();
  await broker.start();
  writeRules();
  centre = new Collector(folder, { centre: { rules: rulesFile } });
  assert.ok(await centre.start(), centre.log?.());
  await newProbe('p1', 'S1');
  await newProbe('p2', 'S2');
});

after(async () => {
  for (const probe of Object.values(probes)) await probe.close();
  for (const one of [centre, broker]) await one.kill();
  alertmanager.kill('SIGKILL');
  server.closeAllConnections?.();
  server.close();
});

test('an outage reaches every kind of target once', async () => {
  fault('p2', 2);
  await until('the webhook has it', () => firedFor('NT-002').length === 1);
  const [got] = firedFor('NT-002');
  assert.equal(got.signature, `sha256=${crypto.createHmac('sha256', SECRET).update(got.body).digest('hex')}`);
  assert.match(got.id, /^c1-\d+$/);
  assert.deepEqual([got.page.severity, got.page.rule, got.page.area], ['critical', 'out', '22738']);
  assert.match(got.page.sms, /^KHAN CAP SC\d+ \d\d:\d\d \d\d\/\d\d NT-002: mat lien lac, 1 tram, 8257 dan, NN thiet bi\. Da bao hook, am, call, sms\. Tra loi TN \d+$/);
  assert.match(got.page.vi, /^\[khẩn cấp\] SC\d+ .*Trạm Đô Vinh 2 – mất liên lạc; 1 trạm, 8257 dân; nguyên nhân: thiết bị\./);
  const alert = await until('amtool reads it back', async () => (await alerts()).find((a) => a.labels.place === 'NT-002'));
  assert.deepEqual([alert.labels.alertname, alert.labels.severity, alert.annotations.summary], ['out', 'critical', got.page.vi]);
  await until('the program was called', () => fs.existsSync(`${called}.sms`));
  assert.equal(fs.readFileSync(`${called}.sms`, 'utf8'), got.page.sms + '\n');
  assert.equal(JSON.parse(fs.readFileSync(called, 'utf8')).place, 'NT-002');
  const files = await until('both numbers have a file', () => { const names = fs.readdirSync(spool); return names.length === 2 && names; });
  assert.equal(fs.readFileSync(path.join(spool, files[0]), 'utf8').replace(/\d{11}/, 'NUMBER'), `To: NUMBER\n\n${got.page.sms}`);
});

test('its end is told to those who keep states, and to those who asked', async () => {
  fault('p2', 0);
  await until('the webhook has the end', () => hook.got.find((got) => got.page?.transition === 'recovered'));
  await until('alertmanager has none', async () => (await alerts()).length === 0);
  assert.equal(fs.readdirSync(spool).length, 2);
});

test('an Alertmanager that was killed and lost its data has again what goes on, and only that; nobody else hears of it', async () => {
  fault('p1', 2);
  await until('it has the alert', async () => (await alerts()).some((a) => a.labels.place === 'NT-001'));
  await until('the others have it', async () => (await centre.get('/api/v1/pages')).pages.filter((page) => page.place === 'NT-001' && page.state === 'sent').length === 4);
  const total = async () => (await centre.get('/api/v1/pages')).total;
  const [pages, told, files] = [await total(), hook.got.length, fs.readdirSync(spool).length];
  alertmanager.kill('SIGKILL');
  await new Promise((resolve) => { alertmanager.once('exit', resolve); });
  fs.rmSync(path.join(folder, 'am'), { recursive: true });
  await startAlertmanager();
  const again = await until('amtool reads it back', async () => (await alerts()).find((a) => a.labels.place === 'NT-001'));
  assert.ok(Date.parse(again.endsAt) - Date.now() > 3600 * 1000, again.endsAt);
  assert.deepEqual((await alerts()).map((a) => a.labels.place), ['NT-001']);
  assert.deepEqual([await total(), hook.got.length, fs.readdirSync(spool).length], [pages, told, files]);
  fault('p1', 0);
  await until('its end was told', async () => (await centre.get('/api/v1/pages')).pages.some((page) => page.place === 'NT-001' && page.target === 'am' && page.transition === 'recovered' && page.state === 'sent'));
  await until('it has none', async () => (await alerts()).length === 0);
  const updated = async () => (await alerts()).find((a) => a.labels.place === 'NT-002')?.updatedAt;
  fault('p2', 2);
  const first = await until('it has the other', updated);
  await until('what goes on is told again', async () => await updated() !== first);
  assert.deepEqual((await alerts()).map((a) => a.labels.place), ['NT-002']);
  fault('p2', 0);
  await until('it is over', async () => (await alerts()).length === 0);
});

test('killed before the answer it is sent again, killed after it is not', async () => {
  const loaded = centre.log().split('rules.loaded').length;
  writeRules('hook');
  centre.child.kill('SIGHUP');
  await until('the rules are loaded', () => centre.log().split('rules.loaded').length > loaded);
  hook.reply = null;
  const before_ = firedFor('NT-002').length;
  fault('p2', 2);
  await until('it has left', () => firedFor('NT-002').length > before_);
  await centre.kill();
  const left = firedFor('NT-002').length; // again after two seconds without an answer
  hook.reply = { status: 200, body: '{"ok":true}' };
  await centre.start();
  await until('it came again', () => firedFor('NT-002').length === left + 1);
  assert.equal(firedFor('NT-002')[left].id, firedFor('NT-002')[left - 1].id);
  fault('p1', 2);
  await until('the other is told', () => firedFor('NT-001').length === 2);
  // The API shows what is committed: from then on nothing is sent again.
  for (const place of ['NT-001', 'NT-002'])
    await until(`the answer about ${place} is committed`, async () => (await centre.get('/api/v1/pages')).pages.find((one) => one.place === place && one.transition === 'fired' && one.target === 'hook')?.state === 'sent');
  await centre.kill();
  await centre.start();
  await centre.ready();
  fault('p1', 0);
  await until('the end of the other came', () => hook.got.filter((got) => got.page?.place === 'NT-001' && got.page.transition === 'recovered').length === 2);
  assert.equal(firedFor('NT-002').length, left + 1);
  assert.equal(firedFor('NT-001').length, 2);
});

test('killed while it settles it is told after the start', async () => {
  const before_ = firedFor('NT-001').length;
  fault('p1', 2);
  await probes.p1.acked();
  await centre.kill();
  await centre.start();
  await until('it is told', () => firedFor('NT-001').length === before_ + 1);
  fault('p1', 0);
});

test('what a target says decides: 500 again, 200 with an error again, elsewhere never followed', async () => {
  for (const reply of [{ status: 500, body: 'no' }, { status: 200, body: '{"ok":false}' }, { status: 302, body: '', headers: { Location: `http://127.0.0.1:${HOOK}/elsewhere` } },
    { status: 503, body: 'x'.repeat(10 << 20) }]) {
    hook.reply = reply;
    const failed = toldOf();
    fault('p2', 0);
    await until('an end was tried', () => toldOf() > failed);
    hook.reply = { status: 200, body: '' };
    await until('and came through', () => toldOf() > failed + 1);
    const sent = toldOf();
    fault('p2', 2);
    await until('out again', () => toldOf() > sent);
  }
  assert.equal(hook.elsewhere, 0);
});

test('wrong rules at a reload leave the old ones in force', async () => {
  fs.writeFileSync(rulesFile, 'rules:\n  - name: x\n    type: nothing\n');
  centre.child.kill('SIGHUP');
  await until('the mistake is told', () => /rules\.wrong.*rules\.yaml:3:11/.test(centre.log()));
  const sent = toldOf();
  fault('p2', 0);
  await until('the old ones page', () => toldOf() > sent);
});

test('a program that hangs is ended with all that it started, and tried again', async () => {
  const started = path.join(folder, 'started');
  const runs = () => (fs.existsSync(started) ? fs.readFileSync(started, 'utf8').trim().split('\n') : []);
  const lives = (pid) => { try { return !/\) [ZX] /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8')); } catch { return false; } };
  const newest = async () => (await centre.get('/api/v1/pages')).pages.find((page) => page.target === 'call' && page.place === 'NT-002');
  fault('p2', 0);
  await until('nothing is out', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 0);
  const last = (await newest()).id;
  fs.writeFileSync(program, `#!/bin/sh\nsleep 600 &\necho $! >> ${started}\nsleep 600\n`, { mode: 0o755 });
  fs.writeFileSync(rulesFile, `paging:\n  settle: 200ms\n  area_sites: 100\ntargets:\n${target('call', 'program', { program, timeout: '500ms' })}${rule('call')}`);
  const loaded = centre.log().split('rules.loaded').length;
  centre.child.kill('SIGHUP');
  await until('the rules are loaded', () => centre.log().split('rules.loaded').length > loaded);
  fault('p2', 2);
  const page = await until('it was tried', async () => { const one = await newest(); return one.id > last && one.tries > 0 && one; });
  assert.deepEqual([page.state, page.answer], ['waiting', 'not done in time, ended']);
  await until('what it started is gone', () => !lives(runs()[0]));
  fs.writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  await until('it is told', async () => (await newest()).state === 'sent');
  for (const pid of runs()) await until(`${pid} is gone`, () => !lives(pid));
  fault('p2', 0);
  await until('nothing is out', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 0);
});

test('whoever takes an outage over ends its escalation, through a kill -9; every page can be looked up', async () => {
  fs.writeFileSync(rulesFile, `paging:\n  settle: 200ms\n  area_sites: 100\ntargets:\n${HOOK_TARGET}${rule('hook')}    escalate_after: 6s\n    escalate_to: [hook]\n`);
  const loaded = centre.log().split('rules.loaded').length;
  centre.child.kill('SIGHUP');
  await until('the rules are loaded', () => centre.log().split('rules.loaded').length > loaded);
  const of = (transition, place) => hook.got.filter((got) => got.page?.transition === transition && got.page.place === place).map((got) => got.page.number);
  const seen = { 'NT-001': of('fired', 'NT-001').length, 'NT-002': of('fired', 'NT-002').length };
  fault('p1', 2);
  fault('p2', 2);
  await until('both are told', () => Object.entries(seen).every(([place, n]) => of('fired', place).length === n + 1));
  const number = of('fired', 'NT-001').at(-1);
  const acked = await ask('POST', `${centre.url}/api/v1/outages/SC${number}/acknowledge`, { headers: { 'Content-Type': 'application/json' }, body: '{"by":"Lan"}' });
  assert.equal(acked.status, 200, acked.body);
  await centre.kill();
  await centre.start();
  await until('the other one is escalated', () => of('escalated', 'NT-002').length === 1);
  assert.deepEqual(of('escalated', 'NT-001'), []);
  const { pages, total } = await centre.get('/api/v1/pages?limit=500');
  assert.equal(total, pages.length);
  const page = await until('its answer is there', async () => (await centre.get('/api/v1/pages')).pages.find((one) => one.transition === 'escalated' && one.state === 'sent'));
  assert.deepEqual([page.place, page.tries, page.status, page.target, page.severity], ['NT-002', 1, 200, 'hook', 'critical']);
  assert.ok(page.delay_ms >= 0 && page.delay_ms < 60000, JSON.stringify(page));
  assert.ok((await centre.metrics()).ioc_pages_sent_total >= 1);
});

test('a link acknowledges once; looking at it, or at another one, does nothing', async () => {
  fs.writeFileSync(rulesFile, `paging:\n  settle: 200ms\n  area_sites: 100\n  link_url: ${centre.url}\ntargets:\n${HOOK_TARGET}${rule('hook')}`);
  const loaded = centre.log().split('rules.loaded').length;
  centre.child.kill('SIGHUP');
  await until('the rules are loaded', () => centre.log().split('rules.loaded').length > loaded);
  const ended = hook.got.length;
  fault('p1', 0);
  await until('its end is told', () => hook.got.slice(ended).some((got) => got.page?.transition === 'recovered' && got.page.place === 'NT-001'));
  const seen = firedFor('NT-001').length;
  fault('p1', 2);
  await until('it is told', () => firedFor('NT-001').length > seen);
  const { link, number } = firedFor('NT-001').at(-1).page;
  assert.match(link, /^http:\/\/127\.0\.0\.1:8080\/a\/\d+-\d+-[0-9a-f]{32}$/);
  const stage = async () => (await centre.get(`/api/v1/outages/SC${number}`)).life.stage;
  const asked = await ask('GET', link);
  assert.equal(asked.status, 200);
  assert.match(asked.body, new RegExp(`Tiếp nhận sự cố SC${number}`));
  const other = link.replace(/-[0-9a-f]{4}/, '-0000');
  assert.equal((await ask('POST', other)).status, 404);
  assert.equal(await stage(), 'new');
  const done = await ask('POST', link, { headers: { Origin: 'null', 'Content-Type': 'application/x-www-form-urlencoded' } });
  assert.equal(done.status, 200, done.body);
  assert.match(done.body, /Đã tiếp nhận/);
  assert.equal(await stage(), 'acknowledged');
  await centre.kill();
  await centre.start();
  await centre.ready();
  assert.equal((await ask('POST', link)).status, 409);
  const { acts } = await centre.get(`/api/v1/outages/SC${number}`);
  assert.deepEqual(acts.map((act) => [act.deed, act.by]), [['acknowledge', 'hook']]);
  const { entries: [entry] } = await centre.get('/api/v1/audit?limit=1'); // to whom the link was sent, from where, and no link that works
  assert.deepEqual([entry.who, entry.role, entry.address, entry.act, entry.target], ['hook', 'link', '127.0.0.1', 'POST /a/{id}', `SC${number}`]);
});

test('whoever watches from outside may say how old the newest data may be', async () => {
  const ready = (query) => ask('GET', `${centre.url}/readyz${query}`);
  fault('p2', 0);
  await until('it was heard', async () => (await ready('?max_age_s=60')).status === 200);
  const { heard } = JSON.parse((await ready('')).body);
  assert.ok(Date.now() - Date.parse(heard) < 60000, heard);
  for (const probe of Object.values(probes)) await probe.close();
  await until('nothing new comes', async () => (await ready('?max_age_s=1')).status === 503);
  assert.equal((await ready('')).status, 200);
  assert.equal((await ready('?max_age_s=x')).status, 400);
});

test('a story tells beforehand who would be paged', () => {
  writeRules('hook');
  fs.writeFileSync(path.join(folder, 'story'), 'at 60s down S2\nat 5min up S2\nat 10min end\n');
  const ran = spawnSync(path.join(process.env.IOC_BIN, 'ioc-collector'), ['--config', centre.configFile, 'rules', 'test', rulesFile, path.join(folder, 'story')], { encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  const lines = ran.stdout.trim().split('\n');
  assert.equal(lines.length, 2);
  assert.match(lines[0], /^00:01:01 hook fired critical out: KHAN CAP SC1 00:01 01\/01 NT-002: mat lien lac, 1 tram, 8257 dan/);
  assert.match(lines[1], /^00:05:\d\d hook recovered critical out:/);
});
