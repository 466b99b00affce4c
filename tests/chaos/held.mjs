// What an outbox durably held, whatever the probe does with its files: every segment is opened the
// moment it appears, copied as it grows and once more after the probe has removed it. The probe's own
// reader reads the copies (outbox_truth.c).
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BIN } from '../support/servers.mjs';

const LOOK_MS = 100;
const FILE_HEAD = 36;
const LINES_MAX = 1 << 30;

const number = (name) => Number(name.slice(0, -'.seg'.length));

export class Held {
  constructor(outbox, folder) {
    Object.assign(this, { outbox, folder, states: [], torn: [], files: new Map() });
    fs.mkdirSync(outbox, { recursive: true });
    fs.mkdirSync(folder, { recursive: true });
    this.watcher = fs.watch(outbox, () => this.look());
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  close() {
    this.look();
    this.watcher.close();
    clearInterval(this.timer);
    for (const [name, file] of this.files) this.#finish(name, file);
  }

  look() {
    for (const name of fs.readdirSync(this.outbox)) if (name.endsWith('.seg') && !this.files.has(name)) this.#open(name);
    for (const [name, file] of this.files) if (file.fd !== null) this.#follow(name, file);
    this.#state();
  }

  #open(name) {
    try {
      this.files.set(name, { fd: fs.openSync(path.join(this.outbox, name), 'r'), size: -1 });
    } catch (error) {
      if (error.code !== 'ENOENT') throw error; // it went between the two calls; a gap in the numbers tells
    }
  }

  // Segments only grow, but for a record that the disk refused in its middle.
  #follow(name, file) {
    const { size, mtimeMs, nlink } = fs.fstatSync(file.fd);
    if (size !== file.size || mtimeMs !== file.mtimeMs) this.#copy(name, file);
    Object.assign(file, { size, mtimeMs });
    if (nlink > 0) return;
    this.#finish(name, file);
    if (size <= FILE_HEAD) this.files.delete(name); // a full disk: it is begun anew under the same name
  }

  #copy(name, file) {
    const { size } = fs.fstatSync(file.fd);
    const bytes = Buffer.alloc(size);
    fs.readSync(file.fd, bytes, 0, size, 0);
    fs.writeFileSync(path.join(this.folder, name), bytes);
  }

  #finish(name, file) {
    if (file.fd === null) return;
    this.#copy(name, file);
    fs.closeSync(file.fd);
    file.fd = null;
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

  // Nobody damaged the file by hand so far.
  isWhole(name) {
    return !this.torn.some((t) => t.file === number(name));
  }

  // Number of the newest pack that the probe knows as durable (probes/shell/outbox_newest.h).
  get noted() {
    return Number(fs.readFileSync(path.join(this.outbox, 'newest'), 'utf8'));
  }

  // The outbox is about to be damaged by hand in `name`, its probe being dead: what the file held
  // stays the truth. Packs behind a cut at byte `cutAt` are marked torn: they are to be counted as
  // lost, but for one that was being written when the probe died.
  beforeDamage(name, cutAt = Infinity) {
    this.look();
    this.#finish(name, this.files.get(name));
    this.torn.push({ file: number(name), from: cutAt, noted: this.noted });
  }

  // [{number, boot, torn, unheld, timed, readings, file, body}] in order of files; a number may come twice
  // where a file was cut and written on.
  records() {
    this.look();
    const clocks = new Map(this.states.flatMap((s) => s.clocks));
    fs.writeFileSync(path.join(this.folder, 'clocks'), [...clocks].map(([boot, ms]) => `${boot} ${ms}\n`).join(''));
    const told = spawnSync(path.join(BIN, 'outbox_truth'), [this.folder], { encoding: 'utf8', maxBuffer: LINES_MAX });
    if (told.status !== 0) throw new Error(`outbox_truth ${this.folder}: ${told.signal ?? told.error ?? ''} ${told.stderr}`);
    return told.stdout.split('\n').filter(Boolean).map((line) => {
      const [n, boot, kind, , readings, file, end, body] = line.split('\t');
      const cuts = this.torn.filter((t) => t.file === Number(file) && Number(end) > t.from);
      const [torn, unheld] = [cuts.length > 0, cuts.some((t) => Number(n) > t.noted)];
      return { number: Number(n), boot, torn, unheld, timed: kind === '0' || body !== '', readings: Number(readings), file: Number(file), body };
    });
  }

  get state() {
    return this.states.at(-1);
  }
}
