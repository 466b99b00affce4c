// The lines of the demo's story that show on the wall: the whole province played by ioc-fleet, its faults one after the other, each
// awaited where people look: wall, power, coverage, banner, site, report. Each number is the story's; what the story gives minutes lasts
// here until it was seen. The report comes before the recovery and once more after it, as of then.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Probe, ask, nowUs } from '../support/centre.mjs';
import { PlayedProvince, provinceTables } from '../support/played.mjs';
import { Influx, freshFolder, sleep, until } from '../support/servers.mjs';
import { album, openBrowser } from './browser.mjs';

const FOREVER = '60min';
const PATIENCE_MS = 150000; // the province's probes share one process, a loaded machine lets them wait
const FLAPPING = { id: 'bts-22849-4', name: 'Trạm BTS Lợi Hải 4' };
const STANDING = 'bts-22828-2';
const MAINTAINED = 'bts-22846-2';
const DARK = ['bts-22843-1', 'bts-22843-2', 'bts-22840-3', 'node-22843'];
const BEHIND = 'bts-22804-1'; // the link that is cut
const CALM = 'bts-22738-1'; // nothing happens to it
const TWINS = ['bts-22912-1', 'bts-22912-2']; // these two alone serve the village 22912-01
const DRIFTING = 'bts-22741-1'; // its probe's clock
const SECOND = 1000;
const DAY = 86400 * SECOND;

const folder = freshFolder('demo');
const province = new PlayedProvince(folder, { wall: { dwell: '3600s' } });
const { broker, centre } = province;
const fault = (...what) => province.fault(...what);
const influx = new Influx(folder);
const shoot = album(folder);
const old = new Probe(STANDING, STANDING);
const began = {}; // when a fault did, in ms
let browser;
let page;
let darkest; // an instant when all was out that is in the story

// The text of what matches, on one line.
const shows = (selector, pattern) => page.waitForFunction(([s, p]) => new RegExp(p).test([...document.querySelectorAll(s)].map((node) => node.innerText).join(' ').replace(/\s+/g, ' ')),
  [selector, pattern.source], { timeout: PATIENCE_MS }).catch(async (error) => {
    throw new Error(`${selector} never was ${pattern}, but: ${await page.evaluate((s) => [...document.querySelectorAll(s)].map((node) => node.innerText).join(' ').replace(/\s+/g, ' '), selector)}`, { cause: error });
  });
const go = (hash) => page.evaluate((to) => { location.hash = to; }, hash);

const spansOf = async (site, from, to) => (await centre.get(`/api/v1/sites/${site}/timeline?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`)).units[0].spans
  .map((span) => ({ ...span, from: Date.parse(span.from), to: Date.parse(span.to) }));
const outagesSince = async (from) => (await centre.get(`/api/v1/outages?area=58&from=${new Date(from).toISOString()}&limit=200`)).outages;

// What the wall says of states from now on: of each tile what works and what is down; what it gives stops it, and says all that was seen.
async function record() {
  await page.evaluate(() => {
    const seen = globalThis.seen = new Set();
    const told = (tile) => ({ tile: tile.querySelector('.label').innerText, works: parseInt(tile.querySelector('.headline').innerText, 10), down: Number(/mất liên lạc ([\d.]+)/.exec(tile.innerText)?.[1] ?? 0) });
    globalThis.recorder = setInterval(() => seen.add(JSON.stringify([...document.querySelectorAll('.kinds .tile, .coverage .tile')].map(told))), 100);
  });
  return async () => (await page.evaluate(() => { clearInterval(globalThis.recorder); return [...globalThis.seen]; })).map((text) => JSON.parse(text));
}

// One station has been out for three days, before the fleet speaks for it; another one is to be in maintenance.
async function tellThePast() {
  const since = nowUs() - 3n * BigInt(DAY) * 1000n;
  await old.connect(broker);
  old.checklist(since - 60000000n, [['service/4g-b', ['4g@b'], { interval_ms: 2 * DAY, ttl_ms: 5 * DAY }]]);
  old.results([['service/4g-b', since - 50000000n, 0, {}], ['service/4g-b', since, 2, {}]]);
  await old.acked();
  await old.close();
}

