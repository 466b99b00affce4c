// One real program of the run, kept alive as an init system would: whenever it ends it is started
// again a moment later, and how it ended is remembered. Killed and stopped at will.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { sleep } from '../support/servers.mjs';

const RESTART_MS = 300;
const YOUNG_MS = 1000;
const LOOK_MS = 20;
const FINISH_MS = 60000;

export class Part {
  // ready(): whether it answers; told(kind, part, detail): every death, for the books
  constructor(name, { command, args, env = {}, log, ready = async () => true, told = () => {} }) {
    Object.assign(this, { name, command, args, env, log, ready, told });
    this.wanted = false;
    this.isReady = false;
    this.excused = false; // true while ending by itself is right: its disk is full
    this.startedAt = 0;
    this.starts = 0;
  }

  start() {
    this.wanted = true;
    if (this.child) return;
    const log = fs.openSync(this.log, 'a');
    fs.writeSync(log, `--- start ${++this.starts} at ${new Date().toISOString()}\n`);
    this.child = spawn(this.command, this.args, { stdio: ['ignore', log, log], env: { ...process.env, ...this.env } });
    fs.closeSync(log);
    this.startedAt = Date.now();
    this.isReady = false;
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(this.#exit(code, signal))));
    this.#watch(this.child);
  }

  async #watch(child) {
    while (this.child === child && !this.isReady) {
      const answers = await this.ready();
      if (this.child === child && answers) this.isReady = true;
      else await sleep(LOOK_MS);
    }
  }

  #exit(code, signal) {
    const asked = this.asked;
    this.child = null;
    this.isReady = false;
    this.asked = null;
    this.stopped = false;
    if (signal !== asked && !(asked === 'SIGTERM' && code === 0)) this.told(this.excused ? 'gave up' : 'ended by itself', this, signal ?? `exit code ${code}`);
    if (this.wanted) setTimeout(() => { if (this.wanted) this.start(); }, RESTART_MS);
    return signal ?? code;
  }

  // kill -9; the next start follows by itself unless hold() was called. True if it lived.
  async kill() {
    if (!this.child) return false;
    const young = Date.now() - this.startedAt < YOUNG_MS;
    const recovering = !this.isReady;
    this.asked = 'SIGKILL';
    this.child.kill('SIGKILL');
    await this.ended;
    this.told('killed', this, recovering ? 'recovering' : young ? 'young' : '');
    return true;
  }

  // Killed and kept down until start().
  async hold() {
    this.wanted = false;
    return this.kill();
  }

  // SIGTERM and no start any more; who does not heed it in time is killed, and that is told.
  async finish() {
    this.wanted = false;
    if (!this.child) return null;
    const { child } = this;
    this.asked = 'SIGTERM';
    this.resume();
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), FINISH_MS);
    await this.ended;
    clearTimeout(late);
  }

  pause() {
    if (!this.child) return false;
    this.stopped = true;
    return this.child.kill('SIGSTOP');
  }

  resume() {
    this.child?.kill('SIGCONT');
    this.stopped = false;
  }
}
