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
import { Random } from './random.mjs';
import { Service } from './service.mjs';

export const PORTS = { probeSide: 2883, lonely: 2884, broker: 1883, collectorSide: 3883, sinkSide: 9086, front: 9087, influx: 8086, victoria: 8428 };
const BOOT_ID = '/proc/sys/kernel/random/boot_id';
export const DATABASE = 'ioc';
export const TTL_MS = 3000;
export const INTERVAL_MS = 1000;
export const FLEET_TIMES = { interval: '2s', ttl: '6s', pack: '2s', willAfter: '4s' };

export const BALLAST = 'ballast';

const SERVICE_PORT = 4001;
const DISKS = { data: '64m', 'data/intake': '16m', 'data/batches': '16m', probe: '8m' };

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

// A real probe: its configuration, its outbox on a disk of its own, what that held. `name` differs
// from the id in a twin, whose outbox begins as a copy.
class RealProbe {
  constructor(folder, { id, name = id, copyOf, ...options }) {
    Object.assign(this, { id, name, options, twins: [] });
    this.service = options.service;
    this.clockFile = path.join(folder, `${name}.clock`);
    this.disk = disk(path.join(folder, name), DISKS.probe);
    this.outbox = path.join(this.disk, 'outbox');
    if (copyOf) fs.cpSync(copyOf.outbox, this.outbox, { recursive: true });
    this.held = new Held(this.outbox, path.join(folder, 'held', name));
    this.config = path.join(folder, `${name}.yaml`);
    fs.writeFileSync(this.config, probeYaml({ id, outbox: this.outbox, ...options, service: options.service.port }));
  }
}

const check = (type, name, more) => `  - type: ${type}
    name: ${name}
    interval: ${INTERVAL_MS}ms
    timeout: 500ms
    ttl: ${TTL_MS}ms
${Object.entries(more).map(([k, v]) => `    ${k}: ${v}\n`).join('')}`;

const probeYaml = ({ id, port, outbox, bytes, service, more }) => `probe:
  id: ${id}
  site: ${siteOf(id)}
  pack_period: 1s
broker:
  host: 127.0.0.1
  port: ${port}
outbox:
  folder: ${outbox}
  max_bytes: ${bytes}
status:
  socket: ""
checks:
${check('tcp', 'service', { target: `127.0.0.1:${service}`, units: '[4g@a]' })}${check('host', 'self', {})}${check('icmp', 'loop', { target: '127.0.0.1', count: 1 })}\
${Array.from({ length: more }, (_, i) => check('icmp', `loop-${i + 1}`, { target: '127.0.0.1', count: 1 })).join('')}`;

export class Stage {
  constructor(folder, { seed, victoria, tell }) {
    Object.assign(this, { folder, seed, victoria, tell });
    this.parts = [];
  }

  async open() {
    this.bootFile = path.join(this.folder, 'boot_id');
    this.rebootMachine(new Random(this.seed));
    execFileSync('mount', ['--bind', this.bootFile, BOOT_ID]);
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

  // A machine clock of its own for one process (tests/e2e/preload/machine_clock.c).
  #clock(file, synchronised) {
    fs.writeFileSync(file, Buffer.alloc(16));
    this.shiftClock(file, 0, synchronised);
    return { LD_PRELOAD: path.join(BIN, 'machine_clock.so'), IOC_MACHINE_CLOCK: file, ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0` };
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
      limits: { reserve: '1MiB', low_water: '1MiB', commit_period: '400ms' },
    });
    this.clockFile = path.join(this.folder, 'collector.clock');
    this.collector = this.#part('collector', {
      command: path.join(BIN, 'ioc-collector'), args: ['--config', this.centre.configFile],
      env: this.#clock(this.clockFile, true), ready: answers(`${this.centre.url}/readyz`, 200),
    });
  }

  async #probes() {
    this.services = [];
    this.real = [];
    for (const [i, id] of REAL.entries()) {
      const service = new Service(SERVICE_PORT + i);
      await service.up();
      const lonely = i === 1 && { port: PORTS.lonely, bytes: '64KiB', more: 8 };
      this.services.push(service);
      this.real.push(this.#run(new RealProbe(this.folder, { id, port: PORTS.probeSide, bytes: '64MB', more: 0, trust: i !== 2, service, ...lonely })));
    }
  }

  #run(probe) {
    const options = { command: path.join(BIN, 'ioc-probe'), args: ['--config', probe.config], env: this.#clock(probe.clockFile, probe.options.trust), ready: async () => probe.held.state !== undefined };
    probe.part = this.#part(probe.name, options);
    return probe;
  }

  // A second machine with the identity of `probe`, which is not running, and a copy of its outbox.
  clone(probe) {
    const twin = this.#run(new RealProbe(this.folder, { id: probe.id, name: `${probe.id}-twin-${probe.twins.length + 1}`, copyOf: probe, ...probe.options }));
    this.parts.splice(this.parts.indexOf(twin.part), 1);
    twin.copiedTo = twin.held.records().at(-1)?.number ?? 0;
    probe.twins.push(twin);
    return twin;
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

  // Whoever starts from now on takes it for another start of the machine.
  rebootMachine(random) {
    const hex = (n) => Array.from({ length: n }, () => random.between(0, 15).toString(16)).join('');
    fs.writeFileSync(this.bootFile, `${[8, 4, 4, 4, 12].map(hex).join('-')}\n`);
  }

  // Shifts a process' wall clock from now on; 0 mends it. synchronised: the kernel's word on it.
  shiftClock(file, ms, synchronised = true) {
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64LE(BigInt(ms), 0);
    bytes.writeBigInt64LE(synchronised ? 1n : 0n, 8);
    const fd = fs.openSync(file, 'r+');
    fs.writeSync(fd, bytes);
    fs.closeSync(fd);
  }

  // The small disks go with the namespace: what lay on them, for whoever looks into a failure.
  keepDisks() {
    const kept = path.join(this.folder, 'disks');
    for (const disk of [this.disks?.store, ...(this.real ?? []).flatMap((p) => [p, ...p.twins]).map((p) => p.disk)])
      if (disk) fs.cpSync(disk, path.join(kept, path.basename(disk)), { recursive: true, filter: (file) => path.basename(file) !== BALLAST });
  }

  close() {
    for (const probe of this.real ?? []) probe.held.close();
    for (const service of this.services ?? []) service.close();
  }
}
