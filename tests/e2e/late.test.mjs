// A district comes back after a day without a line: twenty probes with 2,880 packs each, all at once, while
// others go on live. History, outages, coverage and figures of that day become what the script of its faults
// says, the database shows the same minute by minute and has every reading once, who is live does not wait
// behind who is late, and a day that was final gets its second revision.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, assertSamePoints, nowUs } from '../support/centre.mjs';
import { BIN, Influx, freshFolder, sleep, until } from '../support/servers.mjs';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SITES = 20;
const PACKS = 2880; // of a day, one each 30 s
const PEOPLE = 100; // of each village
const CUT_MIN = 1430; // the day but for its first ten minutes
const ids = Array.from({ length: SITES }, (_, i) => `d${String(i + 1).padStart(2, '0')}`);
// While nobody hears it: one unit fails, one site loses power with a gasp, one probe is killed.
const FAULTS = `-${CUT_MIN}min cut lk ${CUT_MIN}min
-600min down d03 45min
-300min dark d04 60min
-200min kill d05 30min
`;

const rows = (head, make) => [head, ...make].join('\n') + '\n';
const inventory = {
  areas: rows('id,parent,level,name,population,households,year', ['p,,province,Tỉnh,,,2019', 'd,p,district,Huyện,,,2019', 'e,p,district,Huyện khác,,,2019',
    ...ids.map((id) => `v-${id},d,village,Thôn ${id},${PEOPLE},25,2019`), `v-s1,e,village,Thôn s1,${PEOPLE},25,2019`]),
  operators: 'id,name,noc_phone,contact\na,Nhà mạng A,,\n',
  sites: rows('id,code,name,kind,area', [...ids.map((id) => `${id},T-${id},Trạm ${id},bts,d`), 's1,T-s1,Trạm s1,bts,e', 'lk,T-lk,Tuyến truyền dẫn,link,d']),
  units: rows('site,service,operator', [...ids.map((id) => `${id},4g,a`), 's1,4g,a', 'lk,link,']),
  serves: rows('site,service,operator,area', [...ids, 's1'].map((id) => `${id},4g,a,v-${id}`)),
  depends: rows('child,on,kind,group', ids.map((id) => `${id},lk,transport,`)),
  probes: rows('probe,site,also', [...ids.map((id) => `${id},${id},`), 's1,s1,']),
};

// It is five past noon there, so yesterday ended twelve hours ago and no full hour passes meanwhile.
const startedMs = Date.now();
const minutes = Math.round(((12 * HOUR + 5 * MINUTE - (startedMs % DAY) + DAY) % DAY) / MINUTE);
const zone = minutes * MINUTE;
const midnight = Math.floor((startedMs + zone) / DAY) * DAY - zone;
const yesterday = `day:${new Date(midnight + zone - HOUR).toISOString().slice(0, 10)}`;

const folder = freshFolder('late');
const truth = path.join(folder, 'truth');
const fleetLog = path.join(folder, 'fleet.log');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const centre = new Collector(folder, { inventory, centre: { utc_offset: `${minutes}min` }, evidence: { pack_period: '2s', will_hold: '2s', grace: '1h' } });
const live = new Probe('s1', 's1');
const waits = { before: [], during: [] };
let fleet;
let busyMs; // how long the fleet made its day and sent it; in one loop, so that its probes look late meanwhile

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('CREATE DATABASE ioc');
  await centre.start();
  await centre.ready();
  await live.connect(broker);
  live.checklist(nowUs(), [['tcp/door', ['4g@a'], { ttl_ms: 60000 }]]);
});

after(async () => {
  await live.close();
  fleet?.kill('SIGKILL');
  for (const server of [centre, broker, influx]) await server.kill();
});

// One live reading, from its measurement to the centre's word that it is stored.
async function measure(into) {
  const began = performance.now();
  const seq = live.results([['tcp/door', nowUs(), 0, { connect: 1.5 }]]);
  await until('a live pack is stored', () => live.upto >= seq);
  into.push({ ms: performance.now() - began, at: Date.now() });
}

const sorted = (list) => list.map((w) => w.ms).sort((a, b) => a - b);
const median = (list) => sorted(list)[Math.floor(list.length / 2)];
const worst = (list) => sorted(list).at(-1);

async function marks() {
  const { probes } = await centre.get('/api/v1/ledger?limit=100');
  return probes.filter((p) => ids.includes(p.probe) && p.epochs.length).map((p) => p.epochs[0].stored);
}

