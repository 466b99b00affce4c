// All parts of a run and the ways between them:
//
//     probes, fleet --2883 relay--> 1883 mosquitto --3883 relay--> collector
//     collector --9086 relay--> 9087 front --> 8086 InfluxDB or VictoriaMetrics
//
// Every disk that can fill is a small tmpfs of its own.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Mosquitto } from '../support/broker.mjs';
import { Collector, writeInventory } from '../support/centre.mjs';
import { BIN, Influx, Victoria, ask } from '../support/servers.mjs';
import { Held } from './held.mjs';
import { Part } from './part.mjs';
import { FLEET, REAL, inventory, siteOf } from './province.mjs';
import { Service } from './service.mjs';

export const PORTS = { probeSide: 2883, broker: 1883, collectorSide: 3883, sinkSide: 9086, front: 9087, influx: 8086, victoria: 8428 };
export const DATABASE = 'ioc';
export const TTL_MS = 3000;
export const INTERVAL_MS = 1000;
export const FLEET_TIMES = { interval: '2s', ttl: '6s', pack: '2s', willAfter: '4s' };

export const BALLAST = 'ballast';

const SERVICE_PORT = 4001;
const DISKS = { data: '192m', 'data/intake': '24m', 'data/batches': '24m', probe: '24m' };

function disk(folder, size) {
  fs.mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'chaos', folder]);
  return folder;
}

const accepts = (port) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});

const answers = (url, status) => async () => (await ask('GET', url)).status === status;

// A real probe: its configuration, its outbox on a disk of its own, what that held.
export class RealProbe {
  constructor(folder, id, { port, clockFile, trust = true, outboxBytes = '64MB', service }) {
    Object.assign(this, { id, service, clockFile });
    this.disk = disk(path.join(folder, id), DISKS.probe);
    this.outbox = path.join(this.disk, 'outbox');
    this.held = new Held(this.outbox, path.join(this.disk, 'held'));
    this.config = path.join(folder, `${id}.yaml`);
    fs.writeFileSync(this.config, probeYaml({ id, port, trust, outbox: this.outbox, bytes: outboxBytes, service: service.port }));
  }
}

const check = (type, name, more) => `  - type: ${type}
    name: ${name}
    interval: ${INTERVAL_MS}ms
    timeout: 500ms
    ttl: ${TTL_MS}ms
${Object.entries(more).map(([k, v]) => `    ${k}: ${v}\n`).join('')}`;

const probeYaml = ({ id, port, trust, outbox, bytes, service }) => `probe:
  id: ${id}
  site: ${siteOf(id)}
  pack_period: 1s
  trust_clock: ${trust}
broker:
  host: 127.0.0.1
  port: ${port}
outbox:
  folder: ${outbox}
  max_bytes: ${bytes}
status:
  socket: ""
checks:
${check('tcp', 'service', { target: `127.0.0.1:${service}`, units: '[4g@a]' })}${check('host', 'self', {})}${check('icmp', 'loop', { target: '127.0.0.1', count: 1 })}`;

export class Stage {
  constructor(folder, { seed, victoria, tell }) {
    Object.assign(this, { folder, seed, victoria, tell });
    this.parts = [];
  }

  async open() {
    this.#database();
    this.#broker();
    this.#collector();
    await this.#probes();
    this.#fleet();
  }

