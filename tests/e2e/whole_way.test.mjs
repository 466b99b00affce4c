// From a probe's pack to the database: every reading exactly once with its exact value and time, an
// ack only after the commit, and the figures of metrics, API and events agree with each other.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, assertSamePoints, connect, listen, nowUs, sleep, until } from '../support/centre.mjs';
import { Influx, Victoria, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('whole');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const centre = new Collector(folder);
const p1 = new Probe('p1', 'S1');
const p2 = new Probe('p2', 'S2');

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
});

after(async () => {
  for (const p of [p1, p2]) await p.close();
  for (const server of [centre, influx, broker]) await server.kill();
});

// Values that lose something in a careless printer or parser.
const BETWEEN_MS = 20; // changes do not fall on one beat
const VALUES = [0, -0.1, 1 / 3, 1e-9, 123456789.123456789, 2 ** 53, -(2 ** 53), 5e-324, 1.7976931348623157e308, 0.1 + 0.2];

test('every reading is in InfluxDB once, with exact value and time', async () => {
  const t = nowUs() - 60_000_000n;
  for (const [p, unit] of [[p1, '4g@a'], [p2, '4g@a']]) {
    await p.connect(broker);
    p.checklist(t - 1n, [['icmp/core-1', [unit]], ['http/portal', [unit], { role: 'optional' }]]);
    for (let n = 0; n < 100; n++)
      p.results([
        ['icmp/core-1', t + BigInt(n) * 500_001n, n % 50 === 7 ? 2 : 0, { rtt: VALUES[n % VALUES.length], loss: n / 100 }],
        ['http/portal', t + BigInt(n) * 500_001n + 7n, 0, { total: n + 0.5 }],
      ]);
  }
  await Promise.all([p1.acked(), p2.acked()]);
  await centre.drained();
  assertSamePoints(await influx.points('ioc'), [p1, p2]);
  await centre.balanced();
  const m = await centre.metrics();
  assert.equal(m.ioc_ledger_readings_stored_total, 2 * 100 * 5);
});

test('a pack sent twice and one sent early change nothing', async () => {
  const before_ = await centre.metrics();
  const stray = await connect(broker);
  await stray.publishAsync(p1.topic(3).replace(/\/\d+\/3$/, '/1/3'), p1.packs[2], { qos: 1 });
  await stray.publishAsync(p1.topic(999), '[]', { qos: 1 });
  await stray.endAsync();
  const m = await until('both were seen', async () => {
    const now = await centre.metrics();
    return now.ioc_ledger_duplicate_total > before_.ioc_ledger_duplicate_total && now.ioc_ledger_ignored_total > before_.ioc_ledger_ignored_total && now;
  });
  assert.equal(m.ioc_ledger_readings_stored_total, before_.ioc_ledger_readings_stored_total);
  await centre.balanced();
});

test('strings and flags come under names of their own', async () => {
  const t = nowUs() - 5_000_000n;
  p2.pack(`[{"bn":"S2/","bt":${t / 1000000n},"n":"http/portal/state","v":0},{"n":"http/portal/open","vb":true},{"n":"http/portal/server","vs":"a \\"b\\" \\\\ ,= Việt"}]`);
  await p2.acked();
  await centre.drained();
  const rows = await influx.query(`SELECT open_flag, server_text FROM chk_http WHERE open_flag = 1`, 'ioc');
  assert.deepEqual(rows.series[0].values[0].slice(1), [1, 'a "b" \\ ,= Việt']);
});

test('what is refused for good is acknowledged, counted, and stays out of the database', async () => {
  const before_ = await centre.metrics();
  const bad = p1.pack('this is not JSON');
  const label = p1.pack('[{"n":"S1/icmp/core-1/rtt","v":1,"weird_":2}]');
  await p1.acked();
  assert.ok(p1.refused.get(bad), 'the first is told');
  assert.match(p1.refused.get(label), /weird_/);
  const m = await centre.metrics();
  assert.equal(m.ioc_ledger_refused_total - before_.ioc_ledger_refused_total, 2);
  await centre.balanced();
});

test('a plain publisher without a stream is stored', async () => {
  const stray = await connect(broker);
  await stray.publishAsync('ioc/v1/meter/plain', '[{"n":"S1/power/main/volts","v":53.52,"t":-2}]', { qos: 1 });
  await stray.endAsync();
  await until('it is in the database', async () => (await influx.query('SELECT volts FROM chk_power', 'ioc')).series?.[0].values[0][1] === 53.52);
});

