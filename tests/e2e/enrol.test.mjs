// What deploy/enrol and deploy/examples promise together: with the shipped broker rules a probe speaks under its own
// name only, and the shipped collector and the real probe meet over mutual TLS.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import mqtt from 'mqtt';
import { BIN, Influx, ask, freshFolder, until } from '../support/servers.mjs';

const DEPLOY = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../deploy');
const PORT = 8883;
const folder = freshFolder('enrol');
const tls = path.join(folder, 'tls');
const children = new Map();

function enrol(...args) {
  const run = spawnSync(path.join(DEPLOY, 'enrol'), [tls, ...args], { encoding: 'utf8' });
  return { code: run.status, text: run.stdout + run.stderr };
}

// An example with its paths led into our folder, and changed as its comments say.
function example(name, changes = []) {
  let text = fs.readFileSync(path.join(DEPLOY, 'examples', name), 'utf8').replaceAll('/etc/ioc-telemetry', folder);
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${name} does not hold ${from}`);
    text = text.replace(from, to);
  }
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

function start(name, command, args) {
  const log = fs.openSync(path.join(folder, `${name}.log`), 'a');
  const child = spawn(command, args, { stdio: ['ignore', log, log] });
  fs.closeSync(log);
  child.ended = new Promise((resolve) => child.once('exit', resolve));
  children.set(name, child);
}

async function stop(name) {
  children.get(name).kill('SIGTERM');
  await children.get(name).ended;
}

function startBroker() {
  start('mosquitto', 'mosquitto', ['-c', path.join(folder, 'mosquitto.conf')]);
}

// A client with the certificate of that name; null without one. Resolves to the connected client or to the reason.
function client(name) {
  const read = (file) => fs.readFileSync(path.join(tls, file));
  const own = name ? { cert: read(`${name}.crt`), key: read(`${name}.key`) } : {};
  const c = mqtt.connect({ protocol: 'mqtts', host: '127.0.0.1', port: PORT, ca: read('ca.crt'), clientId: `claims-to-be-${name}`, reconnectPeriod: 0, ...own });
  return new Promise((resolve) => {
    c.once('connect', () => resolve(c));
    c.once('error', (error) => resolve(error.code ?? error.message));
    c.once('close', () => resolve('closed'));
  });
}

async function connected(name) {
  return until(`${name} connects`, async () => {
    const got = await client(name);
    return typeof got === 'object' && got;
  });
}

before(async () => {
  for (const args of [['broker', 'localhost', '127.0.0.1'], ['client', 'centre', 'admin', 'bts-22759-1', 'p2', 'p3']]) {
    const { code, text } = enrol(...args);
    assert.equal(code, 0, text);
  }
  // included from a file like Debian's own
  fs.mkdirSync(path.join(folder, 'conf.d'));
  fs.renameSync(example('mosquitto.conf'), path.join(folder, 'conf.d/ioc-telemetry.conf'));
  fs.writeFileSync(path.join(folder, 'mosquitto.conf'),
    `user ${os.userInfo().username}\npersistence true\npersistence_location ${folder}/\ninclude_dir ${folder}/conf.d\n`);
  example('mosquitto.acl');
  startBroker();
});

after(async () => {
  for (const child of children.values()) child.kill('SIGKILL');
});

test('a probe speaks under its own name only and hears its own answers', async () => {
  const centre = await connected('centre');
  const p2 = await connected('p2');
  const p3 = await connected('p3');
  const heard = { centre: [], p2: [], p3: [] };
  for (const [name, c] of Object.entries({ centre, p2, p3 })) {
    c.on('error', () => {});
    c.on('message', (topic, payload) => heard[name].push(`${topic} ${payload}`));
  }
  await centre.subscribeAsync(['ioc/v1/+/data/#', 'ioc/v1/+/status', 'ioc/v1/+/plain'], { qos: 1 });
  for (const p of [p2, p3]) await p.subscribeAsync('#', { qos: 1 });
  for (const topic of ['ioc/v1/p3/status', 'ioc/v1/p3/data/1/1/1', 'ioc/v1/p2/ack', 'ioc/v1/_centre/centre/status', 'ioc/v1/p2/status'])
    await p2.publishAsync(topic, 'from p2', { qos: 1 });
  await p2.publishAsync('ioc/v1/p2/data/0123456789abcdef/1/1', 'from p2', { qos: 1 });
  await until('the centre hears p2', () => heard.centre.length >= 2);
  await centre.publishAsync('ioc/v1/p2/ack', 'for p2', { qos: 1 });
  await centre.publishAsync('ioc/v1/_centre/centre/status', 'here', { qos: 1, retain: true });
  await until('both hear the centre', () => heard.p2.length >= 2 && heard.p3.length >= 1);
  assert.deepEqual(heard, {
    centre: ['ioc/v1/p2/status from p2', 'ioc/v1/p2/data/0123456789abcdef/1/1 from p2'],
    p2: ['ioc/v1/p2/ack for p2', 'ioc/v1/_centre/centre/status here'],
    p3: ['ioc/v1/_centre/centre/status here'],
  });
  for (const c of [centre, p2, p3]) await c.endAsync(true);
});

test('nobody comes in without a certificate of ours, or with a revoked one', async () => {
  assert.equal(typeof await client(null), 'string');
  await (await connected('p3')).endAsync(true);
  const kept = ['crt', 'key'].map((end) => [end, fs.readFileSync(path.join(tls, `p3.${end}`))]);
  assert.equal(enrol('revoke', 'p3').code, 0);
  for (const [end, bytes] of kept) fs.writeFileSync(path.join(tls, `p3.${end}`), bytes);
  await stop('mosquitto');
  startBroker();
  await (await connected('p2')).endAsync(true);
  assert.equal(typeof await client('p3'), 'string');
});

test('a name has one valid certificate, and no name of the contract\'s own', () => {
  assert.match(enrol('client', 'p2').text, /p2 has a certificate; revoke it first/);
  assert.match(enrol('client', '_centre').text, /is no name/);
  assert.match(enrol('client', '../p4').text, /is no name/);
  assert.equal(enrol('client', 'p4').code, 0);
  assert.match(enrol('list').text, /^R  until \d{4}-\d\d-\d\d  \/CN=p3$/m);
});

test('the shipped examples bring a reading of the real probe to the centre and into the database', async () => {
  const influx = new Influx(folder);
  await influx.start();
  children.set('influxd', influx.child);
  await influx.query('CREATE DATABASE ioc');
  fs.cpSync(path.join(DEPLOY, 'data/ninh-thuan'), path.join(folder, 'inventory'), { recursive: true });
  const collector = example('collector.yaml', [['/var/lib/ioc-collector', `${folder}/data`], ['  tls: false\n', ''],
    ['  ca_file: ""\n', ''], ['  cert_file: ""\n', ''], ['  key_file: ""\n', ''],
    ...['tls: true', 'ca_file:', 'cert_file:', 'key_file:'].map((key) => [`# ${key}`, key])]);
  start('ioc-collector', path.join(BIN, 'ioc-collector'), ['--config', collector]);
  await until('the collector is ready', async () => (await ask('GET', 'http://127.0.0.1:8080/readyz')).status === 200);

  process.env.IOC_PROFILES = path.join(DEPLOY, 'profiles');
  const probe = example('probe.yaml', [['/var/lib/ioc-probe/outbox', `${folder}/outbox`], ['/run/ioc-probe/status', `${folder}/status`],
    ...['trust_clock: true', 'tls: true', 'ca_file:', 'cert_file:', 'key_file:'].map((key) => [`# ${key}`, key]),
    ['\nbroker:', '  pack_period: 1s\n\nbroker:']]);
  start('ioc-probe', path.join(BIN, 'ioc-probe'), ['--config', probe]);
  await until('readings are in the database', async () =>
    ((await influx.query("SELECT count(state) FROM chk_icmp WHERE probe = 'bts-22759-1'", 'ioc')).series ?? []).length > 0, 60000);

  const change = spawnSync('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(PORT), '--cafile', `${tls}/ca.crt`, '--cert', `${tls}/admin.crt`, '--key', `${tls}/admin.key`,
    '-q', '1', '-r', '-t', 'ioc/v1/bts-22759-1/config', '-m', '{"checks":{"icmp/centre":{"interval":"7s","degraded_rtt_ms":100}}}'], { encoding: 'utf8' });
  assert.equal(change.status, 0, change.stderr);
  await until('the probe took the change', () => fs.readFileSync(path.join(folder, 'ioc-probe.log'), 'utf8').includes('what=config.changed'));

  const status = spawnSync(path.join(BIN, 'ioc-probe'), ['--config', probe, 'status', '--lang', 'en'], { encoding: 'utf8' });
  assert.match(status.stdout, /^Broker +127\.0\.0\.1: connected/m);
  assert.match(status.stdout, /^Centre +has stored packs up to \d+/m);
  assert.match(status.stdout, /^Certificate +\d+ days left$/m);
  const site = JSON.parse((await ask('GET', 'http://127.0.0.1:8080/api/v1/sites/bts-22759-1')).body);
  assert.ok(JSON.stringify(site).includes('bts-22759-1'));
  assert.equal(await (children.get('ioc-probe').kill('SIGTERM'), children.get('ioc-probe').ended), 0);
  assert.equal(await (children.get('ioc-collector').kill('SIGTERM'), children.get('ioc-collector').ended), 0);
});
