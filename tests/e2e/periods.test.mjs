// Calendar periods: provisional figures, final ones that late evidence does not change silently, hours of the store beside the timeline.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';

const HOUR = 3600000;
const DAY = 24 * HOUR;
const MINUTE = 60000;

const folder = freshFolder('periods');
const broker = new Mosquitto(folder);
// It is five past noon there: neither a day nor an hour ends while this runs.
const minutes = Math.round(((12 * HOUR + 5 * MINUTE - (Date.now() % DAY) + DAY) % DAY) / MINUTE);
const ZONE = minutes * MINUTE;
const inZone = { utc_offset: `${minutes}min` };
let centre = new Collector(folder, { centre: inZone });
const probes = [];

const midnight = Math.floor((Date.now() + ZONE) / DAY) * DAY - ZONE;
const yesterday = midnight - DAY;
const local = (ms) => new Date(ms + ZONE).toISOString();
const dayWord = `day:${local(yesterday).slice(0, 10)}`;

async function get(query) {
  const answer = await ask('GET', `${centre.url}/api/v1/availability?${query}`);
  return { status: answer.status, ...JSON.parse(answer.body) };
}

// Yesterday, hour by hour: two hours down from ten o'clock on.
async function tellYesterday(name, site) {
  const probe = new Probe(name, site);
  probes.push(probe);
  await probe.connect(broker);
  const us = (ms) => BigInt(ms) * 1000n;
  probe.checklist(us(yesterday), [['icmp/a', ['4g@a'], { interval_ms: HOUR, ttl_ms: 2.5 * HOUR }]]);
  for (let hour = 0; hour <= 24; hour++) probe.results([['icmp/a', us(yesterday + hour * HOUR), hour === 10 || hour === 11 ? 2 : 0, {}]]);
  await probe.acked();
}

before(async () => {
  await broker.start();
  await centre.start();
  await centre.ready();
  await tellYesterday('p1', 'S1');
});

after(async () => {
  for (const probe of probes) await probe.close();
  for (const server of [centre, broker]) await server.kill();
});

test('a day is provisional for 48 hours, and says what the timeline says', async () => {
  const day = await get(`site=S1&period=${dayWord}`);
  assert.equal(day.status, 200);
  assert.equal(day.period, dayWord);
  assert.equal(day.provisional, true);
  assert.equal(Date.parse(day.from), yesterday);
  assert.equal(Date.parse(day.to), midnight);
  assert.equal(Date.parse(day.final_at), midnight + 2 * DAY);
  const figure = day.figures.find((f) => f.unit === 'S1/4g@a');
  assert.equal(figure.state_ms.up, 22 * HOUR);
  assert.equal(figure.state_ms.down, 2 * HOUR);
  assert.equal(figure.outages, 1);
  assert.equal(figure.confirmed, 22 / 24);
  assert.equal(figure.revision, null);
});

test('the year to date has the settled days of the store and all that came after', async () => {
  const ytd = await get('area=58&kind=bts&operator=a&period=ytd');
  assert.equal(ytd.provisional, true);
  assert.equal(ytd.final_at, null);
  const [figure] = ytd.figures;
  assert.equal(figure.units, 3);
  assert.equal(figure.operator, 'a');
  const known = figure.state_ms.up + figure.state_ms.down;
  const sameYear = local(yesterday).slice(0, 4) === local(midnight).slice(0, 4);
  assert.equal(figure.state_ms.down, sameYear ? 2 * HOUR : 0);
  assert.ok(known >= (sameYear ? DAY : HOUR), 'yesterday is in it, unless it was of another year');
  const sum = Object.values(figure.state_ms).reduce((a, b) => a + b, 0);
  assert.equal(sum, 3 * (Date.parse(ytd.to) - Date.parse(ytd.from)), 'every millisecond of three units is in some state');
});

const same = (line, i, figure) => {
  for (const key of ['confirmed', 'lower', 'observed']) assert.equal(line[key][i], figure[key], `${key} of step ${i}`);
  for (const [state, ms] of Object.entries(figure.state_ms)) assert.equal(line.state_ms[state][i], ms, `${state} of step ${i}`);
};

