// Full disks and damaged files.
import fs from 'node:fs';
import path from 'node:path';
import { sleep } from '../support/servers.mjs';
import { linesOf } from './batches.mjs';
import { within } from './faults.mjs';
import { BALLAST } from './stage.mjs';

const BLOCK = Buffer.alloc(64 * 1024);
const SEEN_MS = 15000;
const NAMED_MS = 240000; // the way to the database may be bad for long, a start may be slow
const BATCH_HEAD = 64;
const FILE_HEAD = 36;
const RECORD_HEAD = 8;
const NUMBER_AT = 8;

// Fills the disk under `folder` to the last byte.
function fill(folder) {
  const fd = fs.openSync(path.join(folder, BALLAST), 'a');
  try {
    for (let bytes = BLOCK.length; bytes >= 1;) {
      try {
        if (fs.writeSync(fd, BLOCK, 0, bytes) < bytes) bytes >>= 1;
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
        bytes >>= 1;
      }
    }
  } finally {
    fs.closeSync(fd);
  }
}

const logged = (part, from) => fs.readFileSync(part.log).subarray(from).toString();

const DISKS = {
  store: (run) => [run.stage.collector, run.stage.disks.store],
  intake: (run) => [run.stage.collector, run.stage.disks.intake],
  batches: (run) => [run.stage.collector, run.stage.disks.batches],
  outbox: (run, random) => {
    const probe = random.pick(run.stage.real);
    return [probe.part, probe.disk];
  },
};

// Half of the time the program is killed too, so that it has to start on a full disk.
const diskFault = ([name, place]) => ({
  name: `disk full: ${name}`,
  uses: name === 'outbox' ? ['probe', 'outbox disk'] : ['collector', 'collector disk'],
  run: async (run, random) => {
    const [part, folder] = place(run, random);
    if (!(await within(SEEN_MS, () => part.isReady))) return null;
    const from = fs.statSync(part.log).size;
    part.excused = true;
    fill(folder);
    const seen = await within(SEEN_MS, () => /no space|no room|disk|full/i.test(logged(part, from)));
    if (random.between(0, 1)) {
      await part.kill();
      run.books.count('killed on a full disk');
    }
    await sleep(random.between(1500, run.long ? 15000 : 5000));
    fs.rmSync(path.join(folder, BALLAST));
    await within(NAMED_MS, () => part.isReady);
    part.excused = false;
    if (!seen) return null;
    run.books.count(`disk filled: ${name}`);
    return `the disk of the ${name}${name === 'outbox' ? ` of ${part.name}` : ''} was full`;
  },
});

// --- damage ---

const files = (folder, ending) => fs.readdirSync(folder).filter((f) => f.endsWith(ending)).sort();

function flip(file, at) {
  const bytes = fs.readFileSync(file);
  bytes[at] ^= 0x41;
  fs.writeFileSync(file, bytes);
}

// What was waiting in a probe's outbox is damaged; its packs are named lost, the rest arrives.
async function outboxFlip(run, random) {
  const probe = run.stage.real[random.pick([0, 3])];
  await probe.part.hold();
  const name = files(probe.outbox, '.seg').findLast((f) => fs.statSync(path.join(probe.outbox, f)).size > FILE_HEAD + 64);
  const from = fs.statSync(probe.part.log).size;
  if (name) {
    const file = path.join(probe.outbox, name);
    const at = random.between(FILE_HEAD, fs.statSync(file).size - 1);
    probe.held.beforeDamage(name);
    flip(file, at);
  }
  probe.part.start();
  const seen = name && (await within(NAMED_MS, () => /outbox\.(damaged|record)/.test(logged(probe.part, from))));
  if (!seen) return name ? run.books.wrong(`${probe.id}: damage in ${name} is not named`) ?? null : null;
  if (!fs.existsSync(path.join(probe.outbox, name.replace('.seg', '.bad')))) run.books.wrong(`${probe.id}: damaged ${name} is not kept`);
  run.books.count('outbox damaged');
  return `the outbox of ${probe.id} was damaged in ${name}`;
}

// Where the records of a segment end (probes/io/segment.h), and the number of the last whole one
// (probes/shell/outbox_record.h).
function recordsOf(file) {
  const bytes = fs.readFileSync(file);
  const ends = [FILE_HEAD];
  let last = 0;
  for (;;) {
    const at = ends.at(-1);
    const end = at + RECORD_HEAD + (at + RECORD_HEAD <= bytes.length ? bytes.readUInt32LE(at) : Infinity);
    if (end > bytes.length) return { ends, last, size: bytes.length };
    last = Number(bytes.readBigUInt64LE(at + RECORD_HEAD + NUMBER_AT));
    ends.push(end);
  }
}

