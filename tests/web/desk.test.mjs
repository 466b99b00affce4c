// The desk in Chromium, before a province that lost a link and the power of a commune and has both again: what its pages show is what the API
// says, nothing is cut or hidden from a keyboard, in both themes and languages, on a phone, a screen and a large one.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { freshFolder, until } from '../support/servers.mjs';
import { inventory, story } from '../support/story.mjs';
import { album, openBrowser } from './browser.mjs';

const folder = freshFolder('desk');
const shoot = album(folder);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SITE = 'bts-22843-1';
const LOOKS = [['phone-vi-dark', 390, 844, 'dark', 'vi', true], ['1080p-vi-dark', 1920, 1080, 'dark', 'vi'], ['1080p-en-light', 1920, 1080, 'light', 'en', true], ['4k-vi-light', 3840, 2160, 'light', 'vi']];
const PAGES = [`site/${SITE}`, 'availability', 'trends'];
const OTHERS = ['outages', 'outage', 'areas', 'sites', 'freshness', 'ledger', 'feeds', 'handover', 'report', 'monthly'];
const feeds = path.join(folder, 'feeds');
const inbox = path.join(folder, 'inbox');
const complaints = [];
let told;
let browser;

async function open(hash, { width = 1920, height = 1080, scheme = 'dark', lang = 'vi' } = {}) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, bypassCSP: true });
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${told.centre.url}/?lang=${lang}#${hash}`);
  await settled(page);
  return page;
}

// Everything that was asked for is there.
const settled = (page) => page.waitForFunction(() => document.querySelector('main > *') && !/Đang tải|Loading/.test(document.querySelector('main').innerText));
const said = (page, selector) => page.locator(selector).first().innerText();

// A box that is narrower than what is in it, and cannot be pushed along.
const cut = (page) => page.evaluate(() => [
  ...(document.documentElement.scrollWidth > innerWidth ? ['the page goes sideways'] : []),
  ...[...document.querySelectorAll('main section')].filter((box) => box.scrollWidth > box.clientWidth + 2 && getComputedStyle(box).overflowX !== 'auto').map((box) => box.className)]);

async function violations(page) {
  await page.addScriptTag({ path: axe });
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  return found.violations.map((v) => `${v.id} ${v.nodes[0].html.slice(0, 120)} ${v.nodes[0].any[0]?.message ?? ''}`);
}

// Two operators' feeds at the centre's own machine, of which one has handed over a table: what it says is what we see, too.
function withFeeds() {
  for (const made of [feeds, inbox]) fs.mkdirSync(made, { recursive: true });
  for (const name of ['noc-a', 'noc-b'])
    fs.writeFileSync(path.join(feeds, `${name}.yaml`), `feed: {source: folder, folder: ${path.join(inbox, name)}, content: states, period: 1h, settle: 0s}
columns: {site: site, service: service, state: state}\nwords: {down: [down], up: [up], services: [4G=4g]}\n`);
  fs.mkdirSync(path.join(inbox, 'noc-a'));
  fs.writeFileSync(path.join(inbox, 'noc-a', 'states.csv'), 'site;service;state\nbts-22738-1;4G;up\n');
  const [header, ...rows] = inventory.probes.trimEnd().split('\n');
  return { ...inventory, probes: [`${header},feed`, ...rows.map((row) => `${row},`), 'noc-a,ioc-host,,,a', 'noc-b,ioc-host,,,b', ''].join('\n') };
}

before(async () => {
  told = await story(folder, { inventory: withFeeds(), centre: { name: 'IOC Ninh Thuận', simulated: true, feeds } });
  await until('the table is taken', async () => (await told.centre.get('/api/v1/feeds')).feeds.some((f) => f.feed === 'noc-a' && f.rows === 1));
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await told?.stop();
});

