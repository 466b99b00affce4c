// Whoever asks without end is told to wait, and everybody else is served meanwhile; behind a real nginx, too, with TLS, a password,
// tokens and events that come one by one.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeCertificates } from '../support/broker.mjs';
import { Collector, Mosquitto, ask, until } from '../support/centre.mjs';
import { endOf, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('limits');
const here = path.dirname(fileURLToPath(import.meta.url));
const broker = new Mosquitto(folder);
const file = (name) => path.join(folder, name);
const BURST = 40;
const RATE = 5; // a second
const FLOOD = 4 * BURST; // more than is served in any time that so many take
const NGINX = '/usr/sbin/nginx';
const SECURITY = ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'content-security-policy'];
let centre;
let nginx;
let ended;

// One request from an address of ours: {status, headers, body}.
const from = (address, path_, { headers = {}, via = http, port = 8080, ...more } = {}) => new Promise((resolve) => {
  const request = via.get({ host: '127.0.0.1', port, path: path_, localAddress: address, headers, agent: false, timeout: 60000, ...more }, (response) => {
    let body = '';
    response.on('data', (chunk) => { body += chunk; });
    response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
  });
  request.on('error', (e) => resolve({ status: e.code, headers: {}, body: '' }));
});

async function serve(more) {
  await centre?.kill();
  centre = new Collector(folder, { http: { requests_per_second: RATE, burst: BURST, streams_per_client: 3, ...more } });
  assert.ok(await centre.start(), centre.log());
}

const flood = async (n, ask_) => {
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: n }, ask_));
  const most = BURST + 1 + RATE * (performance.now() - began) / 1000; // however long it took
  return [answers.filter((a) => a.status === 200).length, answers.filter((a) => a.status === 429), most];
};

before(async () => {
  await broker.start();
  await serve({});
});

after(async () => {
  if (nginx) { nginx.kill('SIGQUIT'); await endOf(nginx, ended); }
  for (const server of [centre, broker]) await server?.kill();
});

test('a flood is told to wait, others are served, health is always told', async () => {
  const [served, limited, most] = await flood(FLOOD, () => from('127.0.0.9', '/api/v1/sites'));
  assert.ok(served >= BURST / 2 && served <= most, `${served} served, at most ${most}`);
  assert.ok(limited.length > 0);
  for (const answer of limited) {
    assert.ok(Number(answer.headers['retry-after']) >= 1);
    assert.ok(JSON.parse(answer.body).error.length > 5);
    for (const name of SECURITY) assert.ok(answer.headers[name], name);
  }
  assert.equal((await from('127.0.0.2', '/api/v1/sites')).status, 200);
  for (let i = 0; i < BURST; i++) assert.equal((await from('127.0.0.9', '/healthz')).status, 200);
  assert.ok((await centre.metrics()).ioc_http_limited_total >= limited.length);
  await until('it may ask again', async () => (await from('127.0.0.9', '/api/v1/sites')).status === 200);
});

const stream = (address, headers = {}) => new Promise((resolve) => {
  const request = http.get({ host: '127.0.0.1', port: 8080, path: '/api/v1/events', localAddress: address, headers, agent: false }, (response) => resolve({ status: response.statusCode, request }));
  request.on('error', () => {});
});

test('one address has some streams of events, not all', async () => {
  const streams = [];
  for (let i = 0; i < 4; i++) streams.push(await stream('127.0.0.3'));
  assert.deepEqual(streams.map((s) => s.status), [200, 200, 200, 429]);
  const other = await stream('127.0.0.4');
  assert.equal(other.status, 200);
  [...streams, other].forEach((s) => s.request.destroy());
});

test('a proxy is trusted only where it is configured, and only its own word', async () => {
  const through = (list) => from('127.0.0.1', '/api/v1/sites', { headers: { 'X-Forwarded-For': list } });
  assert.equal((await flood(FLOOD, () => through('10.0.0.1')))[1].length, 0); // it speaks for many: their limit is its own affair
  await serve({ behind_proxy: true });
  const [, limited] = await flood(FLOOD, () => through(`10.0.0.${Math.floor(Math.random() * 200)}, 10.9.9.9`)); // what a client wrote itself changes nothing
  assert.ok(limited.length > 0);
  assert.equal((await through('10.0.0.2')).status, 200);
  assert.equal((await from('127.0.0.1', '/api/v1/sites')).status, 200);
});

