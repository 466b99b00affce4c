// The centre changes its probes: a folder of files, published retained when they differ, taken away when a file goes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, connect, until } from '../support/centre.mjs';
import { Probe } from '../support/probe.mjs';
import { BIN, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('probe_configs');
const configs = path.join(folder, 'changes');
const broker = new Mosquitto(folder);
const heard = []; // [topic, text] of the topics config, retained copies too
let centre;
let probe;
let client;

const write = (name, text) => fs.writeFileSync(path.join(configs, name), typeof text === 'string' ? text : JSON.stringify(text));
const changes = (interval) => ({ checks: { 'tcp/broker': { interval } } });
const reload = async () => { centre.child.kill('SIGHUP'); };
const last = (name) => heard.findLast(([topic]) => topic === `ioc/v1/${name}/config`)?.[1];

before(async () => {
  fs.mkdirSync(configs);
  write('p1.json', changes('2s'));
  write('notes.txt', 'not a file of ours');
  await broker.start();
  client = await connect(broker);
  client.on('message', (topic, payload) => heard.push([topic, payload.toString()]));
  await client.subscribeAsync('ioc/v1/+/config', { qos: 1 });
  await client.subscribeAsync('ioc/v1/+/data/#', { qos: 1 });
  centre = new Collector(folder, { centre: { probe_configs: configs } });
  await centre.start();
  probe = new Probe(folder, { checks: [{ type: 'tcp', name: 'broker', target: '127.0.0.1:1883', units: '[4g@a]' }] });
  probe.start();
});

after(async () => {
  await client?.endAsync(true);
  await probe?.stop('SIGKILL');
  for (const server of [centre, broker]) await server.kill();
});

// The interval of the newest list of checks that the probe sent.
const listed = () => {
  const lists = heard.filter(([topic, text]) => topic.startsWith('ioc/v1/p1/data/') && text.startsWith('{"checks"'));
  return lists.length ? JSON.parse(lists.at(-1)[1]).checks[0].interval_ms : undefined;
};

test('a real probe takes a new interval, and another after a reload', async () => {
  await until('the file is published', () => last('p1') === JSON.stringify(changes('2s')));
  await until('the probe lists it', () => listed() === 2000);
  write('p1.json', changes('3s'));
  await reload();
  await until('the probe lists the new one', () => listed() === 3000);
});

test('wrong files are told with file and line, and what was published stays', async () => {
  write('p1.json', '{\n  "checks": {\n    "tcp/broker": {\n      "interval": "3s",\n      "units": "x"\n    }\n  }\n}\n');
  write('p9.json', '{"checks":\n{,}}');
  const checked = spawnSync(path.join(BIN, 'ioc-collector'), ['--config', centre.configFile, '--check-config'], { encoding: 'utf8' });
  assert.equal(checked.status, 78);
  assert.match(checked.stderr, /p1\.json:5: units cannot be changed from the centre/);
  assert.match(checked.stderr, /p9\.json:1: the inventory has no probe of this name/);
  assert.match(checked.stderr, /p9\.json:2: not JSON at byte/);
  const before_ = heard.length;
  await reload();
  await until('the mistake is told', () => /probe_configs\.wrong.*p1\.json:5: units/.test(centre.log()));
  assert.equal(heard.slice(before_).filter(([topic]) => topic.endsWith('/config')).length, 0);
  assert.equal(listed(), 3000);
  fs.rmSync(path.join(configs, 'p9.json'));
});

test('what does not differ is not published again, across a restart', async () => {
  write('p1.json', changes('3s'));
  const published = () => heard.filter(([topic]) => topic.endsWith('/config')).length;
  const count = published();
  await centre.stop();
  await centre.start();
  await centre.ready();
  write('p2.json', changes('4s'));
  await reload();
  await until('the other file', () => last('p2') === JSON.stringify(changes('4s')));
  assert.equal(published(), count + 1);
});

test('a file that goes while the collector is down is taken away, what others published is not', async () => {
  await client.publishAsync('ioc/v1/by-hand/config', '{"checks":{}}', { qos: 1, retain: true });
  await centre.kill();
  fs.rmSync(path.join(configs, 'p1.json'));
  await centre.start();
  await until('it is taken away', () => last('p1') === '');
  await until('the probe lists its own interval', () => listed() === 1000);
  assert.equal(last('by-hand'), '{"checks":{}}');
  assert.equal(last('p2'), JSON.stringify(changes('4s')));
});
