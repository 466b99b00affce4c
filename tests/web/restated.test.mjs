// Time itself on the wall: a centre whose clock is wrong says so to whoever looks, and a day that was final and is corrected by what came late bears its
// badge. The collector's clock is a file (tests/e2e/preload/machine_clock.c), so that hours pass at once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, until } from '../support/centre.mjs';
import { BIN, freshFolder } from '../support/servers.mjs';
import { album, openBrowser } from './browser.mjs';

const HOUR = 3600000;
const DAY = 24 * HOUR;
const ZONE = 7 * HOUR;

const folder = freshFolder('restated');
const clockFile = path.join(folder, 'clock');
const broker = new Mosquitto(folder);
const centre = new Collector(folder, { evidence: { pack_period: '1s', will_hold: '2s', grace: '0s' }, wall: { dwell: '3600s' } });
const shoot = album(folder);
const midnight = Math.floor((Date.now() + ZONE) / DAY) * DAY - ZONE;
const yesterday = midnight - DAY;
const day = `day:${new Date(yesterday + ZONE).toISOString().slice(0, 10)}`;
const probes = [];
let browser;
let page;

function setClock(wrongMs) {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(BigInt(wrongMs), 0);
  bytes.writeBigInt64LE(1n, 8);
  const file = fs.openSync(clockFile, fs.existsSync(clockFile) ? 'r+' : 'w+'); // in place: it is mapped
  fs.writeSync(file, bytes, 0, 16, 0);
  fs.closeSync(file);
}

const local = new Date(Date.now() + ZONE);
const firstOf = (back) => Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - back, 1) - ZONE;
const lastMonth = new Date(firstOf(1) + ZONE).toISOString().slice(0, 7);
const DOWN_AT = 250; // hours into last month

// Last month, hour by hour: one of them down.
function tellLastMonth(probe, us) {
  const hours = (firstOf(0) - firstOf(1)) / HOUR;
  for (let from = 0; from < hours; from += 100)
    probe.results(Array.from({ length: Math.min(100, hours - from) }, (_, i) => ['icmp/a', us(firstOf(1) + (from + i) * HOUR), from + i === DOWN_AT ? 2 : 0, {}]));
}

// Yesterday, hour by hour: two hours down from ten o'clock on.
async function tellYesterday(name, site, before = () => {}, since = yesterday) {
  const probe = new Probe(name, site);
  probes.push(probe);
  await probe.connect(broker);
  const us = (ms) => BigInt(ms) * 1000n;
  probe.checklist(us(since), [['icmp/a', ['4g@a'], { interval_ms: HOUR, ttl_ms: 2.5 * HOUR }]]);
  before(probe, us);
  for (let hour = 0; hour <= 24; hour++) probe.results([['icmp/a', us(yesterday + hour * HOUR), hour === 10 || hour === 11 ? 2 : 0, {}]]);
  await probe.acked();
}

const figures = (site) => centre.get(`/api/v1/availability?site=${site}&period=${day}&revisions=1`);
const shows = (selector, pattern) => page.waitForFunction(([s, p]) => new RegExp(p).test(document.querySelector(s)?.innerText ?? ''), [selector, pattern.source]);

async function replay(ms) {
  await page.evaluate((t) => {
    const input = document.querySelector('#replay input[type=datetime-local]');
    input.value = t;
    input.dispatchEvent(new Event('change'));
  }, new Date(ms + ZONE).toISOString().slice(0, 16));
}

