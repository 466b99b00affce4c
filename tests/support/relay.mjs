// A line between a probe and its broker that can be cut: a TCP relay on loopback.
import net from 'node:net';

export class Relay {
  constructor(port, target) {
    Object.assign(this, { port, target, pairs: new Set() });
  }

  // The line stands; resolves when it accepts.
  join() {
    this.server = net.createServer((near) => {
      const far = net.connect(this.target, '127.0.0.1');
      const pair = [near, far];
      this.pairs.add(pair);
      pair.forEach((socket, i) => {
        socket.on('error', () => {});
        socket.on('close', () => { pair[1 - i].destroy(); this.pairs.delete(pair); });
        socket.pipe(pair[1 - i]);
      });
    });
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  // Both ends see their connection end, and nobody gets through.
  cut() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const pair of this.pairs) pair.forEach((socket) => socket.destroy());
    return closed;
  }
}
