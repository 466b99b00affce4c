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

const start = Date.now() - 4 * DAY;
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

const checkOf = (site) => ({ name: 'icmp/a', site, units: unitsOf.get(site), interval_ms: 2 * DAY, timeout_ms: 500, ttl_ms: 5 * DAY, role: 'required', cause: causeOf(site) });

async function tellAll(probe, mine, broker) {
  const out = mine.filter((site) => OUT.has(site));
  await probe.connect(broker);
  probe.pack(JSON.stringify({ checks: mine.map(checkOf), t: Number(us(start)) }));
  tell(probe, mine, start + 1, 0);
  tell(probe, mine.filter((site) => site === STANDING), start + DAY, 2);
  tell(probe, out, fault, 2);
  tell(probe, out.filter((site) => site !== STANDING), mended, 0);
}

// Runs broker, collector and the probes in a folder, until all is told; stop() ends them.
export async function story(folder) {
  const broker = new Mosquitto(folder);
  const centre = new Collector(folder, { inventory, centre: { name: 'IOC Ninh Thuận', simulated: true } });
  const probes = shares.map((mine, i) => new Probe(`t${i}`, mine[0]));
  const stop = async () => {
    for (const probe of probes) await probe.close();
    for (const server of [centre, broker]) await server.kill();
  };
  await broker.start();
  assert.ok(await centre.start(), centre.log());
  await centre.ready();
  for (const [i, probe] of probes.entries()) await tellAll(probe, shares[i], broker);
  for (const probe of probes) await probe.acked();
  return { centre, stop };
}
