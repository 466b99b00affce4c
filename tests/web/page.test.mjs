// The page in Chromium against the real collector: what it shows is what the API says, a fault appears without a reload, and when
// data stop it says so by its own timer.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, nowUs } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';
import { openBrowser } from './browser.mjs';

const folder = freshFolder('page');
const shots = path.join(folder, 'screenshots');
const broker = new Mosquitto(folder);
const serves = `${INVENTORY.serves.replace('from,to', 'from,to,reason').replaceAll(',,\n', ',,,\n')}S1,4g,a,v2,,2099-12-31,xoay ăng-ten\n`;
const centre = new Collector(folder, { inventory: { ...INVENTORY, serves }, centre: { name: 'IOC thử nghiệm', simulated: true } });
const probe = new Probe('p1', 'S1');
let browser;
let page;
const complaints = [];

const text = (selector) => page.locator(selector).first().innerText();

function say(verdict) {
  probe.results([['icmp/core-1', nowUs(), verdict, { rtt: 1 }]]);
}

before(async () => {
  fs.mkdirSync(shots, { recursive: true });
  await broker.start();
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  await probe.connect(broker);
  probe.checklist(nowUs() - 1000n, [['icmp/core-1', ['4g@a', '5g@a'], { ttl_ms: 600000, interval_ms: 200000 }]]);
  say(0);
  await probe.acked();
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark', timezoneId: 'Asia/Ho_Chi_Minh' });
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${centre.url}/?scene=province`);
  await page.waitForFunction(() => document.querySelectorAll('.kinds .tile').length > 0);
});

after(async () => {
  await browser?.close();
  await probe.close();
  await centre.kill();
  await broker.kill();
});

const FIRST_MOST = 60 * 1024; // DESIGN section 5: compressed, without fonts

// Files of the page that a browser fetches: {name without its hash: bytes as they came}; what it asks the API is data.
function fetching(opened) {
  const files = {};
  const known = [];
  opened.on('requestfinished', (request) => known.push((async () => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/') || pathname.endsWith('.woff2')) return;
    const response = await request.response();
    assert.equal(response.headers()['content-encoding'], 'gzip', pathname);
    files[pathname.replace(/-[0-9A-Z]{8}\./, '.')] = (await request.sizes()).responseBodySize;
  })()));
  return async () => {
    await Promise.all(known);
    return files;
  };
}

test('a wall fetches at most 60 kB without fonts, the desk its pages when somebody goes there, and charts where there is one', async () => {
  const context = await browser.newContext();
  const opened = await context.newPage();
  const fetched = fetching(opened);
  await opened.goto(`${centre.url}/?lang=vi`);
  for (const scene of ['province', 'power', 'coverage', 'services']) {
    await opened.evaluate((id) => { location.hash = id; }, scene);
    await opened.waitForSelector(`main.scene-${scene} section`);
  }
  const first = { ...await fetched() };
  const bytes = Object.values(first).reduce((sum, n) => sum + n, 0);
  assert.ok(bytes > 20000 && bytes <= FIRST_MOST, JSON.stringify(first));
  assert.deepEqual(Object.keys(first).filter((name) => /pages|uplot/i.test(name)), []);
  await opened.evaluate(() => { location.hash = 'sites'; });
  await opened.waitForSelector('main.scene-sites .listing');
  assert.deepEqual(Object.keys(await fetched()).filter((name) => !(name in first)), ['/pages.js']);
  await opened.evaluate(() => { location.hash = 'availability'; });
  await opened.waitForSelector('main.scene-availability .uplot canvas');
  assert.deepEqual(Object.keys(await fetched()).filter((name) => !(name in first)).sort(), ['/pages.js', '/uPlot.esm.js']);
  await context.close();
});

test('it shows the centre, the marking and the figures of the API', async () => {
  const overview = await centre.get('/api/v1/overview');
  assert.equal(await text('#centre'), 'IOC thử nghiệm');
  assert.equal(await text('#marks'), 'SỐ LIỆU MÔ PHỎNG');
  assert.match(await text('.kinds .tile'), new RegExp(`Trạm BTS\\s+${overview.sites.bts.up}/${overview.sites.bts.total}`));
  const live = overview.area[0].live['4g'];
  assert.match(await text('.coverage .tile'), new RegExp(`4G\\s+${live.villages}/${live.villages_total}`));
  assert.match(await text('.map-box table'), /Phường Đô Vinh/);
  assert.match(await text('.outages'), /Không có sự cố/);
  await page.screenshot({ path: path.join(shots, 'calm-vi-dark.png') });
});

test('temporary cover is shown as such: where, from whom, why and until when', async () => {
  await page.evaluate(() => { location.hash = 'coverage'; });
  await page.waitForFunction(() => document.querySelector('main.scene-coverage .temporary'));
  assert.equal(await text('.temporary'), 'Phủ tạm (chuyển vùng): 1 · Khu phố 2 ← Trạm Đô Vinh 1 4G (xoay ăng-ten, đến 00:00 31/12/2099)');
  await page.screenshot({ path: path.join(shots, 'temporary-vi-dark.png') });
  await page.evaluate(() => { location.hash = 'province'; });
  await page.waitForFunction(() => document.querySelectorAll('.kinds .tile').length > 0);
});

test('a fault and its end appear without a reload', async () => {
  say(2);
  await probe.acked();
  await page.waitForFunction(() => document.querySelector('.outages table.lasting'));
  const { outages } = await centre.get('/api/v1/overview');
  assert.equal(outages.length, 1);
  const row = await text('.outages table.lasting tbody tr');
  assert.ok(row.includes(outages[0].outage) && row.includes('Trạm Đô Vinh 1') && row.includes('thiết bị'), row);
  assert.ok(row.includes(outages[0].mobile.without_service.population.toLocaleString('vi-VN')), row);
  await page.screenshot({ path: path.join(shots, 'fault-vi-dark.png') });
  say(0);
  await probe.acked();
  await page.waitForFunction(() => !document.querySelector('.outages table.lasting'));
});

test('whoever looks at a site sees what its checks measure, from the next pack on', async () => {
  const desk = await browser.newPage();
  await desk.goto(`${centre.url}/?lang=vi#site/S1`);
  await desk.waitForFunction(() => /Chờ gói số liệu kế tiếp/.test(document.querySelector('.readings')?.innerText ?? ''));
  assert.deepEqual((await centre.get('/api/v1/sites/S1/readings')).readings, []);
  say(0);
  await probe.acked();
  await desk.waitForFunction(() => /icmp\/core-1\s+●\s*đạt\s+độ trễ 1\s/.test(document.querySelector('.readings').innerText));
  const { readings, left_out } = await centre.get('/api/v1/sites/S1/readings');
  assert.deepEqual(readings.map((r) => [r.probe, r.check, r.metric, r.number]), [['p1', 'icmp/core-1', 'rtt', 1], ['p1', 'icmp/core-1', 'state', 0]]);
  assert.equal(left_out, 0);
  await desk.close();
});

