// What other agents cost beside ours, in the same run: collectd with plugins that look at about as much, every 10 s, over mutual TLS.
import fs from 'node:fs';
import path from 'node:path';
import { PORT, Program, freshFolder, sleep, sum } from './bed.mjs';

const COLLECTD = '/usr/sbin/collectd';
const WARM_MS = 25000;
const SECONDS = 60;
const PLUGINS = ['cpu', 'df', 'interface', 'load', 'memory', 'processes', 'tcpconns', 'uptime'];

function write(folder, tls) {
  const file = path.join(folder, 'collectd.conf');
  fs.writeFileSync(file, `BaseDir "${folder}"
PIDFile "${folder}/pid"
Interval 10
${PLUGINS.map((name) => `LoadPlugin ${name}`).join('\n')}
LoadPlugin mqtt
<Plugin mqtt>
  <Publish "out">
    Host "127.0.0.1"
    Port ${PORT.tls}
    ClientId "p00000"
    Prefix "collectd"
    QoS 1
    CACert "${tls}/ca.crt"
    CertificateFile "${tls}/p00000.crt"
    CertificateKeyFile "${tls}/p00000.key"
  </Publish>
</Plugin>
`);
  return file;
}

// Rows of the one that was measured before, beside the peer's.
export async function agentRows(tls, probe) {
  if (!fs.existsSync(COLLECTD)) return [{ row: 'agents', kind: 'skipped', bound: 'there is no collectd: apt-get install collectd-core libmosquitto1' }];
  const folder = freshFolder('collectd');
  const peer = new Program('collectd', COLLECTD, ['-f', '-C', write(folder, tls)]);
  await sleep(WARM_MS);
  if (peer.code !== undefined) throw new Error(`collectd ended: see ${peer.log}`);
  const before = sum(peer.threads());
  await sleep(SECONDS * 1000);
  const cpu = (sum(peer.threads()) - before) / 1e6 / SECONDS * 60;
  const memory = peer.resident();
  await peer.stop();
  const theirs = { resident: memory.total / 1024, private: memory.private / 1024, CPU: cpu };
  return ['resident', 'private', 'CPU'].map((name) => {
    const ours = probe.find((r) => r.row === `probe: ${name}`);
    return { row: `agents: ${name}`, measured: ours?.measured, unit: ours?.unit, reference: theirs[name], kind: 'collectd', ratio: ours && ours.measured / theirs[name],
      bound: `20 checks with an outbox on disk beside ${PLUGINS.length} plugins of collectd, which keeps nothing; both every 10 s over TLS` };
  });
}