test('all who share a token share its limit, whatever their address', async () => {
  for (const role of ['viewer', 'operator']) fs.writeFileSync(file(`${role}.token`), `${role}-secret\n`, { mode: 0o600 });
  await serve({ viewer_token_file: file('viewer.token'), operator_token_file: file('operator.token') });
  let i = 0;
  const [, limited] = await flood(FLOOD, () => from(`127.0.2.${1 + i++}`, '/api/v1/sites?token=viewer-secret'));
  assert.ok(limited.length > 0);
  assert.equal((await from('127.0.3.1', '/api/v1/sites?token=operator-secret')).status, 200);
});

// ---- the example for nginx, with files and ports of ours ----

function writeNginx() {
  makeCertificates(folder, []);
  fs.writeFileSync(file('users'), 'lan:{PLAIN}mat-khau\n');
  const example = fs.readFileSync(path.join(here, '../../deploy/examples/nginx.conf'), 'utf8');
  const ours = [['listen 443', 'listen 8443'], ['/etc/ssl/certs/ioc.example.vn.pem', file('server.crt')], ['/etc/ssl/private/ioc.example.vn.key', file('server.key')], ['/etc/nginx/ioc.users', file('users')]];
  for (const [was] of ours) assert.ok(example.includes(was), was);
  fs.writeFileSync(file('site.conf'), ours.reduce((text, [was, is]) => text.replace(was, is), example));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${file(name)};`).join(' ');
  fs.writeFileSync(file('nginx.conf'), `user root; daemon off; worker_processes 1; pid ${file('nginx.pid')}; error_log ${file('nginx.log')} warn;\nevents {}\nhttp { access_log off; ${temporary} include ${file('site.conf')}; }\n`);
}

const basic = { Authorization: `Basic ${Buffer.from('lan:mat-khau').toString('base64')}` };
const secure = (address, path_, headers = basic) => from(address, path_, { via: https, port: 8443, ca: fs.readFileSync(file('ca.crt')), headers });

test('nginx takes the example', async () => {
  writeNginx();
  const checked = spawnSync(NGINX, ['-t', '-e', file('nginx.log'), '-c', file('nginx.conf')], { encoding: 'utf8', timeout: 60000 });
  assert.equal(checked.status, 0, checked.stderr);
  assert.doesNotMatch(checked.stderr, /\[(warn|error|emerg)\]/);
  await serve({ behind_proxy: true, viewer_token_file: file('viewer.token') });
  nginx = spawn(NGINX, ['-e', file('nginx.log'), '-c', file('nginx.conf')], { stdio: 'ignore' });
  ended = new Promise((resolve) => nginx.once('exit', resolve));
  await until('nginx answers', async () => (await secure('127.0.0.1', '/healthz')).status === 200);
});

test('through nginx: a password, tokens, and the headers that keep browsers safe', async () => {
  assert.equal((await secure('127.0.0.1', '/', {})).status, 401);
  assert.equal((await secure('127.0.0.1', '/')).status, 200);
  assert.equal((await secure('127.0.0.1', '/api/v1/sites')).status, 401);
  assert.equal((await secure('127.0.0.1', '/api/v1/sites?token=wrong')).status, 401);
  const answer = await secure('127.0.0.1', '/api/v1/sites?token=viewer-secret');
  assert.equal(answer.status, 200, answer.body);
  for (const name of SECURITY) assert.ok(answer.headers[name], name);
});

test('through nginx events come one by one, and limits count for its clients', async () => {
  const beats = [];
  const options = { host: '127.0.0.1', port: 8443, path: '/api/v1/events?token=viewer-secret', ca: fs.readFileSync(file('ca.crt')), headers: basic, agent: false };
  const request = https.get(options, (response) => response.on('data', (chunk) => { if (String(chunk).includes('event: hb')) beats.push({ heard: Date.now(), said: Date.parse(/"now":"([^"]+)"/.exec(chunk)[1]) }); }));
  await until('three heartbeats', () => beats.length >= 3);
  request.destroy();
  assert.ok(beats[0].heard < beats.at(-1).said, `nobody kept the first one until the last one was said: ${JSON.stringify(beats)}`);
  await serve({ behind_proxy: true });
  const [, limited] = await flood(FLOOD, () => secure('127.0.0.9', '/api/v1/sites'));
  assert.ok(limited.length > 0);
  assert.equal((await secure('127.0.0.2', '/api/v1/sites')).status, 200);
});
