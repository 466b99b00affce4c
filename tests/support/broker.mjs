// The real mosquitto for end-to-end tests, plain or with mutual TLS, killed and started again at will.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { endOf, until } from './servers.mjs';

const accepts = (port) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});

export class Mosquitto {
  constructor(folder, { port = 1883, tls = null } = {}) {
    Object.assign(this, { folder, port, url: `mqtt://127.0.0.1:${port}` });
    this.config = path.join(folder, `mosquitto-${port}.conf`);
    const secure = tls && `listener 8883 127.0.0.1
cafile ${tls}/ca.crt
certfile ${tls}/server.crt
keyfile ${tls}/server.key
require_certificate true
use_identity_as_username true
`;
    fs.writeFileSync(this.config, `user ${process.getuid() === 0 ? 'root' : 'nobody'}
per_listener_settings false
allow_anonymous true
max_queued_messages 1000000
max_queued_bytes 0
max_inflight_messages 1000
listener ${port} 127.0.0.1
${secure ?? ''}`);
  }

  async start() {
    const log = fs.openSync(path.join(this.folder, 'mosquitto.log'), 'a');
    this.child = spawn('mosquitto', ['-c', this.config], { stdio: ['ignore', log, log], env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    await until('mosquitto accepts', () => accepts(this.port));
  }

  async kill(signal = 'SIGKILL') {
    if (!this.child) return;
    this.child.kill(signal);
    await endOf(this.child, this.ended);
  }
}

// ca, server (127.0.0.1) and one certificate per name, all with their keys, in `folder`.
// days: how long they are valid; env: what openssl gets beside our own environment
export function makeCertificates(folder, names, { days = '2', env = {} } = {}) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', timeout: 60000, env: { ...process.env, ...env } });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', days, '-subj', '/CN=test ca');
  fs.writeFileSync(path.join(folder, 'server.ext'), 'subjectAltName=IP:127.0.0.1\n');
  for (const name of ['server', ...names]) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const extension = name === 'server' ? ['-extfile', 'server.ext'] : [];
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days, '-out', `${name}.crt`, ...extension);
  }
}
