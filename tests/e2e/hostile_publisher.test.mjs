// p2 is in the inventory and does whatever its own topics allow, by the letter: numbers that go back or
// jump by 2^60, low above seq, an epoch per message, times all over the century, packs of 10 MB, a million
// metric names, deep nesting, invalid UTF-8, a field called time. Each has its place in the ledger, what it
// costs is bounded by the limits in the configuration, and p1 is answered all the while: told by the order
// of messages, not by a clock.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, assertSamePoints, connect, hex, nowUs, until } from '../support/centre.mjs';
import { Influx, freshFolder } from '../support/servers.mjs';

const LIMITS = { publisher_names: 2000, publisher_letters: 50, publisher_load: 200 };
const NAMES_OF_PACK = 1200;
const NAMES_MAX = LIMITS.publisher_names + 6000; // core/vocabulary.h: what it uses before it draws attention
const MILLION = Math.ceil(1_000_000 / NAMES_OF_PACK);
const JUMP = 2n ** 60n;
const GIANT = Buffer.alloc(10_000_000, 0x20);

const folder = freshFolder('hostile_publisher');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const centre = new Collector(folder, { limits: LIMITS });
const good = new Probe('p1', 'S1');
const t = nowUs() - 600_000_000n;
const now = Number(t / 1_000_000n);
let n = 0;
let bad;
const told = []; // every answer to p2, in order

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  await good.connect(broker);
  good.checklist(t - 1n, [['icmp/a', ['4g@a']]]);
  await good.acked();
  bad = await connect(broker, { clientId: 'p2' });
  await bad.subscribeAsync('ioc/v1/p2/ack', { qos: 1 });
  bad.on('message', (topic, payload) => told.push(JSON.parse(payload)));
});

after(async () => {
  await bad.endAsync(true);
  await good.close();
  for (const server of [centre, influx, broker]) await server.kill();
});

const reading = (metric, at = now) => `{"n":"S2/x/y/${metric}","v":1,"t":${at}}`;
const topic = (epoch, low, seq) => `ioc/v1/p2/data/${epoch}/${low}/${seq}`;

const result = () => good.results([['icmp/a', t + BigInt(n) * 1_000_000n, 0, { rtt: n++ }]]);

// Publishes rows of [epoch, low, seq, text] and waits until the last one's epoch stands at `upto`. What the
// ledger counted more, by name.
async function play(rows, upto) {
  const was = await centre.metrics();
  const [last] = rows.at(-1);
  for (const [epoch, low, seq, text] of rows) await bad.publishAsync(topic(epoch, low, seq), text, { qos: 1 });
  await until(`${last} is at ${upto}`, () => told.some((ack) => ack.epoch === last && ack.upto === upto));
  const is = await centre.metrics();
  return (name) => is[`ioc_ledger_${name}_total`] - was[`ioc_ledger_${name}_total`];
}

const why = (epoch) => new Map(told.filter((ack) => ack.epoch === epoch).flatMap((ack) => ack.refused ?? []));

test('a number that goes back is a duplicate: answered, not read', async () => {
  const epoch = hex();
  const more = await play([[epoch, 1, 1, `[${reading('first')}]`], [epoch, 1, 2, `[${reading('second', Math.floor(Date.now() / 1000))}]`],
    [epoch, 1, 1, `[${reading('again')}]`], [epoch, 2, 2, '{'], [epoch, 1, 3, `[${reading('third')}]`]], 3);
  assert.deepEqual([more('duplicate'), more('stored'), more('refused')], [2, 3, 0]);
  await centre.drained();
  const keys = await influx.query('show field keys from chk_x', 'ioc');
  assert.deepEqual(keys.series[0].values.map(([key]) => key).sort(), ['first', 'second', 'third']);
});

test('numbers that no outbox has are refused and move nothing', async () => {
  const epoch = hex();
  const impossible = [[1n, JUMP], [JUMP, JUMP], [JUMP + 5n, JUMP + 6n], [5n, 4n], [2n, 1n], [JUMP, 1n], [2n, 2n + 2n ** 32n + 1n]];
  const more = await play([...impossible.map(([low, seq]) => [epoch, low, seq, `[${reading('never')}]`]), [epoch, 1, 1, `[${reading('first')}]`]], 1);
  assert.deepEqual([more('refused'), more('stored')], [impossible.length, 1]);
  for (const text of why(epoch).values()) assert.match(text, /numbers/);
  const mark = (await centre.get('/api/v1/ledger')).probes.find((row) => row.probe === 'p2').epochs.find((row) => row.epoch === epoch);
  assert.deepEqual([mark.highest, mark.stored, mark.missing_at_centre, mark.open], [1, 1, 0, 0]);
});

test('an epoch per message: all are stored, the newest eight are kept apart', async () => {
  const rows = Array.from({ length: 40 }, () => [hex(), 1, 1, `[${reading('first')}]`]);
  const more = await play(rows, 1);
  assert.equal(more('stored'), rows.length);
  const ledger = (await centre.get('/api/v1/ledger')).probes.find((row) => row.probe === 'p2');
  assert.ok(ledger.epochs.length <= 9 && ledger.epochs.every((row) => row.balanced));
});