test('a site: its state, causes, uncertainty, outages and figures are those of the API', async () => {
  const page = await open(`site/${SITE}`);
  const site = await told.centre.get(`/api/v1/sites/${SITE}`);
  const { figures } = await told.centre.get(`/api/v1/availability?site=${SITE}&window=24h`);
  const { outages } = await told.centre.get(`/api/v1/outages?area=${site.area}`);
  const own = outages.flatMap((o) => o.members).find((o) => o.site === SITE);
  const head = await said(page, '.site-head');
  for (const part of [site.name, site.code, 'hoạt động', site.lat.toFixed(5)]) assert.ok(head.includes(part), `${part}: ${head}`);
  const unit = await said(page, '.unit');
  assert.equal(figures[0].outages, 1);
  for (const part of ['4G', 'nguồn điện 9 phút', 'Thời gian khôi phục trung bình', 'Được giám sát']) assert.ok(unit.includes(part) || unit.toLowerCase().includes(part.toLowerCase()), `${part}: ${unit}`);
  const shown = (figures[0].confirmed * 100).toFixed(0);
  assert.ok(unit.includes(shown.slice(0, 2)), `${shown}: ${unit}`);
  assert.match(await said(page, 'main > section.list:not(.readings)'), new RegExp(`${own.outage}[^]*nguồn điện[^]*±[^]*9 phút`));
  assert.match(await page.innerText('main'), /tạm tính đến \d\d:\d\d \d\d\/\d\d\/\d{4}[^]*Hiệu chỉnh/);
  await page.close();
});

test('nine minutes in thirty days are two pixels wide, a canvas is drawn again and not made again, and the focus stays', async () => {
  const page = await open(`site/${SITE}`);
  await page.locator('.choices button').nth(2).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /30/.test(document.querySelector('.choices [aria-pressed=true]').innerText));
  await settled(page);
  const columns = () => {
    const canvas = document.querySelector('canvas.strip');
    const top = canvas.getContext('2d').getImageData(0, 1, canvas.width, 1).data; // only what is down reaches the top
    canvas.dataset.mine = '1';
    return top.filter((v, i) => i % 4 === 3 && v > 0).length;
  };
  await page.waitForFunction(() => document.querySelector('canvas.strip').width > 300);
  await until('it is drawn', async () => await page.evaluate(columns) >= 2);
  await page.waitForResponse((response) => response.url().includes('/timeline'));
  await page.waitForTimeout(500); // two drawings
  assert.equal(await page.evaluate(() => document.querySelector('canvas.strip').dataset.mine), '1');
  assert.match(await page.evaluate(() => document.activeElement.innerText), /30/);
  await page.close();
});

const hidden = (page) => page.evaluate(() => [...document.querySelectorAll('.chart table tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent)));
const floor = (value) => `${(Math.floor(value * 1e4 + 1e-5) / 100).toLocaleString('vi-VN', { minimumFractionDigits: 2 })}%`;

test('availability by day: the table beside the chart has the numbers of the series, arrows read them, one chart serves every kind', async () => {
  const page = await open('availability');
  await page.waitForFunction(() => document.querySelector('.uplot canvas'));
  const { lines, at } = await told.centre.get(`/api/v1/series?what=availability&area=58&step=day&from=${new Date(Date.now() - 30 * 86400000).toISOString()}`);
  const bts = lines.find((line) => line.kind === 'bts');
  const rows = await hidden(page);
  assert.equal(rows.length, at.length);
  const last = bts.confirmed.length - 2; // yesterday does not change any more while we look
  assert.equal(rows[last][1], bts.confirmed[last] === null ? 'không đủ số liệu' : floor(bts.confirmed[last]));
  assert.equal(rows[last][3], floor(bts.observed[last]));
  assert.equal(rows[last][4], 'tạm tính');
  await page.focus('.chart-stage');
  await page.keyboard.press('End');
  await page.waitForFunction((text) => document.querySelector('.chart-says').innerText.startsWith(text), rows.at(-1)[0]);
  await page.evaluate(() => { document.querySelector('.uplot').dataset.mine = '1'; });
  for (let i = 0; i < 8; i++) {
    await page.locator('.trend .choices button').nth(i % 3).click();
    await page.waitForFunction((n) => [...document.querySelectorAll('.trend .choices button')][n].getAttribute('aria-pressed') === 'true', i % 3);
  }
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('.uplot')].map((plot) => plot.dataset.mine)), ['1']);
  await page.close();
});

