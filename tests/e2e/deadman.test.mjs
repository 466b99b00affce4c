// Whoever watches the centre from outside says that it is gone, once, and that it is back, once: a real collector that hangs or dies, the probe's own modem.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Collector, Mosquitto } from '../support/centre.mjs';
import { Modem } from '../support/modem.mjs';
import { Probe } from '../support/probe.mjs';
import { freshFolder, until } from '../support/servers.mjs';

const AN = '84900000001';
const LAN = '84900000002';
const SIGN = { type: 'http', name: 'centre', target: '"http://127.0.0.1:8080/readyz?max_age_s=30"', role: 'info' };
const GONE = /^KHAN CAP: IOC Ninh Thuan khong tra loi binh thuong (tu \d\d:\d\d \d\d\/\d\d GMT\S*|da \d+ phut)( \(.+\))?\. Goi truc dien\. Tin tu p1$/;
const BACK = /^HET SU CO: IOC Ninh Thuan tra loi lai .*sau \d+ phut.*\. Tin tu p1$/;

let folder, broker, centre, modem, probe, number = 0;

beforeEach(async () => {
  folder = freshFolder(`deadman-${++number}`);
  broker = new Mosquitto(folder);
  modem = await new Modem(path.join(folder, 'tty0')).start();
  await broker.start();
  centre = new Collector(folder);
  assert.ok(await centre.start(), centre.log?.());
});

afterEach(async () => {
  for (const one of [centre, modem, broker]) await one.kill();
  if (probe?.child.exitCode === null && probe?.child.signalCode === null) await probe.stop('SIGKILL');
  assert.doesNotMatch(probe.logged(), /Sanitizer|runtime error/);
});

// A probe that watches, by the ways given, and has seen the centre alive.
async function watching(ways) {
  const section = `deadman:\n  check: http/centre\n  centre: IOC Ninh Thuận\n  after: 4s\n  pause: 0s\n  text: Gọi trực điện.\n  ${ways}`;
  probe = new Probe(folder, { checks: [SIGN], extra: section });
  probe.start();
  await until('it has seen the centre', () => /gives a sign of life/.test(said()));
}

const byModem = (numbers) => `modem: ${modem.device}\n  numbers: [${numbers.map((n) => `"${n}"`).join(', ')}]`;
const said = () => probe.ask('status', '--lang', 'en').stdout;
const heard = () => modem.sent.map((sms) => sms.number).sort();
const toldAs = (word) => probe.logged().split('deadman.told').slice(1).filter((line) => line.includes(`word=${word}`)).length;

test('a collector that hangs is told once, its return once, whatever happens to the probe in between', async () => {
  await watching(byModem([AN, LAN]));
  assert.deepEqual(modem.sent, []);
  centre.child.kill('SIGSTOP');
  await until('both have an SMS', () => modem.sent.length === 2);
  assert.deepEqual(heard(), [`+${AN}`, `+${LAN}`]);
  for (const { text } of modem.sent) {
    assert.match(text, GONE);
    assert.ok(text.length <= 160);
  }
  await until('it is kept', () => fs.readFileSync(path.join(probe.outbox, 'memory'), 'utf8').split(' told ').length === 3);

  assert.equal(await probe.stop('SIGKILL'), 'SIGKILL');
  probe.start();
  await until('it knows who was told', () => /NO SIGN OF LIFE for .*, 2 \/ 2 know it/.test(said()));
  probe.signal('SIGHUP');
  await until('it has read its file again', () => /reload\.done/.test(probe.logged()));
  assert.equal(await probe.stop(), 0);
  probe.start();
  await until('it knows it still', () => /NO SIGN OF LIFE for .*, 2 \/ 2 know it/.test(said()));
  assert.equal(modem.sent.length, 2);

  centre.child.kill('SIGCONT');
  await until('both have another SMS', () => modem.sent.length === 4);
  for (const { text } of modem.sent.slice(2)) assert.match(text, BACK);
  assert.equal(await probe.stop(), 0);
  probe.start();
  await until('it sees the centre', () => /gives a sign of life/.test(said()));
  assert.equal(await probe.stop(), 0);
  assert.equal(modem.sent.length, 4);
  assert.deepEqual([toldAs('gone'), toldAs('back')], [2, 2]);
});

