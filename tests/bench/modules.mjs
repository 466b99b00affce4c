// What one module costs: CPU per reading of each, and memory per site, by programs that drive the
// code without a network.
import path from 'node:path';
import { BIN, Program, freshFolder } from './bed.mjs';

async function say(program, args) {
  const run = new Program(program, path.join(BIN, program), args);
  await run.ended;
  if (run.code !== 0) throw new Error(`${program} ended with ${run.code}: see ${run.log}`);
  return run.lines.map((line) => JSON.parse(line));
}

// The least of several runs: what a busy machine adds is not the module's.
export async function microRows(inventory, rounds) {
  const best = new Map();
  let sizes;
  for (let i = 0; i < rounds; i++) {
    for (const { module, ns, what, ...rest } of await say('bench-micro', [inventory, freshFolder('micro')])) {
      if (module === 'sizes') sizes = rest;
      else if (!best.has(module) || best.get(module).ns > ns) best.set(module, { ns, what });
    }
  }
  const rows = [...best].map(([module, { ns, what }]) => ({ row: `module: ${module}`, measured: ns, unit: 'ns/reading', kind: 'part', bound: what }));
  rows[0].detail = sizes;
  return rows;
}

const BUDGET = { evidence: 4096, flapping: 65536 };
const WORDS = { inventory: 'its rows and names', evidence: '70 days, 5 times a month all five units', flapping: '2,500 changes, then its newest are kept' };

export async function memoryRows(inventory) {
  const rows = await say('bench-memory', [inventory]);
  return rows.map(({ what, sites, resident_per_site: bytes, heap_per_site: heap }) => ({
    row: `memory per site: ${what}`, measured: bytes, unit: 'bytes', reference: BUDGET[what], kind: BUDGET[what] ? 'budget' : 'part', ratio: BUDGET[what] && bytes / BUDGET[what], passes: BUDGET[what] && bytes <= BUDGET[what], bound: `${WORDS[what]}; ${sites} sites`, detail: { heap },
  }));
}

// A change is one site that fails and one that comes back, five units each, and a second of time.
export async function ruleRows(inventory) {
  const said = Object.fromEntries((await say('bench-rules', [inventory])).map((row) => [row.what, row]));
  const [without, with_] = ['no rules', '50 rules'].map((what) => said[`changes, ${what}`]);
  const silent = said['changes, 50 rules, nobody told'];
  const [idle, busy] = ['no rules', '50 rules'].map((what) => said[`readings, ${what}`].reading_ns);
  return [
    { row: 'rules: a change, 50 rules', measured: with_.change_ns / 1000, unit: 'us', reference: without.change_ns / 1000, kind: 'peer', ratio: said.ratio.with_by_without, bound: `states and pages without batches and commits, beside no rules; ${with_.sites} sites`, detail: { pager_us: with_.pager_ns / 1000, pages: with_.pages } },
    { row: 'rules: a change, 50 rules, nobody told', measured: silent.change_ns / 1000, unit: 'us', reference: without.change_ns / 1000, kind: 'peer', ratio: said.ratio.evaluated_by_without, bound: 'the same without telling anybody: what evaluating them costs', detail: { pager_us: silent.pager_ns / 1000 } },
    { row: 'rules: a reading, 50 rules', measured: busy - idle, unit: 'ns', kind: 'part', bound: 'beyond what it costs without rules; one of four has a metric that rules ask for' },
  ];
}
