// Every error that the API's description names is provoked at every operation that names it: status, headers and body are as
// described, and nothing is answered that is not.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, connect, nowUs, until } from '../support/centre.mjs';
import { faultsIn, operationsOf, responseOf } from '../support/openapi.mjs';
import { endOf, freshFolder } from '../support/servers.mjs';

const HOOK = 9300;
const OUTAGES = 230; // memory keeps 180 of a unit
const ROLES = ['guest', 'viewer', 'operator', 'admin'];
const SECURITY = ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'content-security-policy'];
const folder = freshFolder('api_errors');
const file = (name) => path.join(folder, name);
const broker = new Mosquitto(folder);
const probe = new Probe('p1', 'S1');
const start = nowUs() - 7200_000_000n;
const at = (s) => start + BigInt(s) * 1_000_000n;
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const pages = [];
const hook = http.createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => { text += chunk; });
  request.on('end', () => { pages.push(JSON.parse(text)); response.end('{}'); });
});
const provoked = new Set(); // "GET /path 404"
// Takes 20,000 declarations: tests/unit/collector_core/inventory_declare_test.c
const ELSEWHERE = ['POST /api/v1/declarations 409', 'POST /api/v1/declarations/plan 409'];
let centre;
let api;
let known; // what the operations name: link, outage, closed, letter, withdrawn, past

// One request: {status, headers, body}. 0: no answer.
const request = (method, path_, { token, body, headers = {}, from = '127.0.0.1' } = {}) => new Promise((resolve) => {
  const all = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }), ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }), ...headers };
  const sent = http.request({ host: '127.0.0.1', port: centre.port, method, path: path_, headers: all, localAddress: from, agent: false, timeout: 20000 }, (response) => {
    let text = '';
    response.on('data', (chunk) => { text += chunk; });
    response.on('error', () => resolve({ status: 0, headers: {}, body: '' }));
    response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
  });
  sent.on('error', (e) => resolve({ status: 0, headers: {}, body: e.code }));
  sent.on('timeout', () => sent.destroy());
  sent.end(body);
});

