// What people take away from the desk, in Chromium: the flash report, the monthly report, both on paper and in both languages, and
// tables as files.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ask, freshFolder } from '../support/servers.mjs';
import { AT, DARK, onLink, story } from '../support/story.mjs';
import { openBrowser } from './browser.mjs';

const HOUR = 3600000;
const ZONE = 7 * HOUR;
const now = new Date(Date.now() + ZONE);
const monthStart = (back) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1);
const MONTH = new Date(monthStart(1)).toISOString().slice(0, 7); // the last one: all of it was seen
const FIRST = monthStart(1) - ZONE;
const day = (n) => FIRST + n * 24 * HOUR;
const EARLIER = [{ from: day(9), to: day(9) + 2 * HOUR + 90000, sites: onLink }, { from: day(19), to: day(20) + 5 * HOUR, sites: DARK }];
const folder = freshFolder('takeaways');
const shots = path.join(folder, 'screenshots');
const complaints = [];
let told;
let browser;
let page;

const shown = (selector) => page.locator(selector).first().innerText();
const waitFor = (text) => page.waitForFunction((part) => document.querySelector('.paper')?.innerText.includes(part), text);

async function open(hash, lang) {
  await page.goto('about:blank'); // another hash alone is the same page
  await page.goto(`${told.centre.url}/?lang=${lang}#${hash}`);
  await page.waitForSelector('.paper table');
}

async function keep(name) {
  await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 720, height: 1018 }); // what A4 leaves between its margins
  await page.screenshot({ path: path.join(shots, `${name}-print.png`), fullPage: true });
  const pdf = await page.pdf({ path: path.join(shots, `${name}.pdf`), format: 'A4', preferCSSPageSize: true });
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize({ width: 1600, height: 1000 });
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
}

async function fileOf(button) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), bytes: fs.readFileSync(await download.path()) };
}

before(async () => {
  fs.mkdirSync(shots, { recursive: true });
  told = await story(folder, { since: FIRST, earlier: EARLIER, evidence: { grace: '1560h' } }); // last month came late, and nothing of it is final yet
  browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, colorScheme: 'dark', acceptDownloads: true });
  page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});

after(async () => {
  await browser?.close();
  await told?.stop();
});

test('the flash report as of an instant: what the API says, on the page and in the text to copy', async () => {
  const { text } = await told.centre.get(`/api/v1/report?at=${AT}`);
  await open(`report/${AT}`, 'vi');
  await waitFor('26/375');
  for (const part of ['9/65', '30.451', '7.142', 'điều tra năm 2019', 'Phước Kháng', 'Tân Sơn - Phước Đại', 'SỐ LIỆU MÔ PHỎNG']) assert.ok((await shown('.paper')).includes(part), part);
  assert.equal(await page.inputValue('.report-text'), text);
  assert.ok(await keep('report-vi') <= 3);
});

test('the same in English', async () => {
  await open(`report/${AT}`, 'en');
  await waitFor('26/375');
  for (const part of ['Flash report', '30,451', '7,142', 'census of 2019', 'SIMULATED DATA']) assert.ok((await shown('.paper')).includes(part), part);
  assert.ok(await keep('report-en') <= 3);
});

const LOCALE = { vi: 'vi-VN', en: 'en-GB' };
const WORDS = { vi: { none: 'không đủ số liệu', final: (n) => `chính thức (lần ${n})`, provisional: 'tạm tính' }, en: { none: 'not enough data', final: (n) => `final (revision ${n})`, provisional: 'provisional' } };
const UNITS = { vi: { s: 'giây', min: 'phút', h: 'giờ', d: 'ngày' }, en: { s: 's', min: 'min', h: 'h', d: 'd' } };
const two = (n) => String(n).padStart(2, '0');

