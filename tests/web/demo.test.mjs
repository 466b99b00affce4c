// The lines of the demo's story that show on the wall: the whole province played by ioc-fleet, its faults one after the other, each
// awaited where people look: wall, power, coverage, banner, report. Each number is the story's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PlayedProvince } from '../support/played.mjs';
import { freshFolder, until } from '../support/servers.mjs';
import { album, openBrowser } from './browser.mjs';

const FOREVER = '60min';
const PATIENCE_MS = 60000;
const FLAPPING = { id: 'bts-22912-1', name: 'Trạm BTS Phước Vinh 1' }; // on mains and on no cut link

const folder = freshFolder('demo');
const province = new PlayedProvince(folder, { wall: { dwell: '3600s' } });
const { broker, centre } = province;
const fault = (...what) => province.fault(...what);
const shoot = album(folder);
let browser;
let page;

// The text of what matches, on one line.
const shows = (selector, pattern) => page.waitForFunction(([s, p]) => new RegExp(p).test([...document.querySelectorAll(s)].map((node) => node.innerText).join(' ').replace(/\s+/g, ' ')),
  [selector, pattern.source], { timeout: PATIENCE_MS }).catch(async (error) => {
    throw new Error(`${selector} never was ${pattern}, but: ${await page.evaluate((s) => [...document.querySelectorAll(s)].map((node) => node.innerText).join(' ').replace(/\s+/g, ' '), selector)}`, { cause: error });
  });
const go = (hash) => page.evaluate((to) => { location.hash = to; }, hash);

before(async () => {
  await province.start();
  await province.play({ options: ['--except', 'ioc-host'] });
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
  await page.goto(`${centre.url}/#province`);
  await page.waitForFunction(() => document.querySelector('.kinds'));
});

after(async () => {
  await browser?.close();
  await province.stop();
});

test('T+0:00 calm: all villages, 5G 75/75, conference endpoints 65/65', async () => {
  await shows('.coverage', /4G 408\/408 dân số: 100,00%/);
  await shows('.coverage', /5G 158\/408 dân số: 39,13% trạm: 75\/75/);
  await shows('.coverage', /Điểm cầu 65\/65/);
  await shows('.kinds', /Trạm BTS 375\/375/);
  await shoot(page, 'calm');
});

test('T+0:45 5G of one station: 74/75, 4G unchanged, the station is not out', async () => {
  fault('bts-22759-1/5g', 'down', FOREVER);
  await shows('.coverage', /5G 15\d\/408 .* trạm: 74\/75/);
  await shows('.coverage', /4G 408\/408/);
  await shows('.kinds', /Trạm BTS 374\/375 ▲ ?suy giảm 1/);
});

test('T+1:30 mains lost: 14 stations and a node on battery with minutes left, coverage unchanged', async () => {
  fault('pw-tb', 'mains', FOREVER);
  await until('all are on battery', async () => (await centre.get('/api/v1/power')).counts?.battery === 15, PATIENCE_MS);
  const { sites } = await centre.get('/api/v1/power');
  assert.equal(sites.filter((s) => s.id.startsWith('bts-')).length, 14);
  assert.ok(sites.every((s) => s.minutes_left > 30 && s.minutes_left < 200), JSON.stringify(sites.map((s) => s.minutes_left)));
  assert.deepEqual(sites.map((s) => s.minutes_left), sites.map((s) => s.minutes_left).sort((a, b) => a - b));
  await go('power');
  await shows('.supplies', /Ắc quy 15\/\d+/);
  await shows('.endangered', /Trạm BTS Phước Chiến 1 Xã Phước Chiến \d\d:\d\d (\d+ giờ )?\d+ phút/);
  await shoot(page, 'battery');
  await go('province');
  await shows('.coverage', /4G 408\/408 dân số: 100,00%/);
});

test('T+3:50 the cut: one outage, 27.963 people, 95,26 %, conference endpoints 57/65', async () => {
  fault('lk-ns-ba', 'cut', FOREVER);
  fault('lk-ns-ba', 'down', FOREVER);
  await shows('.outages', /Tuyến cáp quang Tân Sơn - Phước Đại truyền dẫn · 31 trạm · 27\.963 người mất dịch vụ hoàn toàn/);
  await shows('.coverage', /4G 387\/408 dân số: 95,26%/);
  await shows('.coverage', /Điểm cầu 57\/65/);
  await shows('.map-box', /Xã Phước Bình\s+0,00%.*Xã Phước Trung\s+100,00%/);
  await shoot(page, 'cut');
});

