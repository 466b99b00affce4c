// The demo's story on a running system, its minutes as seconds: a recording target gets exactly the pages of DEMO.md, with their words; then all of the
// province at once, and its recovery. When each is due is what rules test says (demo_pages.test.mjs).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';
import { DARK, inventory, onLink, shares, sites, unitsOf } from '../support/story.mjs';

const folder = freshFolder('live-pages');
const HOOK = 9210;
const HOUR = 3600 * 1000;
const got = { shift: [], all: [] };
const hook = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => { got[request.url.slice(1)].push(JSON.parse(Buffer.concat(chunks))); response.end('{}'); });
});
const broker = new Mosquitto(folder);
const probes = shares.map((mine, i) => new Probe(`t${i}`, mine[0]));
let centre;

// Long enough that a slow machine hears of the link before anybody is told of what hangs on it.
const RULES = `paging: {settle: 4s, area_sites: 3}
targets:
  - {name: shift, type: webhook, url: "http://127.0.0.1:${HOOK}/shift"}
  - {name: all, type: webhook, url: "http://127.0.0.1:${HOOK}/all"}
rules:
  - {name: link, type: down, kind: link, severity: critical, keep_for: 0s, targets: [shift]}
  - {name: people, type: people, people: 500, severity: critical, keep_for: 0s, targets: [shift]}
`;
const STORM = '  - {name: out, type: down, kind: bts, severity: major, keep_for: 0s, targets: [all]}\n';

const us = (ms) => (ms / 1000).toFixed(6);
const checkOf = (site) => ({ name: 'icmp/a', site, units: unitsOf.get(site), interval_ms: 1000, timeout_ms: 500, ttl_ms: 10 * 60000, role: 'required', cause: DARK.includes(site) ? 'power' : 'transport' });

// What those who watch these sites say of them.
async function say(wanted, verdict, ms = Date.now()) {
  for (const [i, probe] of probes.entries()) {
    const mine = shares[i].filter((site) => wanted.includes(site));
    if (mine.length) probe.pack(`[${mine.map((site) => `{"n":"${site}/icmp/a/state","t":${us(ms)},"v":${verdict}}`).join(',')}]`);
  }
  for (const probe of probes) await probe.acked();
}
const words = () => got.shift.map((page) => `${page.transition} ${page.sms}`);
const open = async () => (await centre.get('/api/v1/outages?open=1')).outages_total;

before(async () => {
  fs.writeFileSync(path.join(folder, 'rules.yaml'), RULES);
  await new Promise((resolve) => { hook.listen(HOOK, '127.0.0.1', resolve); });
  await broker.start();
  centre = new Collector(folder, { inventory, centre: { rules: path.join(folder, 'rules.yaml') } });
  assert.ok(await centre.start(), centre.log());
  for (const [i, probe] of probes.entries()) {
    await probe.connect(broker);
    probe.pack(JSON.stringify({ checks: shares[i].map(checkOf), t: Number(us(Date.now() - 1000)) }));
  }
  await say(sites.map((site) => site.id), 0);
});

after(async () => {
  for (const probe of probes) await probe.close();
  for (const server of [centre, broker]) await server.kill();
  hook.closeAllConnections?.();
  hook.close();
});

test('the cut fibre is one page, though what hangs on it fell first', async () => {
  await say(onLink, 2);
  await say(['lk-ns-ba'], 2);
  await until('somebody is told', () => got.shift.length > 0);
  assert.equal(got.shift.length, 1, words().join('\n'));
  assert.match(words()[0], /^fired KHAN CAP SC\d+ \d\d:\d\d \d\d\/\d\d LK-NS-BA: mat lien lac, 31 tram, /);
});

test('the broker killed and back, a backlog of a day: nobody is paged', async () => {
  await broker.kill();
  await broker.start();
  await say(['bts-22759-1'], 2, Date.now() - 24 * HOUR);
  await say(['bts-22759-1'], 0, Date.now() - 23 * HOUR);
  await say(['bts-22759-1'], 0);
  assert.equal(got.shift.length, 1, words().join('\n'));
});

test('the commune without power is the second page; recovery and flapping are none', async () => {
  await say(DARK, 2);
  await until('somebody is told', () => got.shift.length > 1);
  assert.match(words()[1], /^fired KHAN CAP .* 22843: mat dich vu hoan toan, \d tram, 2488 dan, NN nguon dien\./);
  await say([...onLink, 'lk-ns-ba', ...DARK], 0);
  for (let n = 0; n < 6; n++) await say(['bts-22849-4'], n % 2 ? 0 : 2);
  await until('nothing is out', async () => (await open()) === 0);
  assert.equal(got.shift.length, 2, words().join('\n'));
});

test('all masts at once are one page, at most ten; their recovery is none', async () => {
  const masts = sites.map((site) => site.id).filter((id) => id.startsWith('bts-'));
  const loaded = centre.log().split('rules.loaded').length;
  fs.writeFileSync(path.join(folder, 'rules.yaml'), RULES + STORM);
  centre.child.kill('SIGHUP');
  await until('the rules are loaded', () => centre.log().split('rules.loaded').length > loaded);
  await say(masts, 2);
  await until('somebody is told', () => got.all.length > 0);
  await until('all are out', async () => (await open()) > 0);
  await say(masts, 0);
  await until('nothing is out', async () => (await open()) === 0);
  const { pages } = await centre.get('/api/v1/pages?limit=500');
  assert.deepEqual(pages.filter((page) => page.target === 'all').map((page) => [page.transition, page.state]), [['fired', 'sent']]);
  assert.match(got.all[0].sms, /375 tram/);
});