const open = () => centre.get('/api/v1/outages?open=1');
const heard = () => fs.existsSync(fleetLog) && /fleet\.heard packs=(\d+)/.exec(fs.readFileSync(fleetLog, 'utf8'));

test('a live probe by itself', async () => {
  for (let i = 0; i < 20; i++) await measure(waits.before);
  const day = await centre.get(`/api/v1/availability?site=d01&period=${yesterday}`);
  assert.deepEqual([day.provisional, day.changing, day.figures[0].state_ms.down], [false, false, 0]);
});

test('all of the day comes at once, and who is live is not behind it', async () => {
  fs.writeFileSync(path.join(folder, 'faults'), FAULTS);
  const log = fs.openSync(fleetLog, 'a');
  const spawned = Date.now();
  fleet = spawn(path.join(BIN, 'ioc-fleet'), ['run', '--inventory', centre.inventory, '--except', 's1', '--broker', '127.0.0.1:1883', '--interval', '30s', '--ttl', '90s',
    '--pack', '30s', '--past', '24h', '--script', path.join(folder, 'faults'), '--truth', truth, '--control', '-'], { stdio: ['ignore', log, log] });
  fleet.ended = new Promise((resolve) => fleet.once('exit', resolve));
  const packs = Number((await until('the district has its day in its outboxes', heard))[1]);
  assert.ok(packs > 0.98 * SITES * PACKS, `${packs} packs`); // all but what two sites missed
  const began = Date.now();
  let rightAt = 0;
  let apart = 0;
  for (let done = false; !done;) {
    await measure(waits.during);
    const now = await marks();
    done = now.reduce((a, b) => a + b, 0) >= packs;
    if (!done && now.length === SITES) apart = Math.max(apart, Math.max(...now) - Math.min(...now));
    if (!rightAt && (await centre.get('/api/v1/overview')).units['4g'].up === SITES + 1) rightAt = Date.now();
    assert.ok(Date.now() - began < 400000, 'it takes too long');
  }
  const took = Date.now() - began;
  busyMs = Date.now() - spawned;
  await until('all is up', async () => (await centre.get('/api/v1/overview')).units['4g'].up === SITES + 1);
  console.log(`${packs} packs stored in ${(took / SECOND).toFixed(1)} s (${Math.round(packs / took * SECOND)} packs/s), the wall right after ${rightAt ? ((rightAt - began) / SECOND).toFixed(1) : '-'} s; ` +
    `live latency before: median ${median(waits.before).toFixed(0)} ms, worst ${worst(waits.before).toFixed(0)} ms; during: median ${median(waits.during).toFixed(0)} ms, worst ${worst(waits.during).toFixed(0)} ms (${waits.during.length}); ` +
    `probes at most ${apart} packs apart; resident ${Math.round(centre.rssKiB() / 1024)} MiB`);
  // each waited for its own answer only: behind the backlog none would have come before the end
  assert.ok(waits.during.length >= 3, `${waits.during.length} live readings were stored meanwhile`);
  assert.ok(worst(waits.during) < took / 2, `a live reading waited ${worst(waits.during)} ms of ${took}`);
  assert.ok(apart < PACKS / 2, `one probe was ${apart} packs ahead of another`);
});

test('nothing of the past is open', async () => {
  let left;
  await until(() => `no outage is open: ${JSON.stringify(left.outages)}`, async () => (left = await open()).outages.length === 0);
  const past = await centre.get(`/api/v1/outages?from=${new Date(startedMs - DAY).toISOString()}&limit=100`);
  const units = past.outages.flatMap((g) => [g, ...(g.members ?? [])]).filter((o) => o.unit?.endsWith('/4g@a'));
  assert.deepEqual([...new Set(units.map((o) => o.site))].sort(), ids);
  for (const o of units) assert.ok(!o.open && Date.parse(o.to) <= Date.now(), JSON.stringify(o));
});

