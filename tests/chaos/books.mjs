// What happened in a run: counts of everything that was done to it, lines for people, and what is
// wrong. A fault that nobody saw happen is no fault.
import fs from 'node:fs';
import path from 'node:path';

const started = Date.now();

export class Books {
  constructor(folder) {
    this.file = fs.openSync(path.join(folder, 'chaos.log'), 'a');
    this.counts = new Map();
    this.wrongs = [];
  }

  say(text) {
    const line = `${((Date.now() - started) / 1000).toFixed(1).padStart(7)}  ${text}`;
    console.log(line);
    fs.writeSync(this.file, `${line}\n`);
  }

  // Into the log only.
  note(text) {
    fs.writeSync(this.file, `${((Date.now() - started) / 1000).toFixed(3).padStart(9)}    ${text}\n`);
  }

  count(what, n = 1) {
    this.counts.set(what, (this.counts.get(what) ?? 0) + n);
  }

  seen(what) {
    return this.counts.get(what) ?? 0;
  }

  wrong(text) {
    this.wrongs.push(text);
    this.say(`WRONG  ${text}`);
  }

  // What a part tells of its deaths (part.mjs).
  died = (how, part, detail) => {
    const name = /^r\d/.test(part.name) ? 'probe' : part.name;
    this.note(`${part.name} ${how} ${detail}`);
    if (how === 'killed') {
      this.count(`kill ${name}`);
      if (detail) this.count(`kill ${detail}`);
    } else if (how === 'gave up') {
      this.count(`${name} ended on a full disk`);
    } else {
      this.wrong(`${part.name} ${how}: ${detail}; see ${part.log}`);
    }
  };
}
