// Every query of the dashboards, with its variables filled in as Grafana does, finds rows in a real InfluxDB that a collector wrote.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Collector, INVENTORY, Mosquitto, Probe, until } from '../support/centre.mjs';
import { Influx, freshFolder } from '../support/servers.mjs';

const GRAFANA = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../dashboards/grafana');
const MINUTE = 60000;
const LASTS = 1500; // minutes of history: windows of a day have data enough
const DAY_MINUTES = 1440;
const A_PACK = 60; // minutes
const [DOWN, UP] = [0, 6]; // collector/core/state.h
const inventory = { ...INVENTORY, sites: `${INVENTORY.sites}IOC,IOC,Trung tâm,service,58,,,,public,,,\n`, units: `${INVENTORY.units}IOC,portal,,,,\n`, probes: `${INVENTORY.probes}p3,IOC,,\n` };

const folder = freshFolder('grafana');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const centre = new Collector(folder, { inventory });
const station = new Probe('p1', 'S1');
const own = new Probe('p3', 'IOC');
const dashboards = fs.readdirSync(path.join(GRAFANA, 'dashboards')).sort().map((name) => ({ name, ...JSON.parse(fs.readFileSync(path.join(GRAFANA, 'dashboards', name), 'utf8')) }));
const values = {}; // of variables

async function valuesOf(query) {
  const { series, error } = await influx.query(query, 'ioc');
  assert.equal(error, undefined, query);
  return (series ?? []).flatMap((s) => s.values.map((row) => row[s.columns.indexOf('value')]));
}

const first = async (text) => (await influx.query(text, 'ioc')).series?.[0].values[0][1];
const downMinutes = () => first('SELECT count("state") FROM "ioc_unit_state" WHERE "site" = \'S1\' AND "service" = \'4g\' AND "state" = 0');
const hourNow = () => first('SELECT last("confirmed") FROM "ioc_availability" WHERE "area" = \'58\' AND "operator" = \'all\' AND "window" = \'1h\' AND time >= now() - 30m');
const dayNow = async () => (await influx.query('SELECT last("confirmed") FROM "ioc_availability" WHERE "area" = \'58\' AND "kind" = \'bts\' AND "operator" = \'all\' AND "window" = \'24h\' AND time >= now() - 30m', 'ioc')).series?.[0].values[0];
const outMinutes = () => first('SELECT sum("out") FROM "ioc_site_state" WHERE "site" = \'S1\'');

// The last 25 hours, a result a minute; an outage of six minutes in it, from minute to minute.
before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  const first = Math.floor(Date.now() / MINUTE) * MINUTE - LASTS * MINUTE;
  const us = (ms) => BigInt(ms) * 1000n;
  await station.connect(broker);
  await own.connect(broker);
  station.checklist(us(first), [['icmp/core-1', ['4g@a', '5g@a'], { interval_ms: MINUTE, ttl_ms: 5 * MINUTE }]]);
  own.checklist(us(first), ['host/self', 'tcp/broker', 'http/portal'].map((name) => [name, ['portal'], { interval_ms: MINUTE, ttl_ms: 5 * MINUTE }]));
  for (let from = 1; from <= LASTS; from += A_PACK) {
    const minutes = Array.from({ length: A_PACK }, (_, k) => ({ i: from + k, t: us(first + (from + k) * MINUTE) }));
    station.results(minutes.map(({ i, t }) => ['icmp/core-1', t, i >= LASTS - 20 && i < LASTS - 14 ? 2 : 0, { rtt: 5, loss: 0 }]));
    own.results(minutes.flatMap(({ t }) => [['host/self', t, 0, { cpu: 0.1, memory: 0.2, disk: 0.3 }], ['tcp/broker', t, 0, { rtt: 1 }], ['http/portal', t, 0, { rtt: 1 }]]));
  }
  await Promise.all([station.acked(), own.acked()]);
  await until('the outage and the areas are in the database', async () => {
    const names = await Promise.all(['ioc_outage', 'ioc_coverage', 'ioc_availability', 'ioc_unit_state', 'ioc_site_state'].map((m) => influx.query(`SELECT * FROM "${m}" LIMIT 1`, 'ioc')));
    return names.every((answer) => answer.series) && await downMinutes() === 6 && await outMinutes() === 6 && await hourNow() !== undefined && await dayNow() !== undefined;
  }, 150000);
});

after(async () => {
  for (const probe of [station, own]) await probe.close();
  for (const server of [centre, influx, broker]) await server.kill();
});

const filled = (query) => Object.entries({ ...values, timeFilter: 'time >= now() - 1h AND time <= now()', __interval: '1m' })
  .reduce((text, [name, value]) => text.replaceAll(`$${name}`, value), query);

