// SMS: by two modems with a switch-over, by a gateway, to whoever is on duty; and replies on every way back in.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, nowUs, until } from '../support/centre.mjs';
import { Modem } from '../support/modem.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('sms');
const rulesFile = path.join(folder, 'rules.yaml');
const rotaFile = path.join(folder, 'rota.csv');
const spool = path.join(folder, 'incoming');
const GATEWAY = 9100;
const LAN = '+84900000001';
const AN = '+84900000003';
const broker = new Mosquitto(folder);
const modems = [new Modem(path.join(folder, 'tty0')), new Modem(path.join(folder, 'tty1'))];
const probes = {};
let centre;

// Records what a gateway is asked; answers as `reply` says.
const gateway = { got: [], reply: { status: 200, body: '{"status":"sent"}' } };
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    gateway.got.push({ url: request.url, method: request.method, body: Buffer.concat(chunks).toString(), type: request.headers['content-type'], token: request.headers.authorization });
    response.writeHead(gateway.reply.status, gateway.reply.headers).end(gateway.reply.body);
  });
});

const list = (names) => `[${names.join(', ')}]`;
const rule = (targets, more = '') => `rules:\n  - name: out\n    type: down\n    severity: critical\n    keep_for: 0s\n    targets: ${list(targets)}\n${more}`;
const PAGING = `paging:\n  settle: 200ms\n  area_sites: 100\n  rota: ${rotaFile}\n  replies: ${spool}\n`;
const MODEM = `  - name: modem\n    type: modem\n    devices: ${list(modems.map((m) => m.device))}\n    numbers: ["rota:lead", "84900000009"]\n    send_timeout: 1s\n    look: 200ms\n    cap: 0\n`;
const HTTP = `  - name: gateway\n    type: gateway\n    url: http://127.0.0.1:${GATEWAY}/send?to={phone}&text={sms}&key={secret}\n    expect: sent\n    secret_file: ${folder}/secret\n    token_file: ${folder}/token\n    numbers: ["rota:field"]\n    cap: 0\n`;

const fault = (name, verdict) => probes[name].results([['icmp/a', nowUs() / 1000n * 1000n, verdict, {}]]);
const pageOf = async (target, place, state) => (await centre.get('/api/v1/pages')).pages.find((page) => page.target === target && page.place === place && (!state || page.state === state));
const outage = async (number) => centre.get(`/api/v1/outages/SC${number}`);
const audits = async () => (await centre.get('/api/v1/audit?limit=100')).entries;

async function load(rules) {
  const loaded = centre.log().split('rules.loaded').length;
  fs.writeFileSync(rulesFile, rules);
  centre.child.kill('SIGHUP');
  await until('the rules are loaded', () => centre.log().split('rules.loaded').length > loaded);
}

async function newProbe(name, site) {
  probes[name] = new Probe(name, site);
  await probes[name].connect(broker);
  probes[name].checklist(nowUs() / 1000n * 1000n - 1000n, [['icmp/a', ['4g@a'], { ttl_ms: 600000 }]]);
  fault(name, 0);
  await probes[name].acked();
}

// Both down again, each a new outage; their numbers.
async function newOutages(target) {
  const before_ = Object.fromEntries(await Promise.all(['NT-001', 'NT-002'].map(async (place) => [place, (await pageOf(target, place))?.number ?? 0])));
  for (const name of ['p1', 'p2']) fault(name, 0);
  await until('nothing is out', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 0);
  for (const name of ['p1', 'p2']) fault(name, 2);
  return until('both are told', async () => {
    const pages = await Promise.all(['NT-001', 'NT-002'].map((place) => pageOf(target, place, 'sent')));
    return pages.every((page) => page && page.number > before_[page.place]) && pages.map((page) => page.number);
  });
}

before(async () => {
  fs.mkdirSync(spool);
  fs.writeFileSync(path.join(folder, 'secret'), 'khóa\n', { mode: 0o600 });
  fs.writeFileSync(path.join(folder, 'token'), 'gw-token\n', { mode: 0o600 });
  fs.writeFileSync(rotaFile, 'person,phone,role,scope,from,to\nLan,0900000001,lead,,,\nMinh,0900000002,lead,,2020-01-01,2020-01-02\nAn,0900000003,field,22738,,\n');
  fs.writeFileSync(rulesFile, `${PAGING}targets:\n${MODEM}${HTTP}${rule(['modem', 'gateway'])}`);
  await new Promise((resolve) => server.listen(GATEWAY, '127.0.0.1', resolve));
  for (const modem of modems) await modem.start();
  await broker.start();
  centre = new Collector(folder, { centre: { rules: rulesFile } });
  assert.ok(await centre.start(), centre.log?.());
  await newProbe('p1', 'S1');
  await newProbe('p2', 'S2');
});

after(async () => {
  for (const probe of Object.values(probes)) await probe.close();
  for (const one of [centre, broker, ...modems]) await one.kill();
  server.closeAllConnections?.();
  server.close();
});

