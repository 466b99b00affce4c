// Who may read: tokens by role, TLS, and no listening beyond loopback without both.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeCertificates } from '../support/broker.mjs';
import { Collector, Mosquitto, until } from '../support/centre.mjs';
import { BIN, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('access');
const broker = new Mosquitto(folder);
let centre;

const get = (path_, headers = {}) => new Promise((resolve) => {
  const request = https.get(`https://127.0.0.1:8443${path_}`, { ca: fs.readFileSync(path.join(folder, 'ca.crt')), headers, agent: false }, (response) => {
    if (/event-stream/.test(response.headers['content-type'])) { resolve(response.statusCode); response.destroy(); return; }
    response.resume();
    response.on('end', () => resolve(response.statusCode));
  });
  request.on('error', (e) => resolve(e.code));
});

const bearer = (token) => ({ Authorization: `Bearer ${token}` });

before(async () => {
  makeCertificates(folder, []);
  for (const role of ['viewer', 'operator', 'admin']) fs.writeFileSync(path.join(folder, `${role}.token`), `${role}-secret\n`, { mode: 0o600 });
  fs.writeFileSync(path.join(folder, 'empty.token'), '', { mode: 0o600 });
  await broker.start();
  const file = (name) => path.join(folder, name);
  centre = new Collector(folder, { port: 8443, http: { listen: '0.0.0.0', cert_file: file('server.crt'), key_file: file('server.key'),
    viewer_token_file: file('viewer.token'), operator_token_file: file('operator.token'), admin_token_file: file('admin.token') } });
  centre.start().catch(() => {}); // it awaits an answer in plain text, which never comes
  await until('it answers', async () => await get('/healthz') === 200);
});

after(async () => { for (const server of [centre, broker]) await server.kill(); });

test('without a token only health and the page itself', async () => {
  assert.equal(await get('/healthz'), 200);
  assert.equal(await get('/'), 200);
  for (const path_ of ['/api/v1/overview', '/api/v1/sites', '/api/v1/events', '/api/v1/ledger', '/metrics', '/readyz'])
    assert.equal(await get(path_), 401, path_);
});

test('a wrong token is no token, a right one reads whatever its role', async () => {
  for (const token of ['', 'x', 'viewer-secre', 'viewer-secrett', 'VIEWER-SECRET', 'a'.repeat(4000)])
    assert.equal(await get('/api/v1/sites', bearer(token)), 401, token.slice(0, 20));
  for (const role of ['viewer', 'operator', 'admin']) {
    assert.equal(await get('/api/v1/sites', bearer(`${role}-secret`)), 200);
    assert.equal(await get(`/api/v1/events?token=${role}-secret`), 200);
  }
});

test('a change takes a token in a header, and one that may change something', async () => {
  const post = (path_, headers) => new Promise((resolve, reject) => {
    const request = https.request(`https://127.0.0.1:8443${path_}`, { method: 'POST', ca: fs.readFileSync(path.join(folder, 'ca.crt')), headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode, allow: response.headers.allow }));
    });
    request.on('error', reject);
    request.end('{}');
  });
  assert.equal((await post('/api/v1/overview', {})).status, 401);
  assert.equal((await post('/api/v1/overview?token=admin-secret', {})).status, 401);
  assert.equal((await post('/api/v1/overview', bearer('viewer-secret'))).status, 403);
  assert.deepEqual(await post('/api/v1/overview', bearer('operator-secret')), { status: 405, allow: 'GET, HEAD' });
});

test('listening beyond loopback needs TLS and a token that is not empty', () => {
  const good = centre.sections.http;
  const run = (http) => {
    centre.sections.http = http;
    centre.writeConfig();
    const ended = spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile], { encoding: 'utf8', timeout: 60000 });
    return ended.stderr;
  };
  centre.sections.centre.data_folder = path.join(folder, 'other');
  assert.match(run({ port: 8444, listen: '0.0.0.0' }), /needs cert_file, key_file and viewer_token_file/);
  assert.match(run({ ...good, port: 8444, viewer_token_file: path.join(folder, 'empty.token') }), /token_unread.*empty\.token/);
  assert.match(run({ ...good, port: 8444, key_file: path.join(folder, 'missing.key') }), /file_unread.*missing\.key/);
  assert.match(run({ ...good, port: 8444, cert_file: path.join(folder, 'empty.token') }), /file_unread.*empty\.token/);
  assert.match(run({ ...good, port: 8444, cert_file: path.join(folder, 'viewer.token') }), /http\.open_failed/);
});
