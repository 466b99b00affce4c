// A front before the real database that answers in its stead as databases, proxies and load
// balancers do on a bad day. What it lets pass it passes unchanged.
import http from 'node:http';
import zlib from 'node:zlib';

const NEVER_MS = 60000;
const SLOW_MS = [100, 4500]; // so that one request overtakes another; the collector waits 5 s
const LIMIT_SHARE = 0.6;
const LIMIT_LEAST = 400;
const INVALID_ROWS = 'vm_rows_invalid_total{type="influx"}';

const json = (error) => `${JSON.stringify({ error })}\n`;

// mode -> what is answered instead; `retry` is Retry-After in seconds
const ANSWERS = {
  '400 all': { status: 400, body: json('the moon is full') },
  401: { status: 401, body: json('authorization failed') },
  404: { status: 404, body: json('database not found: "ioc"') },
  413: { status: 413, body: json('Request Entity Too Large'), close: true, sized: true },
  429: { status: 429, retry: 2, body: json('too many requests') },
  500: { status: 500, body: json('engine: cache maximum memory size exceeded') },
  503: { status: 503, body: 'Service Unavailable\n' },
};

export const FRONT_MODES = [...Object.keys(ANSWERS), '400 line', 'slow', 'never', 'stored but cut'];

export class Front {
  constructor(port, target, random) {
    Object.assign(this, { port, target, random, mode: 'pass', poisoned: new Map(), invalid: 0, answered: new Map() });
    this.server = http.createServer((request, response) => this.#take(request, response));
    this.server.keepAliveTimeout = 5000;
  }

  listen() {
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  set(mode) {
    this.limit = undefined;
    this.mode = mode;
  }

  seen(mode) {
    return this.answered.get(mode) ?? 0;
  }

  #count(mode) {
    this.answered.set(mode, this.seen(mode) + 1);
  }

  async #take(request, response) {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // cut on its way
    }
    const body = Buffer.concat(chunks);
    if (/^\/(api\/v2\/)?write/.test(request.url)) return this.#write(request, body, response);
    const answer = await this.#pass(request, body);
    if (request.url === '/metrics' && this.invalid && answer.status === 200) answer.body = this.#worse(answer.body);
    this.#send(response, answer);
  }

  async #write(request, body, response) {
    const { mode } = this;
    if (mode in ANSWERS && !(ANSWERS[mode].sized && this.#fits(body))) {
      this.#count(mode);
      return this.#send(response, ANSWERS[mode]);
    }
    if (mode === 'never' || mode === 'slow') {
      this.#count(mode);
      await new Promise((resolve) => setTimeout(resolve, mode === 'never' ? NEVER_MS : this.random.between(...SLOW_MS)));
      if (mode === 'never') return response.destroy();
    }
    const answer = await this.#judge(request, body);
    if (mode !== 'stored but cut') return this.#send(response, answer);
    this.#count(mode);
    response.destroy();
  }

  // Too large is what is larger than a good half of the first request that met the limit.
  #fits(body) {
    this.limit ??= Math.max(body.length * LIMIT_SHARE, LIMIT_LEAST);
    return body.length <= this.limit;
  }

  // Lines once found bad stay bad, as they do in a database.
  async #judge(request, body) {
    const gzip = request.headers['content-encoding'] === 'gzip';
    const lines = (gzip ? zlib.gunzipSync(body) : body).toString().split('\n').filter(Boolean);
    if (this.mode === '400 line') this.#poison(lines);
    const good = lines.filter((line) => !this.poisoned.has(line));
    if (good.length === lines.length) return this.#pass(request, body);
    const bad = lines.find((line) => this.poisoned.has(line));
    if (lines.length === 1) this.poisoned.get(bad).alone++;
    const told = await this.#pass(request, Buffer.from(good.map((line) => `${line}\n`).join('')), true);
    if (told.status !== 204) return told;
    this.#count('400 line');
    return { status: 400, body: json(`partial write: unable to parse '${bad}': invalid number dropped=0`) };
  }

  // One reading among those on their way, told by its line.
  #poison(lines) {
    const line = lines.find((text) => text.startsWith('chk_'));
    if (!line) return;
    this.mode = 'pass';
    this.poisoned.set(line, { alone: 0 }); // how often it was refused alone
  }

  // As the database answers; 502 while it is away, as a proxy says.
  #pass(request, body, plain = false) {
    const headers = { ...request.headers, 'content-length': body.length };
    if (plain) delete headers['content-encoding'];
    return new Promise((resolve) => {
      const onward = http.request(`${this.target}${request.url}`, { method: request.method, headers, agent: false }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', () => resolve({ status: 502 }));
        response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks), type: response.headers['content-type'] }));
      });
      onward.on('error', () => resolve({ status: 502 }));
      onward.end(body);
    });
  }

  // The database's own counter of rows that it threw away after a 204.
  #worse(body) {
    let found = false;
    const text = body.toString().replace(/^(vm_rows_invalid_total\{[^}]*type="influx"[^}]*\}) (\d+)$/m, (_, name, n) => {
      found = true;
      return `${name} ${Number(n) + this.invalid}`;
    });
    this.#count('rows invalid');
    return found ? text : `${text}${INVALID_ROWS} ${this.invalid}\n`;
  }

  #send(response, { status, body = '', type, retry, close }) {
    if (response.destroyed) return;
    const headers = {};
    if (type) headers['Content-Type'] = type;
    if (retry) headers['Retry-After'] = String(retry);
    if (close) headers.Connection = 'close';
    response.on('error', () => {});
    response.writeHead(status, headers);
    response.end(status === 204 ? undefined : body);
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }
}
