// The end of a run: everything is mended, then awaited until nothing is on its way any more. Each
// wait is bounded; one that is not met is wrong.
import fs from 'node:fs';
import { ask } from '../support/servers.mjs';
import { within } from './faults.mjs';

const READY_MS = 180000;
const BACKLOG_MS = 900000; // a probe whose answer was lost waits a minute, then two, then four
const DRAINED_MS = 400000;
const FLEET_WAITS_MAX = 16;

async function awaited(run, what, ms, condition) {
  const began = Date.now();
  const met = await within(ms, condition);
  if (met) run.books.say(`quiet: ${what} after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  else run.books.wrong(`not within ${ms / 1000} s: ${what}`);
  return met;
}

export async function ledger(run) {
  const answer = await ask('GET', `${run.stage.centre.url}/api/v1/ledger?limit=1000`);
  return answer.status === 200 ? JSON.parse(answer.body) : null;
}

// Number of the last pack of a real probe that the centre has decided on.
export function decidedTo(probe, book) {
  const { epoch, base } = probe.held.state ?? {};
  const mark = book.probes.find((p) => p.probe === probe.id)?.epochs.find((m) => m.epoch === epoch);
  return base + (mark ? mark.highest - mark.open : 0);
}

export function backlog(probe, book) {
  return (probe.held.records().at(-1)?.number ?? 0) - decidedTo(probe, book);
}

// The fleet tells every ten seconds.
function fleetWaits(run) {
  const told = [...fs.readFileSync(run.stage.fleet.log, 'utf8').matchAll(/fleet\.runs.*waiting=(\d+)/g)].at(-1);
  return told ? Number(told[1]) : Infinity;
}

export async function mend(run) {
  const { stage } = run;
  for (const part of stage.parts) {
    part.resume();
    part.excused = false;
    part.start();
  }
  await awaited(run, 'everything runs', READY_MS, () => stage.parts.every((p) => p.child && p.isReady));
}

export async function quiet(run) {
  const { stage } = run;
  const fleetMark = Date.now();
  await awaited(run, 'the simulated outboxes are empty', BACKLOG_MS, () => Date.now() > fleetMark + 11000 && fleetWaits(run) <= FLEET_WAITS_MAX);
  await awaited(run, 'the real outboxes are empty', BACKLOG_MS, async () => {
    const book = await ledger(run);
    return book && stage.real.every((p) => backlog(p, book) <= 2);
  });
  run.endedMs = Date.now();
  await Promise.all([stage.fleet.finish(), ...stage.real.map((p) => p.part.finish())]);
  await awaited(run, 'intake and batches are empty', DRAINED_MS, async () => {
    const m = await run.metrics();
    return m.ioc_intake_waiting === 0 && m.ioc_readings_pending === 0;
  });
  await awaited(run, 'the ledger balances', READY_MS, async () => {
    const m = await run.metrics();
    return ['messages', 'packs', 'readings'].every((e) => m[`ioc_ledger_balanced{equation="${e}"}`] === 1);
  });
}