const admin = async (method, path_, body) => {
  const answer = await request(method, path_, { token: 'admin', body: body && JSON.stringify(body) });
  assert.ok([200, 201].includes(answer.status), `${method} ${path_}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body);
};
const works = (from, to, more) => ({ target: 'S2', kind: 'maintenance', from: iso(from), to: iso(to), by: 'An', ...more });

function serve(http_) {
  fs.writeFileSync(file('rules.yaml'), `paging: {settle: 0s, link_url: "http://127.0.0.1:8080"}\ntargets:\n  - {name: t, type: webhook, url: "http://127.0.0.1:${HOOK}/"}\n` +
    'rules:\n  - {name: out, type: down, severity: minor, keep_for: 0s, targets: [t]}\n');
  centre = new Collector(folder, { inventory: INVENTORY, centre: { rules: file('rules.yaml') }, http: { requests_per_second: 0, streams_per_client: 1024, ...http_ } });
  return centre.start();
}

async function makeOutages() {
  probe.checklist(at(-1), [['icmp/a', ['4g@a'], { ttl_ms: 600000 }]]);
  for (let i = 0; i < OUTAGES; i += 23) {
    probe.results(Array.from({ length: 23 }, (_, k) => [['icmp/a', at(20 * (i + k)), 2, {}], ['icmp/a', at(20 * (i + k) + 10), 0, {}]]).flat());
    await probe.acked(); // they have got their numbers
  }
  probe.results([['icmp/a', nowUs() - 1000n, 0, {}], ['icmp/a', nowUs(), 2, {}]]);
  await probe.acked();
}

before(async () => {
  await new Promise((resolve) => { hook.listen(HOOK, '127.0.0.1', resolve); });
  await broker.start();
  for (const role of ROLES) fs.writeFileSync(file(role), `${role}\n`);
  assert.ok(await serve(Object.fromEntries(ROLES.map((role) => [`${role}_token_file`, file(role)]))), centre.log());
  await probe.connect(broker);
  const client = await connect(broker);
  await client.publishAsync('ioc/v1/school/plain', 'garbage', { qos: 1 });
  await client.endAsync();
  await makeOutages();
  const link = (await until('a page with a link', () => pages.find((page) => page.link))).link;
  const outage = (await admin('GET', '/api/v1/outages?open=1')).outages[0].outage;
  await admin('POST', `/api/v1/outages/${outage}/acknowledge`, {});
  const closed = `SC${Number(outage.slice(2)) - 3}`;
  await admin('POST', `/api/v1/outages/${closed}/close`, {});
  const gone = await admin('POST', '/api/v1/declarations', works(3600e3, 7200e3));
  await admin('DELETE', `/api/v1/declarations/${gone.number}`);
  const past = await admin('POST', '/api/v1/declarations', works(-7200e3, -3600e3));
  const letter = await until('a dead letter', async () => (await admin('GET', '/api/v1/deadletters')).letters[0]?.number);
  known = { link: new URL(link).pathname.split('/').pop(), outage, closed, letter, withdrawn: gone.number, past: past.number };
  assert.equal((await request('POST', new URL(link).pathname)).status, 200);
  api = await admin('GET', '/api/v1/openapi.json');
});

after(async () => { hook.close(); await probe.close(); for (const server of [centre, broker]) await server?.kill(); });

// An id that is there, of an operation.
const ID = { '/api/v1/areas/{id}': () => '58', '/api/v1/sites/{id}': () => 'S1', '/api/v1/sites/{id}/timeline': () => 'S1', '/api/v1/sites/{id}/readings': () => 'S1', '/a/{id}': () => known.link };
function idOf(op) {
  if (op.path.startsWith('/api/v1/outages/')) return known.outage;
  if (op.path.startsWith('/api/v1/deadletters/')) return known.letter;
  if (op.path.startsWith('/api/v1/declarations/')) return known.past;
  return ID[op.path]?.();
}
const urlOf = (op, { id = idOf(op), query = '' } = {}) => op.path.replace('{id}', id) + query;

// A body that is understood.
const BODIES = { progress: { waiting: 'parts' }, comment: { comment: 'x' }, shelve: { until: iso(3600e3), comment: 'x' }, expect: { until: iso(3600e3) }, assign: { to: 'VNPT' },
  declarations: works(3600e3, 7200e3), plan: works(3600e3, 7200e3), give: { by: 'An' }, take: { by: 'An' }, shift: { text: 'x' }, replies: { number: '0900000001', text: 'TN 1' } };
const wordOf = (op) => op.path.split('/').pop();
const bodyOf = (op, more) => (op.body ? JSON.stringify({ ...BODIES[wordOf(op)], ...more }) : undefined);
const lessThan = (role) => ROLES[ROLES.indexOf(role) - 1];

// Names of things that a parameter may get wrong, and values that make no sense.
const STRANGERS = ['area', 'site', 'parent', 'operator', 'probe'];
const NONSENSE = { ...Object.fromEntries(['offset', 'limit', 'at', 'from', 'heap', 'probes', 'max_age_s', 'late_s', 'clock', 'feeds', 'before', 'after', 'state', 'kind', 'window', 'period', 'what', 'step', 'lang', 'open', 'format']
  .map((name) => [name, `${name}=nonsense`])), revisions: 'period=ytd&revisions=nonsense' };

const wrongParameters = (op) => op.params.filter((name) => NONSENSE[name]).map((name) => [urlOf(op, { query: `?${NONSENSE[name]}` }), {}]);

function strangers(op) {
  if (op.path === '/api/v1/outlines') return [[op.path, {}]]; // none are configured
  if (op.path.includes('{id}')) return ['none', '999999'].map((id) => [urlOf(op, { id }), { body: bodyOf(op) }]);
  if (op.body) return [[op.path, { body: bodyOf(op, { target: 'none' }) }], [op.path, { body: bodyOf(op, { target: 'S1/none@a' }) }]];
  return op.params.filter((name) => STRANGERS.includes(name)).map((name) => [urlOf(op, { query: `?${name}=none` }), {}]);
}

// What an outage, a declaration, a letter or a shift does not take as it stands.
const CONFLICTS = { acknowledge: {}, assign: { to: '' }, comment: { comment: '' }, shelve: { until: iso(-3600e3) }, unshelve: {}, expect: { until: iso(-3600e3) }, close: {} };
function conflicts(op) {
  if (op.path === '/a/{id}' || wordOf(op) === 'requeue') return [[urlOf(op), {}]];
  if (op.method === 'DELETE') return [[urlOf(op, { id: known.withdrawn }), {}]];
  if (wordOf(op) === 'progress') return [[urlOf(op, { id: known.closed }), { body: bodyOf(op) }]];
  return [[urlOf(op), { body: bodyOf(op, CONFLICTS[wordOf(op)]) }]];
}

// Who has too little; and what has begun takes more.
function forbidden(op) {
  const lesser = [[urlOf(op), { token: lessThan(op.role), body: bodyOf(op) }]];
  if (op.path.startsWith('/api/v1/declarations') && op.method === 'POST') lesser.push([op.path, { token: 'operator', body: bodyOf(op, { from: iso(-3600e3) }) }]);
  if (op.path.startsWith('/api/v1/declarations') && op.method === 'DELETE') lesser.push([urlOf(op, { id: known.past }), { token: 'operator' }]);
  return lesser;
}

const tooLong = (op) => (op.body || op.path === '/a/{id}' ? [[urlOf(op), { body: 'x'.repeat(200000) }]] : [[urlOf(op), { headers: { 'Content-Length': '200000' }, body: 'x'.repeat(200000) }]]);

// By status: requests to an operation, each of which gets it. The admin asks where nothing is said.
const PROVOKE = {
  400: (op) => (op.body ? [[urlOf(op), { body: '[' }], [urlOf(op), { body: '{"by":7,"text":7,"number":7}' }]] : wrongParameters(op)),
  401: (op) => [[urlOf(op), { token: null, body: bodyOf(op) }]],
  403: forbidden,
  404: strangers,
  409: conflicts,
  410: (op) => [[urlOf(op, { id: 'SC1' }), { body: bodyOf(op) }]],
  413: tooLong,
};

function check(op, status, answer, what) {
  const described = responseOf(api, op.responses, status);
  assert.equal(answer.status, status, `${what}: ${answer.body}`);
  assert.ok(described, `${what}: ${status} is not described`);
  for (const name of SECURITY) assert.ok(answer.headers[name], `${what}: ${name}`);
  for (const name of Object.keys(described.headers ?? {})) assert.ok(answer.headers[name.toLowerCase()], `${what}: ${name}`);
  const [[type, { schema }]] = Object.entries(described.content);
  assert.equal(answer.headers['content-type'].split(';')[0], type, what);
  if (schema) assert.deepEqual(faultsIn(api, JSON.parse(answer.body), schema, what), []);
  provoked.add(`${op.method} ${op.path} ${status}`);
}

async function provoke(op, status, requests) {
  assert.ok(requests.length > 0, `${op.method} ${op.path}: nothing is known that gives ${status}`);
  for (const [url, options] of requests) check(op, status, await request(op.method, url, { token: 'admin', ...options }), `${op.method} ${url} ${JSON.stringify(options).slice(0, 200)}`);
}

const operations = (status) => operationsOf(api).filter((op) => op.responses[status]);

async function provokeEach(status) {
  for (const op of operations(status).filter((o) => !ELSEWHERE.includes(`${o.method} ${o.path} ${status}`))) await provoke(op, status, PROVOKE[status](op));
}

for (const status of [400, 401, 403, 404, 409, 410, 413]) test(`${status}`, () => provokeEach(status));

test('405: whatever method a path does not have', async () => {
  for (const path_ of Object.keys(api.paths)) {
    const op = { method: 'PUT', path: path_, responses: { 405: { $ref: '#/components/responses/405' } } };
    check(op, 405, await request('PUT', urlOf(op, { id: idOf(op) ?? 1 }), { token: 'admin' }), `PUT ${path_}`);
  }
});

test('429: an address that guesses tokens', async () => {
  const from = '127.0.0.66';
  await until('it has to wait', async () => (await request('GET', '/healthz', { from, token: `guess-${Math.random()}` })).status === 429);
  for (const op of operations(429)) await provoke(op, 429, [[urlOf(op), { from, body: bodyOf(op) }]]);
});

test('503: streams beyond those that there are', async () => {
  const op = operations(503).find((o) => o.path === '/api/v1/events');
  const streams = [];
  for (let i = 0; i < 1100; i++)
    streams.push(http.get({ host: '127.0.0.1', port: centre.port, path: '/api/v1/events?token=viewer', localAddress: `127.0.2.${1 + (i % 8)}`, agent: false }, (r) => r.on('error', () => {})).on('error', () => {}));
  await until('all are taken', async () => (await request('GET', '/api/v1/events', { token: 'viewer', headers: { 'Last-Event-ID': '1' }, from: '127.0.2.99' })).status === 503);
  await provoke(op, 503, [[op.path, {}]]);
  streams.forEach((stream) => stream.destroy());
});

// Another process that has begun to write into the store, until its input ends.
async function holdStore() {
  const program = 'import sqlite3,sys\nc=sqlite3.connect(sys.argv[1],isolation_level=None)\nc.execute("BEGIN IMMEDIATE")\nprint("held",flush=True)\nsys.stdin.read()\n';
  const holder = spawn('python3', ['-c', program, path.join(centre.data, 'store.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { holder.once('exit', resolve); });
  await new Promise((resolve) => { holder.stdout.once('data', resolve); });
  return () => { holder.stdin.end(); return endOf(holder, ended); };
}

// What reads the store itself finds none.
const READERS = ['GET /api/v1/audit', 'GET /api/v1/deadletters', 'GET /api/v1/deadletters/{id}'];

test('503: the store takes nothing, or cannot be read', async () => {
  const release = await holdStore();
  probe.results([['icmp/a', nowUs(), 0, {}]]);
  await until('it stands still', () => /store\.stalled/.test(centre.log()));
  const store = path.join(centre.data, 'store.db');
  const all = operations(503).filter((op) => op.path !== '/api/v1/events');
  const reads = all.filter((op) => READERS.includes(`${op.method} ${op.path}`));
  for (const op of all.filter((o) => !reads.includes(o))) await provoke(op, 503, [[urlOf(op), { body: bodyOf(op) }]]);
  fs.renameSync(store, `${store}.away`);
  for (const op of reads) await provoke(op, 503, [[urlOf(op), {}]]);
  fs.renameSync(`${store}.away`, store);
  await release();
  await probe.acked();
});

test('without tokens: changes are JSON, and from here', async () => {
  assert.doesNotMatch(centre.log(), /http\.undescribed|Sanitizer|runtime error/);
  await centre.stop();
  assert.ok(await serve({}), centre.log());
  for (const op of operations(415)) await provoke(op, 415, [[urlOf(op), { token: null, body: bodyOf(op), headers: { 'Content-Type': 'text/plain' } }]]);
  for (const op of operations(415)) await provoke(op, 403, [[urlOf(op), { token: null, body: bodyOf(op), headers: { Origin: 'http://elsewhere' } }]]);
});

test('nothing is described that was not provoked', () => {
  const described = operationsOf(api).flatMap((op) => Object.keys(op.responses).filter((s) => s >= 400).map((s) => `${op.method} ${op.path} ${s}`));
  assert.ok(described.length > 300, `${described.length}`);
  assert.deepEqual(described.filter((one) => !provoked.has(one)), ELSEWHERE);
  assert.doesNotMatch(centre.log(), /http\.undescribed|Sanitizer|runtime error/);
});
