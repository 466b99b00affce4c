// Renderings of one point leave one after the other, so that the correction is the last.
import { afterEach, test } from 'node:test';
import { FakeInflux } from '../support/fake_influx.mjs';
import { until } from '../support/servers.mjs';
import { Driver } from '../support/sink_driver.mjs';

afterEach(() => Driver.killAll());

test('lines without a batch that are too much at once are said to be, not to be bad', async () => {
  const fake = new FakeInflux({ port: 8190 });
  await fake.listen();
  fake.createDatabase('ioc');
  fake.faults = [{ status: 413, body: '{"error":"Request Entity Too Large"}\n' }];
  const driver = new Driver('influxdb', 'http://127.0.0.1:8190', 'ioc');
  driver.child.stdin.write('put\nioc_site_state,site=s state=6 1000\n.\n');
  await driver.says('put too long');
  await driver.close();
  await fake.close();
});

test('lines without a batch go one after the other, so that none overtakes its correction', async () => {
  const fake = new FakeInflux({ port: 8190 });
  await fake.listen();
  fake.createDatabase('ioc');
  let answer;
  fake.faults = [{ held: new Promise((resolve) => { answer = resolve; }) }];
  const driver = new Driver('influxdb', 'http://127.0.0.1:8190', 'ioc');
  const put = (state) => driver.child.stdin.write(`put\nioc_site_state,site=s state=${state} 1000\n.\n`);
  put(6);
  await until('it is under way', () => fake.writes === 1);
  put(0);
  await driver.says('put refused: in use');
  answer();
  await driver.says('put ok');
  put(0);
  await until('the correction is written', () => fake.points('ioc')[0]?.fields.state === 0);
  await driver.close();
  await fake.close();
});