test('T+5:45 low-voltage disconnect: Phước Kháng without service, 94,84 %, 56/65, 25 stations out', async () => {
  for (const site of ['bts-22843-1', 'bts-22843-2', 'bts-22840-3', 'node-22843']) fault(site, 'dark', FOREVER);
  await shows('.coverage', /4G 385\/408 dân số: 94,84%/);
  await shows('.kinds', /mất liên lạc 25/);
  await shows('.outages', /2\.488 người/);
  const power = await until('their batteries are exhausted', async () => {
    const now = await centre.get('/api/v1/power');
    return now.counts.exhausted === 4 && now;
  }, PATIENCE_MS);
  assert.equal(power.counts.battery, 11);
  await go('coverage');
  await shows('.dark', /Thôn mất dịch vụ: 23 /);
  await shoot(page, 'dark-villages');
});

test('T+9:20 the flash report: 25 stations, 9 communes, 30.451 people, 7.142 households, batteries', async () => {
  await go('report');
  await shows('.paper .tiles', /25\/375 .* 9\/65 .* 30\.451 .* 7\.142/);
  const report = await centre.get('/api/v1/report?area=58');
  const stations = (await centre.get('/api/v1/power')).sites.filter((s) => s.id.startsWith('bts-'));
  assert.equal(report.power.battery, stations.filter((s) => s.supply === 'battery').length);
  assert.equal(report.power.exhausted, stations.filter((s) => s.supply === 'exhausted').length);
  assert.match(report.text, /2\. Trạm BTS chạy ắc quy: 11; chạy máy phát: 0; ngắt ắc quy điện áp thấp: 3/);
  await shoot(page, 'report');
});

test('T+6:30 the probe of a station is killed: nobody looks at it any more, which is not down: no outage, unknown beside what is lost', async () => {
  await go('province');
  await shows('.kinds', /mất liên lạc 25/);
  const { outages_total: lasting } = await centre.get('/api/v1/overview');
  fault('bts-22910-1', 'kill', FOREVER);
  await shows('.kinds', /Trạm BTS \d+\/375 ✕ ?mất liên lạc 25 \? ?không rõ 1 /);
  await shows('.coverage', /4G 385\/408 dân số: 94,84% .* 5G 15\d\/408 dân số: [\d,]+% \? ?không rõ: \d thôn/);
  assert.equal((await centre.get('/api/v1/overview')).outages_total, lasting);
  await go('site/bts-22910-1');
  await shows('main', /Trạm BTS Cà Ná 1 .*không giám sát được lỗi thiết bị giám sát, trạm hoạt động · từ .*Không có sự cố.*mất kết nối/);
  await shoot(page, 'probe-killed');
});

test('T+8:30 a station flaps: one row at a time, one outage each time it fell, none left', async () => {
  await go('province');
  await page.evaluate((name) => {
    globalThis.mostRows = 0;
    setInterval(() => { globalThis.mostRows = Math.max(globalThis.mostRows, [...document.querySelectorAll('.outages .root, table.lasting tr')].filter((row) => row.innerText.includes(name)).length); }, 50);
  }, FLAPPING.name);
  const from = new Date().toISOString();
  fault(FLAPPING.id, 'flap', '2', '20s');
  await shows('.outages .root, table.lasting', new RegExp(FLAPPING.name));
  await until('it fell twice and came back', async () => {
    const { outages } = await centre.get(`/api/v1/outages?area=58&from=${from}&limit=200`);
    const own = outages.filter((o) => o.site === FLAPPING.id);
    return own.length === 2 && own.every((o) => o.to !== null && o.verified);
  }, PATIENCE_MS);
  await page.waitForFunction((name) => !document.querySelector('.outages').innerText.includes(`· ${name}`), FLAPPING.name);
  assert.equal(await page.evaluate(() => globalThis.mostRows), 1);
});

test('T+5:00 the broker is killed: nothing turns red or green, the banner says why', async () => {
  await go('province');
  await shows('.kinds', /mất liên lạc 25/);
  const before = await page.locator('.kinds').innerText();
  await broker.kill();
  await shows('#banner', /không nhận được tin/);
  assert.equal(await page.locator('.kinds').innerText(), before);
  await shoot(page, 'deaf');
  await broker.start();
  await page.waitForFunction(() => document.querySelector('#banner').hidden, null, { timeout: PATIENCE_MS });
});
