// The demo's whole province, played by ioc-fleet in front of a real broker and collector, and broken at a word.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Collector, Mosquitto, writeInventory } from './centre.mjs';
import { BIN, until } from './servers.mjs';

export const DATA = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../deploy/data/ninh-thuan');
const NAMES = ['areas', 'operators', 'sites', 'units', 'serves', 'depends', 'declared', 'probes'];
export const STATIONS = 375;
const PATIENCE_MS = 150000;
const FAULT_MS = 60000;
const PAST_MS = 400000;

// The inventory's tables by name.
export const provinceTables = () => Object.fromEntries(NAMES.map((name) => [name, fs.readFileSync(path.join(DATA, `${name}.csv`), 'utf8')]));

export class PlayedProvince {
  // sections override or add to the collector's configuration
  constructor(folder, sections = {}) {
    this.folder = folder;
    this.socket = path.join(folder, 'fleet.sock');
    this.broker = new Mosquitto(folder);
    this.simulated = path.join(folder, 'simulated'); // the fleet plays every probe of its inventory: a feed that a test adds is none
    writeInventory(this.simulated, provinceTables());
    this.centre = new Collector(folder, { inventory: provinceTables(), ...sections, centre: { name: 'IOC Ninh Thuận', simulated: true, ...sections.centre },
      evidence: { pack_period: '2s', will_hold: '5s', connect_settle: '10s', ...sections.evidence } });
  }

  async start() {
    await this.broker.start();
    assert.ok(await this.centre.start(), this.centre.log());
    await this.centre.ready();
  }

  #options(more) {
    return ['run', '--inventory', this.simulated, '--broker', '127.0.0.1:1883', ...more];
  }

  // Days that were lived through unheard: all of them are stored when this returns.
  live(days, script) {
    const done = spawnSync(path.join(BIN, 'ioc-fleet'), this.#options(['--past', `${days}d`, '--past-only', '--units-only', '--interval', '10min', '--ttl', '25min', '--pack', '1000h',
      '--pack-readings', '500', '--truth', path.join(this.folder, 'truth-past'), '--control', '-', '--script', script]), { timeout: PAST_MS, encoding: 'utf8' });
    assert.equal(done.status, 0, done.stdout + done.stderr);
  }

  // All probes report, and all stations but `out` are up.
  async play({ out = 0, options = [] } = {}) {
    const began = Date.now();
    const log = fs.openSync(path.join(this.folder, 'fleet.log'), 'a');
    this.fleet = spawn(path.join(BIN, 'ioc-fleet'), this.#options(['--interval', '5s', '--ttl', '15s', '--pack', '2s', '--truth', path.join(this.folder, 'truth'), '--control', this.socket, ...options]),
      { stdio: ['ignore', log, log] });
    fs.closeSync(log);
    await until('all stations are up', async () => (await this.centre.get('/api/v1/overview')).sites.bts.up >= STATIONS - out, PATIENCE_MS);
    await until('all probes are heard', async () => (await this.centre.get('/api/v1/probes?late_s=0&limit=1000')).probes.every((p) => !p.status || Date.parse(p.heard) > began), PATIENCE_MS);
  }

  // As `ioc-fleet fault` has it: target, action, number, time. Returns when it began, in ms.
  fault(...what) {
    const done = spawnSync(path.join(BIN, 'ioc-fleet'), ['fault', '--control', this.socket, '--', ...what], { timeout: FAULT_MS, encoding: 'utf8' });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    return Date.parse(/ since (\S+)/.exec(done.stdout)[1]);
  }

  // What really was against what is shown, as ioc-fleet compares it.
  verify() {
    const done = spawnSync(path.join(BIN, 'ioc-fleet'), ['verify', '--truth', path.join(this.folder, 'truth'), '--collector', this.centre.url], { timeout: PATIENCE_MS, encoding: 'utf8' });
    return done.stdout + done.stderr;
  }

  async stop() {
    this.fleet?.kill('SIGKILL');
    for (const server of [this.centre, this.broker]) await server.kill();
  }
}
