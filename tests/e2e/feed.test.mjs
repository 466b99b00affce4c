// An operator's tables, dropped into a folder, asked for over HTTP and sent by MQTT: they count as the operator's word, once each,
// through kill -9 at any moment, and what is wrong with a row takes nothing else with it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, connect, nowUs, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('feed');
const inbox = path.join(folder, 'inbox');
const coverInbox = path.join(folder, 'cover');
const feeds = path.join(folder, 'feeds');
const broker = new Mosquitto(folder);
let centre;
let web;
let asked = 0;
let answer = 'Site;Tech;Status\nNT-002;LTE;Down\n';

const inventory = {
  ...INVENTORY,
  areas: `${INVENTORY.areas}v3,22738,village,Khu phố 3,,,,,,,,\n`,
  operators: 'id,name\na,Nhà mạng A\nb,Nhà mạng B\nc,Nhà mạng C\n',
  sites: INVENTORY.sites + 'NOC,,Trung tâm,service,58,,,,public,,,\n',
  units: INVENTORY.units + 'S2,4g,b,,,\nS1,5g,c,,,\n',
  probes: 'probe,site,also,valid_to,feed\np1,S1,,,\np2,S2,,,\nnoc-a,NOC,,,a\nnoc-b,NOC,,,b\nnoc-c,NOC,,,c\ncover-a,NOC,,,a\n',
};

const common = 'words: {down: [Down], up: [Up], power: [AC], services: [LTE=4g, NR=5g]}\n';

before(async () => {
  fs.mkdirSync(feeds, { recursive: true });
  web = http.createServer((request, response) => { asked++; response.end(answer); }).listen(8099, '127.0.0.1');
  fs.writeFileSync(path.join(feeds, 'noc-a.yaml'), `feed: {source: folder, folder: ${inbox}, content: alarms, period: 1min, settle: 0s}
columns: {site: Mã trạm, service: Công nghệ, time: Từ lúc, cause: Nguyên nhân, text: Mô tả}\n${common}`);
  fs.writeFileSync(path.join(feeds, 'noc-b.yaml'), `feed: {source: https, url: "http://127.0.0.1:8099/b.csv", content: states, period: 1s, ttl: 1min}
columns: {site: Site, service: Tech, state: Status}\n${common}`);
  fs.writeFileSync(path.join(feeds, 'noc-c.yaml'), `feed: {source: mqtt, topic: noc/c/states, content: states, period: 1min}
columns: {site: Site, service: Tech, state: Status}\n${common}`);
  fs.writeFileSync(path.join(feeds, 'cover-a.yaml'), `feed: {source: folder, folder: ${coverInbox}, content: cover, period: 1min, settle: 0s}
columns: {site: Trạm, service: Công nghệ, area: Thôn, to: Đến, reason: Lý do}\n${common}`);
  await broker.start();
  centre = new Collector(folder, { inventory, centre: { feeds } });
  assert.ok(await centre.start(), centre.logFile);
});

after(async () => { web?.close(); for (const server of [centre, broker]) await server.kill(); });

const unit = async (name) => (await centre.get(`/api/v1/sites/${name.split('/')[0]}`)).units.find((u) => u.unit === name);
const feed = async (name) => (await centre.get('/api/v1/feeds')).feeds.find((f) => f.feed === name);
const drop = (name, text, into = inbox) => {
  fs.writeFileSync(path.join(into, `${name}.tmp`), text);
  fs.renameSync(path.join(into, `${name}.tmp`), path.join(into, name));
};
const taken = (name, where = 'taken') => until(`${name} is ${where}`, () => fs.existsSync(path.join(inbox, where, name)));
const local = (ms) => new Date(ms + 7 * 3600e3).toISOString().slice(0, 19);
const header = 'Mã trạm;Công nghệ;Từ lúc;Nguyên nhân;Mô tả';

test('a dropped table of alarms is the operator\'s word, with its own cause, beginning and delay', async () => {
  const since = Math.floor(Date.now() / 1000) * 1000 - 60000;
  drop('1.csv', `\ufeff${header}\r\nNT-002;LTE;${local(since)};AC;Mất điện lưới\r\n`);
  await taken('1.csv');
  const down = await unit('S2/4g@a');
  assert.deepEqual([down.state, down.cause, down.provenance, Date.parse(down.since)], ['down', 'power', 'operator', since]);
  assert.deepEqual([(await unit('S1/4g@a')).state, (await unit('S1/4g@a')).provenance], ['up', 'operator']); // no alarm: well
  const f = await feed('noc-a');
  assert.deepEqual([f.operator, f.file, f.rows, f.rows_refused, f.notes, f.problem, f.stale], ['a', '1.csv', 1, 0, [], null, false]);
  assert.ok(f.delay_ms >= 0 && f.delay_ms < 30000, String(f.delay_ms));
});

