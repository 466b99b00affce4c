// Copies of the batch files as they come, so that the way of a reading that is missing can be told.
// A batch that lives for a moment only may be missed: this is for people, not for the verdict.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const HEAD = 64;

// Lines of a batch file as they go to the database.
export const linesOf = (bytes) => zlib.gunzipSync(bytes.subarray(HEAD)).toString().split('\n').filter(Boolean);

export class Batches {
  constructor(from, to) {
    Object.assign(this, { from, to });
    fs.mkdirSync(to, { recursive: true });
    this.watcher = fs.watch(from, (_, name) => name?.endsWith('.batch') && this.#copy(name));
  }

  #copy(name) {
    try {
      fs.copyFileSync(path.join(this.from, name), path.join(this.to, name));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }

  // Names of the batches that held a point of this key ("series ns").
  holding(key) {
    const series = key.slice(0, key.lastIndexOf(' '));
    const time = key.slice(key.lastIndexOf(' '));
    const holds = (name) => {
      try {
        return linesOf(fs.readFileSync(path.join(this.to, name))).some((line) => line.startsWith(`${series} `) && line.endsWith(time));
      } catch {
        return false; // copied while it was written
      }
    };
    return fs.readdirSync(this.to).filter(holds);
  }

  close() {
    this.watcher.close();
  }
}
