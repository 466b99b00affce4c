// A whole centre for end-to-end tests: mosquitto, the collector, and probes written here on an MQTT
// client that is not ours (npm mqtt), so that the contract is held by two implementations.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import mqtt from 'mqtt';
import { BIN, ask, endOf, sleep, until } from './servers.mjs';

export { Mosquitto } from './broker.mjs';

// One mast with two units served by two probes, in a province of two villages.
export const INVENTORY = {
  areas: `id,parent,level,name,population,households,year,lat,lon,valid_from,valid_to,successor
58,,province,Ninh Thuận,,,2019,,,,,
22738,58,commune,Phường Đô Vinh,13257,4133,2019,11.63315,108.94815,,,
v1,22738,village,Khu phố 1,5000,1500,2019,,,,,
v2,22738,village,Khu phố 2,8257,2633,2019,,,,,
`,
  operators: 'id,name,noc_phone,contact\na,Nhà mạng A,,\n',
  sites: `id,code,name,kind,area,lat,lon,address,visibility,criticality,aliases,note
S1,NT-001,Trạm Đô Vinh 1,bts,22738,,,,public,,,
S2,NT-002,Trạm Đô Vinh 2,bts,22738,,,,public,,,
`,
  units: `site,service,operator,commissioned,decommissioned,anchor
S1,4g,a,,,
S1,5g,a,,,
S2,4g,a,,,
`,
  serves: 'site,service,operator,area,from,to\nS1,4g,a,v1,,\nS1,5g,a,v1,,\nS2,4g,a,v2,,\n',
  probes: 'probe,site,also,valid_to\np1,S1,,\np2,S2,,\n',
};

export function writeInventory(folder, tables = INVENTORY) {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(tables)) fs.writeFileSync(path.join(folder, `${name}.csv`), text);
}

// {section: {key: value}} as the YAML that the collector reads.
const yaml = (sections) => Object.entries(sections).map(([section, keys]) =>
  `${section}:\n` + Object.entries(keys).map(([k, v]) => `  ${k}: ${JSON.stringify(v)}\n`).join('')).join('');

export class Collector {
  // sections override or add to the configuration; data and inventory lie in the folder
  constructor(folder, { port = 8080, inventory = INVENTORY, ...sections } = {}) {
    Object.assign(this, { folder, port, url: `http://127.0.0.1:${port}` });
    this.data = path.join(folder, 'data');
    this.inventory = path.join(folder, 'inventory');
    this.logFile = path.join(folder, 'collector.log');
    this.configFile = path.join(folder, 'collector.yaml');
    writeInventory(this.inventory, inventory);
    this.sections = {
      centre: { id: 'c1', data_folder: this.data, inventory: this.inventory },
      broker: { port: 1883 },
      sink: { url: 'http://127.0.0.1:8086', database: 'ioc' },
      http: { port },
      evidence: { pack_period: '1s', will_hold: '2s' },
      limits: { reserve: '1MiB', low_water: '1MiB' },
    };
    for (const [name, keys] of Object.entries(sections)) this.sections[name] = { ...this.sections[name], ...keys };
    this.writeConfig();
  }

  writeConfig() {
    fs.writeFileSync(this.configFile, yaml(this.sections));
  }

  // Starts it; resolves when it answers, or when it has ended. env: what it gets beside our own environment.
  async start(env = {}) {
    assert.ok(!this.child || this.code !== undefined, 'the collector runs already'); // a second one would outlive the test
    const log = fs.openSync(this.logFile, 'a');
    this.logFrom = fs.fstatSync(log).size;
    this.child = spawn(path.join(BIN, 'ioc-collector'), ['--config', this.configFile], { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
    fs.closeSync(log);
    this.code = undefined;
    this.ended = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(this.code = code ?? signal)));
    await until('the collector answers or ends', async () => this.code !== undefined || (await ask('GET', this.url + '/healthz')).status === 200);
    return this.code === undefined;
  }

  // What it logged since its last start.
  log() {
    return fs.readFileSync(this.logFile).subarray(this.logFrom).toString();
  }