test('what was not seen is a gap, what was lost for a moment is still seen', async () => {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, colorScheme: 'dark' });
  const at = Array.from({ length: 10 }, (_, i) => new Date(Date.UTC(2026, 9, 1 + i, -7)).toISOString());
  const confirmed = [1, 1, null, 0.999999, 1, 1, 0.9, 1, 1, 1];
  await page.route('**/api/v1/series?*', (route) => route.fulfill({ json: { from: at[0], to: new Date(Date.UTC(2026, 9, 11, -7)).toISOString(), final_to: at[8], at,
    lines: [{ kind: 'bts', operator: 'all', confirmed, lower: confirmed, observed: confirmed.map((v) => (v === null ? 0.2 : 1)) }] } }));
  await page.goto(`${told.centre.url}/?lang=vi#availability`);
  await page.waitForFunction(() => document.querySelector('.uplot canvas')?.width > 300);
  const look = () => page.evaluate(() => {
    const canvas = document.querySelector('.uplot canvas');
    const over = document.querySelector('.u-over').getBoundingClientRect();
    const all = canvas.getBoundingClientRect();
    const context = canvas.getContext('2d');
    const red = (day) => {
      const x = over.left - all.left + (day + 0.5) * over.width / 10;
      const pixels = context.getImageData(x, over.top - all.top - 1, 1, over.height + 2).data;
      return Array.from({ length: pixels.length / 4 }, (_, i) => pixels[4 * i] > 120 && pixels[4 * i + 1] < 90).filter(Boolean).length;
    };
    const line = (day) => {
      const x = over.left - all.left + (day + 0.5) * over.width / 10;
      const pixels = context.getImageData(x, over.top - all.top - 2, 1, 5).data;
      return Array.from({ length: 5 }, (_, i) => pixels[4 * i + 1] > 110).some(Boolean);
    };
    return { red: Array.from({ length: 10 }, (_, day) => red(day)), line: Array.from({ length: 10 }, (_, day) => line(day)), height: over.height };
  });
  await until('it is drawn', async () => (await look()).line[1]);
  await shoot(page, 'chart-gap');
  const columns = await look();
  assert.equal(columns.red[2], 0);
  assert.equal(columns.line[2], false);
  assert.ok(columns.line[1] && columns.line[4], JSON.stringify(columns));
  assert.ok(columns.red[3] >= 1 && columns.red[6] > columns.height / 3, JSON.stringify(columns));
  await page.close();
});

test('trends: coverage by hour is what the API says, the sites of the area page by page by keyboard', async () => {
  const page = await open('trends');
  await page.waitForFunction(() => document.querySelector('.uplot canvas') && document.querySelectorAll('canvas.strip').length === 25);
  const { lines, at } = await told.centre.get('/api/v1/series?what=coverage&area=58&step=hour');
  const line = lines.find((one) => one.technology === '4g');
  const rows = await hidden(page);
  const hour = rows.length - 2;
  assert.ok(Math.abs(rows.length - (at.length - 1)) <= 1);
  const share = line.live[hour] && line.total[hour].villages > 0 ? line.live[hour].villages / line.total[hour].villages : null;
  assert.equal(rows[hour][1], share === null ? 'không đủ số liệu' : floor(share));
  const { total } = await told.centre.get('/api/v1/sites?limit=1');
  assert.match(await said(page, '.timelines'), new RegExp(`1–25 / ${total}`));
  await page.locator('.timelines > .choices button').last().focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /26–50/.test(document.querySelector('.timelines').innerText));
  assert.match(await page.evaluate(() => document.activeElement.innerText), /Sau/);
  await page.close();
});

for (const [name, width, height, scheme, lang, everywhere] of LOOKS)
  test(`${name}: nothing is cut and axe finds nothing`, async () => {
    const wrong = [];
    const { outages } = await told.centre.get('/api/v1/outages?open=1');
    for (const page of [...PAGES, ...(everywhere ? OTHERS : [])]) {
      const hash = page === 'outage' ? `outage/${outages[0].outage}` : page;
      const shown = await open(hash, { width, height, scheme, lang });
      await shoot(shown, `${page.replace('/', '-')}-${name}`, { fullPage: true });
      wrong.push(...[...await cut(shown), ...await violations(shown)].map((what) => `${hash}: ${what}`));
      await shown.close();
    }
    assert.deepEqual(wrong, []);
  });

