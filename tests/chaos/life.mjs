// What happens in the province itself while everything around it breaks: services of the real
// probes go and come, simulated stations fail, flap, and lose their probe. This is the world that
// timelines are compared with, not a fault of the run.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { BIN, sleep } from '../support/servers.mjs';
import { FLEET, siteOf } from './province.mjs';

// Two faults of a station are further apart than what a comparison may be off.
const BUSY_MS = 125000;
const LOOK_MS = 50;

// Stations that fail and stations whose probe dies are different ones: where the probe is gone there
// is no evidence of a fault.
const FAILING = FLEET.filter((_, i) => i % 2 === 0);
const LONELY = FLEET.filter((_, i) => i % 2 === 1);

const DEEDS = [
  [FAILING, (random) => ['down', `${random.between(6, 20)}s`]],
  [FAILING, (random) => ['flap', '2', '50s']],
  [LONELY, (random) => ['kill', `${random.between(1, 12)}s`]],
  [LONELY, (random) => ['reboot', `${random.between(1, 6)}s`]],
  [LONELY, (random) => ['slow', String(random.between(100, 900)), `${random.between(3, 10)}s`]],
];

export class Life {
  constructor(run, random) {
    Object.assign(this, { run, random, over: false });
  }

  start() {
    this.loops = [...this.run.stage.services.map((s) => this.#service(s)), this.#fleet()];
  }

  async #pause(from, to) {
    const end = Date.now() + this.random.between(from, to);
    while (Date.now() < end && !this.over) await sleep(LOOK_MS);
  }

  async #service(service) {
    while (!this.over) {
      await this.#pause(6000, 20000);
      if (this.over) break;
      await service.down();
      await this.#pause(4000, 12000);
      await service.up();
      this.run.books.count('service down');
    }
  }

  async #fleet() {
    const busy = new Map();
    while (!this.over) {
      await this.#pause(1500, 4000);
      const [where, how] = this.random.pick(DEEDS);
      const probe = this.random.pick(where);
      if (this.over || (busy.get(probe) ?? 0) > Date.now()) continue;
      const told = spawnSync(path.join(BIN, 'ioc-fleet'), ['fault', siteOf(probe), ...how(this.random), '--control', this.run.stage.control], { encoding: 'utf8' });
      if (told.status === 0) this.run.books.count('fleet fault');
      busy.set(probe, Date.now() + BUSY_MS);
    }
  }

  // All is well again.
  async end() {
    this.over = true;
    await Promise.all(this.loops);
  }
}
