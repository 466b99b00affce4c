// A real probe whose disk is full: it says so, goes on measuring, keeps what it measured in memory, and loses
// nothing once there is room; killed and started again on the full disk it works from its reserve.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Mosquitto } from '../support/broker.mjs';
import { FakeCentre } from '../support/fake_centre.mjs';
import { Probe } from '../support/probe.mjs';
import { freshFolder, until } from '../support/servers.mjs';

const INTERVAL_S = 1;
const CHECKS = 16; // so that a pack is more than what is left of a page of the disk
let folder, broker, centre, probe, target, number = 0;

beforeEach(async () => {
  folder = freshFolder(`outbox-full-${++number}`);
  broker = new Mosquitto(folder);
  await broker.start();
  centre = new FakeCentre(broker.url);
  await centre.connect();
  target = net.createServer((socket) => { target.runs++; socket.on('error', () => {}); socket.destroy(); });
  target.runs = 0;
  await new Promise((resolve) => target.listen(9999, '127.0.0.1', resolve));
  probe = new Probe(folder, { checks: Array.from({ length: CHECKS }, (_, i) => ({ type: 'tcp', name: `target-${i}`, target: '127.0.0.1:9999', units: '[link]' })) });
  fs.mkdirSync(probe.outbox);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1536k', 'none', probe.outbox]);
});

afterEach(async () => {
  if (probe.child?.exitCode === null && probe.child?.signalCode === null) await probe.stop('SIGKILL');
  await centre.close();
  await broker.kill();
  target.close();
  assert.doesNotMatch(probe.logged(), /Sanitizer|runtime error/);
});

const filler = () => path.join(probe.outbox, 'filler');
const ran = (n) => { const end = target.runs + n * CHECKS; return until(`the checks ran ${n} times more`, () => target.runs >= end); };
const told = () => until('the full disk is told', () => /outbox\.disk.*no space.*make room/.test(probe.logged()));

// Until not even a byte fits.
function fill() {
  const file = fs.openSync(filler(), 'a');
  for (let size = 65536; size >= 1;) {
    try { fs.writeSync(file, Buffer.alloc(size)); } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
      size = Math.floor(size / 2);
    }
  }
  fs.closeSync(file);
}

const verdictTimes = () => centre.readings().filter((r) => /tcp\/target-0\/state$/.test(r.name)).map((r) => Number(r.time)).sort((a, b) => a - b);

// Every run of the check between the two instants has arrived, once.
function assertNoGap(from, to) {
  const times = verdictTimes().filter((t) => t >= from && t <= to);
  assert.equal(new Set(times).size, times.length, 'no result twice');
  assert.ok(times.length >= (to - from) / INTERVAL_S - 2, `${times.length} results of ${to - from} s`);
  for (let i = 1; i < times.length; i++) assert.ok(times[i] - times[i - 1] < 2.5 * INTERVAL_S, `a gap behind ${times[i - 1]}`);
}

async function everythingArrives(from) {
  const now = Date.now() / 1000;
  await until('what was measured until now is there', () => verdictTimes().at(-1) >= now);
  await until('no backlog', () => centre.lastStatus('p1').backlog === 0);
  assertNoGap(from, now);
  assert.equal(centre.lastStatus('p1').dropped, 0);
}

test('results of a time without room wait in memory, and none is missing afterwards', async () => {
  probe.start();
  await until('packs are taken', () => centre.packs.length >= 3);
  const from = verdictTimes()[0];
  await broker.kill();
  fill();
  await told();
  await ran(6);
  fs.rmSync(filler());
  await until('the disk is told to be back', () => /outbox\.disk_back/.test(probe.logged()));
  await broker.start();
  await everythingArrives(from);
  assert.equal(await probe.stop(), 0);
});

test('started on a full disk it works from its reserve, and what was stored before is sent', async () => {
  probe.start();
  await until('packs are taken', () => centre.packs.length >= 3);
  await broker.kill();
  await ran(5);
  const stored = Date.now() / 1000 - 3 * INTERVAL_S; // a check, a pack and its way to the disk
  fill();
  await probe.stop('SIGKILL');
  const from = verdictTimes()[0];
  const started = Date.now() / 1000;
  probe.start();
  await ran(2);
  await broker.start();
  await until('the new start is heard', () => verdictTimes().at(-1) > started);
  assertNoGap(from, stored);
  fs.rmSync(filler());
  const again = Date.now() / 1000;
  await everythingArrives(again);
});
