// An outage that people know as one of its own comes under a link's, and goes on without it: the shift log says so with both numbers,
// through a kill -9; what joins its root while it settles is no line.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, INVENTORY, Mosquitto, Probe, ask, nowUs, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';

const folder = freshFolder('root_change');
const broker = new Mosquitto(folder);
const inventory = {
  ...INVENTORY,
  sites: `${INVENTORY.sites}L1,TR-1,Tuyến trục,link,22738,,,,public,,,\n`,
  units: `${INVENTORY.units}L1,link,,,,\n`,
  depends: 'child,on,kind,group\nS1,L1,transport,\nS2,L1,transport,\n',
  probes: `${INVENTORY.probes}pl,L1,,\n`,
};
const RULES = `paging: {settle: 1s}
targets:
  - {name: shift, type: program, program: /bin/true}
rules:
  - {name: out, type: down, severity: critical, keep_for: 0s, targets: [shift]}
`;
const UNITS = { p1: ['S1', '4g@a'], p2: ['S2', '4g@a'], pl: ['L1', 'link'] };
const probes = Object.fromEntries(Object.entries(UNITS).map(([name, [site]]) => [name, new Probe(name, site)]));
let centre;

async function say(verdicts) {
  for (const [name, verdict] of Object.entries(verdicts)) probes[name].results([['icmp/a', nowUs(), verdict, {}]]);
  for (const name of Object.keys(verdicts)) await probes[name].acked();
}

const number = async (site) => (await until(`an outage of ${site}`, async () => (await centre.get('/api/v1/outages?open=1&limit=50')).outages.find((o) => o.site === site))).outage;
const told = (n) => until(`${n} pages`, async () => (await centre.get('/api/v1/pages')).pages.filter((page) => page.state === 'sent').length >= n);
const log = async () => (await centre.get('/api/v1/shift?limit=100')).lines.filter((line) => line.root).reverse();
const lines = (n) => until(`${n} lines`, async () => { const found = await log(); return found.length >= n && found; });
const short = ({ kind, outage, site, root, others }) => ({ kind, outage, site, root, others });

before(async () => {
  fs.writeFileSync(path.join(folder, 'rules.yaml'), RULES);
  await broker.start();
  centre = new Collector(folder, { inventory, centre: { rules: path.join(folder, 'rules.yaml') } });
  assert.ok(await centre.start(), centre.log());
  for (const [name, [, unit]] of Object.entries(UNITS)) {
    await probes[name].connect(broker);
    probes[name].checklist(nowUs() - 1000n, [['icmp/a', [unit], { ttl_ms: 600000 }]]);
  }
  await say({ p1: 0, p2: 0, pl: 0 });
});

after(async () => {
  for (const probe of Object.values(probes)) await probe.close();
  for (const server of [centre, broker]) await server.kill();
});

test('known as their own, two come under the link: one line with both numbers', async () => {
  await say({ p1: 2 });
  const first = await number('S1');
  await say({ p2: 2 });
  await told(2);
  await say({ pl: 2 });
  const link = await number('L1');
  assert.deepEqual((await lines(1)).map(short), [{ kind: 'outage_joined', outage: first, site: 'S1', root: link, others: 1 }]);
});

test('the link is back, one of them is not: it goes on by itself, and a kill -9 takes no line away', async () => {
  const [{ outage: first, root: link }] = await log();
  await say({ pl: 0, p1: 2, p2: 0 });
  const expected = [['outage_joined', first, link, 1], ['outage_own', first, link, null]];
  assert.deepEqual((await lines(2)).map((line) => [line.kind, line.outage, line.root, line.others]), expected);
  await centre.kill();
  assert.ok(await centre.start(), centre.log());
  assert.deepEqual((await log()).map((line) => [line.kind, line.outage, line.root, line.others]), expected);
  const table = (await ask('GET', `${centre.url}/api/v1/shift?format=csv`)).body;
  assert.match(table.split('\r\n')[0], /,text,waiting,root,others$/);
  assert.match(table, new RegExp(`"outage_joined","${first}","S1",.*,"","${link}","1"\r\n`));
});

test('what joins, or returns, while it settles is no line', async () => {
  await say({ p1: 0 });
  await until('nothing is out', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 0);
  await told(3);
  await say({ p1: 2, pl: 2 });
  await told(4);
  await say({ pl: 0, p1: 0 });
  await until('nothing is out', async () => (await centre.get('/api/v1/outages?open=1')).outages_total === 0);
  assert.equal((await log()).length, 2);
});
