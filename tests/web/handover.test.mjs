// The handover of a shift in Chromium: what is handed over stands in the list that asks most of the next shift, both sign with tokens of
// their own, the log tells it, and it is a sheet of A4.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, ask, nowUs, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';
import { album, openBrowser } from './browser.mjs';

const folder = freshFolder('handover');
const shoot = album(folder);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const broker = new Mosquitto(folder);
const probe = new Probe('p1', 'S1');
const link = new Probe('pl', 'L1');
// S1 hangs on a link; people know of an outage after half a second.
const inventory = {
  ...INVENTORY,
  sites: `${INVENTORY.sites}L1,TR-1,Tuyến trục,link,22738,,,,public,,,\n`,
  units: `${INVENTORY.units}L1,link,,,,\n`,
  depends: 'child,on,kind,group\nS1,L1,transport,\n',
  probes: `${INVENTORY.probes}pl,L1,,\n`,
};
const RULES = 'paging: {settle: 500ms}\ntargets: [{name: shift, type: program, program: /bin/true}]\nrules: [{name: out, type: down, severity: major, targets: [shift]}]\n';
const tokens = {};
let centre;
let browser;
let page;
let number;

const bearer = (who) => ({ Authorization: `Bearer ${tokens[who]}`, 'Content-Type': 'application/json' });
const send = async (path_, body) => assert.ok((await ask('POST', `${centre.url}/api/v1/${path_}`, { headers: bearer('lan'), body: JSON.stringify(body) })).status < 300, path_);
const shows = (words) => page.waitForFunction((w) => document.querySelector('#main').innerText.includes(w), words);
const partOf = (title) => page.locator('.paper .part', { has: page.locator('h3', { hasText: title }) }).innerText();
const answers = (words) => page.locator('.paper-form [role=status]', { hasText: words }).waitFor();

async function fill(values) {
  for (const [name, value] of Object.entries(values)) await page.fill(`.paper-form input[name=${name}]`, value);
}

function line(name, role) {
  tokens[name] = `${name}-${role}-token-of-a-test`;
  return `${name}:${role}:${crypto.createHash('sha256').update(tokens[name]).digest('hex')}\n`;
}

async function linkIs(verdict) {
  link.results([['icmp/core-1', nowUs(), verdict, {}]]);
  await link.acked();
}

const logged = (kind) => until(kind, async () => JSON.parse((await ask('GET', `${centre.url}/api/v1/shift?limit=100`, { headers: bearer('wall') })).body).lines.find((line) => line.kind === kind));

before(async () => {
  const file = path.join(folder, 'tokens');
  fs.writeFileSync(file, line('wall', 'viewer') + line('lan', 'operator') + line('minh', 'operator'), { mode: 0o600 });
  await broker.start();
  const rules = path.join(folder, 'rules.yaml');
  fs.writeFileSync(rules, RULES);
  centre = new Collector(folder, { inventory, centre: { rules }, http: { tokens_file: file } });
  await centre.start();
  await link.connect(broker);
  link.checklist(nowUs() - 1000n, [['icmp/core-1', ['link'], { ttl_ms: 600000 }]]);
  await linkIs(0);
  await probe.connect(broker);
  probe.checklist(nowUs() - 1000n, [['icmp/core-1', ['4g@a'], { ttl_ms: 600000 }]]);
  probe.results([['icmp/core-1', nowUs(), 0, {}]]);
  probe.results([['icmp/core-1', nowUs(), 2, {}]]);
  await probe.acked();
  number = await until('an outage', async () => JSON.parse((await ask('GET', `${centre.url}/api/v1/outages?open=1`, { headers: bearer('wall') })).body).outages[0]?.outage);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
  await page.goto(`${centre.url}/?token=${tokens.wall}#handover`);
});

after(async () => {
  await browser?.close();
  for (const one of [probe, link]) await one.close();
  for (const server of [centre, broker]) await server.kill();
});

