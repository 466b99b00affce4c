// What somebody may not see shows nowhere: restricted sites to a viewer, any site to a guest, on every path of the description.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, ask, connect, listen, nowUs, until, writeInventory } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('hidden');
const broker = new Mosquitto(folder);
const ROLES = ['guest', 'viewer', 'operator', 'admin'];
// Everything that says which site it is: id, code, name, address, position, probe.
const OPEN = ['TRAM-1', 'NT-901', 'Trạm Công Khai', 'Đường Lớn', '11.901234', '108.901234', 'may-do-1'];
const ONCE_OPEN = ['TRAM-2', 'NT-902', 'Trạm Từng Mở', 'Đường Cũ', '11.902345', '108.902345', 'may-do-2'];
const SECRET = ['HAM-7', 'BM-0042', 'Hầm Bí Mật', 'Đường Kín', '11.876543', '108.765432', 'may-do-7', 'CAP-KIN', 'BM-0099', 'Cáp Kín', '11.887654', '108.776543', 'may-do-9'];

const place = ([id, code, name, address, lat, lon], kind, visibility) => `${id},${code},${name},${kind},22738,${lat},${lon},${address},${visibility},,,\n`;
const sites = (second) => INVENTORY.sites.split('\n')[0] + '\n' + place(OPEN, 'bts', 'public') + place(ONCE_OPEN, 'bts', second) + place(SECRET, 'bts', 'restricted')
  + place(['CAP-KIN', 'BM-0099', 'Cáp Kín', 'Đường Kín', '11.887654', '108.776543'], 'link', 'restricted');
const tables = { ...INVENTORY, sites: sites('public'), units: 'site,service,operator,commissioned,decommissioned,anchor\nTRAM-1,4g,a,,,\nTRAM-2,4g,a,,,\nHAM-7,4g,a,,,\nCAP-KIN,link,,,,\n',
  serves: 'site,service,operator,area,from,to\nTRAM-1,4g,a,v1,,\nTRAM-2,4g,a,v2,,\nHAM-7,4g,a,v2,,\n',
  declarations: 'target,kind,from,to,reason\nHAM-7,asleep,2040-01-01T00:00:00Z,2040-01-02T00:00:00Z,đêm\n',
  probes: 'probe,site,feed\nmay-do-1,TRAM-1,\nmay-do-2,TRAM-2,\nmay-do-7,HAM-7,\nmay-do-9,CAP-KIN,\nnoc-a,TRAM-1,a\n' };

const probes = [['may-do-1', 'TRAM-1', 'icmp/a', '4g@a'], ['may-do-2', 'TRAM-2', 'icmp/a', '4g@a'], ['may-do-7', 'HAM-7', 'icmp/a', '4g@a'], ['may-do-9', 'CAP-KIN', 'icmp/a', 'link']];
const running = [];
const streams = [];
const heard = { guest: [], viewer: [] };
let centre;
let api;
let whenOpen; // an instant at which ONCE_OPEN was public
const numbers = []; // of all outages

const bearer = (role) => ({ Authorization: `Bearer ${role}-secret` });
const get = (role, url) => ask('GET', centre.url + url, { headers: bearer(role) });
const read = async (role, url) => JSON.parse((await get(role, url)).body);

