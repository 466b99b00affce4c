// A site is planned until its probe sends an acceptance record, which may wait in the outbox for days; it outlives crashes and reloads.
// Then the probe is swapped for another with a certificate of its own: same site, history kept.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { makeCertificates } from '../support/broker.mjs';
import { Collector, INVENTORY, Mosquitto } from '../support/centre.mjs';
import { Probe } from '../support/probe.mjs';
import { freshFolder, until } from '../support/servers.mjs';

const folder = freshFolder('accept');
const tls = path.join(folder, 'tls');
fs.mkdirSync(tls);
makeCertificates(tls, ['p1', 'p9']);
const broker = new Mosquitto(folder, { tls });
const inventory = { ...INVENTORY, units: 'site,service,operator,commissioned\nS1,4g,a,accept\nS1,5g,a,accept\nS2,4g,a,\n' };
const equipment = net.createServer((socket) => socket.end()).listen(8077, '127.0.0.1'); // what the checks look at
let centre;

const link = (name) => `host: 127.0.0.1\n  port: 8883\n  tls: true\n  ca_file: ${tls}/ca.crt\n  cert_file: ${tls}/${name}.crt\n  key_file: ${tls}/${name}.key`;
const checks = (target) => [{ type: 'tcp', name: 'enb', target, units: '["4g@a"]' }];
function newProbe(name, target = '127.0.0.1:8077') {
  const own = path.join(folder, name);
  fs.mkdirSync(own, { recursive: true });
  return new Probe(own, { id: name, broker: link(name), checks: checks(target), extra: '  trust_clock: true' });
}
const p1 = newProbe('p1');
const p9 = newProbe('p9');

const unit = async (name) => (await centre.get(`/api/v1/sites/${name.split('/')[0]}`)).units.find((u) => u.unit === name);
const ran = (probe) => until('the check ran', () => / ago/.test(probe.ask('status', '--lang', 'en').stdout));

before(async () => {
  await broker.start();
  centre = new Collector(folder, { inventory });
  assert.ok(await centre.start(), centre.logFile);
});

after(async () => {
  equipment.close();
  for (const probe of [p1, p9]) if (probe.child?.exitCode === null && probe.child?.signalCode === null) await probe.stop('SIGKILL');
  for (const server of [centre, broker]) await server.kill();
});

test('nobody accepts without a name, nor what does not work', async () => {
  await broker.kill();
  const bad = newProbe('p1', '127.0.0.1:8078'); // nobody listens there
  bad.start();
  await ran(bad);
  assert.equal(bad.ask('accept', '--lang', 'en').status, 3);
  const record = bad.ask('accept', '--lang', 'vi', '--by', 'Trần Văn A');
  assert.equal(record.status, 2, record.stderr);
  assert.match(record.stdout, /4g@a +KHÔNG ĐẠT\n +tcp\/enb +HỎNG/);
  assert.match(record.stdout, /Kết quả +KHÔNG ĐẠT/);
  assert.equal(await bad.stop(), 0);
});

test('the record is signed, waits while the broker is away, and takes the unit into service', async () => {
  p1.write(checks('127.0.0.1:8077'));
  p1.start();
  await ran(p1);
  const { status, stdout } = p1.ask('accept', '--lang', 'vi', '--by', 'Trần Văn A', '--position', '11.6331,108.9481');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^PHIẾU NGHIỆM THU\nMã trạm +S1\nThiết bị giám sát +p1\nVị trí +11\.6331,108\.9481\nNgười nghiệm thu +Trần Văn A\n/);
  assert.match(stdout, /chưa kết nối: phiếu chờ/);
  assert.match(stdout, /4g@a +ĐẠT\n +tcp\/enb +tốt/);
  const [text, signature] = [stdout.slice(0, stdout.indexOf('Số phiếu')), /Chữ ký: (\S+)/.exec(stdout)[1]];
  const certificate = new crypto.X509Certificate(fs.readFileSync(`${tls}/p1.crt`));
  assert.ok(crypto.verify('sha256', Buffer.from(text), certificate.publicKey, Buffer.from(signature, 'base64')), 'the signature is p1\'s');
  assert.ok(!crypto.verify('sha256', Buffer.from(`${text} `), certificate.publicKey, Buffer.from(signature, 'base64')));
  assert.deepEqual([(await unit('S1/4g@a')).state, (await unit('S1/4g@a')).awaits_acceptance], ['planned', true]);
  await broker.start();
  await until('the unit is in service', async () => (await unit('S1/4g@a')).state === 'up');
  assert.equal((await unit('S1/4g@a')).awaits_acceptance, false);
  assert.equal((await unit('S1/5g@a')).state, 'planned'); // no check of it was accepted
});

test('what was accepted outlives a kill -9 and a reload', async () => {
  const since = (await unit('S1/4g@a')).since;
  await centre.kill();
  assert.ok(await centre.start(), centre.log());
  const same = () => until('it is up as before', async () => { const { state, since: now } = await unit('S1/4g@a'); return state === 'up' && now === since; }); // once the probe is heard again
  await same();
  const log = centre.log().length;
  centre.child.kill('SIGHUP');
  await until('it was read again', () => /inventory\.loaded/.test(centre.log().slice(log)));
  await same();
});

test('another probe at the same site, with its own certificate: the history goes on', async () => {
  const spans = async () => (await centre.get('/api/v1/sites/S1/timeline')).units.find((u) => u.unit === 'S1/4g@a').spans;
  const first = (await spans()).find((s) => s.state === 'up').from;
  assert.equal(await p1.stop(), 0);
  fs.writeFileSync(path.join(centre.inventory, 'probes.csv'), `probe,site,valid_to\np1,S1,${new Date().toISOString()}\np2,S2,\np9,S1,\n`);
  const log = centre.log().length;
  centre.child.kill('SIGHUP');
  await until('it was read again', () => /inventory\.loaded/.test(centre.log().slice(log)));
  p9.start();
  await until('p9 speaks for the site', async () => (await centre.get('/api/v1/sites/S1')).probes.some((p) => p.probe === 'p9' && p.status === 'online'));
  await until('the unit is up by p9', async () => (await unit('S1/4g@a')).state === 'up');
  const after_ = await spans();
  assert.equal(after_.find((s) => s.state === 'up').from, first, JSON.stringify(after_)); // what p1 saw stands
  assert.ok(!after_.some((s) => s.state === 'down'), JSON.stringify(after_));
  equipment.close();
  await until('p9 sees it fail', async () => (await unit('S1/4g@a')).state === 'down');
  await centre.balanced();
});
