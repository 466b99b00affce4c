// Pictures of the page as people see it: tests/web/shots says how they are made. The province has lived through eight days; then the
// fibre is cut, batteries are exhausted, a probe dies, and an operator's tables differ from what was measured.
import fs from 'node:fs';
import path from 'node:path';
import { DATA, PlayedProvince } from '../support/played.mjs';
import { Influx, ask, freshFolder, until } from '../support/servers.mjs';
import { openBrowser } from './browser.mjs';

const DAYS = 8;
const FOREVER = '120min';
const DARK = 'bts-22843-1';
const ON_BATTERY = 'bts-22837-1'; // which still says what it measures
const SCENES = ['province', 'power', 'coverage', 'services'];
const DESK = ['outages', 'outage', 'handover', 'areas', 'sites', `site/${DARK}`, `site/${ON_BATTERY}`, 'availability', 'trends', 'report', 'monthly', 'feeds', 'freshness', 'ledger'];
const SIZES = { '1080p': [1920, 1080], '4k': [3840, 2160], wide: [3840, 1080], three: [5760, 2160], phone: [390, 844] };
const WALLS = ['wide', 'three'];
const SCREENS_MOST = 2.5; // of a long page
const PATIENCE_MS = 60000;
const SHEET = { width: 1920, columns: 4 };

const wanted = new RegExp(process.argv[2] ?? '');
const folder = freshFolder('centre');
const shots = freshFolder('pictures');
const feeds = path.join(folder, 'feeds');
const inbox = path.join(folder, 'inbox');
const influx = new Influx(folder);
let province;

function prepareFeed() {
  for (const made of [feeds, inbox]) fs.mkdirSync(made, { recursive: true });
  fs.writeFileSync(path.join(feeds, 'noc-a.yaml'), `feed: {source: folder, folder: ${inbox}, content: states, period: 1h, settle: 0s}
columns: {site: site, service: service, state: state}\nwords: {down: [down], up: [up], services: [4G=4g]}\n`);
}

// Operator A says that a station is down which we see up, and names one that nobody knows.
function tell() {
  const file = path.join(inbox, 'states.csv');
  fs.writeFileSync(`${file}.tmp`, `site;service;state\nbts-nowhere;4G;up\nbts-22738-1;4G;down\n`);
  fs.renameSync(`${file}.tmp`, file);
}

function addFeed(inventory) {
  const file = path.join(inventory, 'probes.csv');
  const [header, ...rows] = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  fs.writeFileSync(file, [`${header},feed`, ...rows.map((row) => `${row},`), 'noc-a,ioc-host,,,a', ''].join('\n'));
}