before(async () => {
  for (const role of ROLES) fs.writeFileSync(path.join(folder, `${role}.token`), `${role}-secret\n`, { mode: 0o600 });
  const feeds = path.join(folder, 'feeds');
  const inbox = path.join(folder, 'inbox');
  fs.mkdirSync(feeds);
  fs.writeFileSync(path.join(feeds, 'noc-a.yaml'), `feed: {source: folder, folder: ${inbox}, content: states, settle: 0s}\ncolumns: {site: s, state: z}\n`);
  await broker.start();
  centre = new Collector(folder, { inventory: tables, centre: { feeds }, http: Object.fromEntries(ROLES.map((role) => [`${role}_token_file`, path.join(folder, `${role}.token`)])) });
  await centre.start();
  for (const role of ['guest', 'viewer']) streams.push(listen(centre.url, (e) => heard[role].push(e), `?token=${role}-secret`));
  await Promise.all(probes.map(async ([name, site, check, unit]) => {
    const probe = new Probe(name, site);
    running.push(probe);
    const start = nowUs() - 600_000_000n;
    await probe.connect(broker);
    probe.checklist(start - 1000n, [[check, [unit], { ttl_ms: 900000 }]]);
    probe.results([[check, start, 0, {}], [check, nowUs(), 2, {}]]);
    await probe.acked();
  }));
  const client = await connect(broker);
  for (const site of ['TRAM-1', 'HAM-7']) await client.publishAsync('ioc/v1/plant/plain', JSON.stringify([{ bn: `${site}/power/plant/`, bt: Date.now() / 1000, n: 'mains', vb: false }, { n: 'minutes_left', u: 'min', v: 42 }]), { qos: 1 });
  await client.endAsync();
  fs.writeFileSync(path.join(inbox, 'a.tmp'), 's,z\nTRAM-1,up\nHAM-7,up\nHAM-7,banana\nBM-0042,banana\n');
  fs.renameSync(path.join(inbox, 'a.tmp'), path.join(inbox, 'a.csv'));
  await until('the table is read', async () => (await read('admin', '/api/v1/feeds')).feeds[0].rows > 0);
  await until('four are out', async () => (await read('admin', '/api/v1/outages?open=1')).outages.flatMap((o) => o.members).length >= 4);
  for (const group of (await read('admin', '/api/v1/outages?open=1')).outages) for (const o of group.members) numbers.push(o.outage);
  await until('both plants are known', async () => (await read('viewer', '/api/v1/power')).counts?.total === 2);
  whenOpen = new Date().toISOString();
  writeInventory(path.join(folder, 'inventory'), { sites: sites('restricted') });
  await until('time passes', () => new Date().toISOString() > whenOpen);
  centre.child.kill('SIGHUP');
  await until('it is restricted now', async () => (await get('viewer', '/api/v1/sites/TRAM-2')).status === 404);
  api = await read('viewer', '/api/v1/openapi.json');
});

after(async () => {
  streams.forEach((stream) => stream.destroy());
  for (const probe of running) await probe.close();
  for (const server of [centre, broker]) await server.kill();
});

const found = (text, needles) => needles.filter((needle) => text.includes(needle));

// Every query of a path that could bring somebody nearer to a site.
const QUERIES = { '/metrics': ['', '?probes=1'], '/api/v1/overview': ['', '?area=22738'], '/api/v1/areas': ['', '?parent=58', '?level=village'], '/api/v1/availability': ['', '?period=ytd&revisions=1', '?site=HAM-7', '?site=HAM-7&period=ytd'],
  '/api/v1/series': ['', '?what=coverage&step=hour', '?site=HAM-7'], '/api/v1/sites': ['', '?state=down', '?kind=link'], '/api/v1/report': ['', '?lang=en'], '/api/v1/outages': ['', '?open=1', '?from=2025-01-01T00:00:00Z'],
  '/api/v1/declarations': ['', '?site=HAM-7'], '/api/v1/ledger': ['', '?probe=may-do-7', '?limit=1'], '/api/v1/probes': ['', '?late_s=0'] };

// Urls of a path, with the ids of what is restricted in it, and replays of when TRAM-2 was not.
function urlsOf(path_, parameters) {
  const ids = path_.includes('/outages/') ? numbers : path_.includes('/areas/') ? ['58', '22738', 'v2'] : path_.includes('{id}') ? ['HAM-7', 'TRAM-2', '1'] : [''];
  const queries = [...(QUERIES[path_] ?? [''])];
  if (parameters.some((p) => p.name === 'at')) queries.push(`?at=${whenOpen}`);
  return ids.flatMap((id) => queries.map((query) => path_.replace('{id}', id) + query));
}

// A refusal may say what was asked for: as much as it says of what does not exist.
async function checkUnknown(role, url, answer) {
  const id = ['HAM-7', 'TRAM-2', 'may-do-7'].find((name) => url.includes(name));
  if (!id) return answer.body;
  const none = await get(role, url.replace(id, 'KHONG-CO'));
  assert.equal(answer.status, none.status, `${role} ${url}`);
  assert.equal(answer.body, none.body.replaceAll('KHONG-CO', id), `${role} ${url}`);
  return '';
}

