// Real servers on loopback for end-to-end tests: started, awaited, killed, queried. Run inside
// tests/e2e/in-namespace, which also ends what a failing test leaves.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

export const TMP = process.env.IOC_TMP ?? fs.mkdtempSync('/tmp/ioc-e2e-');
export const BIN = process.env.IOC_BIN;

const POLL_MS = 20;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Waits until `condition()` (may be async) is truthy and returns what it gave; `what` (text or function)
// is for the error. The time is one that a loaded machine with sanitizers needs: waiting long costs nothing where it is not in vain.
export async function until(what, condition, timeoutMs = 60000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const got = await condition();
    if (got) return got;
    if (Date.now() > end) throw new Error(`timed out: ${typeof what === 'function' ? what() : what}`);
    await sleep(POLL_MS);
  }
}

// What every thread of a process is waiting in, from /proc.
function waitsOf(pid) {
  const tasks = `/proc/${pid}/task`;
  const read = (tid, name) => { try { return fs.readFileSync(`${tasks}/${tid}/${name}`, 'utf8').trim(); } catch { return '?'; } };
  try {
    return fs.readdirSync(tasks).map((tid) => `${read(tid, 'comm')} ${read(tid, 'wchan')} syscall ${read(tid, 'syscall')}`).join('; ');
  } catch {
    return 'it is gone';
  }
}

// What `promise` gives, or an error after a time that no healthy run needs; `what` as for until().
export async function within(what, promise, patienceMs = 60000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out: ${typeof what === 'function' ? what() : what}`)), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// How a child that was signalled ended: what its promise `ended` gives. One that does not is killed.
export async function endOf(child, ended) {
  try {
    return await within(() => `the end of ${path.basename(child.spawnfile)}: ${waitsOf(child.pid)}`, ended);
  } finally {
    child.kill('SIGKILL');
  }
}

// {status, body, headers}; status 0 if there was no answer, or it fell silent for a minute.
export function ask(method, url, { body, headers } = {}) {
  return new Promise((resolve) => {
    const request = http.request(url, { method, headers, agent: false, timeout: 60000 }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', () => resolve({ status: 0, body: '', headers: {} }));
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString(), headers: response.headers }));
    });
    request.on('error', () => resolve({ status: 0, body: '', headers: {} }));
    request.on('timeout', () => request.destroy(new Error('timed out')));
    request.end(body);
  });
}

// An empty folder of the test's own.
export function freshFolder(name) {
  const folder = path.join(TMP, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

const running = new Set();

// Ends every server that a failed test left; for afterEach.
export function stopAll() {
  return Promise.all([...running].map((server) => server.kill()));
}

// A child process that is ended by kill() and told apart by its log file.
class Server {
  constructor(name, folder, url, ready) {
    Object.assign(this, { name, folder, url, ready });
  }

  async spawn(command, args) {
    const log = fs.openSync(path.join(this.folder, `${this.name}.log`), 'a');
    this.child = spawn(command, args, { stdio: ['ignore', log, log] });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    running.add(this);
    await until(`${this.name} answers`, async () => (await ask('GET', this.url + this.ready)).status > 0);
  }

  async kill(signal = 'SIGKILL') {
    running.delete(this);
    if (!this.child) return;
    this.child.kill(signal);
    await endOf(this.child, this.ended);
  }
}

export class Influx extends Server {
  constructor(folder, { port = 8086, maxBody = 0 } = {}) {
    super('influxd', folder, `http://127.0.0.1:${port}`, '/ping');
    this.config = path.join(folder, 'influxd.conf');
    fs.writeFileSync(this.config, `reporting-disabled = true
bind-address = "127.0.0.1:${port + 2}"
[meta]
dir = "${folder}/meta"
[data]
dir = "${folder}/data"
wal-dir = "${folder}/wal"
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
${maxBody ? `max-body-size = ${maxBody}` : ''}
[monitor]
store-enabled = false
`);
  }

  start() {
    return this.spawn('influxd', ['-config', this.config]);
  }

  async query(q, database = '') {
    const url = `${this.url}/query?epoch=ns&db=${encodeURIComponent(database)}&q=${encodeURIComponent(q)}`;
    const answer = await ask('POST', url);
    if (answer.status !== 200) throw new Error(`query ${q}: ${answer.status} ${answer.body}`);
    // times in ns do not fit a double: keep them as texts
    return JSON.parse(answer.body.replace(/\[(-?\d{16,}),/g, '["$1",')).results[0];
  }

  // Every point of a database: Map "measurement,tag=value time" -> {field: value}
  async points(database, from = '/.*/') {
    const points = new Map();
    for (const series of (await this.query(`SELECT * FROM ${from} GROUP BY *`, database)).series ?? []) {
      const tags = Object.entries(series.tags ?? {}).filter(([, v]) => v !== '').sort().map(([k, v]) => `,${k}=${v}`).join('');
      for (const row of series.values) {
        const key = `${series.name}${tags} ${row[0]}`;
        if (points.has(key)) throw new Error(`twice: ${key}`);
        points.set(key, Object.fromEntries(series.columns.slice(1).map((c, i) => [c, row[i + 1]]).filter(([, v]) => v !== null)));
      }
    }
    return points;
  }
}

export class Victoria extends Server {
  constructor(folder, { port = 8428 } = {}) {
    super('victoria-metrics', folder, `http://127.0.0.1:${port}`, '/health');
    this.port = port;
  }

  start() {
    return this.spawn('victoria-metrics', [`-httpListenAddr=127.0.0.1:${this.port}`, `-storageDataPath=${this.folder}/vm`, '-retentionPeriod=100y', '-dedup.minScrapeInterval=1ms']);
  }

  // Every sample: Map "measurement_field,label=value ms" -> value
  async samples(database) {
    await ask('GET', this.url + '/internal/force_flush');
    const answer = await ask('GET', `${this.url}/api/v1/export?reduce_mem_usage=0&match[]=${encodeURIComponent(`{db="${database}"}`)}&start=0&end=4102444800`); // those ahead of now too
    const samples = new Map();
    for (const line of answer.body.split('\n').filter(Boolean)) {
      const { metric, values, timestamps } = JSON.parse(line);
      const { __name__: name, db, ...labels } = metric;
      const tags = Object.entries(labels).sort().map(([k, v]) => `,${k}=${v}`).join('');
      timestamps.forEach((t, i) => samples.set(`${name}${tags} ${t}`, values[i]));
    }
    return samples;
  }
}
