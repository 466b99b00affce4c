// The ledger is the proof that nothing is lost: the collector looks at its equations itself. Here its
// counters are falsified by hand, and every place where people look must say so.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, nowUs, until } from '../support/centre.mjs';
import { Influx, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('ledger');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const centre = new Collector(folder);
const p = new Probe('p1', 'S1', { retryMs: 300 });
const PACKS = 5;
const READINGS = 2 * PACKS + 2; // those of the second probe, too

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  await p.connect(broker);
  const t = nowUs() - 3600_000_000n;
  p.checklist(t - 1n, [['icmp/a', ['4g@a']]]);
  for (let i = 0; i < PACKS; i++) p.results([['icmp/a', t + BigInt(i) * 1_000_000n, 0, { rtt: i }]]);
});

after(async () => {
  await p.close();
  for (const server of [centre, influx, broker]) await server.kill();
});

// Adds to the byte at an offset of a state row, in the store of a collector that is stopped.
function falsify(kind, offset, by) {
  const script = `import sqlite3,sys
c = sqlite3.connect(sys.argv[1]); kind, at, by = map(int, sys.argv[2:])
value = bytearray(c.execute('select value from state where kind = ?', (kind,)).fetchone()[0])
value[at] += by
c.execute('update state set value = ? where kind = ?', (bytes(value), kind)); c.commit()`;
  execFileSync('python3', ['-c', script, path.join(centre.data, 'store.db'), kind, offset, by].map(String));
}

const LEDGER = 24;
const STREAM = 16;
const READINGS_WRITTEN = 1 + 8 * 7; // version, then counters in the order of LEDGER_MAP
const STORED_OF_FIRST_MARK = 4 + 7 + 8 + 2; // version, probes, place, marks, the sum of the retired, epoch upto highest; small numbers have one byte

const checked = () => until('the ledger was looked at', async () => {
  const ledger = await centre.get('/api/v1/ledger');
  return ledger.checked_at && ledger;
});

// The first heartbeat on the event stream.
async function heartbeat() {
  const answer = await fetch(`${centre.url}/api/v1/events`);
  let text = '';
  for await (const chunk of answer.body) {
    text += Buffer.from(chunk).toString();
    const beat = /event: hb\ndata: (.*)\n/.exec(text);
    if (beat) return JSON.parse(beat[1]);
  }
  throw new Error('no heartbeat');
}

test('a sound ledger: every equation holds, and the time of the look is told', async () => {
  assert.ok(await centre.start(), centre.log());
  await p.acked();
  await centre.drained();
  const ledger = await checked();
  assert.deepEqual(ledger.broken, []);
  assert.deepEqual(ledger.open, { packs: 0, streams: 0, oldest_since: null });
  assert.doesNotMatch(centre.log(), /ledger\.broken/);
  assert.equal((await heartbeat()).ledger, true);
  const one = await centre.get('/api/v1/ledger?probe=p1');
  assert.deepEqual([one.total, one.probes.length, one.probes[0].probe, one.probes[0].epochs[0].stored], [1, 1, 'p1', PACKS + 1]);
  await centre.stop();
});

// DESIGN section 4, word by word: in messages, in readings, and in packs in total and of each probe.
test('every number of the equations is on /metrics and on the API, in total and per probe', async () => {
  assert.ok(await centre.start(), centre.log());
  const stray = new Probe('p2', 'S2');
  await stray.connect(broker);
  stray.results([['icmp/a', nowUs(), 0, { rtt: 1 }]]);
  await stray.acked();
  stray.pack('not a pack');
  await stray.acked();
  await stray.close();
  await centre.drained();
  const api = await centre.get('/api/v1/ledger?limit=1000');
  const m = await centre.metrics('?probes=1');
  const l = (name) => m[`ioc_ledger_${name}_total`];
  assert.equal(m.ioc_intake_messages_total, m.ioc_intake_waiting + l('control') + l('duplicate') + l('ignored') + l('refused') + l('untimed') + l('stored') + l('plain_bounded') - l('requeued'));
  assert.equal(api.messages.logged, api.messages.in_intake + ['control', 'duplicate', 'ignored', 'refused', 'untimed', 'stored', 'plain_bounded'].reduce((sum, name) => sum + api.counters[name], 0) - api.counters.requeued);
  assert.equal(l('readings_stored'), l('readings_written') + m.ioc_readings_pending + l('readings_dead') - l('readings_requeued') + l('readings_beyond'));
  const FATES = ['stored', 'refused', 'untimed', 'lost_at_probe', 'missing_at_centre', 'open'];
  const sum = (packs) => FATES.reduce((all, fate) => all + packs[fate], 0);
  const total = Object.fromEntries(['highest', ...FATES].map((fate) => [fate, m[`ioc_packs{fate="${fate}"}`]]));
  assert.deepEqual({ ...total, balanced: true }, api.packs);
  assert.deepEqual([total.highest, total.refused], [sum(total), 1]);
  const of = (probe) => Object.fromEntries(['highest', ...FATES].map((fate) => [fate, m[`ioc_probe_packs{probe="${probe}",fate="${fate}"}`] ?? 0]));
  for (const { probe, epochs } of api.probes) {
    const packs = of(probe);
    assert.equal(packs.highest, sum(packs), probe);
    for (const fate of ['highest', ...FATES]) assert.equal(packs[fate], epochs.reduce((all, epoch) => all + epoch[fate], 0), `${probe} ${fate}`);
  }
  assert.deepEqual(of('p2'), { highest: 2, stored: 1, refused: 1, untimed: 0, lost_at_probe: 0, missing_at_centre: 0, open: 0 });
  assert.equal((await centre.metrics())['ioc_probe_packs{probe="p1",fate="stored"}'], undefined);
  await centre.stop();
});

test('a falsified total is told in the log, on the API, on /metrics and to the page', async () => {
  falsify(LEDGER, READINGS_WRITTEN, 3);
  assert.ok(await centre.start(), centre.log());
  const { broken } = await checked();
  assert.deepEqual(broken.map((b) => [b.equation, b.probe, b.left, b.right]), [['readings', null, READINGS, READINGS + 3]]);
  assert.match(centre.log(), new RegExp(`level=error what=ledger\\.broken equation=readings probe=- .*left=${READINGS} left_is="readings of stored messages" right=${READINGS + 3} .*do=`));
  const m = await centre.metrics();
  assert.equal(m['ioc_ledger_balanced{equation="readings"}'], 0);
  assert.equal(m['ioc_ledger_balanced{equation="packs"}'], 1);
  assert.ok(m.ioc_ledger_checks_broken_total >= 1);
  assert.equal((await heartbeat()).ledger, false);
  await centre.stop();
  falsify(LEDGER, READINGS_WRITTEN, -3);
});

test('a falsified stream is told with its probe and epoch, and does not keep the collector from working', async () => {
  falsify(STREAM, STORED_OF_FIRST_MARK, 1);
  assert.ok(await centre.start(), centre.log());
  const { broken } = await checked();
  const packs = broken.find((b) => b.equation === 'packs');
  assert.deepEqual([packs.probe, packs.epoch, packs.left, packs.right], ['p1', p.epoch, PACKS + 1, PACKS + 2]);
  assert.match(centre.log(), new RegExp(`ledger\\.broken equation=packs probe=p1 epoch=${p.epoch}`));
  p.results([['icmp/a', nowUs(), 0, { rtt: 1 }]]);
  await p.acked();
});
