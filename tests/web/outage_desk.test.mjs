// The desk page of an outage in Chromium: found from the list, acted upon by an operator who is asked for a token once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, nowUs, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';
import { album, openBrowser } from './browser.mjs';

const folder = freshFolder('outage_desk');
const shoot = album(folder);
const broker = new Mosquitto(folder);
const ROLES = ['viewer', 'operator'];
const probe = new Probe('p1', 'S1');
let centre;
let browser;
let page;
let number;

const read = async (path_) => JSON.parse((await ask('GET', centre.url + path_, { headers: { Authorization: 'Bearer viewer-secret' } })).body);
const shows = (words) => page.waitForFunction((w) => document.querySelector('#main').innerText.includes(w), words);
const submit = () => page.click('form.act button[type=submit]');

before(async () => {
  for (const role of ROLES) fs.writeFileSync(path.join(folder, `${role}.token`), `${role}-secret\n`, { mode: 0o600 });
  await broker.start();
  centre = new Collector(folder, { http: Object.fromEntries(ROLES.map((role) => [`${role}_token_file`, path.join(folder, `${role}.token`)])) });
  await centre.start();
  await probe.connect(broker);
  probe.checklist(nowUs() - 1000n, [['icmp/core-1', ['4g@a'], { ttl_ms: 600000 }]]);
  probe.results([['icmp/core-1', nowUs(), 0, {}]]);
  probe.results([['icmp/core-1', nowUs(), 2, {}]]);
  await probe.acked();
  number = await until('an outage', async () => (await read('/api/v1/outages?open=1')).outages[0]?.outage);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, timezoneId: 'Asia/Ho_Chi_Minh' });
  await page.goto(`${centre.url}/?token=viewer-secret#outages`);
});

after(async () => {
  await browser?.close();
  await probe.close();
  for (const server of [centre, broker]) await server.kill();
});

test('the list leads to it and says where it stands', async () => {
  await shows('mới');
  await page.click(`a[href="#outage/${number}"]`);
  await shows(`${number} · mới`);
});

test('an operator is asked for a token once; what is done shows, and what is typed stays meanwhile', async () => {
  await page.fill('form.act input[name=by]', 'Lan');
  await submit();
  await page.waitForSelector('form.act input[type=password]');
  assert.equal((await read(`/api/v1/outages/${number}`)).acts.length, 0);
  await page.fill('form.act input[type=password]', 'operator-secret');
  await submit();
  await shows(`${number} · đã tiếp nhận`);
  assert.equal((await read(`/api/v1/outages/${number}`)).life.acknowledged_by, 'Lan');
  await page.selectOption('form.act select[name=deed]', 'assign');
  await page.fill('form.act input[name=to]', 'VNPT');
  await page.waitForResponse((response) => response.url().includes(`outages/${number}`)); // the facts above are asked for again
  assert.equal(await page.inputValue('form.act input[name=to]'), 'VNPT');
  await submit();
  await shows('đã chuyển xử lý');
  assert.equal(await page.locator('form.act input[type=password]').count(), 0);
});

test('what is chosen while an answer is still under way stays chosen', async () => {
  let answer;
  const held = new Promise((resolve) => { answer = resolve; });
  const way = (url) => url.pathname.endsWith(`/${number}/comment`);
  await page.route(way, async (route) => { await held; await route.continue(); });
  await page.selectOption('form.act select[name=deed]', 'comment');
  await page.fill('form.act input[name=comment]', 'đã gọi');
  await submit();
  await page.selectOption('form.act select[name=deed]', 'progress');
  await page.selectOption('form.act select[name=waiting]', 'parts');
  answer();
  await shows('đã gọi');
  await page.waitForFunction(() => document.querySelector('form.act [role=status]').textContent !== '');
  assert.equal(await page.inputValue('form.act select[name=waiting]'), 'parts');
  await page.unroute(way);
});

// Of each, what the stage and what it waits for read like, and the row of the list of what was done.
const WAITS = [['parts', 'chờ vật tư', 'waiting for parts'], ['access', 'chưa vào được trạm', 'no access'], ['mains', 'chờ điện lưới', 'waiting for mains']];
const headOf = async () => (await page.locator('.outage-head').innerText()).toLowerCase(); // a line begins with a capital

test('what work waits for is chosen, stands at the top and in what was done, in both languages and themes', async () => {
  await page.selectOption('form.act select[name=deed]', 'progress');
  for (const [wait, vi] of WAITS) {
    await page.selectOption('form.act select[name=waiting]', { label: vi });
    await submit();
    await page.waitForFunction((w) => document.querySelector('.outage-head').innerText.toLowerCase().includes(w), vi);
    assert.match(await headOf(), /đang xử lý/);
    assert.equal((await read(`/api/v1/outages/${number}`)).life.waiting, wait);
  }
  for (const [scheme, lang] of [['light', 'en'], ['dark', 'vi']]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${centre.url}/?token=viewer-secret&lang=${lang}#outage/${number}`);
    await page.waitForSelector('.outage-head');
    const says = WAITS.map(([, vi, en]) => (lang === 'vi' ? vi : en));
    const last = says.at(-1);
    await shows(last);
    assert.match(await headOf(), lang === 'vi' ? /đang xử lý/ : /in progress/);
    assert.ok((await headOf()).includes(last));
    const done = await page.locator('.outage-facts tbody tr', { hasText: lang === 'vi' ? 'đang xử lý' : 'in progress' }).allInnerTexts();
    assert.deepEqual(done.map((row) => row.split('\t').at(-1)), says.reverse());
    await shoot(page, `outage-waits-${scheme}-${lang}`, { fullPage: true });
  }
});

test('what is refused is said', async () => {
  await page.selectOption('form.act select[name=deed]', 'close');
  await submit();
  await shows('what is out is not closed');
});