// Half of the time exactly between two records, which leaves nothing that is torn. What the centre has
// not acknowledged of it is named either way, and counted (compare.mjs).
async function outboxCut(run, random) {
  const probe = run.stage.real[random.pick([0, 3])];
  await probe.part.hold();
  const name = files(probe.outbox, '.seg').findLast((f) => fs.statSync(path.join(probe.outbox, f)).size > FILE_HEAD + 64);
  const from = fs.statSync(probe.part.log).size;
  let lost = false;
  if (name) {
    const file = path.join(probe.outbox, name);
    const { ends, last, size } = recordsOf(file);
    const to = random.between(0, 1) && ends.length > 1 ? random.pick(ends.slice(0, -1)) : random.between(FILE_HEAD, size - 1);
    const whole = probe.held.isWhole(name);
    probe.held.beforeDamage(name, to);
    lost = whole && Math.min(last, probe.held.noted) >= probe.held.state.low;
    fs.truncateSync(file, to);
  }
  probe.part.start();
  if (!name) return null;
  if (lost && !(await within(NAMED_MS, () => /outbox\.lost_tail/.test(logged(probe.part, from))))) return run.books.wrong(`${probe.id}: the cut in ${name} is not named`) ?? null;
  run.books.count('outbox cut short');
  return `the outbox of ${probe.id} was cut short in ${name}`;
}

// The newest records of the intake, which no commit has taken yet: the probes send them again.
async function intakeFlip(run, random) {
  const { collector, disks } = run.stage;
  if (!(await within(SEEN_MS, () => collector.isReady))) return null;
  await collector.hold();
  const from = fs.statSync(collector.log).size;
  const name = files(disks.intake, '.seg').at(-1);
  const file = path.join(disks.intake, name);
  const { size } = fs.statSync(file);
  if (size > FILE_HEAD + 400) flip(file, size - random.between(1, 300));
  collector.start();
  if (!(await within(SEEN_MS, () => /intake\.damaged/.test(logged(collector, from))))) return null; // it had been taken
  if (!fs.existsSync(file.replace('.seg', '.bad'))) run.books.wrong(`damaged ${file} is not kept`);
  run.books.count('intake damaged');
  return `the intake was damaged in ${name}`;
}

async function intakeCut(run, random) {
  const { collector, disks } = run.stage;
  await collector.hold();
  const name = files(disks.intake, '.seg').at(-1);
  const file = name && path.join(disks.intake, name);
  const size = file ? fs.statSync(file).size : 0;
  if (size > FILE_HEAD) fs.truncateSync(file, Math.max(FILE_HEAD, size - random.between(1, 2000)));
  collector.start();
  if (size <= FILE_HEAD) return null;
  run.books.count('intake cut short');
  return `the intake was cut short in ${name}`;
}

// A batch that waits for the database is damaged: its readings are dead-lettered and counted.
async function batchDamage(run, random) {
  const { collector, disks } = run.stage;
  run.front.set('503');
  const waits = await within(SEEN_MS, () => collector.isReady && files(disks.batches, '.batch').length > 2);
  if (waits) await collector.hold();
  const name = waits ? files(disks.batches, '.batch').at(-2) : undefined; // the last one may lack its commit
  const from = fs.statSync(collector.log).size;
  const file = path.join(disks.batches, name ?? '');
  const bytes = name ? fs.readFileSync(file) : null;
  if (name && random.between(0, 1)) flip(file, random.between(BATCH_HEAD, bytes.length - 1));
  else if (name) fs.truncateSync(file, random.between(BATCH_HEAD, bytes.length - 1));
  collector.start();
  run.front.set('pass');
  if (!name) return null;
  const named = () => /batch\.damaged/.test(logged(collector, from));
  if (!(await within(NAMED_MS, () => named() || !fs.existsSync(file)))) return run.books.wrong(`damage in ${name} is not named`) ?? null;
  if (!(await within(SEEN_MS, named))) return null; // it had been written, and its file was on its way out
  run.lose(linesOf(bytes), name);
  if (!fs.existsSync(file.replace('.batch', '.bad'))) run.books.wrong(`damaged ${name} is not kept`);
  run.books.count('batch damaged');
  return `${name} was damaged`;
}

export const DISK_FAULTS = [
  ...Object.entries(DISKS).map(diskFault),
  { name: 'damage: outbox', uses: ['probe'], run: outboxFlip },
  { name: 'cut short: outbox', uses: ['probe'], run: outboxCut },
  { name: 'damage: intake', uses: ['collector'], run: intakeFlip },
  { name: 'cut short: intake', uses: ['collector'], run: intakeCut },
  { name: 'damage: batch', uses: ['collector', 'front'], run: batchDamage },
];
