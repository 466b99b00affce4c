// A small province: a cut fibre, stations that lose power, one that flaps. What the
// collector shows has to be what was, to the figure; every reading has to be in the database once.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { generate } from '../../deploy/data/generate.mjs';
import { ask, BIN, freshFolder, Influx, until } from '../support/servers.mjs';

const FOLDER = freshFolder('fleet');
const COMMUNES = new Set(['22810', '22783', '22786', '22789', '22801', '22804', '22837', '22843', '22849']);
const URL = 'http://127.0.0.1:8080';
const CUT = 'lk-ns-ba';
const DARK = ['bts-22843-1', 'bts-22843-2'];
const FLAPPING = 'bts-22849-4';
const TIMES = 3; // it flaps
// They last until they were seen, however slow the machine is.
const FAULTS = [[FLAPPING, 'flap', `${TIMES}`, '12s'], [CUT, 'cut'], [CUT, 'down'], ...DARK.map((site) => [site, 'dark']), ['bts-22837-1', 'kill', '10s']];

// The demo's tables, cut down to a few communes.
function smallInventory() {
  const tables = Object.fromEntries(Object.entries(generate()).map(([name, text]) => [name, text.trim().split('\n').map((row) => row.split(','))]));
  const column = (name, head) => tables[name][0].indexOf(head);
  const keep = (name, test) => (tables[name] = tables[name].filter((row, i) => i === 0 || test(row)));
  keep('areas.csv', (r) => ['province', 'district'].includes(r[2]) || COMMUNES.has(r[0]) || COMMUNES.has(r[1]));
  for (const row of tables['areas.csv'].slice(1)) if (['province', 'district'].includes(row[2])) row[4] = row[5] = '';
  keep('sites.csv', (r) => COMMUNES.has(r[column('sites.csv', 'area')]));
  const sites = new Set(tables['sites.csv'].map((r) => r[0]));
  for (const name of ['units.csv', 'serves.csv']) keep(name, (r) => sites.has(r[0]));
  keep('depends.csv', (r) => sites.has(r[0]) && sites.has(r[1]));
  keep('probes.csv', (r) => sites.has(r[1]));
  keep('declared.csv', () => false);
  return tables;
}

const tables = smallInventory();
const rows = (name) => tables[`${name}.csv`].slice(1);
const people = new Map(rows('areas').filter((r) => r[2] === 'village').map((r) => [r[0], Number(r[4])]));

// People whose village has a 4G station that is not among `gone`.
function served(gone) {
  const live = new Set(rows('serves').filter((r) => r[1] === '4g' && !gone.has(r[0])).map((r) => r[3]));
  return [...live].reduce((sum, village) => sum + people.get(village), 0);
}

const behind = new Set(rows('depends').filter((r) => r[1] === CUT).map((r) => r[0]));
const influx = new Influx(FOLDER);
const children = [];

function run(name, command, args) {
  const log = fs.openSync(path.join(FOLDER, `${name}.log`), 'a');
  const child = spawn(command, args, { stdio: ['ignore', log, log] });
  child.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  children.push(child);
  return child;
}

const overview = async () => JSON.parse((await ask('GET', `${URL}/api/v1/overview`)).body);
const live4g = (o) => o.area[0].live['4g'].population;

before(async () => {
  fs.mkdirSync(path.join(FOLDER, 'inventory'));
  for (const [name, table] of Object.entries(tables)) fs.writeFileSync(path.join(FOLDER, 'inventory', name), table.map((r) => r.join(',')).join('\n') + '\n');
  fs.writeFileSync(path.join(FOLDER, 'mosquitto.conf'), `listener 1883 127.0.0.1\nallow_anonymous true\nmax_queued_messages 1000000\nuser root\n`);
  fs.writeFileSync(path.join(FOLDER, 'collector.yaml'), `centre: {id: c1, data_folder: ${FOLDER}/data, inventory: ${FOLDER}/inventory, simulated: true}
broker: {host: 127.0.0.1, port: 1883}
sink: {url: "${influx.url}", database: ioc}
http: {port: 8080}
evidence: {pack_period: 2s, will_hold: 2s, connect_settle: 5s}
limits: {reserve: 1MiB}
`);
  run('mosquitto', 'mosquitto', ['-c', path.join(FOLDER, 'mosquitto.conf')]);
  await influx.start();
  await influx.query('CREATE DATABASE ioc');
  run('collector', path.join(BIN, 'ioc-collector'), ['--config', path.join(FOLDER, 'collector.yaml')]);
  await until('the collector listens', async () => (await ask('GET', `${URL}/readyz`)).status === 200);
});

after(async () => {
  for (const child of children.reverse()) {
    child.kill('SIGTERM');
    await child.ended;
  }
  await influx.kill();
});

const truth = path.join(FOLDER, 'truth');
const verify = (folder) => spawnSync(path.join(BIN, 'ioc-fleet'), ['verify', '--truth', folder, '--collector', URL], { encoding: 'utf8' });
const control = path.join(FOLDER, 'fleet.sock');
const fault = (...words) => spawnSync(path.join(BIN, 'ioc-fleet'), ['fault', ...words, '--control', control], { encoding: 'utf8', timeout: 60000 });
let fleet;

