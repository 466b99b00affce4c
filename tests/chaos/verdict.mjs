// What a run comes to: the truth against database, ledger and timelines, and whether every fault was
// seen.
import fs from 'node:fs';
import path from 'node:path';
import { ask } from '../support/servers.mjs';
import { Comparison } from './compare.mjs';
import { compareDerived } from './derived.mjs';
import { FLEET, REAL, siteOf } from './province.mjs';
import { ledger } from './quiet.mjs';
import { DATABASE, INTERVAL_MS, TTL_MS } from './stage.mjs';
import { otherThanWorld, verify, writeRealTruth } from './timelines.mjs';
import { fleetTruth, realTruth } from './truth.mjs';

const TIMEOUT_MS = 500;
const FLEET_INTERVAL_MS = 2000;
const NOISE_MS = 1500; // a loaded machine runs checks late, by this and by what was seen of it

// VictoriaMetrics: samples by name and millisecond, put together again as points.
function pointsOfSamples(samples) {
  const points = new Map();
  for (const [key, value] of samples) {
    const [, type, field, rest] = /^(chk_[^_,]+)_([^,]+)(,.*)$/.exec(key) ?? [];
    if (!type) continue;
    if (!points.has(type + rest)) points.set(type + rest, {});
    points.get(type + rest)[field] = value;
  }
  return points;
}

async function databasePoints(run) {
  if (!run.stage.victoria) return { points: await run.stage.base.points(DATABASE) };
  const key = (k) => k.slice(0, -'000000'.length); // milliseconds
  return { points: pointsOfSamples(await run.stage.base.samples(DATABASE)), close: true, key };
}

function compareLedger(run, comparison, book, renumbered) {
  const { counters, messages, readings } = book;
  const { books } = run;
  if (!messages.balanced || !readings.balanced) books.wrong(`the totals do not balance: ${JSON.stringify({ messages, readings, counters })}`);
  const twice = counters.readings_stored - comparison.sums.stored;
  if (twice < 0) books.wrong(`the ledger has ${counters.readings_stored} readings stored, ${comparison.sums.stored} are there`);
  if (twice > 0 && renumbered.size === 0) books.wrong(`${twice} readings were stored twice`);
  const { least, most } = run.deadReadings(renumbered);
  if (counters.readings_dead < least || counters.readings_dead > most) books.wrong(`the ledger counts ${counters.readings_dead} readings dead, ${least} to ${most} were condemned`);
  return twice;
}

// What the collector shows; kept for whoever looks into a difference.
async function shownTimelines(run) {
  const window = `from=${new Date(run.startedMs).toISOString()}&to=${new Date(run.endedMs).toISOString()}`;
  const rows = [];
  for (const id of [...REAL, ...FLEET]) rows.push((await ask('GET', `${run.stage.centre.url}/api/v1/sites/${siteOf(id)}/timeline?${window}`)).body);
  fs.writeFileSync(path.join(run.folder, 'timelines.json'), rows.join('\n'));
  return rows.map((row) => JSON.parse(row));
}

function compareTimelines(run, truths, fleet) {
  const { books, stage } = run;
  const clockProbes = stage.real.filter((p) => p.clockWrong || p.cloned || !p.options.trust).map((p) => p.id); // trust: it has a clock of its own
  const folder = path.join(run.folder, 'real-truth');
  writeRealTruth(folder, { truths, real: stage.real, startedMs: run.startedMs, endedMs: run.endedMs, intervalMs: INTERVAL_MS, ttlMs: TTL_MS, clockProbes });
  for (const text of verify(folder, stage.centre.url, TTL_MS + TIMEOUT_MS, false, books)) books.wrong(text);
  for (const text of verify(fleet, stage.centre.url, FLEET_INTERVAL_MS + TIMEOUT_MS + NOISE_MS + run.lag.worstMs, true, books)) books.wrong(text);
  for (const [i, truth] of truths.entries()) {
    if (clockProbes.includes(truth.probe)) continue;
    const other = otherThanWorld(truth, stage.real[i].service, run.lag.worstMs);
    for (const r of other.slice(0, 5)) books.wrong(`${truth.probe} pack ${r.number}: verdict ${r.verdict} at ${new Date(r.ms).toISOString()} is not what was (${other.length} such)`);
  }
}

export async function verdict(run) {
  const { books, stage } = run;
  const book = await ledger(run);
  if (!book) return books.wrong('the collector does not show its ledger');
  const truths = stage.real.map(realTruth);
  const fleet = fleetTruth(stage.truth);
  const comparison = new Comparison({
    ...(await databasePoints(run)), condemned: run.condemned(), path: (truth, pack) => run.wayOf(truth, pack),
    ledger: new Map(book.probes.map((p) => [p.probe, p.epochs])),
  });
  for (const truth of [...truths, ...fleet]) comparison.probe(truth);
  const invented = comparison.invented();
  for (const text of comparison.wrongs) books.wrong(text);
  const twice = compareLedger(run, comparison, book, new Set(truths.filter((t) => t.renumbered).map((t) => t.probe)));
  const timelines = await shownTimelines(run);
  if (!stage.victoria) await compareDerived(run, timelines);
  compareTimelines(run, truths, stage.truth);
  return { ...comparison.sums, invented, twice, counters: book.counters };
}