test('an outage stands in the one list that says what is to be done', async () => {
  await shows('Chưa có lần bàn giao nào được ký');
  assert.match(await partOf('Chưa tiếp nhận'), new RegExp(number));
  await send(`outages/${number}/acknowledge`, {});
  await send(`outages/${number}/expect`, { until: new Date(Date.now() + 3000).toISOString() });
  await until('it is overdue', async () => JSON.parse((await ask('GET', `${centre.url}/api/v1/handover`, { headers: bearer('wall') })).body).overdue === 1);
  await page.reload();
  await shows('Quá hạn dự kiến khôi phục: 1');
  assert.doesNotMatch(await partOf('Chưa tiếp nhận'), new RegExp(number));
  await send(`outages/${number}/shelve`, { until: new Date(Date.now() + 600000).toISOString(), comment: 'chờ điện lưới' });
  await page.reload();
  await shows('chờ điện lưới');
  assert.match(await partOf('Đã gác cảnh báo'), new RegExp(number));
});

test('the log tells what work waits for, and which root an outage came under and left, in both languages', async () => {
  await send(`outages/${number}/progress`, { waiting: 'access' });
  await until('it is paged', async () => JSON.parse((await ask('GET', `${centre.url}/api/v1/pages`, { headers: bearer('lan') })).body).pages.length > 0);
  await linkIs(2);
  const { root } = await logged('outage_joined');
  await linkIs(0);
  await logged('outage_own');
  const words = { vi: [`gộp vào sự cố gốc`, `nay thuộc ${root}`, 'tách thành sự cố riêng', `trước thuộc ${root}`, 'chưa vào được trạm'],
    en: ['came under a root', `part of ${root} now`, 'goes on by itself', `was part of ${root}`, 'no access'] };
  for (const [scheme, lang] of [['light', 'en'], ['dark', 'vi']]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${centre.url}/?token=${tokens.wall}&lang=${lang}#handover`);
    await page.reload();
    for (const word of words[lang]) await shows(word);
    await shoot(page, `shift-log-${scheme}-${lang}`, { fullPage: true });
  }
  assert.match(await partOf('Nhật ký ca trực'), new RegExp(`${number}[^\\n]*nay thuộc ${root}`));
});

test('by keyboard: a note, then one signs and the other, and nobody takes what he gave', async () => {
  await fill({ by: 'Lan', token: tokens.lan, text: 'Điện lực hẹn 16:00' });
  await page.getByRole('button', { name: 'Ghi vào nhật ký' }).focus();
  await page.keyboard.press('Enter');
  await shows('Điện lực hẹn 16:00');
  await fill({ token: tokens.wall });
  await page.getByRole('button', { name: 'Ký giao ca' }).click();
  await answers('this token may only read');
  await fill({ by: 'Lan', token: tokens.lan });
  await page.getByRole('button', { name: 'Ký giao ca' }).press('Space');
  await shows('Lan đã giao ca lúc');
  assert.equal(await page.inputValue('.paper-form input[name=token]'), ''); // the next one brings his own
  await fill({ by: 'Lan', token: tokens.lan });
  await page.getByRole('button', { name: 'Ký nhận ca' }).press('Enter');
  await answers('cannot take it');
  await fill({ by: 'Minh', token: tokens.minh });
  await page.getByRole('button', { name: 'Ký nhận ca' }).press('Enter');
  await shows('Ca trực này do Minh nhận lúc');
  await answers('đã ghi nhận');
  const log = await partOf('Nhật ký ca trực từ');
  assert.ok(log.includes('nhận ca') && !log.includes('Điện lực'), log); // of the new shift
});

test('it is one sheet of A4 without buttons, and axe finds nothing in either theme or language', async () => {
  for (const [scheme, lang] of [['dark', 'vi'], ['light', 'en']]) {
    await page.emulateMedia({ colorScheme: scheme, media: 'screen' });
    await page.goto(`${centre.url}/?token=${tokens.wall}&lang=${lang}#handover`);
    await page.waitForSelector('.paper table');
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
    assert.deepEqual(violations.map((v) => `${v.id} ${v.nodes[0].html.slice(0, 120)}`), []);
    await shoot(page, `handover-${scheme}-${lang}`);
  }
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('button:visible, nav:visible, input:visible').count(), 0);
  assert.ok(await page.locator('.signatures').isVisible());
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1);
});