before(async () => {
  setClock(0);
  await broker.start();
  assert.ok(await centre.start({ LD_PRELOAD: path.join(BIN, 'machine_clock.so'), IOC_MACHINE_CLOCK: clockFile, ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` }), centre.log());
  await centre.ready();
  await tellYesterday('p1', 'S1');
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${centre.url}/?scene=province`);
  await page.waitForSelector('.kinds .tile');
});

after(async () => {
  await browser?.close();
  for (const probe of probes) await probe.close();
  for (const server of [centre, broker]) await server.kill();
});

test('a day that is final and was never corrected says so in replay', async () => {
  await until('the day is final', async () => (await figures('S2')).provisional === false);
  await page.focus('main');
  await page.keyboard.press('r');
  await replay(yesterday + 10.5 * HOUR);
  await shows('#replay .mark', /^chính thức, chưa hiệu chỉnh$/i);
  await shows('.kinds', /Trạm BTS\s+0\/2\s+\?\s*không rõ 1\s+▲\s*suy giảm 1/); // of S2 nothing was heard, nor of S1's 5G
});

test('late evidence of that day corrects it: the wall shows the badge, and what is known now', async () => {
  if (firstOf(0) <= yesterday) await tellYesterday('p2', 'S2', tellLastMonth, firstOf(1));
  else await tellYesterday('p2', 'S2');
  await until('it is being changed', async () => (await figures('S2')).changing);
  setClock(2 * HOUR); // the full hour that ends the episode has passed
  const [figure] = await until('the revision', async () => {
    const now = await figures('S2');
    return now.figures[0].revision === 2 && now.figures;
  });
  assert.equal(figure.revisions.at(-1).reason, 'late_evidence');
  assert.equal(figure.revisions.at(-1).old.confirmed, null);
  assert.equal(figure.confirmed, 22 / 24);
  await page.reload();
  await page.waitForSelector('.kinds .tile');
  await page.keyboard.press('r');
  await replay(yesterday + 10.5 * HOUR);
  await shows('#replay .mark.alarm', /LỊCH SỬ NGÀY NÀY ĐÃ HIỆU CHỈNH lúc \d\d:00 \d\d\/\d\d\/\d{4}/);
  await shows('.kinds', /Trạm BTS\s+0\/2\s+✕\s*mất liên lạc 1\s+▲\s*suy giảm 1/);
  await shoot(page, 'restated');
  await page.keyboard.press('r');
});

// On the first of a month yesterday is part of the last one, and tells of it alone.
test('the monthly report has each revision of last month as the API has it, and the figure that it left', async () => {
  const month = await until('last month is restated', async () => {
    const answer = await centre.get(`/api/v1/availability?area=58&period=month:${lastMonth}&revisions=1`);
    return answer.figures.some((f) => f.revision >= 2) && answer;
  });
  await page.goto(`${centre.url}/?lang=vi#monthly/${lastMonth}`);
  await page.waitForFunction(() => document.querySelectorAll('.paper .part').length >= 4);
  const [figures, rows] = await Promise.all([0, 1].map((i) => page.locator('.paper .part').nth(i).locator('tbody tr').evaluateAll((trs) => trs.map((tr) => [...tr.cells].map((cell) => cell.innerText.trim())))));
  const figure = (f) => (f === null ? '–' : f.enough_data ? `${(Math.floor(f.confirmed * 10 ** (2 + Math.min(2, f.decimals)) + 1e-9) / 10 ** Math.min(2, f.decimals)).toLocaleString('vi-VN', { minimumFractionDigits: Math.min(2, f.decimals) })}%` : 'không đủ số liệu');
  const time = (text) => new Date(Date.parse(text) + ZONE).toISOString().replace(/(....)-(..)-(..)T(..:..).*/, '$4 $3/$2/$1');
  const told = month.figures.flatMap((f) => f.revisions);
  assert.deepEqual(figures.map((row) => row[9]), month.figures.map((f) => `chính thức (lần ${f.revision})`));
  assert.deepEqual(rows.map((row) => [row[2], row[3], row[4]]), told.map((r) => [String(r.revision), time(r.at), r.reason === 'final' ? 'chính thức lần đầu' : 'số liệu đến muộn']));
  rows.forEach((row, i) => { for (const [cell, of] of [[row[5], told[i].old], [row[6], told[i].new]]) assert.ok(cell.startsWith(figure(of)), `${cell}: ${figure(of)}`); });
  assert.ok(told.some((r) => r.reason === 'late_evidence'));
  await shoot(page, 'monthly-restated');
});

test('a centre whose clock falls behind what it has stored says so on the wall, and no more once it is right', async () => {
  await page.goto(`${centre.url}/?scene=province`);
  setClock(-26 * HOUR);
  probes[0].results([['icmp/a', BigInt(Date.now()) * 1000n, 0, {}]]);
  await shows('#banner', /^Đồng hồ máy trung tâm có thể sai/);
  await shoot(page, 'clock-doubted');
  setClock(2 * HOUR);
  await page.waitForFunction(() => document.querySelector('#banner').hidden);
});