test('variables have values', async () => {
  const preferred = { area: '58', site: 'S1', centre: 'IOC', technology: '4g', window: '1h' };
  for (const { templating } of dashboards)
    for (const { name, type, query } of templating.list) {
      const found = type === 'custom' ? query.split(',') : await valuesOf(query);
      assert.ok(found.includes(preferred[name]), `${name}: ${found}`);
      values[name] = preferred[name];
    }
});

// Wherever a dashboard may hold one: panels, panels within rows, variables, annotations.
const queriesIn = (thing) => (thing !== null && typeof thing === 'object' ? Object.entries(thing).reduce((sum, [key, value]) => sum + (key === 'query' && typeof value === 'string' && /SELECT|SHOW/i.test(value) ? 1 : queriesIn(value)), 0) : 0);

test('every query finds rows', async () => {
  const empty = [];
  let n = 0;
  for (const { name, panels } of dashboards)
    for (const { title, targets } of panels)
      for (const { query } of targets) {
        const text = filled(query);
        assert.ok(!/\$/.test(text), `${name}: ${title}: a variable is left in ${text}`);
        const { series = [], error } = await influx.query(text, 'ioc');
        const rows = series.flatMap((s) => s.values).filter((row) => row.slice(1).some((value) => value !== null));
        if (error || rows.length === 0) empty.push(`${name}: ${title}: ${error ?? 'no rows'}: ${text}`);
        n++;
      }
  assert.deepEqual(empty, []);
  const variables = dashboards.flatMap(({ templating }) => templating.list).filter(({ type }) => type === 'query').length;
  assert.equal(n + variables, queriesIn(dashboards), 'no query stands where this test does not look');
  assert.ok(n >= 25, `${n} queries`);
});

test('figures are what was told: six minutes down of one site with two units', async () => {
  assert.equal(await downMinutes(), 6);
  assert.equal(await outMinutes(), 6);
});

// The states of S1's units, minute by minute, are an availability, too: the same as the API's. The database's own figure is of the minute
// when it was written, of which the last moment was not heard yet.
test('the availability of a day is the same by the minutes of the database, by its own figure there and by the API', async () => {
  const LAST_MOMENT = 1000 / (DAY_MINUTES * MINUTE);
  const confirmed = 1 - 6 / DAY_MINUTES;
  const [from, to, states] = await until('each minute is in the database, and the figure of the last one', async () => {
    const [at, figure] = await dayNow();
    const end = Number(BigInt(at) / 1000000n);
    const begin = end - DAY_MINUTES * MINUTE;
    const { series } = await influx.query(`SELECT "state" FROM "ioc_unit_state" WHERE "site" = 'S1' AND time >= ${begin}ms AND time < ${end}ms GROUP BY "service"`, 'ioc');
    const minutes = series.flatMap((s) => s.values.map(([, state]) => state));
    return minutes.length === 2 * DAY_MINUTES && Math.abs(figure - confirmed) < LAST_MOMENT && [new Date(begin).toISOString(), new Date(end).toISOString(), minutes];
  }, 60000);
  const [down, up] = [DOWN, UP].map((state) => states.filter((s) => s === state).length);
  assert.deepEqual([down, up], [12, states.length - 12]);
  const { figures: [figure] } = await centre.get(`/api/v1/availability?area=58&kind=bts&operator=all&from=${from}&to=${to}`);
  assert.equal(figure.confirmed, up / (up + down));
});

test('dashboards are whole: names of their own, one data source, panels beside and not upon each other, both languages', () => {
  const source = fs.readFileSync(path.join(GRAFANA, 'provisioning/datasources/ioc.yaml'), 'utf8');
  const [, uid] = /uid: (\S+)/.exec(source);
  assert.equal(new Set(dashboards.map((d) => d.uid)).size, dashboards.length);
  for (const { name, title, panels } of dashboards) {
    assert.equal(new Set(panels.map((p) => p.id)).size, panels.length, name);
    for (const word of [title, ...panels.map((p) => p.title)]) assert.match(word, / \/ /, name);
    const cells = new Set();
    for (const p of panels) {
      assert.ok([p.datasource, ...p.targets.map((t) => t.datasource)].every((d) => d.uid === uid), `${name}: ${p.title}`);
      const { x, y, w, h } = p.gridPos;
      assert.ok(x + w <= 24, p.title);
      for (let i = x; i < x + w; i++) for (let j = y; j < y + h; j++) {
        assert.ok(!cells.has(`${i} ${j}`), `${name}: ${p.title}`);
        cells.add(`${i} ${j}`);
      }
    }
  }
});
