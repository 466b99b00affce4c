// One suite for all targets that answer: what each says decides, whatever its kind; and mail by a real SMTP server with TLS.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, nowUs, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('targets');
const rulesFile = path.join(folder, 'rules.yaml');
const mailbox = path.join(folder, 'mailbox');
const PORT = 9100;
const URL_ = `http://127.0.0.1:${PORT}`;
const broker = new Mosquitto(folder);
let centre;
let probe;
let smtp;

// What a kind of target needs in the rules, and what it sends: [path, a text in the body or address].
const KINDS = {
  webhook: { keys: { url: `${URL_}/webhook` }, path: '/webhook', holds: (got) => JSON.parse(got.body).place === 'NT-001' },
  chat: { type: 'webhook', keys: { url: `${URL_}/chat`, body: '{"text":"{vi}","no":{number}}' }, path: '/chat', holds: (got) => /Trạm Đô Vinh 1/.test(JSON.parse(got.body).text) && JSON.parse(got.body).no > 0 },
  alertmanager: { keys: { url: `${URL_}/am` }, path: '/am/api/v2/alerts', holds: (got) => JSON.parse(got.body)[0].labels.place === 'NT-001' },
  gateway: { keys: { url: `${URL_}/gateway`, body: 'to={phone}&text={sms}', content_type: 'application/x-www-form-urlencoded', numbers: ['84900000001'] }, path: '/gateway',
    holds: (got) => new URLSearchParams(got.body).get('to') === '84900000001' && /NT-001: mat lien lac/.test(new URLSearchParams(got.body).get('text')) },
  pagerduty: { keys: { url: `${URL_}/pagerduty`, secret_file: `${folder}/secret` }, path: '/pagerduty', good: 202,
    holds: (got) => { const event = JSON.parse(got.body); return event.routing_key === 'key-1' && event.event_action === 'trigger' && event.payload.severity === 'critical' && event.dedup_key.startsWith('c1-'); } },
  telegram: { keys: { url: URL_, chat: '-100', secret_file: `${folder}/secret` }, path: '/botkey-1/sendMessage', holds: (got) => JSON.parse(got.body).chat_id === '-100' && /SC\d+/.test(JSON.parse(got.body).text) },
};
const NAMES = Object.keys(KINDS);

const far = { got: [], reply: { status: 200, body: '' }, elsewhere: 0 };
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/elsewhere') far.elsewhere++;
    far.got.push({ path: request.url, body: Buffer.concat(chunks).toString(), at: Date.now() });
    response.writeHead(far.reply.status, far.reply.headers).end(far.reply.body);
  });
});

const target = (name, type, keys) => `  - name: ${name}\n    type: ${type}\n    cap: 0\n${Object.entries(keys).map(([k, v]) => `    ${k}: ${JSON.stringify(v)}\n`).join('')}`;
const rules = (targets) => `paging:\n  settle: 0s\n  area_sites: 100\ntargets:\n${targets.map(([name, type, keys]) => target(name, type, keys)).join('')}rules:\n  - name: out\n    type: down\n    severity: critical\n    keep_for: 0s\n    targets: [${targets.map(([name]) => name).join(', ')}]\n`;
const SUITE = rules(NAMES.map((name) => [name, KINDS[name].type ?? name, KINDS[name].keys]));
const MAIL = { url: 'smtp://127.0.0.1:2525', from: 'ioc@example.vn', to: ['truc@example.vn', 'lan@example.vn'], ca_file: `${folder}/ca.pem`, timeout: '5s' };

const fault = (verdict) => probe.results([['icmp/a', nowUs() / 1000n * 1000n, verdict, {}]]);
const pages = async (state) => (await centre.get('/api/v1/pages?limit=500')).pages.filter((page) => page.transition === 'fired' && page.state === state);
const newest = async (name) => (await centre.get('/api/v1/pages?limit=500')).pages.find((page) => page.transition === 'fired' && page.target === name);

async function load(text) {
  const loaded = centre.log().split('rules.loaded').length;
  fs.writeFileSync(rulesFile, text);
  centre.child.kill('SIGHUP');
  await until('the rules are loaded', () => centre.log().split('rules.loaded').length > loaded);
}

async function outAgain() {
  fault(0);
  await until('nothing is out', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 0);
  fault(2);
}

// A new outage while every target answers so; each has to have tried, and then, when all is well, to have it.
async function answered(reply, check) {
  const last = Math.max(0, ...(await centre.get('/api/v1/pages?limit=500')).pages.map((page) => page.id));
  far.reply = reply;
  await outAgain();
  for (const name of NAMES) {
    const page = await until(`${name} was tried`, async () => { const one = await newest(name); return one?.id > last && one.tries > 0 && one; });
    assert.equal(page.state, 'waiting', name);
    check(page, name);
  }
  far.reply = { status: 200, body: '{"ok":true}' };
  for (const name of NAMES) await until(`${name} has it`, async () => (await newest(name)).state === 'sent');
}

const startSmtp = async () => {
  smtp = spawn('/usr/bin/python3', ['-m', 'aiosmtpd', '-n', '-l', '127.0.0.1:2525', '--tlscert', `${folder}/cert.pem`, '--tlskey', `${folder}/key.pem`, '-c', 'aiosmtpd.handlers.Mailbox', mailbox], { stdio: 'ignore', cwd: folder });
  await until('the mail server listens', () => spawnSync('ss', ['-Hltn', 'sport = :2525'], { encoding: 'utf8', timeout: 60000 }).stdout.includes('2525'));
};
const mails = () => (fs.existsSync(path.join(mailbox, 'new')) ? fs.readdirSync(path.join(mailbox, 'new')) : []).map((name) => fs.readFileSync(path.join(mailbox, 'new', name), 'utf8'));
const openssl = (...args) => assert.equal(spawnSync('openssl', args, { cwd: folder, timeout: 60000 }).status, 0);