function declareMaintenance() {
  const [from, to] = [Date.now() + 8 * SECOND, Date.now() + 3600 * SECOND].map((ms) => new Date(ms).toISOString());
  fs.writeFileSync(path.join(centre.inventory, 'declarations.csv'), `target,kind,from,to,reason\n${MAINTAINED},maintenance,${from},${to},thay thiết bị (mô phỏng)\n`);
}

before(async () => {
  await influx.start();
  await influx.query('CREATE DATABASE ioc');
  declareMaintenance();
  await province.start();
  await tellThePast();
  const script = path.join(folder, 'faults');
  fs.writeFileSync(script, `0:00 down ${STANDING}\n`);
  await province.play({ out: 2, options: ['--except', 'ioc-host', '--will-after', '2s', '--script', script] });
  const [standing] = (await centre.get('/api/v1/outages?open=1')).outages;
  const shelved = await ask('POST', `${centre.url}/api/v1/outages/${standing.outage}/shelve`, { headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ until: new Date(Date.now() + DAY).toISOString(), comment: 'chờ thiết bị' }) });
  assert.equal(shelved.status, 200, shelved.body);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
  await page.goto(`${centre.url}/#province`);
  await page.waitForFunction(() => document.querySelector('.kinds'));
});

after(async () => {
  await browser?.close();
  await old.close();
  await province.stop();
  await influx.kill();
});

test('T+0:00 calm: all villages, 5G 75/75, conference endpoints 65/65, one standing outage, one maintenance', async () => {
  await shows('.coverage', /4G 408\/408 dân số: 100,00%/);
  await shows('.coverage', /5G 158\/408 dân số: 39,13% trạm: 75\/75/);
  await shows('.coverage', /Điểm cầu 65\/65/);
  await shows('.kinds', /Trạm BTS 373\/375 ✕ ?mất liên lạc 1 \S ?bảo trì 1 /);
  await shows('.outages', /tồn đọng từ .*: 1/);
  await shoot(page, 'calm');
});

