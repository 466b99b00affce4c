// What a wall meets in its years: a file of outlines that does not fit, far islands, an empty inventory, five thousand sites, a part of
// its figures that comes no more, an upgrade of the collector under it, a browser that allows no sound. Each has something sensible.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';
import { PROVINCE, album, openBrowser, province } from './browser.mjs';

const folder = freshFolder('trouble');
const broker = new Mosquitto(folder);
const shoot = album(folder);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const MANY = 5000;
let browser;
let centre;
let cases = 0;

const text = (selector, of) => of.locator(selector).first().innerText();

async function open(address, more = {}) {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark', bypassCSP: true, ...more });
  await page.goto(centre.url + address);
  await page.waitForFunction(() => document.querySelector('main:not(.loading) > section, .figures section'));
  return page;
}

// Another collector in the place of the one before.
async function serve(sections) {
  await centre?.kill();
  const own = path.join(folder, `case-${cases++}`);
  fs.mkdirSync(own);
  centre = new Collector(own, sections);
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
}

const square = (lon, lat, r = 0.024) => [[lon - r, lat - r], [lon + r, lat - r], [lon + r, lat + r], [lon - r, lat + r], [lon - r, lat - r]];
const feature = (id, name, ring) => ({ type: 'Feature', id, properties: { name }, geometry: { type: 'Polygon', coordinates: [ring] } });

function outlines(name, features) {
  const file = path.join(folder, `${name}.geojson`);
  fs.writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
  return file;
}

const communes = PROVINCE.areas.split('\n').filter((row) => row.includes(',commune,')).map((row) => row.split(','));
const ISLANDS = [feature('hoang-sa', 'Quần đảo Hoàng Sa', square(112, 16.5, 0.5)), feature('truong-sa', 'Quần đảo Trường Sa', square(114, 9.5, 0.5))];

// Half a minute of the page's time at once, as often as it takes; its questions and answers are real.
async function halfMinutesUntil(page, what) {
  for (let i = 0; i < 12; i++) {
    await page.clock.fastForward(31000);
    if (await page.waitForFunction(what, null, { timeout: 2000 }).catch(() => null)) return;
  }
  assert.fail(`not within minutes: ${what}`);
}

before(async () => {
  await broker.start();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  for (const server of [centre, broker]) await server?.kill();
});

test('a file of outlines that does not fit the areas: a schematic that says so', async () => {
  await serve({ inventory: PROVINCE, wall: { outlines: outlines('unfit', [feature('elsewhere', 'Nơi khác', square(105, 21))]) } });
  const page = await open('/#province');
  await page.waitForFunction(() => /Tệp địa giới không khớp.*Sơ đồ/.test(document.querySelector('.map-note').innerText));
  await shoot(page, 'outlines-unfit');
  await page.close();
});

test('a broken shape in the file costs that shape, not the map; far islands have boxes of their own', async () => {
  const fitting = communes.map(([id, , , name, , , , lat, lon]) => feature(id, name, square(Number(lon), Number(lat))));
  const broken = [{ type: 'Feature', id: 'c1', geometry: null }, { type: 'Feature', id: 'c2', geometry: { type: 'Polygon', coordinates: 'none' } }];
  await serve({ inventory: PROVINCE, wall: { outlines: outlines('fit', [...fitting.filter((f) => !['c1', 'c2'].includes(f.id)), ...broken, ...ISLANDS]), insets: 'hoang-sa truong-sa' } });
  const page = await open('/?scene=province');
  await page.waitForFunction(() => document.querySelector('.map-note').innerText === '');
  const box = await page.locator('canvas.map').boundingBox();
  const island = { x: box.x + box.width - 0.12 * Math.min(box.width, box.height), y: box.y + box.height - 0.12 * Math.min(box.width, box.height) };
  await page.mouse.click(island.x, island.y);
  assert.equal(await page.evaluate(() => location.search), '?scene=province', 'islands are no area of the inventory');
  await shoot(page, 'insets');
  await page.close();
});