// How a reader of this language finds what an answer says.
function told_(lang) {
  const n = (x) => x.toLocaleString(LOCALE[lang]);
  const ratio = (x, decimals = 2) => (x === null ? '–' : (Math.floor(x * 10 ** (decimals + 2) + 1e-9) / 10 ** (decimals + 2)).toLocaleString(LOCALE[lang], { style: 'percent', minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  const time = (text) => {
    if (text === null) return '–';
    const at = new Date(Date.parse(text) + 7 * 3600000);
    return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())} ${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
  };
  const unit = UNITS[lang];
  const parts = (large, small) => [[large[0], unit[large[1]]], ...(small[0] > 0 ? [[small[0], unit[small[1]]]] : [])].map((part) => part.join(' ')).join(' ');
  const lasted = (ms) => {
    if (ms === null) return '–';
    const minutes = Math.floor(ms / 60000);
    const hours = Math.floor(minutes / 60);
    if (minutes < 1) return `${Math.floor(ms / 1000)} ${unit.s}`;
    if (minutes < 60) return `${minutes} ${unit.min}`;
    return hours < 48 ? parts([hours, 'h'], [minutes % 60, 'min']) : parts([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
  };
  return { n, ratio, time, lasted };
}

const cellsOf = (i) => page.locator('.paper .part').nth(i).locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
const numbersIn = (text) => (text.match(/[\d.,]*\d/g) ?? []).sort();
const has = (text, parts) => { for (const part of parts) assert.ok(text.includes(part), `${part}\n${text}`); };
const countCells = (c, n) => [c.out, c.total, c.standing, c.unverified, c.restored].map(n);

// Every number of the answer, in the tables on the page (which are what is printed) and in the text to copy.
async function reportSays(at, lang) {
  const report = await told.centre.get(`/api/v1/report?at=${at}&lang=${lang}`);
  const { n, time } = told_(lang);
  await open(`report/${at}`, lang);
  const bts = report.kinds.find((k) => k.kind === 'bts');
  await waitFor(`${n(bts.out)}/${n(bts.total)}`);
  await page.emulateMedia({ media: 'print' });
  const [operators, kinds, power, routes, , outages] = await Promise.all([0, 1, 2, 3, 4, 5].map(cellsOf));
  assert.deepEqual(operators.map((row) => row.slice(0, 6)), report.operators.map((o) => [o.name, ...countCells(o, n)]));
  assert.deepEqual(kinds.map((row) => row.slice(1, 6)), report.kinds.map((k) => countCells(k, n)));
  assert.deepEqual(kinds.map((row) => numbersIn(row[6])), report.kinds.map((k) => Object.values(k.causes).map(n).sort()));
  assert.deepEqual(power.map((row) => row[1]), report.power ? ['mains', 'battery', 'generator', 'exhausted', 'unknown', 'total'].map((key) => n(report.power[key])) : []);
  assert.deepEqual(routes.map((row) => row.slice(0, 2)), report.routes.map((r) => [r.name, time(r.since)]));
  assert.deepEqual(outages.map((row) => [row[0], row[1], row[2], row[5], row[6], row[8]]), report.outages.map((o) => [o.outage, o.name, time(o.from), n(o.sites_out), n(o.people), time(o.expected)]));
  const paper = await shown('.paper');
  const mobile = report.people.find((p) => p.technology === 'mobile');
  const figures = [`${n(bts.out)}/${n(bts.total)}`, `${n(report.communes.without_service)}/${n(report.communes.total)}`, n(mobile.without_service.population), n(mobile.without_service.households)];
  has(paper, [...figures, String(mobile.year_newest), ...report.communes.names.map((c) => c.name), time(report.at)]);
  await page.emulateMedia({ media: 'screen' });
  const text = await page.inputValue('.report-text');
  assert.equal(text, report.text);
  has(text, [...figures, String(mobile.year_newest), n(report.outages_total), ...report.routes.map((r) => `${r.name}: `), ...report.communes.names.map((c) => c.name),
    ...report.operators.map((o) => `${o.name}: ${n(o.out)}/${n(o.total)} (`), ...report.outages.filter((o) => o.expected).map((o) => time(o.expected))]);
  for (const o of report.operators) assert.deepEqual(numbersIn(text.split('\n').find((line) => line.includes(`${o.name}: `)).split('(')[1]), [o.standing, o.unverified].map(n).sort());
  return report;
}

for (const lang of ['vi', 'en']) {
  test(`every number of the flash report is the API's, on paper and in the text (${lang})`, async () => {
    const report = await reportSays(AT, lang);
    assert.ok(report.operators.length === 3 && report.routes.length === 1 && report.communes.names.length === 9 && report.outages.length > 1);
  });

  test(`so are an expected end and what was restored (${lang})`, async () => {
    const [{ outage }] = (await told.centre.get('/api/v1/outages?open=1')).outages;
    const until = new Date(Math.ceil(Date.now() / 60000) * 60000 + 4 * 3600000).toISOString();
    const done = await ask('POST', `${told.centre.url}/api/v1/outages/${outage}/expect`, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ until }) });
    assert.equal(done.status, 200, done.body);
    const report = await reportSays(new Date().toISOString(), lang);
    assert.deepEqual(report.outages.map((o) => Date.parse(o.expected)), [Date.parse(until)]);
    assert.ok(report.kinds.find((k) => k.kind === 'bts').restored === 25);
  });

  test(`every number of the monthly report is the API's (${lang})`, async () => {
    const { n, ratio, lasted } = told_(lang);
    await open(`monthly/${MONTH}`, lang);
    await page.waitForFunction(() => document.querySelectorAll('.paper .part').length >= 4);
    const [figures, , coverage] = await Promise.all([0, 1, 2].map(cellsOf));
    const period = await told.centre.get(`/api/v1/availability?period=month:${MONTH}`);
    const live = await told.centre.get(`/api/v1/coverage?area=58&at=${new Date(Date.parse(period.to) - 1).toISOString()}`);
    assert.equal(figures.length, period.figures.length);
    period.figures.forEach((f, i) => {
      const decimals = Math.min(2, f.decimals);
      const confirmed = f.enough_data ? ratio(f.confirmed, decimals) : WORDS[lang].none;
      assert.ok(figures[i][2].startsWith(confirmed), `${figures[i][2]}: ${confirmed}`);
      assert.equal(figures[i][5], f.enough_data ? n(f.outages) : '–');
      assert.deepEqual([figures[i][3], figures[i][4], figures[i][6], figures[i][7]], [ratio(f.observed), lasted(f.state_ms.down ?? 0), lasted(f.mttr_ms), lasted(f.mtbf_ms)]);
      for (const ms of Object.values(f.down_ms_by_cause)) assert.ok(figures[i][8].includes(lasted(ms)), `${figures[i][8]}: ${ms}`);
      assert.equal(numbersIn(figures[i][8]).length > 0, Object.keys(f.down_ms_by_cause).length > 0);
      assert.equal(figures[i][9], WORDS[lang].provisional);
    });
    assert.ok(period.figures.some((f) => f.mttr_ms > 0 && f.state_ms.down > 3600000), 'there is something to compare');
    assert.deepEqual(coverage.map((row) => row.slice(2, 6)), live.coverage.map((c) => [`${n(c.live.villages)}/${n(c.total.villages)}`, n(c.unknown.villages), n(c.live.households), n(c.live.population)]));
    assert.deepEqual(coverage.map((row) => row[6]), live.coverage.map((c) => ratio(c.total.population > 0 ? c.live.population / c.total.population : null)));
  });
}

// The API's is the database's: e2e.grafana.
test('the availability of a day on the wall is the API\'s, for each kind', async () => {
  const { ratio } = told_('vi');
  await page.goto('about:blank');
  await page.goto(`${told.centre.url}/?lang=vi#province`);
  await page.waitForSelector('.kinds .tile');
  const { availability_24h: figures } = await told.centre.get('/api/v1/overview');
  const tiles = await page.locator('.kinds .tile').allInnerTexts();
  for (const f of figures) {
    const shown = f.enough_data ? ratio(f.confirmed, Math.min(2, f.decimals)) : WORDS.vi.none;
    assert.ok(tiles.some((tile) => tile.replace(/\s+/g, ' ').includes(`24 giờ: ${shown}`)), `${f.kind} ${shown}: ${tiles.join('|')}`);
  }
  const bts = figures.find((f) => f.kind === 'bts');
  assert.ok(bts.enough_data && bts.confirmed > 0.99 && bts.confirmed < 1, String(bts.confirmed));
});

test('on paper there are no buttons, and room to sign', async () => {
  await open(`report/${AT}`, 'en');
  await waitFor('26/375');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('button:visible, nav:visible, input:visible, textarea:visible').count(), 0);
  assert.ok(await page.locator('.signatures').isVisible());
  await page.emulateMedia({ media: 'screen' });
});