const post = (address, body) => ask('POST', `${province.centre.url}/api/v1/${address}`, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

async function breakThings() {
  province.fault('bts-22759-1/5g', 'down', FOREVER);
  province.fault('pw-tb', 'mains', FOREVER);
  province.fault('lk-ns-ba', 'cut', FOREVER);
  province.fault('lk-ns-ba', 'down', FOREVER);
  await until('the cut', async () => (await province.centre.get('/api/v1/overview')).sites.bts.out >= 22, PATIENCE_MS);
  for (const site of ['bts-22843-1', 'bts-22843-2', 'bts-22840-3', 'node-22843']) province.fault(site, 'dark', FOREVER);
  province.fault('bts-22910-1', 'kill', FOREVER);
  await until('what is dark', async () => (await province.centre.get('/api/v1/overview')).sites.bts.out >= 25, PATIENCE_MS);
  await until('what nobody sees', async () => (await province.centre.get('/api/v1/sites?state=unobserved&limit=1')).total > 0, PATIENCE_MS);
  tell();
}

// What people have done about it until now.
async function work() {
  const { outages } = await province.centre.get('/api/v1/outages?open=1');
  const [first] = outages;
  await post(`outages/${first.outage}/acknowledge`, { note: 'Đã gọi trực tuyến cáp' });
  await post(`outages/${first.outage}/assign`, { to: 'Đội ứng cứu Bác Ái', note: 'Mang máy đo OTDR và măng sông' });
  await post(`outages/${first.outage}/expect`, { until: new Date(Math.ceil(Date.now() / 60000) * 60000 + 4 * 3600000).toISOString() });
  return first.outage;
}

const looks = [
  ...['1080p', '4k'].flatMap((size) => ['vi', 'en'].map((lang) => ({ size, lang, pages: [...SCENES, ...DESK] }))),
  ...WALLS.map((size) => ({ size, lang: 'vi', pages: SCENES })),
  ...['vi', 'en'].map((lang) => ({ size: 'phone', lang, pages: [...SCENES, ...DESK] })),
].flatMap((look) => ['dark', 'light'].map((scheme) => ({ ...look, scheme, name: `${look.size}-${look.lang}-${scheme}` })));

const settled = (page, id) => page.waitForFunction((scene) => document.querySelector(`main.scene-${scene} > *`) && !/Đang tải|Loading/.test(document.querySelector('main').innerText), id, { timeout: PATIENCE_MS });

async function shoot(page, look, about, outage) {
  const name = `${about.replace('/', '-')}-${look.name}`;
  if (!wanted.test(name)) return [];
  const hash = about === 'outage' ? `outage/${outage}` : about;
  await page.evaluate((to) => { location.hash = to; }, hash);
  await settled(page, hash.split('/')[0]);
  if (about.includes(ON_BATTERY)) await page.waitForSelector('.readings table');
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700))); // a map, a chart
  const [width, height] = SIZES[look.size];
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  const file = path.join(shots, `${name}.png`);
  await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(tall, look.size === 'phone' ? 5 * height : SCREENS_MOST * height) } });
  return [file];
}

// Small pictures beside one another.
async function sheet(browser, name, files) {
  const page = await browser.newPage({ viewport: { width: SHEET.width, height: 1000 } });
  const pictures = files.map((file) => `<figure><img src="data:image/png;base64,${fs.readFileSync(file).toString('base64')}"><figcaption>${path.basename(file)}</figcaption></figure>`);
  await page.setContent(`<style>body{margin:4px;display:grid;grid-template-columns:repeat(${SHEET.columns},1fr);gap:4px;align-items:start}figure{margin:0}img{width:100%;max-height:1000px;object-fit:cover;object-position:top;border:1px solid #888}figcaption{font:12px sans-serif}</style>${pictures.join('')}`);
  await page.screenshot({ path: path.join(shots, `sheet-${name}.png`), fullPage: true });
  await page.close();
}

async function photograph(browser, look, outage) {
  if (!look.pages.some((about) => wanted.test(`${about.replace('/', '-')}-${look.name}`))) return;
  const [width, height] = SIZES[look.size];
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: look.scheme, locale: look.lang === 'vi' ? 'vi-VN' : 'en-GB', deviceScaleFactor: look.size === 'phone' ? 2 : 1 });
  await page.goto(`${province.centre.url}/?lang=${look.lang}#province`);
  await settled(page, 'province');
  const files = [];
  for (const about of look.pages) files.push(...await shoot(page, look, about, outage));
  await page.close();
  await sheet(browser, look.name, files);
  console.log(`${look.name}: ${files.length}`);
}

async function main() {
  prepareFeed();
  province = new PlayedProvince(folder, { centre: { feeds }, wall: { dwell: '3600s' } });
  addFeed(province.centre.inventory);
  const browser = await openBrowser();
  try {
    await influx.start();
    await influx.query('create database ioc');
    await province.start();
    province.live(DAYS, path.join(DATA, 'history.faults'));
    console.log('the past is told');
    await province.play({ out: 1, options: ['--script', path.join(DATA, 'calm.faults')] });
    await breakThings();
    const outage = await work();
    console.log('all is broken');
    for (const look of looks) await photograph(browser, look, outage);
    console.log(`pictures in ${shots}`);
  } finally {
    await browser.close();
    await province.stop();
    await influx.kill();
  }
}

await main();
