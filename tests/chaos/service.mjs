// What a real probe looks at: a TCP port that is open or closed, and a diary of when.
import net from 'node:net';

export class Service {
  constructor(port) {
    Object.assign(this, { port, changes: [], sockets: new Set() });
  }

  up() {
    this.server = net.createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
      socket.resume();
      socket.on('end', () => socket.end());
    });
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', () => { this.#note(false); resolve(); }));
  }

  down() {
    this.#note(true);
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }

  #note(down) {
    this.changes.push({ ms: Date.now(), down });
  }

  close() {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
