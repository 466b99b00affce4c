// Hostile clients: of the page (slow heads, crowds, huge and broken requests) and of the broker
// (garbage on every topic, giants, floods of epochs). The collector answers others meanwhile, keeps its
// memory bounded, and loses nothing of a well-behaved probe. A probe that turns hostile inside its own
// topics: hostile_publisher.test.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, assertSamePoints, connect, hex, listen, nowUs, sleep, until } from '../support/centre.mjs';
import { Influx, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('hostile');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const centre = new Collector(folder);
const p = new Probe('p1', 'S1');
const t = nowUs() - 600_000_000n;
const WATCH_MS = 700; // time in which memory would grow, or an answer leak
let n = 0;

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  await p.connect(broker);
  p.checklist(t - 1n, [['icmp/a', ['4g@a']]]);
});

after(async () => {
  await p.close();
  for (const server of [centre, influx, broker]) await server.kill();
});

async function stillWell() {
  assert.equal(centre.code, undefined, centre.log().slice(-2000));
  for (let i = 0; i < 5; i++, n++) p.results([['icmp/a', t + BigInt(n) * 1_000_000n, 0, { rtt: n }]]);
  await p.acked();
  assert.equal((await ask('GET', centre.url + '/api/v1/overview')).status, 200);
  await centre.drained();
  await centre.balanced();
}

function dial(address, text) {
  const socket = net.connect({ port: 8080, host: '127.0.0.1', localAddress: address }, () => socket.write(text));
  socket.got = '';
  socket.on('data', (chunk) => { if (socket.got.length < 4096) socket.got += chunk; });
  socket.on('error', () => {});
  socket.on('close', () => { socket.gone = true; });
  return socket;
}

test('thousands of event streams: bounded, and others are still answered', async () => {
  const before_ = centre.rssKiB();
  const sockets = [];
  for (let i = 0; i < 3000; i++) sockets.push(dial(`127.0.1.${1 + (i % 20)}`, 'GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n'));
  await until('some are open', () => sockets.filter((s) => s.got.includes('event-stream')).length > 500);
  const m = (await centre.metrics()).ioc_event_streams;
  assert.ok(m > 100 && m <= 1024, `${m} streams`);
  for (let i = 0; i < 3; i++, n++) { p.results([['icmp/a', t + BigInt(n) * 1_000_000n, n % 2 ? 2 : 0, { rtt: n }]]); await p.acked(); }
  await sleep(WATCH_MS);
  const grown = centre.rssKiB() - before_;
  assert.ok(grown < 250_000, `${grown} KiB more`);
  sockets.forEach((s) => s.destroy());
  await until('they are gone', async () => (await centre.metrics()).ioc_event_streams === 0);
  await stillWell();
});