test('half a row, another encoding, yesterday, strangers: told with file and line, the rest is taken', async () => {
  const rows = ['NT-001;NR;2020-01-01;;', 'NT-999;LTE;;;', 'NT-001;6G;;;', 'NT-001;LTE;soon;;', 'NT-0'];
  const text = `${header}\n${rows.join('\n')}`;
  drop('2.csv', Buffer.from(`\ufeff${text}`, 'utf16le'));
  await taken('2.csv');
  assert.equal((await unit('S2/4g@a')).state, 'up'); // its alarm is gone
  assert.equal((await unit('S1/5g@a')).state, 'down'); // an old alarm that lasts
  const f = await feed('noc-a');
  assert.deepEqual([f.rows, f.rows_refused, f.rows_of_unknown_sites], [5, 4, 1]);
  for (const wanted of ['2.csv:3: unknown site "NT-999"', '2.csv:4: unknown service "6G"', '2.csv:5: no date and time "soon"', '2.csv:6: 1 cells where the header has 5'])
    assert.ok(f.notes.some((n) => n.startsWith(wanted)), `${wanted}: ${f.notes}`);
  assert.equal(fs.readFileSync(path.join(inbox, 'taken', '2.csv.notes.txt'), 'utf8').trim().split('\n').length, 4);
  drop('3.csv', Buffer.from('4de320747261ec6d', 'hex')); // windows-1258, and not the columns
  await taken('3.csv', 'refused');
  assert.match(fs.readFileSync(path.join(inbox, 'refused', '3.csv.notes.txt'), 'utf8'), /3\.csv:1: no column "Mã trạm"/);
  drop('3b.csv', Buffer.from(`${header}\nNT-002;LTE;;AC;\nNT-001;NR;;Mất điện`).subarray(0, -2)); // cut within a letter
  await taken('3b.csv');
  assert.deepEqual([(await unit('S2/4g@a')).state, (await feed('noc-a')).notes.map((n) => n.slice(0, 35))], ['down', ['3b.csv:3: 4 cells where the header ']]);
  drop('3c.csv', Buffer.concat([Buffer.from('Ma\xde tra\xf2m;C\xf4ng ngh\xea\xf2;T\xfd\xcc lu\xecc;Nguy\xean nh\xe2n;M\xf4 ta\xd2\n', 'latin1'), Buffer.from('NT-001;NR;;;\n')])); // windows-1258, as Excel here writes it
  await taken('3c.csv');
  assert.deepEqual([(await unit('S2/4g@a')).state, (await unit('S1/5g@a')).state, (await feed('noc-a')).notes], ['up', 'down', []]);
  fs.writeFileSync(path.join(inbox, '4.tmp'), `${header}\n`);
  fs.utimesSync(path.join(inbox, '4.tmp'), new Date(Date.now() - 86400e3), new Date(Date.now() - 86400e3));
  fs.renameSync(path.join(inbox, '4.tmp'), path.join(inbox, '4.csv'));
  await taken('4.csv', 'refused');
  assert.equal((await unit('S1/5g@a')).state, 'down');
  assert.match((await feed('noc-a')).notes[0], /4\.csv:1: it is of .* older than max_age/);
});

test('asked for over HTTP and sent by MQTT', async () => {
  await until('a table of b is taken', async () => (await unit('S2/4g@b')).state === 'down');
  answer = 'Site;Tech;Status\nNT-002;LTE;Up\n';
  await until('and the next one', async () => (await unit('S2/4g@b')).state === 'up');
  assert.ok(asked > 1);
  const client = await connect(broker);
  await client.publishAsync('noc/c/states', 'Site;Tech;Status\nNT-001;NR;Down\n', { qos: 1 });
  await until('a table of c is taken', async () => (await unit('S1/5g@c')).state === 'down');
  assert.equal((await unit('S1/5g@c')).provenance, 'operator');
  await client.endAsync();
});

test('where our probe sees it otherwise both are listed, and ours counts', async () => {
  const probe = new Probe('p1', 'S1');
  await probe.connect(broker);
  const at = nowUs();
  probe.checklist(at, [['icmp/a', ['5g@a'], { ttl_ms: 60000 }]]);
  probe.results([['icmp/a', at + 1000n, 0, {}]]);
  await probe.acked();
  await until('our word counts', async () => (await unit('S1/5g@a')).state === 'up');
  assert.equal((await unit('S1/5g@a')).provenance, 'measured');
  assert.deepEqual((await centre.get('/api/v1/disagreements')).disagreements, []); // the operator could not know yet
  drop('5.csv', `${header}\nNT-001;NR;;;\n`);
  await taken('5.csv');
  const list = (await centre.get('/api/v1/disagreements?area=58')).disagreements;
  assert.deepEqual(list.map((d) => [d.unit, d.measured, d.told, d.told_cause]), [['S1/5g@a', 'up', 'down', 'fault']]);
  await probe.close();
});

