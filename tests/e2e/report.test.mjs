// The flash report as of T+6:15 of the demo's story: every number of it is the story's, and what the other answers of the API say
// of that instant; its texts say the same.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ask } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';
import { AT, OUT, sites, story, unitsOf } from '../support/story.mjs';

const folder = freshFolder('report');
let centre;
let stop;

before(async () => { ({ centre, stop } = await story(folder)); });
after(async () => stop?.());

const get = (what, query = '') => centre.get(`/api/v1/${what}?at=${AT}${query}`);

test('the numbers of the story', async () => {
  const report = await get('report');
  const bts = report.kinds.find((k) => k.kind === 'bts');
  assert.equal(`${bts.out}/${bts.total}`, '26/375');
  assert.equal(bts.standing, 1);
  assert.equal(bts.unverified, 0);
  assert.deepEqual(bts.causes, { transport: 22, power: 3, fault: 1 });
  assert.equal(report.communes.without_service, 9);
  assert.equal(report.communes.total, 65);
  const mobile = report.people.find((p) => p.technology === 'mobile');
  assert.equal(mobile.without_service.population, 30451);
  assert.equal(mobile.without_service.households, 7142);
  assert.equal(mobile.year_newest, 2019);
  assert.deepEqual(report.routes.map((r) => r.site), ['lk-ns-ba']);
  assert.equal(report.power, null);
  assert.equal(report.simulated, true);
});

test('each number is what the other answers say of that instant', async () => {
  const [report, overview, coverage] = await Promise.all([get('report'), get('overview'), get('coverage')]);
  assert.equal(report.at, overview.as_of);
  for (const kind of report.kinds) {
    assert.equal(kind.total, overview.sites[kind.kind].total, kind.kind);
    assert.equal(kind.out, overview.sites[kind.kind].out, kind.kind);
    assert.equal(Object.values(kind.causes).reduce((a, b) => a + b, 0), kind.out, kind.kind);
    assert.equal((await get('sites', `&kind=${kind.kind}&state=down&limit=1000`)).total, kind.out, `${kind.kind}: each site here has one cause of being out`);
  }
  for (const people of report.people) {
    const any = coverage.coverage.find((line) => line.technology === people.technology && line.operator === 'any');
    for (const key of ['villages', 'households', 'population'])
      assert.equal(people.without_service[key], any ? any.nominal[key] - any.live[key] - any.unknown[key] : 0, `${people.technology} ${key}`);
  }
  assert.equal(report.outages_total, overview.outages_total);
  assert.deepEqual(report.outages.map((o) => o.outage).slice(0, 12), overview.outages.map((o) => o.outage));
  const dark = (await get('areas', '&level=commune&limit=1000')).areas.filter((a) => a.live.mobile.villages_nominal > 0 && a.live.mobile.villages === 0 && a.live.mobile.villages_unknown === 0);
  assert.deepEqual(report.communes.names.map((c) => c.id).sort(), dark.map((a) => a.id).sort());
});

test('operators: base stations at which they have units, by those alone', async () => {
  const report = await get('report');
  const bts = new Set(sites.filter((s) => s.kind === 'bts').map((s) => s.id));
  for (const o of report.operators) {
    const mine = [...bts].filter((site) => unitsOf.get(site).some((unit) => unit.endsWith(`@${o.operator}`)));
    assert.equal(o.total, mine.length, o.operator);
    assert.equal(o.out, mine.filter((site) => OUT.has(site)).length, o.operator);
  }
  assert.equal(report.operators.reduce((sum, o) => sum + o.total, 0), 375, 'no mast is shared in the story');
});

test('later they are restored; the standing one is still out', async () => {
  const report = await centre.get('/api/v1/report');
  const bts = report.kinds.find((k) => k.kind === 'bts');
  assert.deepEqual([bts.out, bts.standing, bts.restored], [1, 1, 25]);
  assert.equal(report.communes.without_service, 0);
  assert.equal(report.routes_total, 0);
});

test('the texts to copy say the same in both languages', async () => {
  const vi = (await get('report')).text;
  for (const part of ['IOC Ninh Thuận', 'BÁO CÁO NHANH', 'SỐ LIỆU MÔ PHỎNG', 'Trạm BTS mất liên lạc: 26/375', 'truyền dẫn 22', 'di động hoàn toàn: 9/65', '30.451 người, 7.142 hộ', 'điều tra năm 2019', 'Phước Kháng'])
    assert.ok(vi.includes(part), `${part}\n${vi}`);
  const en = (await get('report', '&lang=en')).text;
  for (const part of ['FLASH REPORT', 'Base stations down: 26/375', 'transport 22', '9/65', '30,451 people, 7,142 households', 'census of 2019'])
    assert.ok(en.includes(part), `${part}\n${en}`);
  fs.writeFileSync(path.join(folder, 'report-vi.txt'), vi);
  fs.writeFileSync(path.join(folder, 'report-en.txt'), en);
});

test('of an area alone; what is no area, language or instant is refused', async () => {
  const one = await get('report', '&area=22843');
  assert.deepEqual([one.communes.total, one.communes.without_service], [1, 1]);
  assert.equal(one.people[0].without_service.population, 2488);
  for (const [query, status] of [['area=none', 404], ['lang=fr', 400], ['at=yesterday', 400]])
    assert.equal((await ask('GET', `${centre.url}/api/v1/report?${query}`)).status, status, query);
});
