// The description of the API is true: every route of the table is in it, and real answers are made of what it says, no more and no less.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Collector, INVENTORY, Mosquitto, Probe, ask, connect, nowUs, until } from '../support/centre.mjs';
import { faultsIn } from '../support/openapi.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('openapi');
const here = path.dirname(fileURLToPath(import.meta.url));
const broker = new Mosquitto(folder);
const JSON_BODY = { 'Content-Type': 'application/json' };
let centre;
const probe = new Probe('p1', 'S1');
const cable = new Probe('p3', 'L1'); // of a route that is cut
let client;
let letter; // number of a dead one
let outage; // number of the one that lasts
let api;
const faults = (...more) => faultsIn(api, ...more);

const inventory = { ...INVENTORY, serves: `${INVENTORY.serves}S1,4g,a,v2,,2099-01-01\n`, sites: `${INVENTORY.sites}V1,V1,Nhà văn hóa,network,v1,,,,public,,,\nL1,L1,Tuyến 1,link,22738,,,,public,,,\n`, units: `${INVENTORY.units}L1,link,,,,\n`, probes: `probe,site,feed\np1,S1,\np2,S2,\np3,L1,\nnoc-a,V1,a\n`,
  declared: 'area,indicator,numerator,denominator,as_of,source\n58,4g_villages,2,2,2022-12-31,S\n58,smartphones,1,,2022,\n' };

// An instant of the past at which something is told, an outage that lasts and that the operator denies, a declaration, a measuring point.
before(async () => {
  await broker.start();
  const rules = path.join(folder, 'rules.yaml');
  fs.writeFileSync(rules, 'paging: {settle: 0s}\ntargets:\n  - {name: t, type: program, program: /bin/true}\nrules:\n  - {name: out, type: down, severity: minor, targets: [t]}\n');
  const feeds = path.join(folder, 'feeds');
  const inbox = path.join(folder, 'inbox');
  fs.mkdirSync(feeds);
  fs.writeFileSync(path.join(feeds, 'noc-a.yaml'), `feed: {source: folder, folder: ${inbox}, content: states, settle: 0s}\ncolumns: {site: s, state: z}\n`);
  centre = new Collector(folder, { inventory, centre: { rules, feeds } });
  await centre.start();
  await probe.connect(broker);
  await cable.connect(broker);
  const start = nowUs();
  cable.checklist(start - 2000n, [['icmp/a', ['link'], { ttl_ms: 600000 }]]);
  cable.results([['icmp/a', start - 1000n, 2, {}]]);
  probe.checklist(start, [['icmp/a', ['4g@a', '5g@a'], { ttl_ms: 600000 }]]);
  probe.results([['icmp/a', start + 1000n, 0, {}]]);
  await until('it is later', () => nowUs() > start + 300000n);
  probe.results([['icmp/a', start + 300000n, 2, {}]]);
  await Promise.all([probe.acked(), cable.acked()]);
  fs.writeFileSync(path.join(inbox, 'a.tmp'), 's,z\nS1,up\n');
  fs.renameSync(path.join(inbox, 'a.tmp'), path.join(inbox, 'a.csv'));
  await until('the operator sees it otherwise', async () => (await centre.get('/api/v1/disagreements')).total === 2);
  assert.deepEqual((await centre.get('/api/v1/sites/S1/readings')).readings, []); // from now on they are kept
  client = await connect(broker);
  await client.publishAsync('ioc/v1/school/plain', JSON.stringify([{ bn: 'V1/modem/a/', bt: Date.now() / 1000, n: 'rsrp', v: -80 }, { n: 'technology', vs: '4g' }]), { qos: 1 });
  await client.publishAsync('ioc/v1/plant/plain', JSON.stringify([{ bn: 'S1/power/plant/', bt: Date.now() / 1000, n: 'mains', vb: false }, { n: 'minutes_left', u: 'min', v: 42.5 }, { n: 'says', vs: 'ắc quy' }]), { qos: 1 });
  await client.publishAsync('ioc/v1/school/plain', 'garbage', { qos: 1 });
  const works = { target: 'S2', kind: 'maintenance', from: new Date(Date.now() - 60000).toISOString(), to: new Date(Date.now() + 3600000).toISOString(), by: 'test' };
  const made = await ask('POST', `${centre.url}/api/v1/declarations`, { headers: JSON_BODY, body: JSON.stringify(works) });
  assert.equal(made.status, 201, made.body);
  outage = await until('the outage is open', async () => (await centre.get('/api/v1/outages?open=1')).outages[0]?.outage);
  const act = await ask('POST', `${centre.url}/api/v1/outages/${outage}/assign`, { headers: JSON_BODY, body: JSON.stringify({ to: 'VNPT' }) });
  assert.equal(act.status, 200, act.body);
  await until('the point counts', async () => (await centre.get('/api/v1/coverage')).coverage.some((line) => line.measured));
  await until('the plant is known', async () => (await centre.get('/api/v1/power')).total === 1);
  await until('somebody is told', async () => (await centre.get('/api/v1/pages')).total > 0);
  letter = await until('a dead letter', async () => (await centre.get('/api/v1/deadletters')).letters[0]?.number);
  api = await centre.get('/api/v1/openapi.json');
});