test('it speaks English by switch, also in light colours', async () => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.click('#nav button:last-child');
  await page.waitForFunction(() => /Sites by state/.test(document.querySelector('.kinds h2')?.innerText ?? ''));
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.screenshot({ path: path.join(shots, 'calm-en-light.png') });
  await page.click('#nav button:last-child');
  await page.emulateMedia({ colorScheme: 'dark' });
});

test('a collector that stops with the socket open puts up the banner; how soon, by the page\'s clock: boot.test.mjs', async () => {
  centre.child.kill('SIGSTOP');
  await page.waitForFunction(() => !document.querySelector('#banner').hidden);
  assert.match(await text('#banner'), /^Mất kết nối, số liệu đến \d\d:\d\d:\d\d/);
  assert.ok(await page.evaluate(() => document.body.classList.contains('stale')));
  await page.screenshot({ path: path.join(shots, 'lost-vi-dark.png') });
  centre.child.kill('SIGCONT');
  await page.waitForFunction(() => document.querySelector('#banner').hidden);
});

test('a collector without its broker says that it hears nothing', async () => {
  await broker.kill();
  await page.waitForFunction(() => document.querySelector('#banner').innerText.includes('không nhận được tin'));
  await page.screenshot({ path: path.join(shots, 'deaf-vi-dark.png') });
  await broker.start();
  await page.waitForFunction(() => document.querySelector('#banner').hidden);
});

test('it comes back by itself after a restart of the collector, with what happened meanwhile', async () => {
  await centre.kill();
  await page.waitForFunction(() => !document.querySelector('#banner').hidden);
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  say(2);
  await probe.acked();
  await page.waitForFunction(() => document.querySelector('#banner').hidden && document.querySelector('.outages table.lasting'));
});

test('nothing was an error to the browser but the connections that were cut', () => {
  assert.deepEqual(complaints.filter((c) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/.test(c)), []);
});
