// The wall in Chromium before a province of 400 sites: jumps, storm, hold, zoom, replay, guest, every size of screen, and what a reader of
// the page by other means finds. What it shows is what the API says, and the database too.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { Collector, Mosquitto, Probe, ask, nowUs, until } from '../support/centre.mjs';
import { Influx, freshFolder } from '../support/servers.mjs';
import { COMMUNES, PROVINCE, SITES, Voice, album, all, openBrowser } from './browser.mjs';

const folder = freshFolder('wall');
const broker = new Mosquitto(folder);
const influx = new Influx(folder);
const centre = new Collector(folder, { inventory: PROVINCE, centre: { name: 'IOC thử nghiệm', simulated: true }, wall: { dwell: '3600s' } });
const probe = new Probe('p1', 'L1');
const voice = new Voice(probe);
const shoot = album(folder);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const complaints = [];
let browser;
let page;
let calmAt; // an instant before anything failed

const vi = (n) => n.toLocaleString('vi-VN');
const text = (selector, of = page) => of.locator(selector).first().innerText();
const shown = (what, arg) => page.waitForFunction(what, arg);

async function open(address, { width = 1920, height = 1080, ...more } = {}) {
  const opened = await browser.newPage({ viewport: { width, height }, colorScheme: 'dark', timezoneId: 'America/New_York', ...more });
  opened.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  opened.on('pageerror', (error) => complaints.push(error.message));
  await opened.goto(centre.url + address);
  await opened.waitForFunction(() => document.querySelector('main:not(.loading) > section, .figures section'));
  return opened;
}

before(async () => {
  await broker.start();
  await influx.start();
  await influx.query('create database ioc');
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  await probe.connect(broker);
  const start = nowUs();
  voice.list(start - 1000n);
  voice.say(start, all(0));
  await probe.acked();
  await until('all are up', async () => (await centre.get('/api/v1/overview')).sites.bts.up === SITES);
  calmAt = Date.now();
  browser = await openBrowser();
  page = await open('/');
});

after(async () => {
  await browser?.close();
  await probe.close();
  for (const server of [centre, influx, broker]) await server.kill();
});

test('times are those of the centre, wherever the browser believes to be', async () => {
  const hours = () => new Date(Date.now() + 7 * 3600000).toISOString();
  const before_ = hours();
  const there = await text('#clock');
  const here = hours();
  const days = [before_, here].map((at) => `${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)}`);
  assert.ok(/^\d\d:\d\d:\d\d /.test(there) && days.some((date) => there.endsWith(` ${date}`)), `${there}: ${days}`);
  assert.ok([0, 23].includes(Math.abs(Number(there.slice(0, 2)) - Number(here.slice(11, 13)))), there);
});

test('held: the mark counts the minutes, and a new major outage moves nothing', async () => {
  await page.evaluate(() => { location.hash = 'coverage'; });
  await shown(() => document.querySelector('main.scene-coverage'));
  await page.keyboard.press('g');
  await shown(() => /GIỮ MÀN HÌNH: còn 30 phút/.test(document.querySelector('#marks').innerText));
  voice.say(nowUs(), { S1: 2 });
  await probe.acked();
  await until('the outage is open', async () => (await centre.get('/api/v1/overview')).outages_total === 1);
  await shown(() => document.querySelector('.dark')?.innerText.includes('Thôn 1, Xã số 1'), null);
  assert.ok(await page.evaluate(() => document.querySelector('main').className === 'scene-coverage'));
  await shoot(page, 'held-dark-village');
  await page.keyboard.press('g');
});

test('not held: a new outage that takes a last service brings its scene up, and flashes until it is acknowledged', async () => {
  voice.say(nowUs(), { S2: 2 });
  await shown(() => document.querySelector('main.scene-province tr.fresh'));
  const { outages } = await centre.get('/api/v1/overview');
  const fresh = outages.find((o) => o.site === 'S2');
  assert.ok((await page.locator('tr.fresh').allInnerTexts()).some((row) => row.includes(fresh.outage)));
  await shoot(page, 'fresh-dark');
  const done = await ask('POST', `${centre.url}/api/v1/outages/${fresh.outage}/acknowledge`, { headers: { 'Content-Type': 'application/json' }, body: '{}' });
  assert.equal(done.status, 200, done.body);
  voice.say(nowUs(), { S3: 2 }); // something else happens, so the overview comes anew
  await shown((outage) => [...document.querySelectorAll('tr')].some((row) => row.innerText.includes(outage) && !row.classList.contains('fresh') && row.innerText.includes('đã tiếp nhận')), fresh.outage);
});

