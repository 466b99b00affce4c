// The sink between batch files and real databases: every point arrives exactly once with its exact
// value and time, whatever is refused, restarted, killed or not there yet.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, test } from 'node:test';
import { FakeInflux } from '../support/fake_influx.mjs';
import { Influx, Victoria, freshFolder, stopAll, until } from '../support/servers.mjs';
import { Driver } from '../support/sink_driver.mjs';

afterEach(async () => {
  Driver.killAll();
  await stopAll();
});

const T0 = 1790000000000000n; // us

// `n` lines of batch `b`, and what a database must hold of them.
function lines(b, n, truth) {
  const texts = [];
  for (let i = 0; i < n; i++) {
    const value = Math.round(Math.sin(b * 1000 + i) * 1e6) / 1e3;
    const time = (T0 + BigInt(b * 1000000 + i * 1001)) * 1000n;
    const tags = `check=c${i % 7},probe=p${b},site=NT\\ ${i % 3}`;
    texts.push(`chk_icmp,${tags} rtt=${value},link_flag=${i % 2},word_text="a \\"${i}\\", b" ${time}`);
    truth?.set(`chk_icmp,check=c${i % 7},probe=p${b},site=NT ${i % 3} ${time}`, { link_flag: i % 2, rtt: value, word_text: `a "${i}", b` });
  }
  return texts;
}

const sorted = (map) => new Map([...map].sort());

test('InfluxDB: every point once, with its exact value and time', async () => {
  const influx = new Influx(freshFolder('influx-good'));
  await influx.start();
  await influx.query('CREATE DATABASE ioc');
  const driver = new Driver('influxdb', influx.url, 'ioc');
  const truth = new Map();
  for (let b = 1; b <= 20; b++) driver.batch(b, lines(b, 500, truth));
  for (let b = 1; b <= 20; b++) await driver.says(`settled ${b} written=1500 dead=0 expired=0`);
  assert.deepEqual(sorted(await influx.points('ioc')), sorted(truth));
  assert.deepEqual(fs.readdirSync(driver.folder), []);
  await driver.close();
  await influx.kill();
});