test('the ledger: each sum as the API has it, in words of people', async () => {
  const page = await open('ledger');
  const words = await page.innerText('main');
  const ledger = await told.centre.get('/api/v1/ledger?limit=1');
  assert.ok(words.includes(`${ledger.packs.highest.toLocaleString('vi-VN')}`), words);
  assert.equal((words.match(/khớp/g) ?? []).length, 3);
  assert.deepEqual(words.match(/\b[a-z]+_[a-z_]+\b/g), null); // no name of a counter without a word
  await page.close();
});

test('who is late: all probes ranked, the longest silent first', async () => {
  const page = await open('freshness');
  const { total, probes } = await told.centre.get('/api/v1/probes?limit=1000&feeds=without');
  assert.match(await page.innerText('main'), new RegExp(`/ ${total} thiết bị`));
  const oldest = probes.reduce((a, b) => ((a.heard ?? '') <= (b.heard ?? '') ? a : b));
  assert.match(await page.locator('.listing tbody tr').first().innerText(), new RegExp(`^1\\s[^]*${oldest.heard === null ? 'chưa từng gửi' : ''}`));
  assert.equal(await page.locator('section.list:not(.feeds-heard) .listing tbody tr').count(), Math.min(100, total));
  await page.close();
});

test('an operator\'s feed is no late probe: it stands apart by its own word, with the time it was heard', async () => {
  const { total, probes } = await told.centre.get('/api/v1/probes?feeds=only');
  const [a, b] = probes;
  assert.deepEqual([total, a.feed_of, b.feed_of, b.heard], [2, 'a', 'b', null]);
  for (const [lang, title, never] of [['vi', 'Số liệu nhà mạng', 'chưa nhận bảng nào'], ['en', 'Operators\' data', 'no table yet']]) {
    const page = await open('freshness', { lang });
    const heard = await page.locator('.feeds-heard tbody tr').first().innerText();
    assert.match(heard, /^noc-a\s+Nhà mạng A\s+\d\d:\d\d:\d\d \d\d\/\d\d\/\d{4}\s/);
    assert.match(await said(page, '.feeds-heard'), new RegExp(`^${title}[^]*noc-b\\s+Nhà mạng B\\s+${never}\\s+–`));
    assert.doesNotMatch(await said(page, 'section.list:not(.feeds-heard)'), /noc-a/);
    if (lang === 'vi') await shoot(page, 'freshness-feeds', { fullPage: true });
    await page.close();
  }
  const page = await open(`site/ioc-host`);
  assert.match(await said(page, '.evidence'), /noc-a[^]*Nhà mạng A[^]*\d\d:\d\d:\d\d[^]*noc-b[^]*chưa nhận bảng nào/);
  assert.doesNotMatch(await said(page, '.evidence'), /chưa từng gửi/);
  await page.close();
});

test('a site is found without diacritics and by code; what is typed stays', async () => {
  const page = await open('sites');
  await page.fill('input.search', 'phuoc khang 1');
  await page.waitForFunction(() => /Trạm BTS Phước Kháng 1/.test(document.querySelector('.listing')?.innerText ?? ''));
  await page.waitForTimeout(600); // two drawings
  assert.equal(await page.inputValue('input.search'), 'phuoc khang 1');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'search');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /Phước Kháng 1/.test(document.querySelector('.site-head')?.innerText ?? ''));
  await page.close();
});

test('a site that is not there says so', async () => {
  const page = await open('site/nowhere');
  assert.match(await page.innerText('main'), /Không có trạm này/);
  complaints.splice(0, complaints.length, ...complaints.filter((c) => !c.includes('404')));
  await page.close();
});

test('nothing was an error to the browser', () => assert.deepEqual(complaints, []));