  async kill(signal = 'SIGKILL') {
    if (!this.child) return undefined;
    assert.doesNotMatch(this.log(), /http\.undescribed/); // collector/shell/routes.c names every refusal
    this.child.kill(signal);
    return endOf(this.child, this.ended);
  }

  // SIGTERM: it must end by itself with 0.
  async stop() {
    assert.equal(await this.kill('SIGTERM'), 0, this.log());
  }

  async get(path_) {
    const answer = await ask('GET', this.url + path_);
    assert.equal(answer.status, 200, `${path_}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body);
  }

  async ready() {
    await until('the collector is ready', async () => (await ask('GET', this.url + '/readyz')).status === 200);
  }

  // {name or name{labels}: value}
  async metrics(query = '') {
    const answer = await ask('GET', `${this.url}/metrics${query}`);
    return Object.fromEntries(answer.body.split('\n').filter((l) => l && !l.startsWith('#')).map((l) => {
      const at = l.lastIndexOf(' ');
      return [l.slice(0, at), Number(l.slice(at + 1))];
    }));
  }

  async drained() {
    return until('everything is written', async () => {
      const m = await this.metrics();
      return m.ioc_readings_pending === 0 && m.ioc_intake_waiting === 0 && m.ioc_ledger_readings_stored_total === m.ioc_ledger_readings_written_total + m.ioc_ledger_readings_dead_total && m;
    });
  }

  // The equations hold, now and when the collector itself looked last.
  async balanced() {
    const ledger = await this.get('/api/v1/ledger?limit=1000');
    assert.ok(ledger.messages.balanced && ledger.readings.balanced, JSON.stringify(ledger));
    for (const { probe, epochs } of ledger.probes) assert.ok(epochs.every((mark) => mark.balanced), probe);
    assert.deepEqual(ledger.broken, []);
  }

  // A sanitizer keeps what was freed for a while: up to 256 MiB by default.
  sanitizerKiB() {
    return /lib[at]san|__asan|__tsan/.test(fs.readFileSync(`/proc/${this.child.pid}/maps`, 'utf8')) ? 256 * 1024 : 0;
  }

  rssKiB() {
    return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))[1]);
  }
}

export const hex = () => (crypto.randomBytes(8).readBigUInt64BE() | 1n).toString(16).padStart(16, '0');

export async function connect(broker, options = {}) {
  const client = mqtt.connect(broker.url, { reconnectPeriod: 100, queueQoSZero: false, ...options });
  await new Promise((resolve, reject) => { client.once('connect', resolve); client.once('error', reject); });
  client.on('error', () => {});
  return client;
}

const seconds = (us) => `${us / 1000000n}.${String(us % 1000000n).padStart(6, '0')}`;

// A probe's sending side: go-back-N over packs that it never forgets before their ack.
export class Probe {
  constructor(name, site, { window = 8, retryMs = 700 } = {}) {
    Object.assign(this, { name, site, window, retryMs, epoch: hex(), boot: hex(), conn: 0 });
    this.packs = []; // texts by seq - 1
    this.upto = 0;
    this.sent = 0;
    this.acks = [];
    this.expected = new Map(); // "series time" -> {field: value}
    this.refused = new Map();
    this.hold = '';
  }

  async connect(broker) {
    const will = { topic: `ioc/v1/${this.name}/status`, qos: 1, retain: true };
    this.client = mqtt.connect(broker.url, { clientId: this.name, clean: true, reconnectPeriod: 100, queueQoSZero: false,
      will: { ...will, payload: JSON.stringify({ state: 'offline', boot: this.boot, conn: 1 }) } });
    this.client.on('error', () => {});
    this.client.on('message', (topic, payload) => this.#ack(JSON.parse(payload)));
    const up = new Promise((resolve) => this.client.once('connect', resolve));
    this.client.on('connect', () => {
      this.client.subscribe(`ioc/v1/${this.name}/ack`, { qos: 1 });
      this.birth();
      this.sent = this.upto;
      this.#send();
    });
    this.timer = setInterval(() => { if (Date.now() - this.moved > this.retryMs) { this.sent = this.upto; this.#send(); } }, 100);
    await up;
  }

  birth(more = {}) {
    this.conn = 1;
    this.client.publish(`ioc/v1/${this.name}/status`, JSON.stringify({ state: 'online', boot: this.boot, conn: this.conn, version: '0.0.0', clock: 'system',
      epoch: this.epoch, backlog: this.packs.length - this.upto, dropped: 0, ...more }), { qos: 1, retain: true });
  }

  // Holds a pack's text; returns its seq.
  pack(text) {
    this.packs.push(text);
    if (this.client?.connected) this.#send();
    return this.packs.length;
  }

  checklist(atUs, checks) {
    const list = checks.map(([name, units, more]) => ({ name, site: this.site, units, interval_ms: 1000, timeout_ms: 500, ttl_ms: 3000, role: 'required', cause: 'fault', ...more }));
    return this.pack(`{"checks":${JSON.stringify(list)},"t":${seconds(atUs)}}`);
  }

  // A pack of results: [[check, timeUs, verdict, {metric: number}], ...], remembered as what the database must have.
  results(rows) {
    const records = [];
    for (const [check, us, verdict, values] of rows) {
      const [type] = check.split('/');
      for (const [metric, value] of [['state', verdict], ...Object.entries(values)])
        records.push(`{"n":"${this.site}/${check}/${metric}","t":${seconds(us)},"v":${value}}`);
      this.expected.set(`chk_${type},check=${check},probe=${this.name},site=${this.site} ${us * 1000n}`, { state: verdict, ...values });
    }
    return this.pack(`[${records.join(',')}]`);
  }

  #ack(ack) {
    this.acks.push(ack);
    this.hold = ack.hold ?? '';
    if (ack.epoch !== this.epoch) return;
    for (const [seq, why] of ack.refused ?? []) this.refused.set(seq, why);
    if (ack.upto > this.upto) {
      this.upto = ack.upto;
      this.sent = Math.max(this.sent, this.upto);
      this.moved = Date.now();
      this.#send();
    } else if (ack.gap && ack.upto === this.upto && this.gapAt !== ack.upto) {
      this.gapAt = ack.upto;
      this.sent = this.upto;
      this.#send();
    }
  }

  #send() {
    if (!this.client?.connected) return;
    this.moved = Date.now();
    while (this.sent < this.packs.length && this.sent < this.upto + this.window) {
      this.sent++;
      this.client.publish(this.topic(this.sent), this.packs[this.sent - 1], { qos: 1 });
    }
  }

  topic(seq) {
    return `ioc/v1/${this.name}/data/${this.epoch}/${this.upto + 1}/${seq}`;
  }

  acked(timeoutMs) {
    return until(`${this.name}: all ${this.packs.length} packs acknowledged (${this.hold})`, () => this.upto === this.packs.length, timeoutMs);
  }

  async close() {
    clearInterval(this.timer);
    if (this.client) await this.client.endAsync(true);
  }
}

export const nowUs = () => BigInt(Date.now()) * 1000n;

// What is in the database is exactly what the probes were acknowledged for.
export function assertSamePoints(points, probes) {
  const want = new Map(probes.flatMap((p) => [...p.expected]));
  const have = new Map([...points].filter(([key]) => key.startsWith('chk_')));
  const missing = [...want.keys()].filter((k) => !have.has(k));
  const extra = [...have.keys()].filter((k) => !want.has(k));
  assert.deepEqual({ missing: missing.slice(0, 5), n: missing.length, extra: extra.slice(0, 5) }, { missing: [], n: 0, extra: [] });
  for (const [key, fields] of want) assert.deepEqual(have.get(key), fields, key);
}

// Events of the collector's stream as they come: {event, data, at}; destroy() what it returns.
export function listen(url, onEvent, query = '') {
  let text = '';
  const request = http.get(`${url}/api/v1/events${query}`, { agent: false }, (response) => {
    response.setEncoding('utf8');
    response.on('error', () => {});
    response.on('data', (chunk) => {
      text += chunk;
      for (let end; (end = text.indexOf('\n\n')) >= 0;) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const event = /^event: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (event) onEvent({ event, data: data && JSON.parse(data), at: Date.now() });
      }
    });
  });
  request.on('error', () => {});
  return request;
}

export { ask, sleep, until };