// Asks for four hundred large answers at once, more than the kernel keeps, and takes none.
function neverReads() {
  const socket = dial('127.0.0.10', 'GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(400));
  socket.bytes = 0;
  socket.on('data', (chunk) => { socket.bytes += chunk.length; });
  socket.pause();
  return socket;
}

// Connections of an address that the collector has not ended, as the kernel says.
function served(address) {
  const hex_ = address.split('.').reverse().map((n) => Number(n).toString(16).padStart(2, '0')).join('').toUpperCase();
  return fs.readFileSync('/proc/net/tcp', 'utf8').split('\n').filter((line) => new RegExp(`:1F90 ${hex_}:\\w+ 01 `).test(line)).length;
}

test('slow heads and slow readers are cut, and one address cannot take every connection', async () => {
  const asked = 400 * (await ask('GET', centre.url + '/api/v1/openapi.json')).body.length;
  const before_ = centre.rssKiB();
  const readers = Array.from({ length: 4 }, neverReads);
  await until('they ask', () => served('127.0.0.10') === readers.length);
  const sockets = await Promise.all(Array.from({ length: 400 }, () => dial('127.0.0.9', 'GET / HT')));
  assert.equal((await ask('GET', centre.url + '/healthz')).status, 200);
  const drip = setInterval(() => sockets.forEach((s) => { if (!s.gone) s.write('T'); }), 1000);
  await until('all are cut', () => sockets.every((s) => s.gone));
  clearInterval(drip);
  const grown = centre.rssKiB() - before_;
  assert.ok(grown < 100_000 + centre.sanitizerKiB(), `${grown} KiB more`);
  await until('they are cut, too', () => served('127.0.0.10') === 0, 60000);
  readers.forEach((s) => s.resume());
  await until('they see it', () => readers.every((s) => s.gone), 60000);
  for (const s of readers) assert.ok(s.bytes < asked / 2, `${s.bytes} of ${asked} bytes`);
  await stillWell();
});

// Sends a head that does not end, as fast as it is taken: resolves with how much that was.
const endlessHead = (socket) => new Promise((resolve) => {
  const line = `X-A: ${'a'.repeat(60_000)}\r\n`;
  let sent = 0;
  const more = () => { while (sent < 10_000_000 && !socket.destroyed) { sent += line.length; if (!socket.write(line)) return; } };
  socket.on('drain', more);
  socket.on('close', () => resolve(sent));
  more();
});

test('a head of 10 MB is not taken, whoever sends it on however many lines', async () => {
  const before_ = centre.rssKiB();
  const sockets = Array.from({ length: 5 }, () => dial('127.0.0.11', 'GET /api/v1/sites HTTP/1.1\r\nHost: x\r\n'));
  await Promise.all(sockets.map(endlessHead));
  const grown = centre.rssKiB() - before_;
  assert.ok(grown < 100_000 + centre.sanitizerKiB(), `${grown} KiB more`);
  for (const s of sockets) assert.match(s.got, /^(HTTP\/1\.1 4|$)/);
  await stillWell();
});

const LIBRARYS = ['400', '413', '414', '431', '505'];

// A page that is the same for everybody: nothing of the request is in it, nothing of us, nothing in it can run, and the connection ends.
// Gives the status.
function assertLibrarys(socket) {
  if (!socket.got) return '';
  const [, status, head] = /^HTTP\/1\.1 (\d\d\d) [^\r]*\r\n([^]*?)\r\n\r\n/.exec(socket.got) ?? assert.fail(socket.got);
  assert.deepEqual(head.split('\r\n').map((line) => line.split(':')[0].toLowerCase()).sort(), ['connection', 'content-length', 'date'], socket.got);
  assert.match(head, /^Connection: close$/m);
  assert.ok(LIBRARYS.includes(status) && socket.got.length < 1000, socket.got);
  assert.doesNotMatch(socket.got, /aaaa|%41|X-A|HTTP\/9|<script|on\w+=|microhttpd|ioc|\d+\.\d+\.\d+/i);
  return status;
}

test('broken requests get an answer or an end, never a crash', async () => {
  const requests = [
    `GET /${'a'.repeat(60000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET /api/v1/sites?area=${'%41'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(3000)}\r\n`, `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(60000)}\r\n\r\n`, 'GET / HTTP/1.1\r\nHost: x\r\nbroken head\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nX-A:\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', '\0\0\0\0\r\n\r\n', 'GET\r\n\r\n',
    'POST /api/v1/sites HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n',
    'GET /..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\n\r\n', 'GET /api/v1/sites/%00 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /api/v1/sites/%ff%fe%22%3Cscript%3E HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /api/v1/events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: -1\r\n\r\n', 'GET /api/v1/events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 18446744073709551615\r\n\r\n',
  ];
  const sockets = requests.map((text) => dial('127.0.0.1', text));
  await until('each is answered or ended', () => sockets.every((s) => s.gone || /\r\n\r\n/.test(s.got)));
  await sleep(WATCH_MS);
  const librarys = new Set();
  for (const s of sockets) {
    assert.doesNotMatch(s.got, /root:/);
    if (!/^content-security-policy:/im.test(s.got)) librarys.add(assertLibrarys(s)); // what libmicrohttpd answers by itself takes no headers of ours
    s.destroy();
  }
  assert.deepEqual([...librarys].filter(Boolean).sort(), LIBRARYS);
  for (const [path, status] of [['/api/v1/sites?limit=abc', 400], ['/api/v1/sites?limit=-1', 400], ['/api/v1/sites?limit=99999', 400], ['/api/v1/sites?state=broken', 400],
    ['/api/v1/sites?kind=x', 400], ['/api/v1/outages?from=yesterday', 400], ['/api/v1/outages?from=2026-11-22T00:00:00Z&to=2020-01-01T00:00:00Z', 400], ['/api/v1/coverage?at=99999-01-01', 400],
    ['/api/v1/areas/nowhere', 404], ['/api/v1/sites/nowhere', 404], ['/api/v1/sites?area=nowhere', 404], ['/api/v1/sites/', 404], ['/api/v2/sites', 404], ['/api/v1/sites/S1/timeline/x', 404],
    ['/api/v1/outages?from=1990-01-01T00:00:00Z', 200], ['/api/v1/sites?offset=4000000000', 200], ['/api/v1/sites?limit=0', 200]]) {
    const answer = await ask('GET', centre.url + path);
    assert.equal(answer.status, status, `${path}: ${answer.body}`);
    if (status !== 200) assert.ok(JSON.parse(answer.body).error.length > 5, path);
  }
  const json = { 'Content-Type': 'application/json' };
  for (const [method, headers, bytes, status] of [['PUT', {}, 100000, 405], ['POST', json, 1000, 405], ['DELETE', {}, 0, 405], ['POST', {}, 1000, 415], ['POST', json, 100000, 413]])
    assert.equal((await ask(method, centre.url + '/api/v1/sites', { headers, body: 'x'.repeat(bytes) })).status, status, `${method} ${bytes}`);
  await stillWell();
});

test('garbage on every topic is refused, counted, and kept within bounds', async () => {
  const stray = await connect(broker, { clientId: 'stray' });
  const bytes = (len) => Buffer.from(Array.from({ length: len }, () => Math.floor(Math.random() * 256)));
  const topics = ['ioc/v1/p2/data/x/y/z', 'ioc/v1/p2/status', 'ioc/v1/p2/plain', 'ioc/v1/_centre/c1/echo', 'ioc/v1/../data/1/1/1', 'ioc/v1/p2/data/0000000000000000/1/1', `ioc/v1/${'x'.repeat(300)}/plain`,
    'ioc/v1/Việt/status', 'ioc/v1/p2/data/0123456789abcdef/5/1', 'ioc/v1/p2/data/0123456789abcdef/1/99999999999999999999', 'ioc/v1//plain'];
  const payloads = ['', '{', '[]', '[[[[[[[[[[[[[[[[[[[[[[[[', '[{}]', '{"checks":[]}', '{"state":"online"}', 'null', '"x"', '[{"n":"S1/a/b/time","v":1}]', `[${'{"n":"S1/a/b/c","v":1},'.repeat(5000)}]`,
    '{"id":"c1","boot":"ffffffffffffffff","number":18446744073709551615}', '[{"n":"S1/icmp/a/state","v":0,"t":99999999999999}]', '[{"n":"S1/icmp/a/state","v":1e400}]',
    `{"checks":[${Array.from({ length: 600 }, (_, i) => `{"name":"icmp/a${i}","site":"S1","units":["4g@a"],"interval_ms":1,"timeout_ms":1,"ttl_ms":5,"role":"required","cause":"fault"}`).join(',')}],"t":1}`];
  for (const topic of topics) for (const payload of [...payloads, bytes(1), bytes(1000), bytes(100000)]) await stray.publishAsync(topic, payload, { qos: 1 });
  await stray.publishAsync('ioc/v1/p2/plain', Buffer.alloc(5_000_000, 0x20), { qos: 1 });
  await stray.publishAsync('ioc/v1/p2/data/0123456789abcdef/1/1', Buffer.alloc(2_000_000, 0x5b), { qos: 1 });
  await stray.endAsync();
  await stillWell();
  const m = await centre.metrics();
  assert.ok(m.ioc_ledger_refused_total > 50, `${m.ioc_ledger_refused_total}`);
});

test('a flood of epochs and of check names costs bounded memory and does not stop others', async () => {
  const stray = await connect(broker, { clientId: 'stray' });
  const before_ = centre.rssKiB();
  for (let i = 0; i < 20000; i++) stray.publish(`ioc/v1/p2/data/${hex()}/1/1`, i % 2 ? 'garbage' : `[{"n":"S2/x/n${i}/v","v":1,"t":${Number(t / 1000000n)}}]`, { qos: 0 });
  await stray.endAsync();
  await stillWell();
  const grown = centre.rssKiB() - before_;
  assert.ok(grown < 300_000, `${grown} KiB more`);
  assert.ok((await centre.get('/api/v1/ledger')).probes.every((row) => row.epochs.length <= 9));
});

test('after all of it the well-behaved probe has every reading in the database, once', async () => {
  await stillWell();
  assertSamePoints(new Map([...await influx.points('ioc', 'chk_icmp')].filter(([k]) => k.includes('probe=p1'))), [p]);
  await centre.stop();
  assert.doesNotMatch(centre.log(), /AddressSanitizer|runtime error/);
});