test('a name of sixty letters is cut, not the table', async () => {
  voice.say(nowUs(), { S0: 2 });
  await shown(() => [...document.querySelectorAll('.outages .clip')].some((cell) => cell.innerText.startsWith('Trạm viễn thông có tên dài')));
  assert.ok(await page.evaluate(() => { const box = document.querySelector('.outages'); return box.scrollWidth <= box.clientWidth + 1; }));
});

const share = (part, whole) => (Math.floor(part / whole * 1e4 + 1e-9) / 1e4).toLocaleString('vi-VN', { style: 'percent', minimumFractionDigits: 2 });
const tileTexts = (selector) => page.locator(`${selector} .tile`).allInnerTexts();

// Every headline of the province's scene, against an answer.
async function wallSays(overview) {
  const live = Object.values(overview.area[0].live);
  await shown((t) => document.querySelector('.coverage .tile')?.innerText.includes(t), `${vi(live[0].villages)}/${vi(live[0].villages_total)}`);
  const coverage = await tileTexts('.coverage');
  assert.equal(coverage.length, live.length);
  live.forEach((l, i) => {
    for (const part of [`${vi(l.villages)}/${vi(l.villages_total)}`, share(l.population, l.population_total)]) assert.ok(coverage[i].includes(part), `${part}: ${coverage[i]}`);
  });
  const units = overview.units['4g'];
  assert.ok(coverage.some((tile) => tile.includes(`${vi(units.up + units.degraded)}/${vi(Object.values(units).reduce((sum, n) => sum + n))}`)), coverage.join());
  const kinds = Object.values(overview.sites);
  const tiles = await tileTexts('.kinds');
  assert.equal(tiles.length, kinds.length);
  kinds.forEach((k, i) => {
    assert.match(tiles[i], new RegExp(`\\s${vi(k.up)}/${vi(k.total)}\\s`));
    assert.equal(/mất liên lạc ([\d.]+)/.exec(tiles[i])?.[1] ?? '0', vi(k.out), tiles[i]);
  });
  overview.availability_24h.forEach((f) => assert.equal(tiles.some((tile) => tile.includes('không đủ số liệu')), !f.enough_data, `${f.kind}`));
}

const DOWN = 0; // collector/core/state.h
const lastOf = async (query) => (await influx.query(query, 'ioc')).series ?? [];
const table = (series) => series.map(({ tags, columns, values: [row] }) => ({ ...tags, ...Object.fromEntries(columns.map((name, i) => [name, row[i]])) }));

// What the database has of the newest minute: coverage by technology and operator, each site, each outage that lasts.
async function stored() {
  const fields = ['villages', 'households', 'population'].flatMap((what) => ['live', 'total', 'unknown', 'nominal'].map((which) => `last("${what}_${which}") AS "${what}_${which}"`)).join();
  const [coverage, sites, outages] = await Promise.all([
    lastOf(`SELECT ${fields} FROM "ioc_coverage" WHERE "area" = '58' GROUP BY "technology", "operator"`),
    lastOf('SELECT last("out") AS "out", last("state") AS "state" FROM "ioc_site_state" GROUP BY "site"'),
    lastOf('SELECT last("open") AS "open", last("start_ms") AS "start" FROM "ioc_outage" GROUP BY "site", "outage"')]);
  return { coverage: table(coverage), sites: table(sites), outages: table(outages).filter((o) => o.open === 1) };
}

test('wall, API and database say the same: villages, people, households, sites and outages', async () => {
  const [overview, { coverage }, { sites }] = await Promise.all([centre.get('/api/v1/overview'), centre.get('/api/v1/coverage?area=58'), centre.get('/api/v1/sites?limit=1000')]);
  assert.equal(overview.sites.bts.out, 4);
  await wallSays(overview);
  const rows = page.locator('.outages table.lasting tbody tr');
  const texts = await rows.allInnerTexts();
  assert.equal(texts.length, overview.outages.length);
  for (const o of overview.outages) {
    const people = Math.max(o.mobile.without_service.population, o.fibre.without_service.population);
    assert.ok(texts.some((row) => row.includes(o.outage) && row.trim().endsWith(`${vi(o.sites)}\t${vi(people)}`)), `${o.outage}: ${texts.join('\n')}`);
  }
  const want = {
    coverage: Object.fromEntries(coverage.map((c) => [`${c.technology} ${c.operator}`, ['villages', 'households', 'population'].map((what) => ['live', 'total', 'unknown', 'nominal'].map((which) => c[which][what]))])),
    out: sites.filter((s) => s.out).map((s) => s.id).sort(),
    down: sites.filter((s) => s.state === 'down').map((s) => s.id).sort(),
    outages: overview.outages.map((o) => `${o.site} ${Date.parse(o.from)}`).sort(),
  };
  assert.ok(Object.keys(want.coverage).length >= 2 && want.out.length === 4 && want.outages.length === 4, JSON.stringify(want));
  let have;
  await until('the database has the minute', async () => {
    const now = await stored();
    have = {
      coverage: Object.fromEntries(now.coverage.filter((c) => `${c.technology} ${c.operator}` in want.coverage).map((c) => [`${c.technology} ${c.operator}`, ['villages', 'households', 'population'].map((what) => ['live', 'total', 'unknown', 'nominal'].map((which) => c[`${what}_${which}`]))])),
      out: now.sites.filter((s) => s.out === 1).map((s) => s.site).sort(),
      down: now.sites.filter((s) => s.state === DOWN).map((s) => s.site).sort(),
      outages: now.outages.map((o) => `${o.site} ${o.start}`).sort(),
    };
    return isDeepStrictEqual(have, want);
  }, 150000).catch(() => undefined);
  assert.deepEqual(have, want);
});

