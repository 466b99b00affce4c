// The fake database answers as the real one does wherever both can: one list of requests, run on
// both, with equal status, equal kind of error and equal points afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { FakeInflux } from '../support/fake_influx.mjs';
import { Influx, ask, freshFolder } from '../support/servers.mjs';

const real = new Influx(freshFolder('real'), { port: 8086, maxBody: 4000 });
const fake = new FakeInflux({ port: 8186, maxBody: 4000 });
const FAKE_URL = 'http://127.0.0.1:8186';

before(async () => {
  await real.start();
  await fake.listen();
  for (const url of [real.url, FAKE_URL])
    for (const q of ['create database ioc', 'create database short with duration 1h'])
      await ask('POST', `${url}/query?q=${encodeURIComponent(q)}`);
});

after(async () => {
  await real.kill();
  await fake.close();
});

const now = BigInt(Date.now()) * 1000000n;
const requests = [
  ['one line', '/write?db=ioc', 'm,site=a v=1.5 1000'],
  ['escapes', '/write?db=ioc', 'm\\ n,si\\,te=a\\=b\\ c a\\ v=1,t_text="x, \\"y\\" \\\\ z" 2000\n'],
  ['no time', '/write?db=ioc', 'now v=1'],
  ['nothing', '/write?db=ioc', ''],
  ['empty lines', '/write?db=ioc', '\n\n'],
  ['a comment', '/write?db=ioc', '# m v=1 1\n'],
  ['one bad of three', '/write?db=ioc', 'm,site=b v=1 1000\nbad\nm,site=b v=2 2000\n'],
  ['two bad', '/write?db=ioc', 'bad\nm,site=b v=3 3000\nworse line=\n'],
  ['all bad', '/write?db=ioc', 'bad\n'],
  ['not a number', '/write?db=ioc', 'm v=NaN 1\n'],
  ['infinite', '/write?db=ioc', 'm v=1e999 1\n'],
  ['CRLF', '/write?db=ioc', 'm v=1 1\r\n'],
  ['empty tag', '/write?db=ioc', 'm,t= v=1 1\n'],
  ['tag twice', '/write?db=ioc', 'm,t=a,t=b v=1 1\n'],
  ['type conflict', '/write?db=ioc', 'm,site=a v="text" 5000\nm,site=a v=5 6000\n'],
  ['a field named time', '/write?db=ioc', 'm time=1 1\n'],
  ['overwritten', '/write?db=ioc', 'm,site=a v=7 1000\nm,site=a w=8 1000\n'],
  ['unknown database', '/write?db=nix', 'm v=1 1\n'],
  ['unknown retention policy', '/write?db=ioc&rp=nix', 'm v=1 1\n'],
  ['no database', '/write', 'm v=1 1\n'],
  ['beyond the retention', '/write?db=short', `m v=1 1\nm v=2 ${now}\n`],
  ['all beyond the retention', '/write?db=short', 'm v=1 1\nm v=2 2\n'],
  ['retention hides bad lines', '/write?db=short', 'm v=1 1\nbad\n'],
  ['too large', '/write?db=ioc', `m v=1 ${'1'.repeat(5000)}`],
  ['v2 path', '/api/v2/write?bucket=ioc', 'm v=1 1\n'],
  ['gzip', '/write?db=ioc', zlib.gzipSync('m,site=z v=9 9000\n'), { 'Content-Encoding': 'gzip' }],
  ['gzip that is none', '/write?db=ioc', 'm v=1 1', { 'Content-Encoding': 'gzip' }],
];

// What a sender reads: the status, and the words up to where servers word things differently.
function gist({ status, body }) {
  const words = body.trim().replace(/^\{"error":"(.*)"\}$/s, '$1');
  const kind = /^(partial write: )?(unable to parse '|field type conflict|invalid field name|points beyond retention policy dropped=\d+|[^:]*)/.exec(words);
  return `${status} ${kind ? kind[0] : words}`;
}

for (const [name, path, body, headers] of requests)
  test(name, async () => {
    const answers = [];
    for (const url of [real.url, FAKE_URL]) answers.push(gist(await ask('POST', url + path, { body, headers })));
    assert.equal(answers[1], answers[0]);
  });

test('both hold the same points', async () => {
  for (const database of ['ioc', 'short']) {
    const mine = new Map();
    for (const point of fake.points(database)) {
      if (point.measurement === 'now') continue;
      const tags = Object.entries(point.tags).sort().map(([k, v]) => `,${k}=${v}`).join('');
      mine.set(`${point.measurement}${tags} ${point.time}`, point.fields);
    }
    const theirs = new Map();
    for (const [key, fields] of await real.points(database))
      if (!key.startsWith('now')) theirs.set(key, fields);
    assert.deepEqual(new Map([...mine].sort()), new Map([...theirs].sort()));
    assert.ok(mine.size > 0);
  }
});
