// What people take away from the desk, in Chromium: the flash report, the monthly report, both on paper and in both languages, and
// tables as files.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { freshFolder } from '../support/servers.mjs';
import { AT, story } from '../support/story.mjs';

const folder = freshFolder('takeaways');
const shots = path.join(folder, 'screenshots');
const complaints = [];
let told;
let browser;
let page;

const shown = (selector) => page.locator(selector).first().innerText();
const waitFor = (text) => page.waitForFunction((part) => document.querySelector('.paper')?.innerText.includes(part), text);

async function open(hash, lang) {
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
  told = await story(folder);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
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

test('on paper there are no buttons, and room to sign', async () => {
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