test('whoever is on duty is told by modem and by gateway, once each', async () => {
  fault('p2', 2);
  await until('both are told', () => modems[0].sent.length === 2 && gateway.got.length === 1);
  assert.deepEqual(modems[0].sent.map((sms) => sms.number).sort(), [LAN, '+84900000009']);
  const [{ text }] = modems[0].sent;
  assert.match(text, /^KHAN CAP SC\d+ \d\d:\d\d \d\d\/\d\d NT-002: mat lien lac, 1 tram, 8257 dan, NN thiet bi\. Da bao modem, gateway\. Tra loi TN \d+$/);
  assert.ok(text.length <= 160);
  const [asked] = gateway.got;
  assert.equal(asked.token, 'Bearer gw-token');
  const url = new URL(asked.url, 'http://gateway');
  assert.deepEqual([asked.method, url.searchParams.get('to'), url.searchParams.get('text'), url.searchParams.get('key')], ['GET', '84900000003', text, 'khóa']);
  const page = await until('it is recorded', () => pageOf('modem', 'NT-002', 'sent'));
  assert.deepEqual(page.told.split(' ').sort(), ['84900000001', '84900000009']);
});

test('a modem that fails is stood in for by the other one, which stays', async () => {
  for (const mode of ['silent', 'refuse', 'mute', 'pin', 'lost']) {
    modems[0].mode('well');
    modems[0].mode(mode);
    const seen = modems[1].sent.length;
    await load(`${PAGING}targets:\n${MODEM}${rule(['modem'])}`);
    fault('p2', 0);
    await until('nothing is out', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 0);
    fault('p2', 2);
    await until(`the other modem has both (${mode})`, () => modems[1].sent.length === seen + 2);
    assert.match(centre.log(), /modem\.switched.*tty1/);
  }
  assert.equal(modems[0].sent.length, 2);
  modems[0].mode('well');
});

test('with both gone the page waits, and comes when one is back, to each number once', async () => {
  for (const modem of modems) await modem.kill();
  const seen = modems.map((modem) => modem.sent.length);
  fault('p2', 0);
  await until('nothing is out', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 0);
  fault('p2', 2);
  await until('it is tried', () => pageOf('modem', 'NT-002', 'waiting').then((page) => page?.tries > 0));
  await modems[0].start();
  await until('it came', () => modems[0].sent.length === seen[0] + 2);
  await modems[1].start();
  assert.equal(modems[1].sent.length, seen[1]);
});

// Two numbers: the network has the first one's SMS, the modem has not said so yet. Who gets SMS from then on, by number, and the page.
async function anSmsOnItsWay() {
  const patient = MODEM.replace('send_timeout: 1s', 'send_timeout: 10s');
  await load(`${PAGING}targets:\n${patient}${rule(['modem'])}`);
  fault('p2', 0);
  await until('nothing is out', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 0);
  const [before_, other] = modems.map((modem) => modem.sent.length);
  modems[0].mode('slow');
  fault('p2', 2);
  await until('the network has it', () => modems[0].sent.length === before_ + 1);
  const number = Number(modems[0].sent.at(-1).text.match(/SC(\d+)/)[1]);
  const heard = () => [...modems[0].sent.slice(before_), ...modems[1].sent.slice(other)].map((sms) => sms.number).sort();
  const page = async () => (await centre.get('/api/v1/pages')).pages.find((one) => one.target === 'modem' && one.number === number);
  const allTold = () => until('it is recorded', async () => (await page()).state === 'sent');
  return { heard, page, allTold };
}

const BOTH = [LAN, '+84900000009'];

test('a collector that is stopped while its modem has an SMS in hand waits for the answer: nobody hears it twice', async () => {
  const { heard, allTold } = await anSmsOnItsWay();
  const ended = centre.stop();
  await until('it waits for it', () => /pages\.awaited/.test(centre.log()));
  modems[0].mode('well');
  await ended;
  assert.ok(await centre.start(), centre.log());
  await allTold();
  assert.deepEqual(heard(), BOTH);
});

test('rules that are loaded while a modem has an SMS in hand leave it to it', async () => {
  const { heard, allTold } = await anSmsOnItsWay();
  const loaded = centre.log().split('rules.loaded').length;
  fs.appendFileSync(rulesFile, '  - {name: more, type: silent, severity: warning, targets: [modem]}\n');
  centre.child.kill('SIGHUP');
  await until('the rules are loaded', () => centre.log().split('rules.loaded').length > loaded);
  modems[0].mode('well');
  await allTold();
  assert.deepEqual(heard(), BOTH);
});

test('kill -9 between two numbers of one page: whoever has it does not get it again', async () => {
  const { heard, page, allTold } = await anSmsOnItsWay();
  const [first] = heard();
  modems[0].mode('well');
  modems[0].mode('slow');
  await until('the second is on its way', () => heard().length === 2);
  await until('the first is recorded', async () => (await page()).told.includes(first.slice(1)));
  await centre.kill();
  modems[0].mode('well');
  assert.ok(await centre.start(), centre.log());
  await allTold();
  assert.equal(heard().filter((number) => number === first).length, 1);
});