test('the province comes up', async () => {
  fleet = run('fleet', path.join(BIN, 'ioc-fleet'), ['run', '--inventory', path.join(FOLDER, 'inventory'), '--broker', '127.0.0.1:1883', '--interval', '2s', '--ttl', '6s',
    '--pack', '2s', '--will-after', '4s', '--truth', truth, '--control', control]);
  const o = await until('all people served', async () => {
    const now = await overview();
    return live4g(now) === served(new Set()) && now;
  });
  assert.equal(o.simulated, true);
  assert.equal(o.units.conference.up, rows('units').filter((r) => r[1] === 'conference').length);
});

test('cut, dark and flapping show as one figure of people without service', async () => {
  for (const what of FAULTS) assert.equal(fault(...what).status, 0, what.join(' '));
  const gone = new Set([...behind, ...DARK]);
  const o = await until('the people behind the cut and in the dark', async () => {
    const now = await overview();
    return live4g(now) === served(gone) && now.units.link.down === 1 && now;
  });
  assert.equal(o.units.conference.down, [...behind].filter((id) => id.startsWith('node-')).length);
  const cut = JSON.parse((await ask('GET', `${URL}/api/v1/sites/bts-22801-1`)).body);
  assert.equal(cut.units[0].state, 'down');
  assert.equal(cut.units[0].cause, 'transport');
  const dark = JSON.parse((await ask('GET', `${URL}/api/v1/sites/${DARK[0]}`)).body);
  assert.equal(dark.units[0].cause, 'power');
});

test('a fault by hand', () => {
  assert.match(fault('node-22849', 'down', '4s').stdout, /^ok: down node-22849 since /);
  const unknown = fault('nowhere', 'down', '4s');
  assert.equal(unknown.status, 1);
  assert.match(unknown.stdout, /no site "nowhere"/);
});

test('all comes back', async () => {
  for (const site of [CUT, ...DARK]) assert.equal(fault(site, 'mend').status, 0, site);
  const flaps = async () => JSON.parse((await ask('GET', `${URL}/api/v1/outages?area=58&limit=200`)).body).outages.filter((o) => o.site === FLAPPING && o.to !== null);
  await until('it flapped', async () => (await flaps()).length === TIMES);
  await until('all people served again', async () => live4g(await overview()) === served(new Set()));
  fleet.kill('SIGTERM');
  assert.equal(await fleet.ended, 0);
});

test('timelines and ledger are what was', async () => {
  const last = await until('nothing pending', async () => {
    const ledger = JSON.parse((await ask('GET', `${URL}/api/v1/ledger`)).body);
    return ledger.readings.pending === 0 && ledger;
  });
  assert.equal(last.readings.balanced, true);
  const good = verify(truth);
  assert.equal(good.status, 0, good.stdout + good.stderr);
  assert.match(good.stdout, / 0 lost, 0 doubled, 0 waiting; it balances/);
  assert.match(good.stdout, / 0 ms shown otherwise/);
});

// A comparison that cannot fail is none.
test('verify finds what is not so', () => {
  const changed = (file, change) => {
    const copy = freshFolder('truth-changed');
    fs.cpSync(truth, copy, { recursive: true });
    fs.writeFileSync(path.join(copy, file), change(fs.readFileSync(path.join(copy, file), 'utf8')));
    return verify(copy);
  };
  const oneResult = changed('evidence.csv', (text) => text.replace(/^(result,0,\d+),0$/m, '$1,2'));
  assert.equal(oneResult.status, 1);
  assert.doesNotMatch(oneResult.stdout, / 0 ms shown otherwise/);
  const noOutage = changed('world.csv', (text) => text.replace(/^.*,bts-22843-1\/4g@.,down,.*\n/m, ''));
  assert.equal(noOutage.status, 1);
  assert.match(noOutage.stdout, /invented: bts-22843-1/);
  const morePacks = changed('evidence.csv', (text) => text.replace(/^ack,bts-22801-1,([0-9a-f]+),\d+\n(?![^]*\nack,bts-22801-1,)/m, 'ack,bts-22801-1,$1,9999\n'));
  assert.equal(morePacks.status, 1);
});

test('every reading is in the database, once, as it was written', async () => {
  const checks = fs.readFileSync(path.join(truth, 'checks.csv'), 'utf8').trim().split('\n').slice(1).map((line) => {
    const [, probe, whose, name] = line.split(',');
    return { probe, name, site: whose === 'own' ? probe : name.split('/')[1] };
  });
  const written = new Map();
  for (const line of fs.readFileSync(path.join(truth, 'evidence.csv'), 'utf8').split('\n')) {
    const [kind, number, time, verdict] = line.split(',');
    if (kind !== 'result') continue;
    const { probe, name, site } = checks[number];
    const key = `${site} ${probe} ${name} ${time}`;
    assert.ok(!written.has(key), key);
    written.set(key, Number(verdict));
  }
  let points = 0;
  for (const series of (await influx.query('SELECT state FROM /^chk_/ GROUP BY *', 'ioc')).series) {
    const type = series.name.slice('chk_'.length);
    for (const [time, state] of series.values) {
      const key = `${series.tags.site} ${series.tags.probe} ${type}/${series.tags.check.replace(/^.*\//, '')} ${String(time).slice(0, -6)}`;
      assert.equal(state, written.get(key), key);
      points++;
    }
  }
  assert.equal(points, written.size);
  assert.ok(points > 1000);
});