test('any instant can be chosen; now, only the standing one is out', async () => {
  await page.click('.paper-form button:first-of-type');
  await waitFor('1/375');
});

test('the monthly report: figures, coverage, definitions, in both languages', async () => {
  const month = new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 7);
  const { figures } = await told.centre.get(`/api/v1/availability?period=month:${month}`);
  for (const [lang, words] of [['vi', ['Báo cáo tháng', 'Định nghĩa', 'tạm tính đến', 'Vùng phủ lúc']], ['en', ['Monthly report', 'Definitions', 'provisional until', 'Coverage at']]]) {
    await open(`monthly/${month}`, lang);
    for (const part of words) assert.ok((await shown('.paper')).includes(part), part);
    assert.equal(await page.locator('.paper .part').first().locator('tbody tr').count(), figures.length);
    assert.ok(await keep(`monthly-${lang}`) <= 4);
  }
});

test('a table becomes a file for spreadsheets in the language of the page', async () => {
  await open(`report/${AT}`, 'vi');
  await waitFor('26/375');
  const { name, bytes } = await fileOf(page.locator('.paper button.csv').first());
  assert.equal(name, 'operators.csv');
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const lines = bytes.toString().slice(1).trimEnd().split('\r\n').map((line) => line.split(';'));
  const { operators } = await told.centre.get(`/api/v1/report?at=${AT}`);
  assert.deepEqual(lines.slice(1).map((line) => line.slice(0, 3)), operators.map((o) => [o.name, String(o.out), String(o.total)]));
});

test('nothing was an error to the browser', () => assert.deepEqual(complaints, []));
