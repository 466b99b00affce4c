// Operators' feeds over TLS: who the server is, is held against a private authority, its name and its dates, before anything is told to
// it; an operator's messages come over mutual TLS, and the broker's rules say whose topic is whose.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { after, before, test } from 'node:test';
import mqtt from 'mqtt';
import { makeCertificates } from '../support/broker.mjs';
import { Collector, INVENTORY, Mosquitto, until } from '../support/centre.mjs';
import { BIN, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('feed_tls');
const ours = path.join(folder, 'tls');
const strange = path.join(folder, 'strange');
const old = path.join(folder, 'old');
const feeds = path.join(folder, 'feeds');
const TABLE = 'Site;Tech;Status\nNT-002;LTE;Down\n';
const PASSWORD = 'mật khẩu';
const TOKEN = 'a-token.of-ours';

// name: port, whose certificate, who may ask
const SERVERS = {
  token: { port: 8441, folder: ours, cert: 'server', key: `token_file: ${folder}/token` },
  password: { port: 8442, folder: ours, cert: 'server', key: `user: ioc, password_file: ${folder}/password` },
  wrong: { port: 8443, folder: ours, cert: 'server', key: `token_file: ${folder}/wrong` },
  stranger: { port: 8444, folder: strange, cert: 'server', key: `token_file: ${folder}/token` },
  host: { port: 8445, folder: ours, cert: 'other', key: `token_file: ${folder}/token` },
  expired: { port: 8446, folder: old, cert: 'server', ca: old, key: `token_file: ${folder}/token` },
};
const GOOD = [`Bearer ${TOKEN}`, `Basic ${Buffer.from(`ioc:${PASSWORD}`).toString('base64')}`];
const names = [...Object.keys(SERVERS), 'noc-c'];
const asked = Object.fromEntries(names.map((name) => [name, 0]));
const listening = [];
let broker;
let centre;

const inventory = {
  ...INVENTORY,
  operators: `id,name\na,A\n${names.map((name) => `${name},${name}\n`).join('')}`,
  sites: `${INVENTORY.sites}NOC,,Trung tâm,service,58,,,,public,,,\n`,
  units: INVENTORY.units + names.map((name) => `S2,4g,${name},,,\n`).join(''),
  probes: `probe,site,also,valid_to,feed\np1,S1,,,\n${names.map((name) => `${name},NOC,,,${name}\n`).join('')}`,
};

const columns = 'columns: {site: Site, service: Tech, state: Status}\nwords: {down: [Down], up: [Up], services: [LTE=4g]}\n';

function serve(name, { port, folder: from, cert }) {
  const read = (ending) => fs.readFileSync(path.join(from, `${cert}.${ending}`));
  listening.push(https.createServer({ cert: read('crt'), key: read('key') }, (request, response) => {
    asked[name]++;
    response.statusCode = GOOD.includes(request.headers.authorization) ? 200 : 401;
    response.end(response.statusCode === 200 ? TABLE : 'no');
  }).listen(port, '127.0.0.1'));
}

// An authority of ten days ago whose certificates held for a day.
function makeOld() {
  const clock = path.join(folder, 'ten-days-ago');
  fs.writeFileSync(clock, new Uint8Array(new BigInt64Array([BigInt(-10 * 86400e3), 1n]).buffer));
  makeCertificates(old, [], { days: '1', env: { LD_PRELOAD: path.join(BIN, 'machine_clock.so'), IOC_MACHINE_CLOCK: clock,
    ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0:detect_leaks=0` } });
}

before(async () => {
  for (const made of [ours, strange, old, feeds]) fs.mkdirSync(made, { recursive: true });
  makeCertificates(ours, ['other', 'c1', 'noc-c', 'noc-d']);
  makeCertificates(strange, ['noc-c']);
  makeOld();
  for (const [file, text] of [['token', TOKEN], ['password', PASSWORD], ['wrong', 'not-it']]) fs.writeFileSync(path.join(folder, file), `${text}\n`, { mode: 0o600 });
  for (const [name, server] of Object.entries(SERVERS)) {
    serve(name, server);
    fs.writeFileSync(path.join(feeds, `${name}.yaml`), `feed: {source: https, url: "https://127.0.0.1:${server.port}/b.csv", ca_file: ${server.ca ?? ours}/ca.crt, ${server.key}, content: states, period: 1s, ttl: 1min}\n${columns}`);
  }
  fs.writeFileSync(path.join(feeds, 'noc-c.yaml'), `feed: {source: mqtt, topic: noc/c/states, content: states, period: 1min}\n${columns}`);
  broker = new Mosquitto(folder, { tls: ours });
  const acl = path.join(folder, 'acl');
  fs.writeFileSync(acl, 'user c1\ntopic readwrite ioc/v1/#\ntopic read noc/#\nuser noc-c\ntopic write noc/c/#\nuser noc-d\ntopic write noc/d/#\n');
  fs.appendFileSync(broker.config, `acl_file ${acl}\n`);
  await broker.start();
  centre = new Collector(folder, { inventory, centre: { feeds },
    broker: { host: '127.0.0.1', port: 8883, tls: true, ca_file: `${ours}/ca.crt`, cert_file: `${ours}/c1.crt`, key_file: `${ours}/c1.key` } });
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
});

after(async () => {
  for (const server of listening) { server.closeAllConnections(); server.close(); }
  for (const server of [centre, broker]) await server?.kill();
});

const feed = async (name) => (await centre.get('/api/v1/feeds')).feeds.find((f) => f.feed === name);
const state = async (name) => (await centre.get('/api/v1/sites/S2')).units.find((u) => u.unit === `S2/4g@${name}`).state;

test('a server that our authority vouches for is asked with the token or the password from a file', async () => {
  for (const name of ['token', 'password']) {
    await until(`the table of ${name} is taken`, async () => (await state(name)) === 'down');
    assert.equal((await feed(name)).problem, null);
  }
});

for (const [name, why] of [['stranger', /certificate|CA/i], ['host', /subject|name|match/i], ['expired', /expired/i]])
  test(`a server whose certificate is not right (${name}) is told nothing, and the reason is`, async () => {
    await until(`${name} is told of`, async () => (await feed(name)).problem);
    assert.match((await feed(name)).problem, why);
    assert.equal(asked[name], 0);
    assert.equal(await state(name), 'unobserved');
  });

test('a wrong token is the answer 401, told as such', async () => {
  await until('it was refused', async () => (await feed('wrong')).problem);
  assert.match((await feed('wrong')).problem, /401/);
  assert.equal(await state('wrong'), 'unobserved');
  assert.ok(!centre.log().includes(TOKEN) && !centre.log().includes('not-it') && !centre.log().includes(PASSWORD));
});

// Publishes with the certificate of that authority and name; what came of it.
function publish(authority, name, text) {
  const read = (from, file) => fs.readFileSync(path.join(from, file));
  const own = name ? { cert: read(authority, `${name}.crt`), key: read(authority, `${name}.key`) } : {};
  const client = mqtt.connect({ protocol: 'mqtts', host: '127.0.0.1', port: 8883, ca: read(ours, 'ca.crt'), clientId: `from-${name}`, reconnectPeriod: 0, connectTimeout: 10000, ...own });
  return new Promise((resolve) => {
    const end = (what) => { resolve(what); client.end(true); };
    client.once('error', () => end('refused'));
    client.once('close', () => end('refused'));
    client.once('connect', () => client.publish('noc/c/states', text, { qos: 1 }, () => end('sent')));
  });
}

test('messages come over mutual TLS, and only from whom the topic belongs to', async () => {
  const down = 'Site;Tech;Status\nNT-002;LTE;Down\n';
  assert.equal(await publish(ours, null, down), 'refused');
  assert.equal(await publish(strange, 'noc-c', down), 'refused');
  assert.equal(await publish(ours, 'noc-d', down), 'sent'); // mosquitto says nothing, and passes nothing on
  assert.equal(await publish(ours, 'noc-c', 'Site;Tech;Status\nNT-002;LTE;Up\n'), 'sent');
  await until('the operator\'s table is taken', async () => (await state('noc-c')) !== 'unobserved');
  assert.equal(await state('noc-c'), 'up');
  const tables = (where) => fs.readdirSync(path.join(centre.data, 'feeds', 'noc-c', where)).filter((file) => file.endsWith('.csv'));
  await until('it is put away', () => tables('taken').length > 0);
  assert.deepEqual([tables('taken').length, tables('.').length], [1, 0]); // the others' never came
});