test('timelines, windows and coverage are what was', async () => {
  const at = (ms) => new Date(startedMs - ms).toISOString();
  const peopleAt = async (ms) => (await centre.get(`/api/v1/coverage?area=d&at=${at(ms)}`)).coverage.find((l) => l.technology === '4g' && l.operator === 'a').live.population;
  assert.equal(await peopleAt(DAY - 5 * MINUTE), SITES * PEOPLE);
  assert.equal(await peopleAt(12 * HOUR), 0);
  const { figures } = await centre.get('/api/v1/availability?site=d01&window=24h');
  const cut = CUT_MIN * MINUTE;
  const late = 2 * MINUTE + busyMs; // as long as the fleet was busy with its day, nobody was heard live
  assert.ok(Math.abs(figures[0].down_ms_by_cause.transport - cut) <= late, JSON.stringify(figures[0]));
  // without evidence, and this centre was not there to listen: a gasp says nothing of such time (FIGURES 7.20)
  const [dark] = (await centre.get('/api/v1/availability?site=d04&window=24h')).figures;
  assert.ok(Math.abs(dark.down_ms_by_cause.transport - (cut - HOUR)) <= late, JSON.stringify(dark));
  assert.ok(Math.abs(dark.state_ms.unobserved - HOUR) <= 5 * MINUTE, JSON.stringify(dark));
});

test('a day that was final says that evidence is changing it', async () => {
  const day = await centre.get(`/api/v1/availability?site=d01&period=${yesterday}&revisions=1`);
  const [figure] = day.figures;
  assert.equal(day.provisional, false);
  assert.equal(day.changing, true);
  assert.deepEqual([figure.revision, figure.revisions.length, figure.state_ms.down], [1, 1, 0], 'it does not change silently');
});