test('times all over the century: what may be is stored, what is too old or ahead is refused', async () => {
  const epoch = hex();
  const seconds = Array.from({ length: 100 }, (_, i) => Date.UTC(1970 + i, 6, 1) / 1000);
  const rows = seconds.map((at, i) => [epoch, 1, i + 1, `[${reading('first', at)}]`]);
  const more = await play(rows, rows.length);
  const at = Date.now() / 1000;
  const relative = seconds.filter((s) => s < 2 ** 28).length; // RFC 8428: below 2^28 relative to now, which a stream does not take
  const old = seconds.filter((s) => s >= 2 ** 28 && s < at - 5 * 365 * 86400).length;
  const ahead = seconds.filter((s) => s > at + 86400).length;
  assert.deepEqual([more('stored'), more('too_old'), more('refused')], [100 - relative - old - ahead, old, relative + old + ahead]);
});

test('giants, nests, broken letters, reserved names and too many of them: each is refused for what it is', async () => {
  const epoch = hex();
  const many = (from) => `[${Array.from({ length: NAMES_OF_PACK }, (_, k) => reading(`m${from}-${k}`)).join(',')}]`;
  const wrong = [[`[${reading('time')}]`, /time/], [Buffer.from(`[{"n":"S2/x/y/v","vs":"\xff\xfe","t":${now}}]`, 'latin1'), /not JSON/], ['['.repeat(60000), /./],
    [`{"checks":${'['.repeat(2000)}`, /./], [GIANT, /longer|large|bytes/]];
  const rows = [...wrong.map(([text]) => text), ...Array.from({ length: Math.ceil(NAMES_MAX / NAMES_OF_PACK) + 1 }, (_, i) => many(i))].map((text, i) => [epoch, 1, i + 1, text]);
  const more = await play(rows, rows.length);
  wrong.forEach(([, text], i) => assert.match(why(epoch).get(i + 1), text));
  assert.match(why(epoch).get(rows.length), /names/);
  assert.ok(more('over_names') >= 1);
  assert.equal(more('refused'), wrong.length + more('over_names'));
});

// Floods until p1 has been answered so many times *between* hostile messages, at least `least` of them; that
// the flood had to go on beyond `most` means that p1 starves. make(i) is the i-th message.
async function flood(make, { least, most, burst = 100, acks = 3 }) {
  let answered = 0;
  const neighbour = (async () => {
    for (; answered < acks; answered++) {
      result();
      await good.acked();
    }
  })();
  for (let sent = 0; sent < least || answered < acks; sent += burst) {
    assert.ok(sent < most, `${sent} hostile messages, and p1 was answered only ${answered} times in between`);
    await Promise.all(Array.from({ length: burst }, (_, k) => bad.publishAsync(...make(sent + k), { qos: 1 })));
  }
  await neighbour;
}

const century = (i) => Math.floor(Date.UTC(1970 + i % 100, i % 12, 1) / 1000);
const packOf = (...metrics) => `[${metrics.join(',')}]`;
const epoch = hex();
const FLOODS = {
  'a million metric names': [(i) => [topic(epoch, 1, i + 1), packOf(...Array.from({ length: NAMES_OF_PACK }, (_, k) => reading(`m${i}-${k}`)))], { least: MILLION, most: 20 * MILLION, burst: 10 }],
  'packs of 10 MB': [(i) => [topic(epoch, 1, i + 1), GIANT], { least: 4, most: 200, burst: 2 }],
  'an epoch per message': [() => [topic(hex(), 1, 1), packOf(reading('v'))], { least: 20000, most: 400000 }],
  'numbers that jump, cross and go back': [(i) => [topic(epoch, ...[[1, JUMP], [JUMP, JUMP], [5, 1], [JUMP, 1], [1, 1]][i % 5]), '[]'], { least: 5000, most: 400000 }],
  'the century, nests, broken letters, time': [(i) => [topic(hex(), 1, 1), [packOf(reading('v', century(i))), '['.repeat(5000), Buffer.from('["\xff"]', 'latin1'), packOf(reading('time'))][i % 4]], { least: 5000, most: 400000 }],
};

for (const [name, [make, bounds]] of Object.entries(FLOODS))
  test(`a flood: ${name}`, async () => {
    const was = await centre.metrics();
    await flood(make, bounds);
    const is = await centre.metrics();
    assert.ok(is.ioc_ledger_over_share_total > was.ioc_ledger_over_share_total, 'its share is not used up');
    assert.equal(centre.code, undefined, centre.log().slice(-2000));
  });

test('what it has cost is bounded by the limits, and p1 has every reading in the database, once', async () => {
  result();
  await good.acked();
  await centre.drained();
  await centre.balanced();
  const m = await centre.metrics();
  const kept = m.ioc_ledger_refused_total - m.ioc_ledger_letters_unkept_total;
  const shares = 2; // its own, and that of topics whose numbers are none: they name nobody
  assert.ok(kept >= LIMITS.publisher_letters && kept <= shares * (LIMITS.publisher_letters + 2), `${kept} letters kept`);
  const fields = (await influx.query('show field keys from chk_x', 'ioc')).series[0].values.length;
  assert.ok(fields <= NAMES_MAX, `${fields} names in the database`);
  // letters, names twice in a table half full, two batches and change sets in the making
  const boundKiB = 64 * 1024 + LIMITS.publisher_letters * 64 + LIMITS.publisher_names * 32 / 1024 + 4 * 24 * 1024;
  assert.ok(centre.rssKiB() < boundKiB + centre.sanitizerKiB(), `${centre.rssKiB()} KiB, bound ${boundKiB}`);
  assertSamePoints(new Map([...await influx.points('ioc', 'chk_icmp')].filter(([k]) => k.includes('probe=p1'))), [good]);
  await centre.stop();
  assert.doesNotMatch(centre.log(), /AddressSanitizer|runtime error/);
});
