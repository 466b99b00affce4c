// An InfluxDB 1.6 for the faults that the real one cannot be brought to: answers late, never, with
// 429 or 503, cuts the connection before or after it stored the lines. Held against the real one by
// tests/e2e/fake_influx.test.mjs. Points stay in memory: points().
import http from 'node:http';
import zlib from 'node:zlib';

const KEY_END = /(?<!\\)[ ]/;

// Splits at `separator` outside of escapes and, if asked, of quotes.
function split(text, separator, quotes) {
  const parts = [''];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && i + 1 < text.length) {
      parts[parts.length - 1] += c + text[++i];
      continue;
    }
    if (c === '"' && quotes) quoted = !quoted;
    if (c === separator && !quoted) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts;
}

const unescape = (text) => text.replace(/\\([,= ])/g, '$1');

function fieldValue(text) {
  if (/^".*"$/s.test(text)) return text.slice(1, -1).replace(/\\(["\\])/g, '$1');
  if (/^-?\d+i$/.test(text)) return BigInt(text.slice(0, -1));
  if (/^(t|T|true|True|TRUE|f|F|false|False|FALSE)$/.test(text)) return /^t/i.test(text);
  if (/^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))) return Number(text);
  return undefined;
}

// A parsed line, or a string that says why it is none.
export function parseLine(text) {
  const keyEnd = text.search(KEY_END);
  if (keyEnd < 0) return 'missing fields';
  const [measurement, ...tagTexts] = split(text.slice(0, keyEnd), ',', false);
  const tags = {};
  for (const tag of tagTexts) {
    const [key, value, ...more] = split(tag, '=', false);
    if (more.length || value === undefined) return 'invalid tag format';
    if (value === '') return 'missing tag value';
    if (unescape(key) in tags) return 'duplicate tags';
    tags[unescape(key)] = unescape(value);
  }
  const [fieldText, time, ...rest] = split(text.slice(keyEnd + 1), ' ', true);
  if (rest.length || (time !== undefined && !/^-?\d+$/.test(time))) return 'bad timestamp';
  const fields = {};
  for (const field of split(fieldText, ',', true)) {
    const [key, ...value] = split(field, '=', true);
    if (!key || value.length !== 1 || value[0] === '') return 'invalid field format';
    const parsed = fieldValue(value[0]);
    if (parsed === undefined) return 'invalid number';
    fields[unescape(key)] = parsed;
  }
  return { measurement: unescape(measurement), tags, fields, time: time === undefined ? undefined : BigInt(time) };
}

export class FakeInflux {
  // faults: what to do with the next writes, in order: {status, body, headers, delay, held, never, cut, store}; held: a promise
  constructor({ port, maxBody = 25e6 }) {
    this.port = port;
    this.maxBody = maxBody;
    this.databases = new Map(); // name -> { points: Map, types: Map, retentionMs }
    this.faults = [];
    this.writes = 0;
    this.asked = []; // when, in ms
    this.server = http.createServer((request, response) => this.#take(request, response)).unref();
  }

  listen() {
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  createDatabase(name, retentionMs = 0) {
    if (!this.databases.has(name)) this.databases.set(name, { points: new Map(), types: new Map(), retentionMs });
  }

  points(database) {
    return [...this.databases.get(database).points.values()];
  }

  #take(request, response) {
    const chunks = [];
    let length = 0;
    request.on('data', (chunk) => {
      length += chunk.length;
      if (length <= this.maxBody) chunks.push(chunk);
    });
    request.on('end', () => {
      const url = new URL(request.url, 'http://x');
      if (url.pathname === '/ping') return this.#answer(response, 204);
      if (url.pathname === '/query') return this.#query(url, response);
      if (url.pathname !== '/write') return this.#answer(response, 404, '404 page not found\n');
      this.#write(url, request, Buffer.concat(chunks), length, response);
    });
  }

  #query(url, response) {
    const create = /^create database "?([^" ]+)"?(?: with duration (\d+)h)?/i.exec(url.searchParams.get('q') ?? '');
    if (create) this.createDatabase(create[1], Number(create[2] ?? 0) * 3600e3);
    this.#answer(response, 200, '{"results":[{"statement_id":0}]}');
  }

  async #write(url, request, raw, length, response) {
    this.writes++;
    this.asked.push(performance.now());
    const fault = this.faults.shift() ?? {};
    if (fault.never) return;
    await fault.held;
    if (fault.delay) await new Promise((resolve) => setTimeout(resolve, fault.delay));
    const store = fault.store ?? !(fault.status || fault.cut);
    const [status, error] = store ? this.#store(url, request, raw, length) : [204];
    if (fault.cut) return request.socket.destroy();
    if (fault.status) return this.#answer(response, fault.status, fault.body ?? '', fault.headers);
    this.#answer(response, status, error === undefined ? '' : JSON.stringify({ error }) + '\n');
  }

  #answer(response, status, body = '', headers = {}) {
    response.writeHead(status, { 'X-Influxdb-Version': '1.6.7~fake', ...headers });
    response.end(body);
  }

  // [status, error] as influxd gives them, good lines stored.
  #store(url, request, raw, length) {
    const name = url.searchParams.get('db');
    if (!name) return [400, 'database is required'];
    const database = this.databases.get(name);
    if (!database) return [404, `database not found: "${name}"`];
    if (length > this.maxBody) return [413, 'Request Entity Too Large'];
    let text = raw;
    try {
      if (request.headers['content-encoding'] === 'gzip') text = zlib.gunzipSync(raw);
    } catch {
      return [400, 'unexpected EOF'];
    }
    if (url.searchParams.get('rp')) return [500, `retention policy not found: ${url.searchParams.get('rp')}`];
    return this.#storeLines(database, text.toString('utf8').split('\n'));
  }

  #storeLines(database, lines) {
    const bad = [];
    let good = 0, old = 0, conflicts = 0, conflict = '';
    for (const line of lines) {
      if (!line || line.startsWith('#')) continue;
      const point = parseLine(line);
      if (typeof point === 'string') {
        bad.push(`unable to parse '${line}': ${point}`);
        continue;
      }
      good++;
      point.time ??= BigInt(Date.now()) * 1000000n;
      const why = this.#conflict(database, point);
      if (database.retentionMs && point.time < BigInt(Date.now() - database.retentionMs) * 1000000n) old++;
      else if (why) conflict ||= (conflicts++, why);
      else this.#keep(database, point);
    }
    if (conflict) return [400, `partial write: ${conflict} dropped=${conflicts}`];
    if (old) return [400, `partial write: points beyond retention policy dropped=${old}`];
    if (bad.length) return [400, good ? `partial write: ${bad.join('\n')} dropped=0` : bad.join('\n')];
    return [204];
  }

  #conflict(database, point) {
    for (const [field, value] of Object.entries(point.fields)) {
      if (field === 'time') return `invalid field name: input field "time" on measurement "${point.measurement}" is invalid`;
      const key = `${point.measurement} ${field}`;
      const known = database.types.get(key);
      if (known && known !== typeof value) return `field type conflict: input field "${field}" on measurement "${point.measurement}" is type ${typeof value}, already exists as type ${known}`;
    }
    return '';
  }

  #keep(database, point) {
    const series = [point.measurement, ...Object.entries(point.tags).sort().flat(), point.time].join('\u0000');
    const before = database.points.get(series);
    for (const [field, value] of Object.entries(point.fields))
      database.types.set(`${point.measurement} ${field}`, typeof value);
    database.points.set(series, { ...point, fields: { ...before?.fields, ...point.fields }, times: (before?.times ?? 0) + 1 });
  }
}