  #part(name, options) {
    const part = new Part(name, { log: path.join(this.folder, `${name}.log`), told: (...args) => this.tell(...args), ...options });
    this.parts.push(part);
    return part;
  }

  #shim(clockFile) {
    fs.writeFileSync(clockFile, Buffer.alloc(8));
    const asan = `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0`;
    return { LD_PRELOAD: path.join(BIN, 'clock_shim.so'), IOC_CHAOS_CLOCK: clockFile, ASAN_OPTIONS: asan };
  }

  #database() {
    const folder = path.join(this.folder, 'database');
    fs.mkdirSync(folder, { recursive: true });
    this.base = this.victoria ? new Victoria(folder, { port: PORTS.victoria }) : new Influx(folder, { port: PORTS.influx });
    const args = this.victoria
      ? [`-httpListenAddr=127.0.0.1:${PORTS.victoria}`, `-storageDataPath=${folder}/vm`, '-retentionPeriod=100y', '-dedup.minScrapeInterval=1ms']
      : ['-config', this.base.config];
    this.database = this.#part('database', { command: this.victoria ? 'victoria-metrics' : 'influxd', args, ready: answers(this.base.url + this.base.ready, this.victoria ? 200 : 204) });
  }

  #broker() {
    const { config } = new Mosquitto(this.folder, { port: PORTS.broker });
    const env = { PATH: `${process.env.PATH}:/usr/sbin` };
    this.broker = this.#part('broker', { command: 'mosquitto', args: ['-c', config], env, ready: () => accepts(PORTS.broker) });
  }

  #collector() {
    const data = disk(path.join(this.folder, 'data'), DISKS.data);
    this.disks = { store: data, intake: disk(path.join(data, 'intake'), DISKS['data/intake']), batches: disk(path.join(data, 'batches'), DISKS['data/batches']) };
    this.centre = new Collector(this.folder, {
      inventory: inventory([...REAL, ...FLEET]),
      broker: { port: PORTS.collectorSide },
      sink: { kind: this.victoria ? 'victoria' : 'influxdb', url: `http://127.0.0.1:${PORTS.sinkSide}`, database: DATABASE, timeout: '5s' },
      evidence: { pack_period: '2s', will_hold: '2s', connect_settle: '5s' },
      limits: { reserve: '1MiB', low_water: '1MiB' },
    });
    this.clockFile = path.join(this.folder, 'collector.clock');
    this.collector = this.#part('collector', {
      command: path.join(BIN, 'ioc-collector'), args: ['--config', this.centre.configFile],
      env: this.#shim(this.clockFile), ready: answers(`${this.centre.url}/readyz`, 200),
    });
  }

  async #probes() {
    this.services = [];
    this.real = [];
    for (const [i, id] of REAL.entries()) {
      const service = new Service(SERVICE_PORT + i);
      await service.up();
      const clockFile = path.join(this.folder, `${id}.clock`);
      const probe = new RealProbe(this.folder, id, { port: PORTS.probeSide, clockFile, trust: i !== 2, outboxBytes: i === 1 ? '64KiB' : '64MB', service });
      probe.part = this.#part(id, { command: path.join(BIN, 'ioc-probe'), args: ['--config', probe.config], env: this.#shim(clockFile), ready: async () => probe.held.state !== undefined });
      this.services.push(service);
      this.real.push(probe);
    }
  }

  #fleet() {
    const tables = path.join(this.folder, 'fleet-inventory');
    writeInventory(tables, inventory(FLEET));
    this.truth = path.join(this.folder, 'fleet-truth');
    this.control = path.join(this.folder, 'fleet.sock');
    this.fleet = this.#part('fleet', {
      command: path.join(BIN, 'ioc-fleet'),
      args: ['run', '--inventory', tables, '--broker', `127.0.0.1:${PORTS.probeSide}`, '--interval', FLEET_TIMES.interval, '--ttl', FLEET_TIMES.ttl,
        '--pack', FLEET_TIMES.pack, '--will-after', FLEET_TIMES.willAfter, '--seed', String(this.seed), '--truth', this.truth, '--control', this.control],
    });
  }

  // Shifts a process' wall clock from now on; 0 mends it.
  shiftClock(file, ms) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(ms));
    fs.writeSync(fs.openSync(file, 'r+'), bytes);
  }

  // The small disks go with the namespace: what lay on them, for whoever looks into a failure.
  keepDisks() {
    const kept = path.join(this.folder, 'disks');
    for (const disk of [this.disks?.store, ...(this.real ?? []).map((p) => p.disk)])
      if (disk) fs.cpSync(disk, path.join(kept, path.basename(disk)), { recursive: true, filter: (file) => path.basename(file) !== BALLAST });
  }

  close() {
    for (const probe of this.real ?? []) probe.held.close();
    for (const service of this.services ?? []) service.close();
  }
}