test('a series says of each step what availability says of the same window and day', async () => {
  const to = new Date(midnight + HOUR).toISOString();
  const hours = await centre.get(`/api/v1/series?site=S1&step=hour&from=${new Date(yesterday).toISOString()}&to=${to}`);
  assert.equal(hours.at.length, Math.min(25, Math.ceil((Date.now() - yesterday) / HOUR)));
  const unit = hours.lines.find((line) => line.unit === 'S1/4g@a');
  assert.deepEqual(unit.state_ms.down.slice(0, 24), Array.from({ length: 24 }, (_, hour) => (hour === 10 || hour === 11 ? HOUR : 0)));
  const area = await centre.get(`/api/v1/series?area=58&kind=bts&step=hour&from=${new Date(yesterday).toISOString()}&to=${new Date(midnight).toISOString()}`);
  assert.equal(area.to, new Date(midnight).toISOString());
  for (const i of [0, 9, 10, 11, 12, 23]) {
    const window = `from=${hours.at[i]}&to=${hours.at[i + 1] ?? hours.to}`;
    for (const figure of (await get(`site=S1&${window}`)).figures) same(hours.lines.find((line) => line.unit === figure.unit), i, figure);
    const [of] = (await get(`area=58&kind=bts&operator=all&${window}`)).figures;
    same(area.lines[0], i, of);
    assert.deepEqual([area.lines[0].units[i], area.lines[0].units_enough[i]], [of.units, of.units_enough]);
  }
  const days = await centre.get('/api/v1/series?area=58&operator=a'); // 90 days, most of them before anything was heard
  const at = days.at.indexOf(new Date(yesterday).toISOString());
  assert.equal(at, days.at.length - 2);
  for (const figure of (await get(`area=58&operator=a&period=${dayWord}`)).figures) same(days.lines.find((line) => line.kind === figure.kind), at, figure);
  assert.ok(days.final_to <= new Date(midnight - DAY).toISOString());
});

test('a series of coverage says what coverage says at each instant', async () => {
  const series = await centre.get(`/api/v1/series?what=coverage&step=hour&from=${new Date(yesterday + 8 * HOUR).toISOString()}&to=${new Date(yesterday + 13 * HOUR).toISOString()}`);
  assert.equal(series.at.length, 6);
  for (const [i, at] of series.at.entries()) {
    const { coverage } = await centre.get(`/api/v1/coverage?at=${at}`);
    for (const line of series.lines) {
      const then = coverage.find((c) => c.technology === line.technology && c.operator === 'any');
      for (const key of ['total', 'nominal', 'live', 'unknown']) assert.deepEqual(line[key][i], then[key], `${line.technology} ${key} at ${at}`);
    }
  }
  const live = series.lines.find((line) => line.technology === '4g').live.map((count) => count.villages);
  assert.ok(live[0] > 0 && live[2] < live[0] && live[4] === live[0], `${live}`);
});

test('what makes no series is refused in words', async () => {
  for (const query of ['step=week', 'what=rsrp', 'what=coverage&site=S1', 'step=hour&from=2020-01-01T00:00:00Z', 'from=2040-01-01T00:00:00Z&to=2041-01-01T00:00:00Z', 'kind=x', 'from=x']) {
    const answer = await ask('GET', `${centre.url}/api/v1/series?${query}`);
    assert.equal(answer.status, 400, query);
    assert.ok(JSON.parse(answer.body).error.length > 5, query);
  }
  for (const query of ['site=none', 'area=none', 'operator=none']) assert.equal((await ask('GET', `${centre.url}/api/v1/series?${query}`)).status, 404, query);
});

test('what is no period is refused with examples', async () => {
  for (const word of ['week', 'day:2026-02-30', 'month:2026-13', 'year:2199']) {
    const answer = await get(`area=58&period=${word}`);
    assert.equal(answer.status, 400, word);
    assert.ok(answer.error.length > 10);
  }
});

test('after the grace a figure is final, and late evidence does not change it silently', async () => {
  await centre.kill();
  centre = new Collector(folder, { centre: inZone, evidence: { pack_period: '1s', will_hold: '2s', grace: '0s' } });
  await centre.start();
  await centre.ready();
  const day = await get(`site=S1&period=${dayWord}&revisions=1`);
  assert.equal(day.provisional, false);
  const figure = day.figures.find((f) => f.unit === 'S1/4g@a');
  assert.equal(figure.revision, 1);
  assert.equal(figure.confirmed, 22 / 24);
  assert.equal(figure.revisions.length, 1);
  assert.equal(figure.revisions[0].reason, 'final');
  assert.equal(figure.revisions[0].old, null);
  assert.equal(figure.revisions[0].new.confirmed, 22 / 24);
  assert.equal((await get(`site=S2&period=${dayWord}`)).changing, false);

  await tellYesterday('p2', 'S2'); // a backlog of a day that is final
  await until('the centre says that evidence is changing it', async () => (await get(`site=S2&period=${dayWord}`)).changing);
  const shown = (await get(`site=S2&period=${dayWord}`)).figures[0];
  assert.equal(shown.confirmed, null, 'what was recorded is shown until the episode ends');
  assert.equal(shown.state_ms.unobserved, DAY);
  assert.equal(shown.revision, 1);
});
