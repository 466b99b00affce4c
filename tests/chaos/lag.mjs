// How late a timer fired at worst on this machine, seen by a thread that does nothing else: what a loaded machine
// adds to every time that is compared with the world. Whoever else runs here waits as long.
import { Worker } from 'node:worker_threads';

const WATCH = `
const { workerData } = require('node:worker_threads');
const LOOK_MS = 100;
const worst = new Int32Array(workerData);
let due = Date.now() + LOOK_MS;
setInterval(() => {
  const now = Date.now();
  if (now - due > worst[0]) Atomics.store(worst, 0, now - due);
  due = now + LOOK_MS;
}, LOOK_MS);
`;

export class Lag {
  constructor() {
    const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    this.worst = new Int32Array(shared);
    this.worker = new Worker(WATCH, { eval: true, workerData: shared });
    this.worker.unref();
  }

  get worstMs() {
    return Atomics.load(this.worst, 0);
  }
}