test('TN and the number, from a number on the rota, acknowledges; strangers are refused, counted, recorded', async () => {
  await load(`${PAGING}targets:\n${MODEM}${rule(['modem'])}`);
  const [one, two] = await newOutages('modem');
  modems[0].receive('+84911111111', `TN ${one}`);
  await until('the stranger is counted', async () => (await centre.metrics())['ioc_replies_total{result="stranger"}'] === 1);
  assert.equal((await outage(one)).life.stage, 'new');
  modems[1].receive(LAN, `tn sc${one} dang den`);
  await until('it is acknowledged', async () => (await outage(one)).life.stage === 'acknowledged');
  assert.equal((await outage(one)).acts.at(-1).by, 'Lan');
  assert.equal((await outage(two)).life.stage, 'new');
  modems[1].receive(LAN, `TN ${one}`);
  modems[1].receive(LAN, 'TN 999999');
  modems[1].receive(LAN, 'xin chao');
  await until('the modems are empty', () => modems[0].deleted.length >= 1 && modems[1].deleted.length >= 4);
  const metrics = await centre.metrics();
  for (const result of ['taken', 'again', 'stranger', 'unreadable', 'no_such_outage']) assert.equal(metrics[`ioc_replies_total{result="${result}"}`], 1, result);
  const entries = await audits();
  const stranger = entries.find((entry) => entry.act === 'SMS stranger');
  assert.deepEqual([stranger.who, stranger.role, stranger.address, stranger.detail], ['', 'sms', '+84911111111', `TN ${one}`]);
  assert.deepEqual(entries.filter((entry) => entry.act === 'SMS taken').map((entry) => [entry.who, entry.target]), [['Lan', `SC${one}`]]);
});

test('a reply in the spool of smstools, and one by a gateway, count the same', async () => {
  const [one, two] = await newOutages('modem');
  const file = path.join(spool, 'GSM1.abc');
  fs.writeFileSync(`${file}.LOCK`, '');
  fs.renameSync(`${file}.LOCK`, path.join(spool, '.x'));
  fs.writeFileSync(file, `From: 84900000003\nFrom_SMSC: 849\nSent: 26-11-22 13:00:00\nAlphabet: ISO\nLength: 7\n\nTN ${one}`);
  await until('it is acknowledged', async () => (await outage(one)).life.stage === 'acknowledged');
  await until('the file is gone', () => !fs.existsSync(file));
  const post = async (number, text) => {
    const answer = await ask('POST', `${centre.url}/api/v1/replies`, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ number, text }) });
    assert.equal(answer.status, 200, answer.body);
    return JSON.parse(answer.body);
  };
  assert.deepEqual(await post('0911 111 111', `TN ${two}`), { result: 'stranger', outage: '', by: '' });
  assert.equal((await outage(two)).life.stage, 'new');
  assert.deepEqual(await post(AN, `TN ${two}`), { result: 'taken', outage: `SC${two}`, by: 'An' });
  assert.equal((await outage(two)).life.stage, 'acknowledged');
});

test('whoever replied ends the escalation', async () => {
  await load(`${PAGING}targets:\n${MODEM}${HTTP}${rule(['modem'], '    escalate_after: 8s\n    escalate_to: [gateway]\n')}`);
  const seen = gateway.got.length;
  const [one, two] = await newOutages('modem');
  modems[0].receive(LAN, `TN ${one}`);
  await until('the other one is escalated', () => gateway.got.length > seen);
  assert.equal((await outage(one)).life.stage, 'acknowledged');
  assert.deepEqual(gateway.got.slice(seen).map((got) => new URL(got.url, 'http://x').searchParams.get('text').match(/SC\d+/)[0]), [`SC${two}`]);
});

test('a gateway that says 200 without the word it should say has sent nothing', async () => {
  await load(`${PAGING}targets:\n${HTTP}${rule(['gateway'])}`);
  gateway.reply = { status: 200, body: 'no credit' };
  const seen = gateway.got.length;
  fault('p1', 0);
  await until('it ends', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 1);
  fault('p1', 2);
  await until('it is tried again', () => gateway.got.length >= seen + 2);
  assert.equal((await pageOf('gateway', 'NT-001', 'waiting')).answer, 'no credit');
  gateway.reply = { status: 200, body: 'sent' };
  await until('it is sent', () => pageOf('gateway', 'NT-001', 'sent'));
});

test('a wrong rota at a reload is told with its places, and the old one stays', async () => {
  fs.writeFileSync(rotaFile, 'person,phone,role,scope\nLan,xyz,lead,nowhere\n');
  centre.child.kill('SIGHUP');
  await until('both mistakes are told', () => /rota\.csv:2:5: phone/.test(centre.log()) && /rota\.csv:2:14: scope/.test(centre.log()));
  fs.writeFileSync(rotaFile, 'person,phone,role\nLan,0900000001,lead\n');
  centre.child.kill('SIGHUP');
  await until('a role that nobody has is a mistake', () => /nobody in the rota has the role \\?"field/.test(centre.log()));
});
