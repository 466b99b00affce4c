// The program sink_driver (tests/e2e/drivers/sink_driver.c), and what it said.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { BIN, freshFolder, until } from './servers.mjs';

const running = new Set();

export class Driver {
  constructor(kind, url, database, { folder, confirmMs = 0 } = {}) {
    this.folder = folder ?? freshFolder(`batches-${kind}-${database}`);
    this.child = spawn(path.join(BIN, 'sink_driver'), [this.folder, kind, url, database, String(confirmMs)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.said = [];
    readline.createInterface(this.child.stdout).on('line', (line) => this.said.push(line));
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(code ?? signal))); // not 'exit': all that it said has been read
    running.add(this);
  }

  batch(number, lines) {
    this.child.stdin.write(`batch ${number}\n${lines.join('\n')}\n.\n`);
  }

  find(beginning) {
    return this.said.filter((line) => line.startsWith(beginning));
  }

  says(beginning, timeoutMs) {
    return until(() => `driver says "${beginning}", said ${this.said.slice(-3)}`, () => this.find(beginning)[0], timeoutMs);
  }

  async close() {
    running.delete(this);
    this.child.stdin.end();
    assert.equal(await this.ended, 0);
    assert.deepEqual(this.find('error'), []);
    assert.equal(this.said.at(-1), 'closed');
  }

  // Ends every driver that a failed test left; for afterEach.
  static killAll() {
    running.forEach((driver) => driver.child.kill('SIGKILL'));
    running.clear();
  }
}
