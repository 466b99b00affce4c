// Calendar periods: provisional figures, final ones that late evidence does not change silently, hours of the store beside the timeline.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Collector, Mosquitto, Probe, ask, until } from '../support/centre.mjs';
import { freshFolder } from '../support/servers.mjs';

const HOUR = 3600000;
const DAY = 24 * HOUR;
const ZONE = 7 * HOUR; // of the default configuration

const folder = freshFolder('periods');
const broker = new Mosquitto(folder);
let centre = new Collector(folder);
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
  assert.equal(figure.state_ms.down, 2 * HOUR);
  assert.ok(known >= DAY, 'yesterday is in it');
  const sum = Object.values(figure.state_ms).reduce((a, b) => a + b, 0);
  assert.equal(sum, 3 * (Date.parse(ytd.to) - Date.parse(ytd.from)), 'every millisecond of three units is in some state');
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
  centre = new Collector(folder, { evidence: { pack_period: '1s', will_hold: '2s', grace: '0s' } });
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
  const past = new Date(Date.now() + ZONE).getUTCMinutes();
  if (past < 55) { // no full hour can have ended the episode since
    assert.equal(shown.confirmed, null, 'what was recorded is shown until the episode ends');
    assert.equal(shown.state_ms.unobserved, DAY);
    assert.equal(shown.revision, 1);
  }
});
