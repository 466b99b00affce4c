// A way between two programs that can be made bad: slow, cut, half-closed, truncated, trickling,
// silent or closed. Bytes that pass are never changed: TCP does not do that either.
import net from 'node:net';

const TRICKLE_BYTES = 7;
const TRICKLE_MS = 25;
const DELAY_MS_MAX = 1200;

export const RELAY_MODES = ['delay', 'trickle', 'silence', 'refuse', 'cut', 'half-close', 'truncate'];

// One direction of a connection: a queue of bytes that leaves as the mode allows.
class Flow {
  constructor(from, to, relay, onBroken) {
    Object.assign(this, { from, to, relay, onBroken, queue: [], due: 0 });
    from.on('data', (bytes) => {
      from.pause();
      this.queue.push(bytes);
      this.pump();
    });
    from.on('end', () => {
      this.ended = true;
      this.pump();
    });
  }

  pump() {
    if (this.timer || this.relay.mode === 'silence') return;
    if (this.queue.length === 0) {
      if (this.ended) this.to.end();
      else this.from.resume();
      return;
    }
    if (this.relay.mode === 'truncate') return this.#truncate();
    const wait = { delay: () => this.relay.random.between(0, DELAY_MS_MAX), trickle: () => TRICKLE_MS }[this.relay.mode];
    if (!wait) return this.#write(Infinity);
    this.relay.harmed++;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.#write(this.relay.mode === 'trickle' ? TRICKLE_BYTES : Infinity);
    }, wait());
  }

  #write(most) {
    let bytes = this.queue.shift();
    if (!bytes || this.to.destroyed) return;
    if (bytes.length > most) {
      this.queue.unshift(bytes.subarray(most));
      bytes = bytes.subarray(0, most);
    }
    if (this.to.write(bytes)) return this.pump();
    this.to.once('drain', () => this.pump());
  }

  // Part of a message arrives, the rest never does.
  #truncate() {
    const bytes = this.queue.shift();
    this.relay.harmed++;
    this.to.write(bytes.subarray(0, this.relay.random.between(0, bytes.length - 1)), () => this.onBroken());
  }
}

class Pair {
  constructor(relay, client) {
    this.relay = relay;
    this.client = client;
    this.server = net.connect({ port: relay.to, host: '127.0.0.1', allowHalfOpen: true });
    const broken = () => this.destroy();
    this.flows = [new Flow(client, this.server, relay, broken), new Flow(this.server, client, relay, broken)];
    for (const socket of [client, this.server]) {
      socket.setNoDelay(true);
      socket.on('error', broken);
      socket.on('close', broken);
    }
  }

  pump() {
    for (const flow of this.flows) flow.pump();
  }

  // One side hears that the other has nothing more to say, which is not so.
  halfClose() {
    this.relay.random.pick([this.client, this.server]).end();
  }

  destroy() {
    this.client.destroy();
    this.server.destroy();
    this.relay.pairs.delete(this);
  }
}

export class Relay {
  constructor(name, port, to, random) {
    Object.assign(this, { name, port, to, random, mode: 'pass', pairs: new Set(), harmed: 0 });
    this.server = net.createServer({ allowHalfOpen: true }, (client) => {
      if (this.mode === 'refuse') {
        this.harmed++;
        client.on('error', () => {});
        client.destroy();
        return;
      }
      this.pairs.add(new Pair(this, client));
    });
  }

  listen() {
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  // From now on; what it did to anybody is counted in `harmed`.
  set(mode) {
    this.mode = mode;
    if (mode === 'cut' || mode === 'refuse') this.#each((pair) => pair.destroy());
    if (mode === 'half-close') this.#each((pair) => pair.halfClose());
    if (mode === 'silence') this.harmed += this.pairs.size;
    for (const pair of this.pairs) pair.pump();
  }

  #each(deed) {
    for (const pair of [...this.pairs]) {
      this.harmed++;
      deed(pair);
    }
  }

  close() {
    this.server.close();
    for (const pair of [...this.pairs]) pair.destroy();
  }
}
