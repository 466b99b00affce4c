// Timelines: of the fleet by its own truth, of the real probes by a truth of the same form made from
// their outboxes and the diaries of what they looked at. `ioc-fleet verify` compares both with the
// collector; whether evidence and world agree at all is looked at here.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BIN } from '../support/servers.mjs';
import { siteOf, unitOf } from './province.mjs';

const TIMEOUT_MS = 500;
const CHECK = 'tcp/service';

// Packs whose results a list names: a list that the outbox's bound took before any centre heard of it
// names nothing, and the results behind it go to the database only. The bound takes what is left of a
// segment, so that a list arrived if readings behind it in its segment did; of others it is not known,
// and what they may name is not judged.
function listed(truth) {
  let known = false;
  return truth.packs.filter((pack, i) => {
    if (isList(pack) && arrived(truth, i)) known = true;
    return pack.there && known;
  });
}

const isList = (pack) => pack.points.size === 0 && pack.body.startsWith('{"checks"');

function arrived(truth, i) {
  const list = truth.packs[i];
  const next = truth.packs.slice(i + 1).find((p) => p.points.size > 0);
  return list.number >= truth.droppedTo || (next?.there && next.file === list.file);
}

// [{ms, verdict, number}] of the probe's check in order of writing.
function results(truth) {
  const tag = `,check=${CHECK},`;
  return listed(truth).flatMap((p) => [...p.points]
    .filter(([key, fields]) => key.includes(tag) && fields.state !== undefined)
    .map(([key, fields]) => ({ ms: Number(key.slice(key.lastIndexOf(' ') + 1, -'000000'.length)), verdict: fields.state, number: p.number })));
}

export function writeRealTruth(folder, { truths, real, startedMs, endedMs, intervalMs, ttlMs, clockProbes }) {
  fs.mkdirSync(folder, { recursive: true });
  const write = (name, head, rows) => fs.writeFileSync(path.join(folder, name), [...(head ? [head] : []), ...rows].map((r) => `${r}\n`).join(''));
  write('run.csv', 'started_ms,interval_ms,ttl_ms', [`${startedMs},${intervalMs},${ttlMs}`]);
  write('units.csv', 'unit,site,anchor', truths.map((t) => `${unitOf(t.probe)},${siteOf(t.probe)},`));
  write('checks.csv', 'number,probe,whose,name,role,cause,units', truths.map((t, i) => `${i},${t.probe},own,${CHECK},required,fault,${unitOf(t.probe)}`));
  const world = real.flatMap((p) => p.service.changes.map((c) => [c.ms, `${c.ms},${unitOf(p.id)},${c.down ? 'down' : 'up'},fault`]));
  for (const id of clockProbes) world.push([startedMs, `${startedMs},${siteOf(id)},clock,`]);
  write('world.csv', null, [...world.sort((a, b) => a[0] - b[0]).map(([, row]) => row), `${endedMs},,mark,`]);
  write('evidence.csv', null, truths.flatMap((t, i) => results(t).map((r) => `result,${i},${r.ms},${r.verdict}`)));
}

// Samples that say other than the world did, away from its changes.
export function otherThanWorld(truth, service, noiseMs) {
  const at = (ms) => service.changes.findLast((c) => c.ms <= ms)?.down ?? false;
  const near = (ms) => service.changes.some((c) => Math.abs(c.ms - ms) <= TIMEOUT_MS + TIMEOUT_MS + noiseMs);
  return results(truth).filter((r) => !near(r.ms) && r.verdict !== 3 && (r.verdict === 2) !== at(r.ms));
}

// What `ioc-fleet verify` finds wrong. A fault that nobody could look at (its probe stood still, was
// dead, or nobody listened) may be missed; `seen` says that all could be.
export function verify(folder, collector, toleranceMs, seen, books) {
  const told = spawnSync(path.join(BIN, 'ioc-fleet'), ['verify', '--truth', folder, '--collector', collector, '--tolerance', `${toleranceMs}ms`], { encoding: 'utf8' });
  books.note(`verify ${folder}\n${told.stdout}${told.stderr}`);
  if (told.status > 1) return [`ioc-fleet verify ${folder}: ${told.stderr}`];
  const worst = [...told.stdout.matchAll(/worst start ([+-][\d.]+) s \((\S+)\), worst end ([+-][\d.]+) s \((\S+)\)/g)][0];
  const wrongs = [];
  if (!/ 0 ms shown otherwise/.test(told.stdout)) wrongs.push(`timelines are not what the evidence says: ${/^evidence.*$/m.exec(told.stdout)}`);
  if (!(seen ? / 0 missed, 0 invented/ : / 0 invented/).test(told.stdout)) wrongs.push(`timelines are not what was: ${/^world[^]*?worst/m.exec(told.stdout)}`);
  if (seen && worst && Math.max(Math.abs(worst[1]), Math.abs(worst[3])) * 1000 > toleranceMs) wrongs.push(`outages begin or end too far from what was: ${worst[0]}`);
  return wrongs;
}