test('T+0:45 5G of one station: 74/75, 4G unchanged, the station is not out', async () => {
  fault('bts-22759-1/5g', 'down', FOREVER);
  await shows('.coverage', /5G 15\d\/408 .* trạm: 74\/75/);
  await shows('.coverage', /4G 408\/408/);
  await shows('.kinds', /Trạm BTS 372\/375 ✕ ?mất liên lạc 1 ▲ ?suy giảm 1/);
  await go('site/bts-22759-1');
  await shows('main', /▲ ?5G mất liên lạc, 4G hoạt động/);
  await go('province');
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

test('T+2:30 received power drifts: the link is degraded, nothing is down', async () => {
  const before = (await centre.get('/api/v1/overview')).outages_total;
  fault('lk-ns-ba', 'drift', '-26', '2s');
  await shows('.kinds', /Tuyến \S.* 1\/2 ▲ ?suy giảm 1/);
  await shows('.coverage', /4G 408\/408 dân số: 100,00%/);
  assert.equal((await centre.get('/api/v1/overview')).outages_total, before);
  await shows('.outages', /Cảnh báo sớm: 1 ▲ ?Tuyến cáp quang Tân Sơn - Phước Đại công suất thu -2[56](,\d)? dBm/);
  await shoot(page, 'drift');
  await go('sites');
  await shows('.listing', /Trạm BTS Phước Chiến 1 .* chạy ắc quy/);
  await shows('.listing', /▲ ?suy giảm \S+ Tuyến cáp quang Tân Sơn - Phước Đại .* Cảnh báo sớm/);
  await go('site/lk-ns-ba');
  await shows('.site-head', /▲ ?Cảnh báo sớm: công suất thu -2[56](,\d)? dBm/);
  await page.getByText('English', { exact: true }).click();
  await shows('.site-head', /▲ ?Early warning: received power -2[56](\.\d)? dBm/);
  await page.getByText('Tiếng Việt', { exact: true }).click();
  await go('province');
});

test('T+3:30 the stations behind the cut fall silent: unknown, and none is down', async () => {
  began.cut = fault('lk-ns-ba', 'cut', FOREVER);
  await shows('.kinds', /Trạm BTS \d+\/375 ✕ ?mất liên lạc 1 \? ?không rõ 22 /);
  await shows('.coverage', /Điểm cầu 57\/65/);
  await shoot(page, 'silent');
});

test('T+3:50 the cut: one outage, 27.963 people, 95,26 %, conference endpoints 57/65', async () => {
  fault('lk-ns-ba', 'down', FOREVER);
  await shows('.outages', /Tuyến cáp quang Tân Sơn - Phước Đại truyền dẫn · 31 trạm · 27\.963 người mất dịch vụ hoàn toàn/);
  await shows('.coverage', /4G 387\/408 dân số: 95,26%/);
  await shows('.coverage', /Điểm cầu 57\/65/);
  await shows('.map-box', /Xã Phước Bình\s+0,00%.*Xã Phước Trung\s+100,00%/);
  await shoot(page, 'cut');
  const [cut, ...more] = (await outagesSince(began.cut - SECOND)).filter((o) => o.site === 'lk-ns-ba');
  assert.equal(more.length, 0);
  assert.deepEqual([cut.mobile.without_service.population, cut.mobile.without_service.households], [27963, 6535]);
  assert.equal((await centre.get('/api/v1/overview')).sites.bts.out, 23);
});

test('T+5:00 broker and database are killed: nothing turns red or green, the banner says why; afterwards the gap is filled', async () => {
  const stop = await record();
  const killed = Date.now();
  await Promise.all([broker.kill(), influx.kill()]);
  await shows('#banner', /không nhận được tin/);
  assert.ok(Date.now() - killed <= 20 * SECOND, `${Date.now() - killed} ms`); // while a result still stands; boot.test.mjs holds the page to its five seconds
  await shoot(page, 'deaf');
  await sleep(killed + 20 * SECOND - Date.now()); // longer than a result stands
  const back = Date.now();
  await Promise.all([broker.start(), influx.start()]);
  await page.waitForFunction(() => document.querySelector('#banner').hidden, null, { timeout: PATIENCE_MS });
  await until('the gap is filled: a round trip each five seconds of it is in the database', async () => {
    const { series } = await influx.query(`SELECT count(state) FROM chk_icmp WHERE site = '${CALM}' AND time >= ${killed}ms AND time < ${back}ms`, 'ioc');
    return series?.[0].values[0][1] >= Math.floor((back - killed) / (5 * SECOND));
  }, PATIENCE_MS);
  const { ioc_ledger_readings_stored_total: stored } = await centre.metrics();
  await until('nothing of it is pending', async () => (await centre.metrics()).ioc_ledger_readings_written_total >= stored, PATIENCE_MS);
  assert.deepEqual((await spansOf(CALM, began.cut, back)).map((span) => span.state), ['up']);
  await shows('.kinds', /mất liên lạc 23/);
  const [before, ...since] = await stop();
  for (const tiles of since) { // nothing turns green, nor red; those behind the cut may be unknown until the link is heard to be down
    assert.deepEqual(tiles.map(({ works }) => works), before.map(({ works }) => works));
    assert.ok(tiles.every(({ down }, i) => down <= before[i].down), JSON.stringify([before, tiles]));
  }
});

test('T+5:45 low-voltage disconnect: Phước Kháng without service, 94,84 %, 56/65, 25 + 1 stations out', async () => {
  for (const site of DARK) fault(site, 'dark', FOREVER);
  await shows('.coverage', /4G 385\/408 dân số: 94,84%/);
  await shows('.coverage', /Điểm cầu 56\/65/);
  await shows('.kinds', /mất liên lạc 26/);
  await shows('.outages', /2\.488 người/);
  await shows('.map-box', /Xã Công Hải\s+100,00%/);
  const power = await until('their batteries are exhausted', async () => {
    const now = await centre.get('/api/v1/power');
    return now.counts.exhausted === 4 && now;
  }, PATIENCE_MS);
  assert.equal(power.counts.battery, 11);
  await go('coverage');
  await shows('.dark', /Thôn mất dịch vụ: 23 /);
  await shoot(page, 'dark-villages');
});

test('T+9:20 the flash report: 26 stations, 9 communes, 30.451 people, 7.142 households, batteries', async () => {
  await go('report');
  await shows('.paper .tiles', /26\/375 .* 9\/65 .* 30\.451 .* 7\.142/);
  darkest = new Date().toISOString();
  const report = await centre.get('/api/v1/report?area=58');
  const stations = (await centre.get('/api/v1/power')).sites.filter((s) => s.id.startsWith('bts-'));
  assert.equal(report.power.battery, stations.filter((s) => s.supply === 'battery').length);
  assert.equal(report.power.exhausted, stations.filter((s) => s.supply === 'exhausted').length);
  assert.match(report.text, /2\. Trạm BTS chạy ắc quy: 11; chạy máy phát: 0; ngắt ắc quy điện áp thấp: 3/);
  await shoot(page, 'report');
});

test('T+6:30 the probe of a station is killed: nobody looks at it any more, which is not down: no outage, unknown beside what is lost', async () => {
  await go('province');
  await shows('.kinds', /mất liên lạc 26/);
  const { outages_total: lasting } = await centre.get('/api/v1/overview');
  fault('bts-22910-1', 'kill', FOREVER);
  await shows('.kinds', /Trạm BTS \d+\/375 ✕ ?mất liên lạc 26 \? ?không rõ 1 /);
  await shows('.coverage', /4G 385\/408 dân số: 94,84% .* 5G 15\d\/408 dân số: [\d,]+% \? ?không rõ: \d thôn/);
  assert.equal((await centre.get('/api/v1/overview')).outages_total, lasting);
  await go('site/bts-22910-1');
  await shows('main', /Trạm BTS Cà Ná 1 .*không giám sát được lỗi thiết bị giám sát, trạm hoạt động · từ .*Không có sự cố.*mất kết nối/);
  await shoot(page, 'probe-killed');
});

test('T+7:30 the fibre is restored: one recovery, and history says down for transport as long as it was', async () => {
  await go('province');
  const mended = fault('lk-ns-ba', 'mend');
  fault('lk-ns-ba', 'drift', '-18', '1s');
  await shows('.coverage', /Điểm cầu 64\/65/);
  const [cut, ...more] = (await outagesSince(began.cut - SECOND)).filter((o) => o.site === 'lk-ns-ba');
  assert.equal(more.length, 0);
  assert.ok(cut.to !== null);
  await shows('.outages', /Đã khôi phục trong 24 giờ qua .*Tuyến cáp quang Tân Sơn - Phước Đại truyền dẫn/);
  const { restored } = await page.evaluate(() => ({ restored: [...document.querySelectorAll('table.restored tbody tr')].map((row) => row.innerText).filter((text) => text.includes('Tân Sơn')) }));
  assert.equal(restored.length, 1);
  let spans;
  const down = await until(() => `history knows why: ${JSON.stringify(spans)}`, async () => {
    spans = (await spansOf(BEHIND, began.cut, Date.now())).filter((span) => span.state !== 'up');
    return spans.length === 1 && spans[0].state === 'down' && spans;
  }, PATIENCE_MS);
  assert.deepEqual([down[0].cause, down[0].provenance], ['transport', 'measured']);
  assert.ok(Math.abs(down[0].to - down[0].from - (mended - began.cut)) <= 5 * SECOND, `${down[0].to - down[0].from} ms of ${mended - began.cut} ms`);
});

test('T+8:30 mains are back: 100,00 %, 65/65', async () => {
  for (const place of ['pw-tb', ...DARK, 'bts-22759-1/5g', 'bts-22910-1']) fault(place, 'mend');
  await shows('.coverage', /4G 408\/408 dân số: 100,00%/);
  await shows('.coverage', /5G 158\/408 dân số: 39,13% trạm: 75\/75/);
  await shows('.coverage', /Điểm cầu 65\/65/);
  await shows('.kinds', /Trạm BTS 373\/375/);
  await until('none is on battery', async () => (await centre.get('/api/v1/power')).counts.battery === 0, PATIENCE_MS);
  await shoot(page, 'mended');
});

test('T+8:30 a station flaps: one row at a time, one outage each time it fell, none left', async () => {
  await page.evaluate((name) => {
    globalThis.mostRows = 0;
    setInterval(() => { globalThis.mostRows = Math.max(globalThis.mostRows, [...document.querySelectorAll('.outages .root, table.lasting tr')].filter((row) => row.innerText.includes(name)).length); }, 50);
  }, FLAPPING.name);
  const from = fault(FLAPPING.id, 'flap', '2', '20s');
  await shows('.outages .root, table.lasting', new RegExp(FLAPPING.name));
  await until('it fell twice and came back', async () => {
    const own = (await outagesSince(from)).filter((o) => o.site === FLAPPING.id);
    return own.length === 2 && own.every((o) => o.to !== null && o.verified);
  }, PATIENCE_MS);
  await page.waitForFunction((name) => ![...document.querySelectorAll('.outages .root, table.lasting tr')].some((row) => row.innerText.includes(name)), FLAPPING.name);
  assert.equal(await page.evaluate(() => globalThis.mostRows), 1);
});

test('T+6:50 stations by hand: seconds to the wall; a village that two of them serve counts once', async () => {
  const people = Number(provinceTables().areas.split('\n').find((row) => row.startsWith('22912-01,')).split(',')[4]);
  const served = async () => (await centre.get('/api/v1/overview')).area[0].live['4g'].population;
  const before = await served();
  const at = fault(TWINS[0], 'down', FOREVER);
  await shows('.outages .root, table.lasting', /Trạm BTS Phước Vinh 1/);
  const seconds = (Date.now() - at) / SECOND;
  assert.ok(seconds <= 30, `${seconds} s`);
  assert.equal(await served(), before); // the twin serves the village
  fault(TWINS[1], 'down', FOREVER);
  await shows('.coverage', /4G 407\/408/);
  assert.equal(await served(), before - people);
  for (const site of TWINS) fault(site, 'mend');
  await shows('.coverage', /4G 408\/408/);
});

test('T+9:20 the flash report as of the worst minute, now that all is over', async () => {
  await go(`report/${darkest}`);
  await shows('.paper .tiles', /26\/375 .* 9\/65 .* 30\.451 .* 7\.142/);
  await go('province');
});

test('T+9:40 the wall says what was, and the books balance', async () => {
  await centre.drained();
  const told = province.verify();
  assert.match(told, / 0 lost, 0 doubled/);
  assert.match(told, / 0 ms shown otherwise/);
});

test('a probe whose clock drifts: the page of its site and the freshness of all say by how much, in both languages', async () => {
  fault(DRIFTING, 'clock', '40', FOREVER);
  await go(`site/${DRIFTING}`);
  await shows('.evidence', /Đồng hồ ▲ ?nhanh (39|40) giây/);
  await shoot(page, 'clock-site');
  const [{ probes: [probe] }, { total, probes }] = await Promise.all([centre.get(`/api/v1/sites/${DRIFTING}`), centre.get('/api/v1/probes?area=58&clock=wrong')]);
  assert.deepEqual([probe.clock, probe.clock_wrong, total, probes[0].probe], ['system', true, 1, DRIFTING]);
  assert.ok(Math.abs(probe.clock_ahead_ms - 40 * SECOND) < 3 * SECOND, String(probe.clock_ahead_ms));
  await go('freshness');
  await shows('main', /Thiết bị sai đồng hồ: 1 .*nhanh (39|40) giây/);
  await shoot(page, 'clock-freshness', { fullPage: true });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(`${centre.url}/?lang=en#freshness`);
  await shows('main', /Probes with a wrong clock: 1 .*(39|40) s ahead/);
  await shoot(page, 'clock-freshness-en', { fullPage: true });
});