test('with broker and collector dead a probe that only starts then tells it, too, and a program of its own', async () => {
  const list = path.join(folder, 'told');
  const program = path.join(folder, 'tell');
  fs.writeFileSync(program, `#!/bin/sh\nprintf '%s|%s\\n' "$1" "$2" >> ${list}\n`, { mode: 0o755 });
  await watching(`${byModem([AN])}\n  program: [${program}, duty]`);
  assert.equal(await probe.stop(), 0);
  await centre.kill();
  await broker.kill();
  probe.start();
  await until('it is told by modem', () => modem.sent.length === 1);
  assert.match(modem.sent[0].text, GONE);
  const told = () => (fs.existsSync(list) ? fs.readFileSync(list, 'utf8').split('\n').slice(0, -1).map((line) => line.split('|')) : []);
  await until('and by the program', () => told().length === 1);
  await broker.start();
  assert.ok(await centre.start(), centre.log?.());
  await until('the end is told by modem', () => modem.sent.length === 2);
  await until('and by the program', () => told().length === 2);
  assert.deepEqual(told().map(([who]) => who), ['duty', 'duty']);
  for (const [gone, back] of [modem.sent.map(({ text }) => text), told().map(([, text]) => text)]) { // each is written when it is sent: once the clock is trusted it has hours
    assert.match(gone, GONE);
    assert.match(back, BACK);
  }
});

// The network has the SMS, the modem has not said so yet.
async function anSmsOnItsWay() {
  await watching(byModem([AN]));
  modem.mode('slow');
  centre.child.kill('SIGSTOP');
  await until('the network has it', () => modem.sent.length === 1);
}

// The probe is asked to stop, and has begun to.
async function stopping() {
  const ended = probe.stop();
  await until('it begins to stop', () => /probe\.stopping/.test(probe.logged()));
  return { ended, began: Date.now() };
}

test('a probe that is stopped while its modem has an SMS in hand waits for the answer: nobody hears it twice', async () => {
  await anSmsOnItsWay();
  const { ended } = await stopping();
  modem.mode('well');
  assert.equal(await ended, 0);
  probe.start();
  await until('it knows who was told', () => /NO SIGN OF LIFE for .*, 1 \/ 1 know it/.test(said()));
  assert.equal(modem.sent.length, 1);
  assert.equal(toldAs('gone'), 1);
});

test('a modem that never answers does not keep a probe from stopping; what nobody answered for is sent again, as after kill -9', async () => {
  await anSmsOnItsWay();
  const { ended, began } = await stopping();
  assert.equal(await ended, 0);
  assert.ok(Date.now() - began < 30000, `${Date.now() - began} ms`); // a try takes a minute
  probe.start();
  await until('it is sent again', () => modem.sent.length === 2);
  assert.equal(await probe.stop('SIGKILL'), 'SIGKILL');
  modem.mode('well');
  probe.start();
  await until('and again', () => modem.sent.length === 3);
  await until('and kept', () => /NO SIGN OF LIFE for .*, 1 \/ 1 know it/.test(said()));
  assert.deepEqual(heard(), [`+${AN}`, `+${AN}`, `+${AN}`]);
});

test('what could be told to nobody while it lasted is told to nobody afterwards; the next time is told', async () => {
  await watching(byModem([AN]));
  await modem.kill();
  centre.child.kill('SIGSTOP');
  await until('it was tried', () => /deadman\.missed.*word=gone/.test(probe.logged()));
  assert.match(said(), /NO SIGN OF LIFE for .*, 0 \/ 1 know it/);
  centre.child.kill('SIGCONT');
  await until('the centre is back', () => /deadman\.back/.test(probe.logged()));
  await modem.start();
  centre.child.kill('SIGSTOP');
  await until('it is told', () => modem.sent.length === 1);
  assert.match(modem.sent[0].text, GONE);
  centre.child.kill('SIGCONT');
  await until('so is the end', () => modem.sent.length === 2);
  assert.match(modem.sent[1].text, BACK);
});
