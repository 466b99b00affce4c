// The desk in Chromium, before a province that lost a link and the power of a commune and has both again: what its pages show is what the API
// says, nothing is cut or hidden from a keyboard, in both themes and languages, on a phone, a screen and a large one.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { freshFolder } from '../support/servers.mjs';
import { story } from '../support/story.mjs';
import { album, openBrowser } from './browser.mjs';

const folder = freshFolder('desk');
const shoot = album(folder);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SITE = 'bts-22843-1';
const LOOKS = [['phone-vi-dark', 390, 844, 'dark', 'vi'], ['1080p-vi-light', 1920, 1080, 'light', 'vi'], ['1080p-en-dark', 1920, 1080, 'dark', 'en'], ['4k-vi-dark', 3840, 2160, 'dark', 'vi']];
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
const settled = (page) => page.waitForFunction(() => document.querySelector('main > *') && !/Đang tải|Loading/.test(document.querySelector('main').innerText), null, { timeout: 15000 });
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

before(async () => {
  told = await story(folder);
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
  assert.match(await said(page, 'main > section.list'), new RegExp(`${own.outage}[^]*nguồn điện[^]*±[^]*9 phút`));
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
  await page.waitForTimeout(100);
  assert.ok(await page.evaluate(columns) >= 2);
  await page.waitForResponse((response) => response.url().includes('/timeline'));
  await page.waitForTimeout(500); // two drawings
  assert.equal(await page.evaluate(() => document.querySelector('canvas.strip').dataset.mine), '1');
  assert.match(await page.evaluate(() => document.activeElement.innerText), /30/);
  await page.close();
});

for (const [name, width, height, scheme, lang] of LOOKS)
  test(`${name}: nothing is cut and axe finds nothing`, async () => {
    const wrong = [];
    for (const hash of [`site/${SITE}`]) {
      const page = await open(hash, { width, height, scheme, lang });
      await shoot(page, `${hash.replace('/', '-')}-${name}`, { fullPage: true });
      wrong.push(...[...await cut(page), ...await violations(page)].map((what) => `${hash}: ${what}`));
      await page.close();
    }
    assert.deepEqual(wrong, []);
  });

test('a site that is not there says so', async () => {
  const page = await open('site/nowhere');
  assert.match(await page.innerText('main'), /Không có trạm này/);
  complaints.splice(0, complaints.length, ...complaints.filter((c) => !c.includes('404')));
  await page.close();
});

test('nothing was an error to the browser', () => assert.deepEqual(complaints, []));