test('a storm of 400 sites is one headline per root', async () => {
  voice.say(nowUs(), all(2));
  await shown(() => /NHIỀU TRẠM/.test(document.querySelector('#marks').innerText) && document.querySelector('.root')?.innerText.includes('Tuyến cáp quang trục'), null);
  await until('one root', async () => (await centre.get('/api/v1/overview')).outages[0].sites > SITES - 5);
  await shown((n) => document.querySelector('.kinds')?.innerText.includes(`0/${n}`), SITES);
  const overview = await centre.get('/api/v1/overview');
  await shown((n) => document.querySelector('.root')?.innerText.includes(n), vi(overview.outages[0].mobile.without_service.population));
  assert.ok(await page.evaluate(() => document.querySelectorAll('.root').length) <= overview.outages_total);
  await shoot(page, 'storm-vi-dark');
});

test('in the storm, too, the wall says what the API says', async () => {
  const overview = await centre.get('/api/v1/overview');
  await wallSays(overview);
});

for (const [name, width, height, scheme, query] of [['1080p-vi-dark', 1920, 1080, 'dark', ''], ['4k-en-light', 3840, 2160, 'light', '?lang=en'], ['wide-vi-dark', 3840, 1080, 'dark', ''],
  ['three-vi-light', 5760, 2160, 'light', '']]) {
  test(`${name}: the whole scene is on the screen, nothing is cut, what has no room is counted`, async () => {
    const screen = await open(`/${query || '?'}&scene=province`, { width, height, colorScheme: scheme });
    await screen.waitForFunction(() => document.querySelector('.outages .rest'));
    const cut = await screen.evaluate(() => [...document.querySelectorAll('main section, footer')].filter((box) => {
      const r = box.getBoundingClientRect();
      return r.bottom > innerHeight + 1 || r.right > innerWidth + 1 || box.scrollHeight > box.clientHeight + 2;
    }).map((box) => box.className));
    await shoot(screen, name);
    assert.deepEqual(cut, []);
    await screen.close();
  });
}

test('a phone: one column, no sideways scrolling', async () => {
  const phone = await open('/?scene=province', { width: 390, height: 844, colorScheme: 'light' });
  await phone.waitForFunction(() => document.querySelector('canvas.map').clientHeight > 100);
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await shoot(phone, 'phone-vi-light');
  await phone.close();
});

test('zoom: by the list, by a click on the map, and back by a key; the address follows', async () => {
  await page.selectOption('select', 'c3');
  await shown(() => document.querySelector('#centre').innerText.endsWith('Xã số 3') && location.search.includes('area=c3'));
  const own = (await centre.get('/api/v1/overview?area=c3')).sites.bts;
  await shown((t) => document.querySelector('.kinds')?.innerText.includes(t), `${own.up}/${own.total}`);
  await shoot(page, 'zoom-vi-dark');
  await page.focus('main');
  await page.keyboard.press('Escape');
  await shown((n) => location.search === '' && document.querySelector('.kinds')?.innerText.includes(`/${n}`), SITES);
  const box = await page.locator('canvas.map').boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await shown(() => location.search.startsWith('?area=c'));
  await page.keyboard.press('Escape');
  await shown(() => location.search === '');
});

test('an area without people counts its villages, one that does not exist says so', async () => {
  const empty = await open(`/?scene=province&area=c${COMMUNES - 1}`);
  assert.match(await text('.coverage', empty), /0\/20/);
  await empty.close();
  const none = await open('/?area=nowhere');
  assert.match(await text('main', none), /Không có địa bàn "nowhere"/);
  await shoot(none, 'unknown-area');
  await none.click('main button');
  await none.waitForFunction(() => document.querySelector('.kinds'));
  await none.close();
  complaints.splice(0, complaints.length, ...complaints.filter((c) => !c.includes('404')));
});

