// The page with a guest's token: it shows figures, is told of no site, and cannot leave guest mode.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, nowUs, until, ask } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';
import { album, openBrowser } from './browser.mjs';

const folder = freshFolder('guest');
const broker = new Mosquitto(folder);
const probe = new Probe('p1', 'S1');
const shoot = album(folder);
const answers = []; // all that the page was ever told
const complaints = [];
let centre;
let browser;
let page;

before(async () => {
  const tokens = Object.fromEntries(['guest', 'viewer'].map((role) => [`${role}_token_file`, path.join(folder, `${role}.token`)]));
  for (const [key, file] of Object.entries(tokens)) fs.writeFileSync(file, `${key.split('_')[0]}-secret\n`, { mode: 0o600 });
  await broker.start();
  centre = new Collector(folder, { inventory: { ...INVENTORY, sites: INVENTORY.sites.replace(/22738,,,/g, '22738,11.64321,108.91234,') }, http: tokens });
  await centre.start();
  await probe.connect(broker);
  probe.checklist(nowUs() - 2_000_000n, [['icmp/a', ['4g@a', '5g@a'], { ttl_ms: 600000 }]]);
  probe.results([['icmp/a', nowUs(), 2, {}]]);
  await probe.acked();
  await until('it is out', async () => JSON.parse((await ask('GET', `${centre.url}/api/v1/outages?open=1&token=viewer-secret`)).body).outages_total > 0);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
  page.on('pageerror', (e) => complaints.push(String(e)));
  page.on('response', (r) => { if (r.url().includes('/api/') && !r.url().includes('/events')) answers.push(r.text().catch(() => '').then((text) => `${r.status()} ${r.url()} ${text}`)); });
});

after(async () => {
  await browser?.close();
  await probe.close();
  for (const server of [centre, broker]) await server?.kill();
});

test('it is in guest mode without being asked to', async () => {
  await page.goto(`${centre.url}/?token=guest-secret&scene=province#sites`);
  await page.waitForFunction(() => document.querySelector('main:not(.loading) > section, .figures section'));
  assert.match(await page.locator('#marks').innerText(), /CHẾ ĐỘ KHÁCH/);
  await shoot(page, 'guest-token');
});

test('no key and no address leads out of it', async () => {
  for (const hash of ['sites', 'site/S1', 'outages', 'ledger', 'report', 'availability']) {
    await page.evaluate((to) => { location.hash = `#${to}`; }, hash);
    for (const key of ['d', 'g', 'Escape', 's', '/', 'Enter']) await page.keyboard.press(key);
    const seen = await page.evaluate(() => document.body.innerText);
    assert.match(await page.locator('#marks').innerText(), /CHẾ ĐỘ KHÁCH/, hash);
    assert.doesNotMatch(seen, /Trạm Đô Vinh|NT-00|Bàn trực/, hash);
  }
});

test('nothing that came over the wire names a site', async () => {
  const all = await Promise.all(answers);
  assert.ok(all.length > 5);
  for (const answer of all) assert.doesNotMatch(answer, /Trạm Đô Vinh|NT-00|11\.64321|108\.91234|"S[12]/, answer.slice(0, 120));
  assert.deepEqual(all.filter((answer) => !answer.startsWith('200')), []); // the page asks for nothing that a guest may not have
  assert.deepEqual(complaints, []);
});