before(async () => {
  fs.writeFileSync(path.join(folder, 'secret'), 'key-1\n', { mode: 0o600 });
  for (const [cert, key] of [['cert.pem', 'key.pem'], ['ca2.pem', 'key2.pem']])
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=mail', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert);
  fs.copyFileSync(path.join(folder, 'cert.pem'), path.join(folder, 'ca.pem'));
  fs.writeFileSync(rulesFile, SUITE);
  await new Promise((resolve) => server.listen(PORT, '127.0.0.1', resolve));
  await broker.start();
  centre = new Collector(folder, { centre: { rules: rulesFile } });
  assert.ok(await centre.start(), centre.log?.());
  probe = new Probe('p1', 'S1');
  await probe.connect(broker);
  probe.checklist(nowUs() / 1000n * 1000n - 1000n, [['icmp/a', ['4g@a'], { ttl_ms: 600000 }]]);
  fault(0);
  await probe.acked();
});

after(async () => {
  await probe.close();
  for (const one of [centre, broker]) await one.kill();
  smtp?.kill('SIGKILL');
  server.closeAllConnections?.();
  server.close();
});

test('each kind of target is told once, in its own form', async () => {
  fault(2);
  for (const name of NAMES) await until(`${name} has it`, async () => (await newest(name))?.state === 'sent');
  for (const [name, kind] of Object.entries(KINDS)) {
    const got = far.got.filter((one) => one.path === kind.path);
    assert.equal(got.length, 1, name);
    assert.ok(kind.holds(got[0]), `${name}: ${got[0].body}`);
  }
});

test('an error is tried again: 500, 200 with an error in the body, 400', async () => {
  await answered({ status: 500, body: 'broken' }, (page) => assert.deepEqual([page.status, page.answer], [500, 'broken']));
  await answered({ status: 200, body: '{"ok":false,"error":"no"}' }, (page) => assert.equal(page.status, 200));
  await answered({ status: 400, body: 'bad' }, (page) => assert.deepEqual([page.status, page.answer], [400, 'bad']));
});

test('nobody is followed elsewhere, and no answer is too long', async () => {
  await answered({ status: 302, body: '', headers: { Location: 'http://127.0.0.2:9100/elsewhere' } }, (page) => assert.match(page.answer, /elsewhere/));
  assert.equal(far.elsewhere, 0);
  const before_ = centre.rssKiB();
  await answered({ status: 503, body: 'x'.repeat(10 << 20) }, (page) => assert.ok(page.answer.length < 128));
  assert.ok(centre.rssKiB() - before_ < 8 * 1024 + centre.sanitizerKiB(), `${centre.rssKiB() - before_} KiB more`);
});

test('a pause that is asked for is kept', async () => {
  const from = far.got.length;
  await answered({ status: 429, body: '{}', headers: { 'Retry-After': '4' } }, (page) => assert.equal(page.status, 429));
  for (const [name, kind] of Object.entries(KINDS)) {
    const tries = far.got.slice(from).filter((got) => got.path === kind.path && !/resolve|recovered/.test(got.body)).map((got) => got.at);
    assert.ok(tries.at(-1) - tries.at(-2) >= 3900, `${name}: ${tries.map((at) => at - tries[0])}`);
  }
});

test('a mail goes out with TLS, in words that people can read', async () => {
  await startSmtp();
  await load(rules([['mail', 'mail', MAIL]]));
  await outAgain();
  const [mail] = await until('the mail came', () => mails().length === 1 && mails());
  const page = await newest('mail');
  assert.match(mail, /^To: <truc@example.vn>,\r?\n <lan@example.vn>/m);
  const subject = [...mail.matchAll(/=\?UTF-8\?B\?([^?]+)\?=/g)].map(([, word]) => Buffer.from(word, 'base64').toString()).join('');
  assert.equal(subject, page.sms);
  const body = Buffer.from(mail.split(/\r?\n\r?\n/).slice(1).join('').replaceAll(/\s/g, ''), 'base64').toString();
  assert.ok(body.startsWith(`${page.vi}\r\n\r\n${page.en}`), body);
  assert.match(mail, /^Message-ID: <c1-\d+@ioc-telemetry>/m);
});

test('a mail server of somebody else gets nothing, and the stand-in is told', async () => {
  const seen = mails().length;
  await load(rules([['mail', 'mail', { ...MAIL, ca_file: `${folder}/ca2.pem`, fallback: 'webhook', fallback_after: '1s' }], ['webhook', 'webhook', KINDS.webhook.keys]]).replace('targets: [mail, webhook]', 'targets: [mail]'));
  const from = far.got.length;
  await outAgain();
  await until('the stand-in is told', () => far.got.length > from);
  assert.match((await newest('mail')).answer, /certificate/i);
  assert.equal(mails().length, seen);
});

test('a mail server that is away has the mail when it is back, once', async () => {
  smtp.kill('SIGKILL');
  const seen = mails().length;
  await load(rules([['mail', 'mail', MAIL]]));
  await outAgain();
  await until('it is tried', async () => { const page = await newest('mail'); return page.state === 'waiting' && page.tries > 0; });
  await startSmtp();
  await until('it is sent', async () => (await pages('waiting')).length === 0);
  const numbers = mails().length - seen;
  assert.equal(numbers, new Set(mails().map((mail) => /^Message-ID: (.*)$/m.exec(mail)[1])).size - seen);
});