async function checkAll(role, needles) {
  const leaks = [];
  const opened = [];
  for (const [path_, { get: operation }] of Object.entries(api.paths)) {
    if (!operation || path_ === '/api/v1/events') continue;
    for (const url of urlsOf(path_, operation.parameters)) {
      const answer = await get(role, url);
      assert.ok([200, 400, 403, 404, 503].includes(answer.status), `${role} ${url}: ${answer.status}`);
      if (answer.status === 200) opened.push(path_);
      for (const needle of found(await checkUnknown(role, url, answer), needles)) leaks.push(`${url}: ${needle}`);
    }
  }
  assert.deepEqual(leaks, []);
  return new Set(opened);
}

test('the test would see a leak: the others see what is theirs', async () => {
  const open = await (await get('viewer', '/api/v1/sites')).body;
  assert.deepEqual(found(open, OPEN.slice(0, 3)), OPEN.slice(0, 3));
  assert.equal((await read('viewer', '/api/v1/outages?open=1')).outages.flatMap((o) => o.members).length, numbers.length); // they count
  assert.ok((await read('admin', '/api/v1/ledger')).probes.some((row) => row.probe === 'may-do-7'));
  assert.match((await get('admin', '/metrics?probes=1')).body, /may-do-7/);
});

test('a viewer finds no restricted site on any path, nor one that was not restricted then', async () => {
  const opened = await checkAll('viewer', [...SECRET, ...ONCE_OPEN]);
  for (const path_ of ['/api/v1/probes', '/api/v1/feeds', '/api/v1/ledger', '/metrics', '/api/v1/handover', '/api/v1/disagreements', '/api/v1/outages/{id}']) assert.ok(opened.has(path_), path_);
});

test('a guest finds no site at all, and has every figure', async () => {
  const opened = await checkAll('guest', [...SECRET, ...ONCE_OPEN, ...OPEN]);
  for (const name of ['overview', 'areas', 'areas/{id}', 'sites', 'availability', 'series', 'coverage', 'power', 'report', 'outages', 'indicators', 'wall']) assert.ok(opened.has(`/api/v1/${name}`), name);
  for (const name of ['sites/{id}', 'probes', 'feeds', 'disagreements', 'declarations', 'handover', 'ledger', 'audit', 'pages', 'deadletters', 'outages/{id}']) assert.ok(!opened.has(`/api/v1/${name}`), name);
  const [guest, viewer] = [await read('guest', '/api/v1/overview'), await read('viewer', '/api/v1/overview')];
  for (const key of ['sites', 'units', 'outages_total']) assert.deepEqual(guest[key], viewer[key], key);
  assert.equal((await read('guest', '/api/v1/wall')).guest, true);
  assert.equal((await read('viewer', '/api/v1/wall')).guest, false);
});

test('a guest changes nothing', async () => {
  for (const [path_, methods] of Object.entries(api.paths))
    for (const method of Object.keys(methods).filter((m) => m !== 'get' && !path_.startsWith('/a/'))) {
      const answer = await ask(method.toUpperCase(), centre.url + path_.replace('{id}', numbers[0]), { headers: { ...bearer('guest'), 'Content-Type': 'application/json' }, body: '{}' });
      assert.equal(answer.status, 403, `${method} ${path_}`);
    }
});

test('events tell a viewer nothing of what is restricted, and a guest of no site', async () => {
  for (const probe of running) probe.results([['icmp/a', nowUs(), 0, {}]]);
  await until('both hear figures', () => ['guest', 'viewer'].every((role) => heard[role].some((e) => e.event === 'overview' && e.data.units['4g'].up === 3)));
  for (const role of ['guest', 'viewer']) await until(`${role} hears of areas`, () => heard[role].some((e) => e.event === 'areas'));
  await until('the viewer hears of the site', () => heard.viewer.some((e) => e.event === 'sites' && e.data.some((site) => site.id === 'TRAM-1')));
  assert.ok(!heard.guest.some((e) => e.event === 'sites'));
  assert.deepEqual(found(JSON.stringify(heard.viewer), SECRET), []);
  assert.deepEqual(found(JSON.stringify(heard.guest), [...SECRET, ...OPEN, ...ONCE_OPEN]), []);
});