test('five thousand sites: all counted, the list cut and the rest said, search finds one', async () => {
  await serve({ inventory: province(65, MANY) });
  const page = await open('/?scene=province');
  await page.waitForFunction(() => /Trạm BTS\s+0\/5\.000/.test(document.querySelector('.kinds')?.innerText ?? ''));
  assert.match(await text('.kinds', page), /không rõ 5\.000/);
  await shoot(page, 'five-thousand');
  await page.evaluate(() => { location.hash = 'sites'; });
  await page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 200 && document.querySelector('main').innerText.includes('và 4.801 trạm khác'));
  await page.fill('input.search', 'tram so 4321');
  await page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 1);
  await page.close();
});

test('one part that comes no more is hatched and says since when; the others are not', async () => {
  await serve({ inventory: PROVINCE });
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.clock.install();
  await page.goto(`${centre.url}/#coverage`);
  await page.waitForFunction(() => document.querySelector('section.wide table'));
  await page.route('**/api/v1/coverage**', (route) => route.abort());
  await halfMinutesUntil(page, () => document.querySelector('section.wide.old .old-since'));
  await shoot(page, 'one-part-old');
  assert.match(await text('section.wide .old-since', page), /Số liệu cũ, từ \d\d:\d\d:\d\d/);
  assert.ok((await page.evaluate(() => getComputedStyle(document.querySelector('section.wide')).backgroundImage)).includes('repeating-linear-gradient'));
  await page.waitForFunction(() => !document.querySelector('section.affected').classList.contains('old') && document.querySelector('#banner').hidden);
  await shoot(page, 'one-part-old');
  await page.unroute('**/api/v1/coverage**');
  await halfMinutesUntil(page, () => document.querySelector('section.wide:not(.old) table'));
  await page.close();
});

test('an upgrade of the collector under an open page: it begins anew, once', async () => {
  const page = await browser.newPage();
  let loads = 0;
  await page.route('**/*.js', async (route) => { // one of the files knows its build
    const response = await route.fetch();
    const body = await response.text();
    const knows = /"[0-9a-f]{12}"/.test(body);
    if (knows) loads++;
    await route.fulfill({ response, body: knows && loads === 1 ? body.replace(/"[0-9a-f]{12}"/, '"0123456789ab"') : body });
  });
  await page.goto(`${centre.url}/`);
  await page.waitForFunction(() => performance.getEntriesByType('navigation')[0].type === 'reload' && document.querySelector('.kinds'));
  await page.waitForTimeout(5000); // two heartbeats and more
  assert.equal(loads, 2);
  await page.close();
});

test('a browser that allows no sound says so; one that does not ask says nothing', async () => {
  await serve({ inventory: PROVINCE, wall: { sound: true } });
  const page = await open('/');
  await page.waitForFunction(() => /âm thanh bị chặn/.test(document.querySelector('#marks').innerText));
  await page.close();
  const kiosk = await openBrowser(['--autoplay-policy=no-user-gesture-required']);
  const loud = await kiosk.newPage();
  await loud.goto(`${centre.url}/`);
  await loud.waitForFunction(() => document.querySelector('.kinds'));
  await loud.waitForFunction(() => !/âm thanh bị chặn/.test(document.querySelector('#marks').innerText));
  await kiosk.close();
});

test('axe finds nothing on the scenes and desk pages, in both themes', async () => {
  const wrong = [];
  for (const scheme of ['dark', 'light'])
    for (const hash of ['power', 'areas', 'freshness', 'report', 'monthly', 'site/S1']) {
      const page = await open(`/?lang=${scheme === 'dark' ? 'vi' : 'en'}#${hash}`, { colorScheme: scheme });
      await page.waitForFunction(() => !/Đang tải|Loading/.test(document.querySelector('main').innerText));
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
      wrong.push(...violations.map((v) => `${scheme} ${hash}: ${v.id} ${v.nodes[0].html.slice(0, 120)} ${v.nodes[0].any[0]?.message ?? ''}`));
      await shoot(page, `${hash.replace('/', '-')}-${scheme}`);
      await page.close();
    }
  assert.deepEqual(wrong, []);
});

test('an empty inventory says what to do', async () => {
  await serve({ inventory: Object.fromEntries(Object.entries(PROVINCE).map(([name, table]) => [name, `${table.split('\n')[0]}\n`])) });
  const page = await open('/');
  assert.match(await text('main', page), /Danh mục chưa có địa bàn nào/);
  await shoot(page, 'empty');
  await page.close();
});