const STATES = ['down', 'silent', 'degraded', 'unobserved', 'maintenance', 'asleep', 'up', 'planned'];
const within = (from, to) => `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;

// Points of a measurement: [{tag: value, ..., field: value, ..., at}]
async function derived(measurement) {
  return [...await influx.points('ioc', measurement)].map(([key, fields]) => {
    const [series, ns] = key.split(' ');
    return { ...Object.fromEntries(series.split(',').slice(1).map((tag) => tag.split('='))), ...fields, at: Number(BigInt(ns) / 1000000n) };
  });
}

// The first point that says otherwise than the API, and how many of that day there are.
async function otherMinutes(from, to) {
  const points = (await derived('ioc_unit_state')).filter((p) => p.service === '4g' && p.site !== 's1' && p.at >= from && p.at < to);
  const spans = {};
  for (const id of ids) spans[id] = (await centre.get(`/api/v1/sites/${id}/timeline?${within(from, to)}`)).units.find((u) => u.unit === `${id}/4g@a`).spans;
  const shown = (p) => spans[p.site].find((s) => Date.parse(s.from) <= p.at && p.at < (s.to ? Date.parse(s.to) : Infinity))?.state;
  return { count: points.length, other: points.find((p) => STATES[p.state] !== shown(p)) };
}

async function otherHours(from, to) {
  const hours = (await derived('ioc_availability')).filter((p) => p.window === 'hour' && p.area === 'd' && p.kind === 'bts' && p.operator === 'a' && p.at >= from && p.at < to);
  for (const p of hours) {
    const [f] = (await centre.get(`/api/v1/availability?area=d&kind=bts&operator=a&${within(p.at, p.at + HOUR)}`)).figures;
    const down = Object.values(f.down_ms_by_cause).reduce((sum, ms) => sum + ms, 0);
    if (p.down_ms !== down || p.outages !== f.outages || (p.confirmed ?? null) !== f.confirmed || p.observed !== f.observed) return { count: hours.length, other: { p, f } };
  }
  return { count: hours.length, other: undefined };
}

async function otherCoverage(from, to) {
  const hours = (await derived('ioc_coverage')).filter((p) => p.area === 'd' && p.technology === '4g' && p.operator === 'a' && p.at >= from && p.at < to && (p.at + zone) % HOUR === 0);
  for (const p of hours) {
    const line = (await centre.get(`/api/v1/coverage?area=d&at=${new Date(p.at).toISOString()}`)).coverage.find((l) => l.technology === '4g' && l.operator === 'a');
    if (p.population_live !== line.live.population || p.population_unknown !== line.unknown.population) return { count: hours.length, other: { p, line } };
  }
  return { count: hours.length, other: undefined };
}

async function otherOutages() {
  const { outages } = await centre.get(`/api/v1/outages?from=${new Date(startedMs - DAY).toISOString()}&limit=100`);
  const all = outages.flatMap((g) => [g, ...(g.members ?? [])]).filter((o) => o.site !== 's1'); // the live probe has said its part by now
  const points = new Map((await derived('ioc_outage')).map((p) => [`${p.site} ${p.start_ms}`, p]));
  const right = (o) => {
    const p = points.get(`${o.site} ${Date.parse(o.from)}`);
    return p && p.end_ms === Date.parse(o.to) && p.open === 0;
  };
  return { count: all.length, other: all.find((o) => !right(o)) };
}

test('what is derived of that day is in the database as the API has it', async () => {
  const to = Math.floor((startedMs + zone) / HOUR) * HOUR - zone;
  const from = to - 23 * HOUR;
  for (const [what, look, least] of [['unit states', otherMinutes, SITES * ((to - from) / MINUTE)], ['hours of availability', otherHours, (to - from) / HOUR],
    ['coverage', otherCoverage, (to - from) / HOUR], ['outages', otherOutages, SITES]]) {
    let seen;
    await until(() => `${what} in the database: ${JSON.stringify(seen)}, of at least ${least}`, async () => {
      seen = await look(from, to);
      return !seen.other && seen.count >= least;
    }, 250000); // whatever is live goes before
    console.log(`${seen.count} points: ${what}, ${((Date.now() - startedMs) / SECOND).toFixed(0)} s after the start`);
  }
});

test('the ledger balances, and the timelines are those of the evidence', async () => {
  fleet.kill('SIGTERM');
  assert.equal(await fleet.ended, 0);
  await live.acked();
  await centre.drained();
  await centre.balanced();
  const said = spawnSync(path.join(BIN, 'ioc-fleet'), ['verify', '--truth', truth, '--collector', centre.url, '--tolerance', `${120 * SECOND + busyMs}ms`], { encoding: 'utf8' });
  assert.equal(said.status, 0, said.stdout + said.stderr);
  console.log(/worst start.*/.exec(said.stdout)[0]);
  assert.match(said.stdout, / 0 lost, 0 doubled, 0 waiting; it balances/);
  assert.match(said.stdout, / 0 ms shown otherwise/);
});

test('every reading is in the database once', async () => {
  const checks = fs.readFileSync(path.join(truth, 'checks.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
  const written = new Map();
  let readings = 0;
  for (const line of fs.readFileSync(path.join(truth, 'evidence.csv'), 'utf8').split('\n')) {
    const [kind, number, third, verdict, count] = line.split(',');
    if (kind === 'pack') readings += Number(count);
    if (kind !== 'result') continue;
    const [, probe, , name] = checks[number];
    written.set(`${probe} ${name} ${third}000000`, Number(verdict));
  }
  const points = await influx.points('ioc', '/^chk_/');
  const ofDistrict = [...points].filter(([key]) => !key.includes('site=s1 '));
  assertSamePoints(new Map([...points].filter(([key]) => key.includes('site=s1 '))), [live]);
  let fields = 0;
  for (const [key, values] of ofDistrict) {
    const [, type, check, site, time] = /^chk_(\w+),check=([^,]+),probe=\w+,site=(\w+) (\d+)$/.exec(key);
    assert.equal(values.state, written.get(`${site} ${check.includes('/') ? check : `${type}/${check}`} ${time}`), key);
    fields += Object.keys(values).length;
  }
  assert.equal(ofDistrict.length, written.size);
  assert.equal(fields, readings);
  console.log(`${fields} readings of the district in ${ofDistrict.length} points`);
});

// The machine's clock is put forward instead of waiting for the next full hour, at which the episode ends.
test('the next full hour brings revision 2 of the day, with old, new and reason', async () => {
  const clock = path.join(folder, 'clock');
  await centre.stop();
  fs.writeFileSync(clock, Buffer.from(new BigInt64Array([BigInt(HOUR), 1n]).buffer));
  await centre.start({ LD_PRELOAD: path.join(BIN, 'machine_clock.so'), IOC_MACHINE_CLOCK: clock, ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` });
  await centre.ready();
  const read = () => centre.get(`/api/v1/availability?site=d01&period=${yesterday}&revisions=1`);
  const day = await until('the episode has ended', async () => {
    const now = await read();
    return !now.changing && now;
  });
  const [figure] = day.figures;
  assert.deepEqual([day.provisional, figure.revision, figure.revisions.length], [false, 2, 2]);
  const [first, second] = figure.revisions;
  assert.deepEqual([second.reason, second.old, first.old], ['late_evidence', first.new, null]);
  assert.equal(second.new.confirmed, figure.confirmed);
  // yesterday ended twelve hours and five minutes before the start; the cut began ten minutes into the day before the start
  const down = CUT_MIN * MINUTE - (startedMs - midnight);
  assert.ok(Math.abs(figure.state_ms.down - down) <= 2 * MINUTE, `${figure.state_ms.down} of ${down}`);
  assert.equal(figure.outages, 1);
  assert.deepEqual([first.new.state_ms.down, first.new.outages], [0, 0]);
});