test('an unknown probe is held, with the reason, and goes on once the inventory has it', async () => {
  const p9 = new Probe('p9', 'S1');
  await p9.connect(broker);
  p9.results([['icmp/x', nowUs() - 1_000_000n, 0, { rtt: 1 }]]);
  await until('held', () => /p9/.test(p9.hold));
  assert.equal(p9.upto, 0);
  const { writeInventory, INVENTORY } = await import('../support/centre.mjs');
  writeInventory(centre.inventory, { ...INVENTORY, probes: INVENTORY.probes + 'p9,S1,,\n' });
  centre.child.kill('SIGHUP');
  await p9.acked();
  await centre.drained();
  assertSamePoints(new Map([...await influx.points('ioc')].filter(([k]) => k.includes('probe=p9'))), [p9]);
  await p9.close();
});

test('metrics are well-formed for Prometheus', async () => {
  const { body } = await ask('GET', centre.url + '/metrics');
  const told = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' });
  assert.equal(told.status, 0, told.stdout + told.stderr);
});

test('every change reaches the page after its ack; how soon is measured by tests/bench', async () => {
  const events = [];
  const socket = listen(centre.url, (e) => events.push(e));
  await until('the stream answers', () => events.length > 0);
  const delays = [];
  for (let n = 0; n < 6; n++) {
    p1.results([['icmp/core-1', nowUs(), n % 2 ? 0 : 2, { rtt: 1 }]]);
    await p1.acked();
    const acked = Date.now();
    const state = n % 2 ? 'up' : 'down';
    const told = await until(`told that S1 is ${state}`, () => events.find((e) => e.event === 'sites' && !e.done && e.data.some((s) => (s.site ?? s.id) === 'S1' && s.units?.[state])), 30000)
      .catch((e) => { throw new Error(`${e.message}: ${JSON.stringify(events.slice(-5))}`); });
    events.forEach((e) => { e.done = true; });
    delays.push(told.at - acked);
    await sleep(BETWEEN_MS);
  }
  socket.destroy();
  assert.equal(delays.length, 6);
});

test('the page and its assets have their types and nobody may frame them elsewhere', async () => {
  const html = (await ask('GET', `${centre.url}/`)).body;
  const named = (ending) => html.match(new RegExp(`/[\\w-]+\\.${ending}`))[0];
  for (const [path, type] of [['/', 'text/html'], [named('js'), 'text/javascript'], [named('css'), 'text/css']]) {
    const answer = await ask('GET', centre.url + path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers['content-type'], new RegExp(type));
    assert.match(answer.headers['content-security-policy'], /default-src 'self'/);
    const head = await ask('HEAD', centre.url + path);
    assert.equal(head.status, 200);
    assert.equal(head.headers['content-length'], answer.headers['content-length']);
    assert.equal(head.body, '');
  }
});

test('SIGTERM ends it, with everything stored', async () => {
  p2.results([['icmp/core-1', nowUs(), 0, { rtt: 5 }]]);
  await p2.acked();
  await centre.stop();
  assert.ok(await centre.start(), centre.log());
  await centre.drained();
  assertSamePoints(new Map([...await influx.points('ioc')].filter(([k]) => k.includes('icmp/core-1') && k.includes('probe=p2'))),
    [{ expected: new Map([...p2.expected].filter(([k]) => k.includes('icmp/core-1'))) }]);
  await centre.balanced();
  await centre.stop();
});

test('VictoriaMetrics gets every number once too', async () => {
  const place = freshFolder('victoria');
  const victoria = new Victoria(place);
  await victoria.start();
  const other = new Collector(place, { port: 8081, centre: { id: 'c2' }, sink: { kind: 'victoria', url: victoria.url, database: 'ioc' } });
  assert.ok(await other.start(), other.log());
  await other.ready();
  const p = new Probe('p1', 'S1');
  await p.connect(broker);
  const t = (nowUs() / 1000n) * 1000n - 60_000_000n;
  p.checklist(t - 1000n, [['icmp/core-1', ['4g@a']]]);
  for (let n = 0; n < 100; n++) p.results([['icmp/core-1', t + BigInt(n) * 500_000n, 0, { rtt: n / 8 }]]); // it keeps 12 digits
  await p.acked();
  const want = [...p.expected].map(([k, v]) => [k.replace(/^chk_icmp/, 'chk_icmp_rtt').replace(/000000$/, ''), v.rtt]).sort();
  const have = await until('all are there', async () => {
    const all = await victoria.samples('ioc');
    const rtt = [...all].filter(([k]) => k.startsWith('chk_icmp_rtt')).sort();
    return rtt.length >= want.length && rtt;
  });
  assert.deepEqual(have, want);
  await p.close();
  await other.stop();
  await victoria.kill();
});