test('replay: an instant before the storm shows what the API says of it, and back', async () => {
  await page.keyboard.press('r');
  await shown(() => !document.querySelector('#replay').hidden);
  const at = new Date(calmAt).toISOString();
  await page.evaluate((t) => {
    const input = document.querySelector('#replay input[type=range]');
    input.value = String(Math.round((t - Date.now()) / 60000));
    input.dispatchEvent(new Event('input'));
  }, calmAt);
  const then = await centre.get(`/api/v1/overview?at=${at}`);
  assert.equal(then.sites.bts.up, SITES);
  assert.equal(then.outages.length, 0);
  const sites = await centre.get(`/api/v1/sites?at=${at}&state=up&kind=bts&limit=1`);
  assert.equal(sites.total, SITES);
  const { areas } = await centre.get(`/api/v1/areas?parent=58&at=${at}&limit=1`);
  assert.equal(areas[0].live['4g'].villages, areas[0].live['4g'].villages_total);
  await shown(() => /XEM LẠI/.test(document.querySelector('#replay').innerText));
  await shown(() => /TẠM TÍNH/.test(document.querySelector('#replay .mark').innerText)); // today's figures may still change
  await shoot(page, 'replay-vi-dark');
  await page.route('**/api/v1/availability?*period=day*', (route) => route.fulfill({ json: { provisional: false, figures: [{ revisions: [
    { revision: 1, at: '2026-01-02T00:00:00Z', reason: 'final' }, { revision: 2, at: '2026-01-03T07:30:00Z', reason: 'late_evidence' }] }] } }));
  for (let i = 0; i < 25; i++) // hours back: another day
    await page.click('#replay button');
  await shown(() => /ĐÃ HIỆU CHỈNH lúc 14:30 03\/01\/2026 \(số liệu đến muộn\)/.test(document.querySelector('#replay .mark').innerText));
  await shoot(page, 'replay-revised');
  await page.unroute('**/api/v1/availability?*period=day*');
  await page.click('#replay button:last-of-type');
  await shown((n) => document.querySelector('#replay').hidden && document.querySelector('.kinds')?.innerText.includes(`0/${n}`), SITES);
});

test('a guest sees areas, no site by name or place, and no desk', async () => {
  const guest = await open('/?guest&scene=province#sites');
  await guest.waitForFunction(() => document.querySelector('.root'));
  assert.match(await text('#marks', guest), /CHẾ ĐỘ KHÁCH/);
  const all_ = await guest.evaluate(() => document.body.innerText);
  assert.ok(!/Tuyến cáp quang trục|Trạm số|Bàn trực/.test(all_), all_);
  await shoot(guest, 'guest-vi-dark');
  await guest.close();
});

test('axe finds nothing, in both themes, on the wall, at the desk and in replay', async () => {
  const wrong = [];
  for (const scheme of ['dark', 'light'])
    for (const hash of ['province', 'coverage', 'services', 'outages', 'sites', 'availability', 'feeds', 'ledger']) {
      const seen = await open(`/?lang=vi#${hash}`, { colorScheme: scheme, bypassCSP: true });
      if (hash === 'province') await seen.keyboard.press('r');
      await seen.addScriptTag({ path: axe });
      const { violations } = await seen.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
      wrong.push(...violations.map((v) => `${scheme} ${hash}: ${v.id} ${v.nodes[0].html.slice(0, 120)} ${v.nodes[0].any[0]?.message ?? ''}`));
      await seen.close();
    }
  assert.deepEqual(wrong, []);
});

test('whoever wants no motion gets no flashing', async () => {
  const calm = await open('/?scene=province', { reducedMotion: 'reduce' });
  const lit = () => {
    const row = document.querySelector('.root, tr');
    row.classList.add('fresh');
    const look = [true, false].map((yes) => {
      row.classList.toggle('lit', yes);
      return getComputedStyle(row).backgroundColor;
    });
    return look[0] === look[1];
  };
  assert.equal(await calm.evaluate(lit), true);
  await calm.emulateMedia({ reducedMotion: 'no-preference' });
  assert.equal(await calm.evaluate(lit), false);
  await calm.close();
});

test('every control is reached by the tabulator', async () => {
  const reached = new Set();
  await page.focus('main');
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => document.activeElement?.closest('nav') ? document.activeElement.innerText.split('\n')[0] : ''));
  }
  for (const name of ['Vùng phủ', 'Bàn trực', 'Xem lại', 'English']) assert.ok(reached.has(name), `${name}: ${[...reached]}`);
});

test('nothing else was an error to the browser', () => {
  assert.deepEqual(complaints.filter((c) => !/ERR_FAILED/.test(c)), []);
});