test('temporary cover an operator hands over serves, is shown as such through kill -9, and ends with the table that leaves it out', async () => {
  const cover = async () => (await centre.get('/api/v1/coverage?area=58')).temporary;
  const put = async (name, text) => {
    drop(name, text, coverInbox);
    await until(`${name} is taken`, () => fs.existsSync(path.join(coverInbox, 'taken', name)));
  };
  const head = 'Trạm;Công nghệ;Thôn;Đến;Lý do';
  const end = Math.floor(Date.now() / 1000) * 1000 + 3600e3;
  const served = async () => (await centre.get(`/api/v1/coverage?area=22738`)).coverage.find((c) => c.technology === '4g' && c.operator === 'a')?.nominal.villages ?? 0;
  assert.deepEqual(await cover(), []);
  assert.equal(await served(), 2);
  await put('c1.csv', `${head}\nNT-002;LTE;v3;${local(end)};chuyển vùng\nNT-002;LTE;nowhere;;\n`);
  const seen = (await cover()).map((c) => [c.unit, c.area, c.operator, Date.parse(c.to), c.reason, c.provenance, c.feed]);
  const wanted = [['S2/4g@a', 'v3', 'a', end, 'chuyển vùng', 'operator', 'cover-a']];
  assert.deepEqual(seen, wanted);
  assert.equal(await served(), 3);
  const f = await feed('cover-a');
  assert.deepEqual([f.content, f.rows, f.rows_refused], ['cover', 2, 1]);
  assert.match(f.notes[0], /^c1\.csv:3: unknown area "nowhere"/);
  await centre.kill();
  await centre.start();
  await centre.ready();
  assert.deepEqual((await cover()).map((c) => [c.unit, c.area, c.operator, Date.parse(c.to), c.reason, c.provenance, c.feed]), wanted);
  await put('c2.csv', `${head}\n`);
  assert.deepEqual(await cover(), []);
  assert.equal(await served(), 2);
});

test('kill -9 while tables wait, are in the intake and are put away: each is taken once, and the books hold', async () => {
  for (let i = 0; i < 7; i++) {
    drop(`k${i}.csv`, `${header}\nNT-002;LTE;;;${'x'.repeat(50)}\n`);
    if (i % 3 === 0) await until('it begins', () => !fs.existsSync(path.join(inbox, `k${i}.csv`)));
    await centre.kill();
    await centre.start();
  }
  await taken('k6.csv');
  await centre.ready();
  const ledger = await centre.get('/api/v1/ledger?limit=1000');
  const marks = ledger.probes.find((p) => p.probe === 'noc-a').epochs.filter((m) => m.epoch !== 'retired');
  for (const mark of marks) assert.ok(mark.balanced, JSON.stringify(mark));
  assert.deepEqual(fs.readdirSync(inbox).sort(), ['refused', 'taken']);
  await centre.balanced();
  assert.equal((await unit('S2/4g@a')).state, 'down');
});

test('how feeds stand is known through kill -9, before any table comes again', async () => {
  drop('last.csv', `${header}\nNT-002;LTE;;;\nNT-999;LTE;;;\n`);
  await taken('last.csv');
  const known = async () => (await centre.get('/api/v1/feeds')).feeds.filter((f) => f.feed !== 'noc-b').map(({ delay_ms, waiting, stale, ...rest }) => rest); // b is asked each second
  const before = await known();
  const a = before.find((f) => f.feed === 'noc-a');
  assert.deepEqual([a.operator, a.file, a.rows, a.rows_refused, a.rows_of_unknown_sites, a.notes.length], ['a', 'last.csv', 2, 1, 1, 1]);
  assert.deepEqual(before.map((f) => [f.feed, f.file !== null, f.taken !== null]), [['cover-a', true, true], ['noc-a', true, true], ['noc-c', true, true]]);
  await centre.kill();
  await centre.start();
  assert.deepEqual(await known(), before);
});

test('a configuration that cannot be is told whole', async () => {
  const { spawnSync } = await import('node:child_process');
  const { BIN } = await import('../support/servers.mjs');
  const bad = path.join(folder, 'bad');
  fs.mkdirSync(bad);
  fs.writeFileSync(path.join(bad, 'noc-a.yaml'), 'feed: {source: mqtt, content: states, topic: "noc/#"}\ncolumns: {sites: Site, state: x}\n');
  fs.writeFileSync(path.join(bad, 'noc-z.yaml'), 'feed: {source: folder, folder: /tmp/x, content: alarms}\ncolumns: {site: Site}\n');
  centre.sections.centre.feeds = bad;
  centre.writeConfig();
  const check = () => spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile, '--check-config'], { encoding: 'utf8', timeout: 60000 });
  let result = check();
  assert.equal(result.status, 78, result.stderr);
  assert.match(result.stderr, /noc-a\.yaml:.*sites.*did you mean "site"/);
  assert.match(result.stderr, /topic: no wildcards/);
  fs.rmSync(path.join(bad, 'noc-a.yaml'));
  result = check();
  assert.equal(result.status, 78, result.stderr);
  assert.match(result.stderr, /noc-z\.yaml: probes\.csv needs a row with probe noc-z/);
});
