// Every act leaves exactly one row in the audit log: each that the API's own description lists, a token that is made, altered or taken away, a reload.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, ask, connect, nowUs, until, writeInventory } from '../support/centre.mjs';
import { BIN, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('audit_acts');
const HOOK = 9210;
const AN = '84900000003';
const tokensFile = path.join(folder, 'people.tokens');
const broker = new Mosquitto(folder);
const pages = [];
const hook = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => { pages.push(JSON.parse(Buffer.concat(chunks))); response.end('{}'); });
});
const secret = {};
const probes = {};
let centre;
let plain;

const make = (name, role) => {
  const made = spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile, 'token', 'make', name, role], { encoding: 'utf8', timeout: 60000 });
  assert.equal(made.status, 0, made.stderr);
  secret[name] = made.stdout.trim();
};
const headers = (who) => ({ Authorization: `Bearer ${secret[who]}`, 'Content-Type': 'application/json' });
const read = async (path_) => JSON.parse((await ask('GET', centre.url + path_, { headers: headers('chef') })).body);
const audit = () => read('/api/v1/audit?limit=100');
const at = (hours) => new Date(Date.now() + hours * 3600000).toISOString();
const fault = async (name, verdict) => { probes[name].results([['icmp/a', nowUs(), verdict, {}]]); await probes[name].acked(); };
const out = (place) => until(`${place} pages`, () => pages.filter((page) => page.place === place && page.transition === 'fired').at(-1));
const letter = async (text) => {
  const last = (await read('/api/v1/deadletters')).letters.at(-1)?.number ?? 0;
  await plain.publishAsync('ioc/v1/meter/plain', text, { qos: 1 });
  return until('a letter', async () => (await read(`/api/v1/deadletters?after=${last}`)).letters[0]?.number);
};

before(async () => {
  fs.writeFileSync(path.join(folder, 'rota.csv'), `person,phone,role,scope,from,to\nAn,${AN},field,,,\n`);
  fs.writeFileSync(path.join(folder, 'rules.yaml'), `paging:\n  settle: 0s\n  area_sites: 100\n  rota: ${folder}/rota.csv\n  link_url: http://127.0.0.1:8080\ntargets:\n  - name: hook\n    type: webhook\n    url: http://127.0.0.1:${HOOK}/\n` +
    'rules:\n  - name: out\n    type: down\n    severity: critical\n    keep_for: 0s\n    targets: [hook]\n');
  await Promise.all([broker.start(), new Promise((resolve) => { hook.listen(HOOK, '127.0.0.1', resolve); })]);
  centre = new Collector(folder, { centre: { rules: path.join(folder, 'rules.yaml') }, http: { tokens_file: tokensFile } });
  make('chef', 'admin');
  make('lan', 'operator');
  make('minh', 'operator');
  assert.ok(await centre.start(), centre.log());
  plain = await connect(broker);
  for (const [name, site] of [['p1', 'S1'], ['p2', 'S2']]) {
    probes[name] = new Probe(name, site);
    await probes[name].connect(broker);
    probes[name].checklist(nowUs(), [['icmp/a', ['4g@a'], { ttl_ms: 600000 }]]);
    await fault(name, 0);
    await fault(name, 2);
  }
});

after(async () => {
  for (const probe of Object.values(probes)) await probe.close();
  await plain?.endAsync(true);
  hook.close();
  for (const server of [centre, broker]) await server?.kill();
});

const outage = async (place) => `SC${(await out(place)).number}`;
const life = (deed, body = {}) => async () => ({ path: `/api/v1/outages/${await outage('NT-001')}/${deed}`, body });
const works = (day) => ({ target: 'S1', kind: 'maintenance', from: `2031-01-0${day}T00:00:00Z`, to: `2031-01-0${day}T01:00:00Z`, reason: 'x', by: 'An' });
const made = {};