test('InfluxDB: bad lines become dead letters with its words, the others are written', async () => {
  const influx = new Influx(freshFolder('influx-bad'));
  await influx.start();
  await influx.query('CREATE DATABASE ioc');
  await influx.query('CREATE DATABASE short WITH DURATION 1h');
  const truth = new Map();
  const driver = new Driver('influxdb', influx.url, 'ioc');
  const good = lines(1, 1000, truth);
  good.splice(0, 0, 'chk_icmp,check=x,probe=p,site=s rtt=NaN 1000');
  good.splice(500, 0, 'chk_icmp,check=x,probe=p,site=s rtt="a text" 1790000000500000000');
  good.push('chk_icmp,check=x,probe=p,site=s rtt= 3000');
  driver.batch(1, good);
  await driver.says('settled 1 written=3000 dead=3 expired=0');
  const letters = driver.find('letter 1');
  assert.equal(letters.length, 3);
  assert.match(letters[0], /line=\[chk_icmp,check=x,probe=p,site=s rtt=NaN 1000\] words=\[unable to parse '.*': invalid number\]/);
  assert.match(letters[1], /readings=1 line=\[.*rtt="a text" 1790000000500000000\] words=\[partial write: field type conflict: input field "rtt" .* dropped=1\]/);
  assert.match(letters[2], /line=\[.*rtt= 3000\]/);
  assert.deepEqual(sorted(await influx.points('ioc')), sorted(truth));

  const many = lines(2, 100);
  for (let i = 0; i < 9; i++) many.push(`bad line ${i}`);
  driver.batch(2, many);
  const kept = await until('the batch is kept', () => driver.find('status').find((s) => /set aside/.test(s)));
  assert.match(kept, /1 batch is set aside while others pass: too many lines are refused to blame the lines: unable to parse 'bad line/);
  driver.batch(3, lines(3, 10));
  await driver.says('settled 3 written=30 dead=0 expired=0');
  assert.equal(driver.find('settled 2').length, 0);
  assert.equal(driver.find('letter 2').length, 0);
  await driver.close();

  const short = new Driver('influxdb', influx.url, 'short');
  const now = BigInt(Date.now()) * 1000000n;
  short.batch(1, ['m a=1,b=2 1000', `m a=3 ${now}`, 'bad', 'm a=1,b=2,c=3 2000', 'm a=4 x']);
  await short.says('settled 1 written=1 dead=2 expired=5');
  assert.equal(short.find('letter 1').length, 2);
  assert.deepEqual([...(await influx.points('short')).values()], [{ a: 3 }]);
  await short.close();
  await influx.kill();
});

test('InfluxDB: not there, without the database, restarted and killed midway', async () => {
  const folder = freshFolder('influx-away');
  const influx = new Influx(folder);
  const truth = new Map();
  const driver = new Driver('influxdb', influx.url, 'later');
  driver.batch(1, lines(1, 100, truth));
  assert.match(await driver.says('status'), /\[http:\/\/127\.0\.0\.1:8086 does not answer \(.*\)\]/);
  await influx.start();
  await until('it names the database', () => driver.find('status').some((s) => s.endsWith('[database "later" does not exist on http://127.0.0.1:8086; create it or fix sink.database (404: database not found: "later")]')));
  assert.equal(driver.find('settled').length, 0);
  await influx.query('CREATE DATABASE later');
  await driver.says('settled 1 written=300');
  await until('nothing is amiss', () => /\[\]$/.test(driver.find('status').at(-1)));

  for (let b = 2; b <= 40; b++) {
    driver.batch(b, lines(b, 200, truth));
    if (b === 15) await influx.kill('SIGTERM');
    if (b === 18) await influx.start();
    if (b === 30) await influx.kill('SIGKILL');
    if (b === 33) await influx.start();
    await until('the batch is on its way', () => fs.existsSync(path.join(driver.folder, `${b}.batch`.padStart(18, '0'))) || driver.find(`settled ${b} `)[0]);
  }
  for (let b = 2; b <= 40; b++) await driver.says(`settled ${b} written=600 dead=0 expired=0`, 60000);
  assert.deepEqual(sorted(await influx.points('later')), sorted(truth));
  await driver.close();
  await influx.kill();
});

test('InfluxDB: a body over its limit is halved', async () => {
  const influx = new Influx(freshFolder('influx-small'), { maxBody: 2000 });
  await influx.start();
  await influx.query('CREATE DATABASE ioc');
  const driver = new Driver('influxdb', influx.url, 'ioc');
  const truth = new Map();
  driver.batch(1, lines(1, 2000, truth));
  await driver.says('settled 1 written=6000 dead=0 expired=0');
  assert.deepEqual(sorted(await influx.points('ioc')), sorted(truth));
  await driver.close();
  await influx.kill();
});

test('a database that is slow, busy, cuts or loses its answers gets every point', async () => {
  const fake = new FakeInflux({ port: 8186 });
  await fake.listen();
  fake.createDatabase('ioc');
  fake.faults = [
    { status: 503 }, { cut: true }, { cut: true, store: true }, { delay: 300 }, { status: 500, body: 'timeout' },
    { status: 502, store: true }, { status: 429, headers: { 'Retry-After': '2' } },
  ];
  const driver = new Driver('influxdb', 'http://127.0.0.1:8186', 'ioc');
  const truth = new Map();
  for (let b = 1; b <= 8; b++) driver.batch(b, lines(b, 50, truth));
  for (let b = 1; b <= 8; b++) await driver.says(`settled ${b} written=150`, 120000);
  assert.equal(fake.points('ioc').length, truth.size);
  for (const point of fake.points('ioc')) {
    const key = `chk_icmp,check=${point.tags.check},probe=${point.tags.probe},site=${point.tags.site} ${point.time}`;
    assert.deepEqual(point.fields, truth.get(key));
  }
  await driver.close();
  await fake.close();
});

test('Retry-After is obeyed, and lines without a batch wait as well', async () => {
  const fake = new FakeInflux({ port: 8187 });
  await fake.listen();
  fake.createDatabase('ioc');
  fake.faults = [{ status: 429, headers: { 'Retry-After': '3' } }];
  const driver = new Driver('influxdb', 'http://127.0.0.1:8187', 'ioc');
  driver.child.stdin.write('put\nioc_site_state,site=s state=6 1000\n.\n');
  await driver.says('put closed');
  driver.batch(1, lines(1, 5));
  await driver.says('settled 1');
  const [refused, next] = fake.asked;
  assert.ok(next - refused >= 2990, `came after ${next - refused} ms`); // both timers in whole milliseconds
  driver.child.stdin.write('put\nioc_site_state,site=s state=6 1000\n.\n');
  await driver.says('put ok');
  assert.equal(fake.points('ioc').length, 6);
  await driver.close();
  await fake.close();
});

test('a damaged batch is quarantined and named, the others go on', async () => {
  const fake = new FakeInflux({ port: 8188 });
  await fake.listen();
  fake.createDatabase('ioc');
  const driver = new Driver('influxdb', 'http://127.0.0.1:8188', 'ioc');
  fs.writeFileSync(path.join(driver.folder, '000000000001.batch'), 'IOCB and then nonsense');
  driver.child.stdin.write('file 1 10 10\nfile 2 10 10\n');
  driver.batch(3, lines(3, 10));
  await driver.says('settled 3 written=30');
  assert.match(await driver.says('damaged 1'), /damaged 1 .*\/000000000001\.bad$/);
  assert.equal(await driver.says('damaged 2'), 'damaged 2 ');
  assert.deepEqual(fs.readdirSync(driver.folder), ['000000000001.bad']);
  await driver.close();
  await fake.close();
});

test('it closes at any moment', async () => {
  const fake = new FakeInflux({ port: 8189 });
  await fake.listen();
  fake.createDatabase('ioc');
  fake.faults = [{ never: true }, { never: true }];
  const driver = new Driver('influxdb', 'http://127.0.0.1:8189', 'ioc');
  for (let b = 1; b <= 6; b++) driver.batch(b, lines(b, 300));
  await until('a request is under way', () => fake.writes > 0);
  await driver.close();
  await fake.close();
});

test('VictoriaMetrics: written counts once it lived on; killed midway it gets the rest again', async () => {
  // Version 1.79, killed, loses lines that are 6 s old and keeps those that are 11 s old; the product
  // waits 30 s, this test 15.
  const victoria = new Victoria(freshFolder('victoria'));
  await victoria.start();
  const driver = new Driver('victoria', victoria.url, 'ioc', { confirmMs: 15000 });
  const truth = new Map();
  const batch = (b) => driver.batch(b, lines(b, 200, truth));
  batch(1);
  batch(2);
  await until('both were sent', async () => (await victoria.samples('ioc')).size > 0);
  assert.equal(driver.find('settled').length, 0);
  await driver.says('settled 1 written=600 dead=0 expired=0', 60000);
  await driver.says('settled 2 written=600 dead=0 expired=0');
  for (let b = 3; b <= 8; b++) batch(b);
  await until('the last one arrived', async () => [...(await victoria.samples('ioc')).keys()].some((key) => key.includes('probe=p8')));
  await victoria.kill('SIGKILL');
  await victoria.start();
  batch(9);
  for (let b = 3; b <= 9; b++) await driver.says(`settled ${b} written=600 dead=0 expired=0`, 60000);
  const expected = new Map();
  for (const [key, fields] of truth) {
    const [, tags, time] = /^chk_icmp(.*) (\d+)$/.exec(key);
    expected.set(`chk_icmp_rtt${tags} ${BigInt(time) / 1000000n}`, fields.rtt);
    expected.set(`chk_icmp_link_flag${tags} ${BigInt(time) / 1000000n}`, fields.link_flag);
    expected.set(`chk_icmp_word_text${tags} ${BigInt(time) / 1000000n}`, 0); // it holds no texts
  }
  assert.deepEqual(sorted(await victoria.samples('ioc')), sorted(expected));

  driver.batch(10, ['bad', 'worse', 'm v=1 1790000000000000000']);
  const lost = await until('lost rows are told', () => driver.find('status').find((s) => !/lost=0/.test(s)), 60000);
  assert.match(lost, /lost=2 restarts=1/);
  await driver.close();
  await victoria.kill();
});