after(async () => { await client?.endAsync(true); await probe.close(); await cable.close(); for (const server of [centre, broker]) await server.kill(); });

test('every route of the table is described, and nothing else', () => {
  const table = fs.readFileSync(path.join(here, '../../collector/shell/routes.c'), 'utf8');
  const routes = [...table.matchAll(/\{HTTP_(GET|POST|DELETE),\s*"([^"]+)",\s*HTTP_(\w+)/g)].map(([, method, path_, role]) => `${method} ${path_} ${role}`);
  assert.ok(routes.length >= 20);
  const described = Object.entries(api.paths).flatMap(([path_, methods]) => Object.entries(methods).map(([method, m]) => `${method.toUpperCase()} ${path_} ${m['x-role'].toUpperCase()}`));
  assert.deepEqual(described.sort(), routes.sort());
});

test('references lead somewhere, parameters are known', () => {
  for (const [, name] of JSON.stringify(api).matchAll(/#\/components\/schemas\/(\w+)/g)) assert.ok(api.components.schemas[name], name);
  const table = fs.readFileSync(path.join(here, '../../collector/shell/routes.c'), 'utf8');
  for (const [path_, methods] of Object.entries(api.paths))
    for (const [method, m] of Object.entries(methods)) {
      const names = m.parameters.map((p) => p.name).filter((name) => name !== 'id');
      const row = table.match(new RegExp(`HTTP_${method.toUpperCase()},\\s*"${path_.replaceAll(/[{}]/g, '\\$&')}",\\s*HTTP_\\w+,\\s*\\w+,\\s*\\w+,\\s*"([^"]*)"`))[1];
      assert.deepEqual(names, row.split(' ').filter((word) => word && !word.startsWith('body:')), path_);
    }
});

test('real answers are made of what is described', async () => {
  const past = new Date(Date.now() - 200).toISOString();
  const ids = { '/api/v1/areas/{id}': ['58', 'v1'], '/api/v1/sites/{id}': ['S1', 'S2'], '/api/v1/sites/{id}/timeline': ['S1'], '/api/v1/sites/{id}/readings': ['S1'], '/api/v1/deadletters/{id}': [letter], '/api/v1/outages/{id}': [outage] };
  const queries = { '/api/v1/availability': ['', '?site=S1&window=1h', '?site=S2&window=1h', '?area=58',
    '?site=S1&period=ytd', '?area=58&period=month:2025-01&revisions=1'], '/api/v1/series': ['', '?site=S1&step=hour', '?what=coverage', '?area=58&operator=a'], '/api/v1/areas': ['', '?parent=58', `?at=${past}`],
    '/api/v1/outages': ['', '?open=1'], '/api/v1/overview': ['', `?at=${past}`], '/api/v1/sites': ['', `?at=${past}`], '/api/v1/coverage': ['', `?at=${past}`], '/api/v1/power': ['', '?area=58', `?at=${past}`], '/api/v1/report': ['', `?at=${past}`, '?lang=en&area=58'] };
  const seen = new Set();
  const wrong = [];
  for (const [path_, { get }] of Object.entries(api.paths)) {
    const schema = get?.responses['200'].content['application/json']?.schema;
    if (!schema) continue;
    for (const url of (ids[path_] ?? ['']).flatMap((id) => (queries[path_] ?? ['']).map((query) => path_.replace('{id}', id) + query)))
      wrong.push(...faults(await centre.get(url), schema, url, seen));
  }
  for (const [path_, id] of [['/api/v1/declarations/{id}', 1], ['/api/v1/deadletters/{id}', letter]]) {
    const gone = await ask('DELETE', centre.url + path_.replace('{id}', id), { headers: JSON_BODY });
    wrong.push(...faults(JSON.parse(gone.body), api.paths[path_].delete.responses['200'].content['application/json'].schema, `DELETE ${path_}`, seen));
  }
  const later = { target: 'S2', kind: 'maintenance', from: new Date(Date.now() + 3600000).toISOString(), to: new Date(Date.now() + 7200000).toISOString(), by: 'test', dependents: true };
  const plan = JSON.parse((await ask('POST', `${centre.url}/api/v1/declarations/plan`, { headers: JSON_BODY, body: JSON.stringify(later) })).body);
  wrong.push(...faults(plan, { $ref: '#/components/schemas/plan' }, 'POST /api/v1/declarations/plan', seen));
  const over = await ask('DELETE', `${centre.url}/api/v1/declarations/plan/${plan.first}`, { headers: JSON_BODY });
  wrong.push(...faults(JSON.parse(over.body), { $ref: '#/components/schemas/plan_end' }, 'DELETE /api/v1/declarations/plan', seen));
  const signed = await ask('POST', `${centre.url}/api/v1/handover/give`, { headers: JSON_BODY, body: JSON.stringify({ by: 'Lan' }) });
  wrong.push(...faults(JSON.parse(signed.body), { $ref: '#/components/schemas/signature' }, 'POST /api/v1/handover/give', seen));
  const noted = await ask('POST', `${centre.url}/api/v1/shift`, { headers: JSON_BODY, body: JSON.stringify({ text: 'gọi điện lực' }) });
  wrong.push(...faults(JSON.parse(noted.body), { $ref: '#/components/schemas/note' }, 'POST /api/v1/shift', seen));
  const replied = await ask('POST', `${centre.url}/api/v1/replies`, { headers: JSON_BODY, body: JSON.stringify({ number: '0900000001', text: 'TN 1' }) });
  wrong.push(...faults(JSON.parse(replied.body), { $ref: '#/components/schemas/reply' }, 'POST /api/v1/replies', seen));
  const refused = await ask('GET', `${centre.url}/api/v1/sites/none`);
  wrong.push(...faults(JSON.parse(refused.body), { $ref: '#/components/schemas/error' }, 'error', seen));
  assert.deepEqual(wrong, []);
  // Nothing is described that no answer here was made of, but what cannot be had without breaking the ledger, and what only goes in.
  const unseen = Object.keys(api.components.schemas).filter((name) => !seen.has(name));
  assert.deepEqual(unseen.sort(), ['act_wish', 'assign_wish', 'comment_wish', 'declaration_wish', 'expect_wish', 'ledger_finding', 'note_wish', 'plan_wish', 'progress_wish', 'reply_wish', 'shelve_wish', 'signature_wish']);
});
