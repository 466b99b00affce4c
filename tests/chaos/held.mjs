// What an outbox durably held, kept beside it whatever the probe does with its files: every segment
// gets a second name the moment it appears, so that what was ever written can be read at the end.
// The probe's own reader reads it (outbox_truth.c).
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BIN } from '../support/servers.mjs';

const LOOK_MS = 100;
const LINES_MAX = 1 << 30;

const number = (name) => Number(name.slice(0, -'.seg'.length));

export class Held {
  // outbox and folder lie on one file system: second names need that
  constructor(outbox, folder) {
    Object.assign(this, { outbox, folder, states: [], torn: [], seen: new Set() });
    fs.mkdirSync(outbox, { recursive: true });
    fs.mkdirSync(folder, { recursive: true });
    this.watcher = fs.watch(outbox, () => this.look());
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  close() {
    this.look();
    this.watcher.close();
    clearInterval(this.timer);
  }

  look() {
    for (const name of fs.readdirSync(this.outbox)) if (name.endsWith('.seg') && !this.seen.has(name)) this.#keep(name);
    this.#state();
  }

  #keep(name) {
    try {
      fs.linkSync(path.join(this.outbox, name), path.join(this.folder, name));
      this.seen.add(name);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error; // it went between the two calls; a gap in the numbers tells
    }
  }

  #state() {
    let text;
    try {
      text = fs.readFileSync(path.join(this.outbox, 'state'), 'utf8');
    } catch {
      return;
    }
    if (!text.endsWith('end\n') || text === this.text) return;
    this.text = text;
    const word = (key) => new RegExp(`^${key} (\\S+)$`, 'm').exec(text)?.[1];
    const clocks = [...text.matchAll(/^clock (\S+) (-?\d+)$/gm)].map((m) => [m[1], m[2]]);
    this.states.push({ epoch: word('epoch'), base: Number(word('base')), low: Number(word('low')), high: Number(word('high')), dropped: Number(word('dropped')), clocks });
  }

  // The outbox is about to be damaged by hand in `name`, its probe being dead: what the file held
  // stays the truth. If it is cut at byte `from`, the packs behind are lost without a trace: a torn
  // tail is what a crash leaves, too.
  beforeDamage(name, from = Infinity) {
    this.look();
    const kept = path.join(this.folder, name);
    const bytes = fs.readFileSync(kept);
    fs.rmSync(kept);
    fs.writeFileSync(kept, bytes);
    this.torn.push({ file: number(name), from });
  }

  // [{number, boot, torn, timed, readings, file, body}] in order of files; a number may come twice
  // where a file was cut and written on.
  records() {
    this.look();
    const clocks = new Map(this.states.flatMap((s) => s.clocks));
    fs.writeFileSync(path.join(this.folder, 'clocks'), [...clocks].map(([boot, ms]) => `${boot} ${ms}\n`).join(''));
    const told = spawnSync(path.join(BIN, 'outbox_truth'), [this.folder], { encoding: 'utf8', maxBuffer: LINES_MAX });
    if (told.status !== 0) throw new Error(`outbox_truth ${this.folder}: ${told.signal ?? told.error ?? ''} ${told.stderr}`);
    return told.stdout.split('\n').filter(Boolean).map((line) => {
      const [n, boot, kind, , readings, file, end, body] = line.split('\t');
      const torn = this.torn.some((t) => t.file === Number(file) && Number(end) > t.from);
      return { number: Number(n), boot, torn, timed: kind === '0' || body !== '', readings: Number(readings), file: Number(file), body };
    });
  }

  get state() {
    return this.states.at(-1);
  }
}