// By method and path as the description has them, in an order in which each succeeds. who: whose token; acts: other words for it in the log; from: who stands there.
const ACTS = {
  'POST /api/v1/outages/{id}/acknowledge': life('acknowledge', { by: 'Lan' }),
  'POST /api/v1/outages/{id}/assign': life('assign', { to: 'VNPT', ticket: 'T-77' }),
  'POST /api/v1/outages/{id}/progress': life('progress', { waiting: 'parts' }),
  'POST /api/v1/outages/{id}/comment': life('comment', { comment: 'x' }),
  'POST /api/v1/outages/{id}/shelve': life('shelve', { until: at(1), reason: 'x', comment: 'x' }),
  'POST /api/v1/outages/{id}/unshelve': life('unshelve'),
  'POST /api/v1/outages/{id}/expect': life('expect', { until: at(2) }),
  'POST /api/v1/outages/{id}/close': async () => {
    const number = await outage('NT-001');
    await fault('p1', 0);
    await until('it is over', async () => !(await read(`/api/v1/outages/${number}`)).open);
    return { path: `/api/v1/outages/${number}/close`, body: {} };
  },
  'POST /a/{id}': async () => ({ path: new URL((await out('NT-002')).link).pathname, bare: true, who: 'hook', role: 'link' }),
  'POST /api/v1/replies': async () => {
    await fault('p1', 0);
    const seen = pages.length;
    await fault('p1', 2);
    const { number } = await until('it pages', () => pages.slice(seen).find((page) => page.place === 'NT-001' && page.transition === 'fired'));
    return { path: '/api/v1/replies', body: { number: AN, text: `TN ${number}` } };
  },
  'POST /api/v1/handover/give': () => ({ path: '/api/v1/handover/give', body: { by: 'Lan' } }),
  'POST /api/v1/handover/take': () => ({ path: '/api/v1/handover/take', body: { by: 'Minh' }, who: 'minh' }),
  'POST /api/v1/shift': () => ({ path: '/api/v1/shift', body: { by: 'Lan', text: 'x' } }),
  'POST /api/v1/declarations': () => ({ path: '/api/v1/declarations', body: works(1), keep: 'one' }),
  'DELETE /api/v1/declarations/{id}': () => ({ path: `/api/v1/declarations/${made.one.number}` }),
  'POST /api/v1/declarations/plan': () => ({ path: '/api/v1/declarations/plan', body: { ...works(2), every: 'week', times: 2 }, keep: 'plan' }),
  'DELETE /api/v1/declarations/plan/{id}': () => ({ path: `/api/v1/declarations/plan/${made.plan.first}` }),
  'DELETE /api/v1/deadletters/{id}': async () => ({ path: `/api/v1/deadletters/${await letter('garbage')}`, who: 'chef', role: 'admin', act: 'deadletter purge' }),
  'POST /api/v1/deadletters/{id}/purge': async () => ({ path: `/api/v1/deadletters/${await letter('garbage')}/purge`, body: {}, who: 'chef', role: 'admin', act: 'deadletter purge' }),
  'POST /api/v1/deadletters/{id}/requeue': async () => {
    const number = await letter(`[{"n":"S9/power/m/volt","v":230,"t":${Math.floor(Date.now() / 1000)}}]`);
    writeInventory(centre.inventory, { ...INVENTORY, sites: `${INVENTORY.sites}S9,NT-009,Trạm đo,bts,22738,,,,public,,,\n` });
    await reload();
    return { path: `/api/v1/deadletters/${number}/requeue`, body: {}, who: 'chef', role: 'admin', act: 'deadletter requeue' };
  },
};

async function reload() {
  const { total } = await audit();
  centre.child.kill('SIGHUP');
  await until('it is done', async () => (await audit()).total > total);
}

// One act by its row of the table: what is wrong with what it left, undefined if nothing.
async function tryAct(name, prepare) {
  const { path: where, body, keep, bare = false, who = 'lan', role = 'operator', act = name } = await prepare();
  const { total } = await audit();
  const answer = await ask(name.split(' ')[0], centre.url + where, { headers: bare ? {} : headers(who), body: body && JSON.stringify(body) });
  if (answer.status >= 300) return `${name}: ${answer.status} ${answer.body}`;
  if (keep) made[keep] = JSON.parse(answer.body);
  const { total: now, entries: [row] } = await audit();
  const found = [now - total, row.act, row.who, row.role, row.address];
  const wanted = [1, act, who, role, '127.0.0.1'];
  return JSON.stringify(found) === JSON.stringify(wanted) ? undefined : `${name}: ${JSON.stringify(found)}`;
}

test('the table has every act of the description', async () => {
  const { paths } = await read('/api/v1/openapi.json');
  const acts = Object.entries(paths).flatMap(([where, methods]) => Object.keys(methods).filter((m) => m !== 'get' && m !== 'parameters').map((m) => `${m.toUpperCase()} ${where}`));
  assert.deepEqual(acts.sort(), Object.keys(ACTS).sort());
});

test('each of them leaves one row: who, from where, what', async () => {
  const wrong = [];
  for (const [name, prepare] of Object.entries(ACTS)) wrong.push(await tryAct(name, prepare));
  assert.deepEqual(wrong.filter(Boolean), []);
});

test('tokens: made, altered, taken away; a restart says nothing anew', async () => {
  const rows = async () => (await audit()).entries.filter((row) => row.act.startsWith('token')).map((row) => [row.act, row.target, row.detail, row.who, row.role, row.address].join(' ')).reverse();
  const line = (act, who, role) => `token ${act} ${who} ${role} tokens_file machine local`;
  const first = ['chef', 'lan', 'minh'].map((who) => line('make', who, who === 'chef' ? 'admin' : 'operator'));
  assert.deepEqual(await rows(), first);
  fs.writeFileSync(tokensFile, fs.readFileSync(tokensFile, 'utf8').replace(/^minh:.*\n/m, '').replace(/^lan:operator/m, 'lan:viewer'));
  make('tv', 'viewer');
  await reload();
  const all = [...first, line('end', 'minh', 'operator'), line('change', 'lan', 'viewer'), line('make', 'tv', 'viewer')];
  assert.deepEqual(await rows(), all);
  await centre.kill();
  assert.ok(await centre.start(), centre.log());
  assert.deepEqual(await rows(), all);
});

test('a reload stands there with what came of it', async () => {
  fs.appendFileSync(path.join(folder, 'rules.yaml'), 'nonsense: 1\n');
  await reload();
  const [row] = (await audit()).entries;
  assert.deepEqual([row.act, row.who, row.target, row.detail], ['reload', 'SIGHUP', centre.configFile, 'inventory taken, rules wrong, tokens taken']);
  const verify = spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile, 'audit', 'verify'], { encoding: 'utf8', timeout: 60000 });
  assert.match(verify.stdout, /rows hold/);
});
