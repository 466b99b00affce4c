// What every row of the bench stands on: processes on loopback, what they cost, and a database that
// takes everything.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

export const BIN = process.env.IOC_BIN;
export const TMP = process.env.IOC_TMP;
export const PORT = { broker: 18830, sink: 18831, page: 18832, tls: 18833 };

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what, condition, timeoutMs = 60000, everyMs = 20) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const got = await condition();
    if (got) return got;
    if (Date.now() > end) throw new Error(`timed out: ${what}`);
    await sleep(everyMs);
  }
}

export function get(url, agent = false) {
  return new Promise((resolve) => {
    const request = http.get(url, { agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }));
      response.on('error', () => resolve({ status: 0, body: '' }));
    });
    request.on('error', () => resolve({ status: 0, body: '' }));
  });
}

export function freshFolder(name) {
  const folder = path.join(TMP, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

// A program; its lines of standard output come through line(), its log stands in a file.
export class Program {
  constructor(name, command, args = []) {
    this.log = path.join(TMP, `${name}.log`);
    this.lines = [];
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', fs.openSync(this.log, 'w')] });
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => resolve((this.code = code ?? -1))));
    let rest = '';
    this.child.stdout.on('data', (chunk) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop();
      for (const part of parts) this.lines.push(part);
    });
  }

  get pid() {
    return this.child.pid;
  }

  async line(wanted, timeoutMs = 120000) {
    return until(`${this.log}: a line`, () => {
      if (this.code > 0) throw new Error(`it ended with ${this.code}: see ${this.log}`);
      return this.lines.find(wanted);
    }, timeoutMs, 5);
  }

  async stop(signal = 'SIGTERM') {
    if (this.code === undefined) this.child.kill(signal);
    await this.ended;
  }

  // CPU of each thread in ns, by name; threads of one name together.
  threads() {
    const used = {};
    for (const id of fs.readdirSync(`/proc/${this.pid}/task`)) {
      try {
        const name = fs.readFileSync(`/proc/${this.pid}/task/${id}/comm`, 'utf8').trim();
        const key = id === String(this.pid) ? 'main' : name;
        used[key] = (used[key] ?? 0) + Number(fs.readFileSync(`/proc/${this.pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]);
      } catch { /* it ended meanwhile */ }
    }
    return used;
  }

  // kB resident: {total, private}
  resident() {
    const text = fs.readFileSync(`/proc/${this.pid}/smaps_rollup`, 'utf8');
    const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { total: of('Rss'), private: of('Private_Clean') + of('Private_Dirty') };
  }
}

// What was used between two readings of threads().
export function spent(before, after) {
  return Object.fromEntries(Object.entries(after).map(([name, ns]) => [name, ns - (before[name] ?? 0)]));
}

export const sum = (object) => Object.values(object).reduce((a, b) => a + b, 0);

// A database that answers 204 to everything.
export function openSink() {
  const seen = { requests: 0, bytes: 0 };
  const server = http.createServer((request, response) => {
    request.on('data', (chunk) => (seen.bytes += chunk.length));
    request.on('end', () => {
      seen.requests++;
      response.writeHead(204).end();
    });
  });
  server.keepAliveTimeout = 60000;
  return new Promise((resolve) => server.listen(PORT.sink, '127.0.0.1', () => resolve({ seen, close: () => server.close() })));
}

// Plain for the load and the collector; with certificates for the probe.
export async function openBroker(tls) {
  const config = path.join(TMP, 'mosquitto.conf');
  fs.writeFileSync(config, `listener ${PORT.broker} 127.0.0.1
listener ${PORT.tls} 127.0.0.1
cafile ${tls}/ca.crt
certfile ${tls}/broker.crt
keyfile ${tls}/broker.key
require_certificate true
use_identity_as_username true
allow_anonymous true
max_queued_messages 10000000
max_queued_bytes 0
max_inflight_messages 1000
user ${process.env.USER ?? 'root'}
log_type none
`);
  const begin = async () => {
    const broker = new Program('mosquitto', process.env.IOC_MOSQUITTO ?? '/usr/sbin/mosquitto', ['-c', config]);
    await until('the broker listens', () => reachable(PORT.tls), 10000);
    return broker;
  };
  const held = { broker: await begin() };
  const again = async () => {
    await held.broker.stop('SIGKILL');
    held.broker = await begin();
  };
  return { again, threads: () => held.broker.threads(), stop: () => held.broker.stop() };
}

export function writeConfig(folder, inventory) {
  const file = path.join(folder, 'collector.yaml');
  fs.writeFileSync(file, `centre: {id: bench, data_folder: ${folder}/data, inventory: ${inventory}, log_level: note}
broker: {host: 127.0.0.1, port: ${PORT.broker}}
sink: {url: "http://127.0.0.1:${PORT.sink}", database: bench}
http: {port: ${PORT.page}}
limits: {reserve: 1MiB}
`);
  return file;
}

export function reachable(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket.destroy() && true));
    socket.on('error', () => resolve(false));
  });
}

// A collector on a data folder of its own (or the one it had), answering on its page.
export async function openCollector(name, config, timeoutMs = 60000) {
  const collector = new Program(name, path.join(BIN, 'ioc-collector'), ['--config', config]);
  await until('the collector is ready', async () => {
    if (collector.code !== undefined) throw new Error(`the collector ended: see ${collector.log}`);
    return (await get(`http://127.0.0.1:${PORT.page}/readyz`)).status === 200;
  }, timeoutMs);
  return collector;
}

export async function metrics() {
  const { body } = await get(`http://127.0.0.1:${PORT.page}/metrics`);
  const values = {};
  for (const line of body.split('\n')) {
    const at = line.lastIndexOf(' ');
    if (at > 0 && line[0] !== '#') values[line.slice(0, at)] = Number(line.slice(at + 1));
  }
  return values;
}

let loads = 0;

export function openLoad(args) {
  const list = Object.entries(args).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));
  return new Program(`load-${loads++}`, path.join(BIN, 'bench-publisher'), ['--port', String(PORT.broker), ...list]);
}

export async function loadResult(load, timeoutMs = 300000) {
  return JSON.parse(await load.line((line) => line.includes('"packs"'), timeoutMs));
}

export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

export function quantile(list, q) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
