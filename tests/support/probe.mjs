// The real ioc-probe for end-to-end tests.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BIN, endOf } from './servers.mjs';

export const PROGRAM = path.join(BIN ?? '', 'ioc-probe');

export class Probe {
  constructor(folder, { id = 'p1', broker = 'host: 127.0.0.1', checks = null, extra = '', outboxExtra = '' } = {}) {
    Object.assign(this, { folder, id, broker, extra, outboxExtra, outbox: path.join(folder, 'outbox'), log: path.join(folder, 'probe.log') });
    this.config = path.join(folder, 'probe.yaml');
    this.write(checks ?? [{ type: 'tcp', name: 'broker', target: '127.0.0.1:1883', units: '[link]' }]);
  }

  write(checks) {
    const items = checks.map((check) => `  - interval: 1s\n    timeout: 500ms\n${Object.entries(check).map(([k, v]) => `    ${k}: ${v}\n`).join('')}`);
    fs.writeFileSync(this.config, `probe:
  id: ${this.id}
  site: S1
  pack_period: 1s
${this.extra}
broker:
  ${this.broker}
outbox:
  folder: ${this.outbox}
${this.outboxExtra}
status:
  socket: ${this.folder}/socket
checks:
${items.join('')}`);
  }

  // env: what it gets beside our own environment
  start(env = {}) {
    const log = fs.openSync(this.log, 'a');
    this.child = spawn(PROGRAM, ['--config', this.config], { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(signal ?? code)));
  }

  signal(name) {
    this.child.kill(name);
  }

  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    return endOf(this.child, this.ended);
  }

  // {status, stdout}
  ask(...args) {
    return spawnSync(PROGRAM, ['--config', this.config, ...args], { encoding: 'utf8', timeout: 60000 });
  }

  logged() {
    return fs.readFileSync(this.log, 'utf8');
  }
}
