// The demo's province as of T+6:15 of its story, told by eight probes that speak for all sites, and mended nine minutes later.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Collector, Mosquitto, Probe } from './centre.mjs';

const DATA = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../deploy/data/ninh-thuan');
const NAMES = ['areas', 'operators', 'sites', 'units', 'serves', 'depends', 'declared'];
const DAY = 86400000;
const TELLERS = 8; // probes that speak for all sites: a list of checks fits into one pack

export const inventory = Object.fromEntries(NAMES.map((name) => [name, fs.readFileSync(path.join(DATA, `${name}.csv`), 'utf8')]));
const rows = (name) => {
  const [header, ...lines] = inventory[name].trim().split('\n');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [header.split(',')[i], cell])));
};
export const unitsOf = new Map();
for (const u of rows('units')) unitsOf.set(u.site, [...(unitsOf.get(u.site) ?? []), u.operator ? `${u.service}@${u.operator}` : u.service]);
export const sites = rows('sites').filter((s) => unitsOf.has(s.id));
export const onLink = rows('depends').filter((d) => d.on === 'lk-ns-ba').map((d) => d.child);
export const DARK = ['bts-22843-1', 'bts-22843-2', 'bts-22840-3', 'node-22843'];
const STANDING = 'bts-22828-2';
export const OUT = new Set([...onLink, 'lk-ns-ba', ...DARK, STANDING]);
export const shares = Array.from({ length: TELLERS }, (_, i) => sites.filter((_site, at) => at % TELLERS === i).map((s) => s.id)); // each teller's sites
inventory.probes = `probe,site,also,valid_to\n${shares.map(([own, ...also], i) => `t${i},${own},${also.join(' ')},\n`).join('')}`;

const RECENTLY = Date.now() - 4 * DAY;
const STANDS_MS = Date.now() - 3 * DAY;
const fault = Date.now() - 600000;
const mended = Date.now() - 60000;
export const AT = new Date(fault + 150000).toISOString();
const us = (ms) => (ms / 1000).toFixed(6);

function tell(probe, mine, ms, verdict) {
  if (mine.length > 0) probe.pack(`[${mine.map((site) => `{"n":"${site}/icmp/a/state","t":${us(ms)},"v":${verdict}}`).join(',')}]`);
}

function causeOf(site) {
  if (DARK.includes(site)) return 'power';
  return site === STANDING ? 'fault' : 'transport';
}

const EVERY = 6 * DAY; // a result stands until the next one
const checkOf = (site) => ({ name: 'icmp/a', site, units: unitsOf.get(site), interval_ms: EVERY, timeout_ms: 500, ttl_ms: 2 * EVERY + DAY, role: 'required', cause: causeOf(site) });

// What was before the story, in order: well now and then but while an outage lasts.
function before(mine, since, earlier) {
  const beats = Array.from({ length: Math.ceil((STANDS_MS - since) / EVERY) }, (_, i) => since + 1 + i * EVERY);
  const lasts = (site, ms) => earlier.some(({ from, to, sites: struck }) => struck.includes(site) && from <= ms && ms < to);
  return [
    ...beats.map((ms) => [ms, mine.filter((site) => !lasts(site, ms)), 0]),
    ...earlier.flatMap(({ from, to, sites: struck }) => [[from, struck, 2], [to, struck, 0]].map(([ms, which, verdict]) => [ms, mine.filter((site) => which.includes(site)), verdict])),
  ].sort(([a], [b]) => a - b);
}

async function tellAll(probe, mine, broker, since, earlier) {
  const out = mine.filter((site) => OUT.has(site));
  await probe.connect(broker);
  probe.pack(JSON.stringify({ checks: mine.map(checkOf), t: Number(us(since)) }));
  for (const [ms, which, verdict] of before(mine, since, earlier)) tell(probe, which, ms, verdict);
  tell(probe, mine.filter((site) => site === STANDING), STANDS_MS, 2);
  tell(probe, out, fault, 2);
  tell(probe, out.filter((site) => site !== STANDING), mended, 0);
}

// Runs broker, collector and the probes in a folder, until all is told; stop() ends them. since: when they began to look; earlier: outages
// {from, to, sites} before the story's.
export async function story(folder, { since = RECENTLY, earlier = [], ...sections } = {}) {
  const broker = new Mosquitto(folder);
  const centre = new Collector(folder, { inventory, centre: { name: 'IOC Ninh Thuận', simulated: true }, ...sections });
  const probes = shares.map((mine, i) => new Probe(`t${i}`, mine[0]));
  const stop = async () => {
    for (const probe of probes) await probe.close();
    for (const server of [centre, broker]) await server.kill();
  };
  await broker.start();
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  for (const [i, probe] of probes.entries()) await tellAll(probe, shares[i], broker, since, earlier);
  for (const probe of probes) await probe.acked();
  return { centre, stop };
}
