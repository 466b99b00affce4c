// What another agent costs beside ours, at the same time: collectd with plugins that look at as much as it can, every 10 s, over mutual TLS.
import fs from 'node:fs';
import path from 'node:path';
import mqtt from 'mqtt';
import { PORT, Program, freshFolder } from './bed.mjs';
import { probeRows } from './probe.mjs';

const COLLECTD = '/usr/sbin/collectd';
const FOLDER = '/usr/lib/collectd';
const PLUGINS = ['cpu', 'df', 'interface', 'load', 'memory', 'ping', 'tcpconns', 'uptime'];
const ID = 'p00003';

function write(folder, tls) {
  const file = path.join(folder, 'collectd.conf');
  const hosts = Array.from({ length: 8 }, (_, i) => `  Host "127.0.0.${i + 1}"`).join('\n');
  fs.writeFileSync(file, `BaseDir "${folder}"
PIDFile "${folder}/pid"
Interval 10
${PLUGINS.map((name) => `LoadPlugin ${name}`).join('\n')}
<Plugin ping>
${hosts}
  Interval 3.333
</Plugin>
<Plugin interface>
  Interface "lo"
</Plugin>
<Plugin df>
  MountPoint "/"
</Plugin>
<Plugin tcpconns>
  LocalPort "${PORT.broker}"
</Plugin>
LoadPlugin mqtt
<Plugin mqtt>
  <Publish "out">
    Host "127.0.0.1"
    Port ${PORT.tls}
    ClientId "${ID}"
    Prefix "collectd"
    QoS 1
    CACert "${tls}/ca.crt"
    CertificateFile "${tls}/${ID}.crt"
    CertificateKeyFile "${tls}/${ID}.key"
  </Publish>
</Plugin>
`);
  return file;
}

// Values that reach the broker, from now on: "time:value:value" a message.
function countValues() {
  const client = mqtt.connect(`mqtt://127.0.0.1:${PORT.broker}`);
  const seen = { since: Date.now(), values: 0 };
  client.on('message', (_, payload) => (seen.values += payload.toString().split(':').length - 1));
  client.subscribe('collectd/#');
  return { perSecond: () => (seen.values * 1000) / (Date.now() - seen.since), end: () => client.end(true) };
}

const bytesOf = (files) => files.reduce((sum, file) => sum + fs.statSync(file).size, 0);

function rowsBeside(ours, theirs, perSecond) {
  const bound = `20 checks with an outbox on disk beside ${PLUGINS.length} plugins of collectd, which keeps nothing; both every 10 s over TLS`;
  const beside = (row, measured, unit, reference, why = bound) => ({ row: `agents: ${row}`, measured, unit, reference, kind: 'collectd', ratio: reference ? measured / reference : undefined, bound: why });
  const perReading = (month, rate) => (month * 1e6) / (30 * 86400) / rate;
  return [
    beside('resident', ours.full.resident, 'MB', theirs.resident),
    ...(ours.lean ? [beside('resident without http', ours.lean.resident, 'MB', theirs.resident)] : []),
    beside('private', ours.full.private, 'MB', theirs.private),
    ...(ours.lean ? [beside('private without http', ours.lean.private, 'MB', theirs.private)] : []),
    beside('CPU', ours.full.CPU, 'ms/min', theirs.CPU),
    beside('disk', ours.full.disk, 'MB/day', theirs.disk),
    beside('link', perReading(ours.full.month, ours.perSecond), 'bytes/reading', perReading(theirs.month, perSecond), `${ours.perSecond.toFixed(1)} readings/s beside ${perSecond.toFixed(1)} values/s`),
    beside('binary', ours.binary, 'kB', bytesOf([COLLECTD, ...[...PLUGINS, 'mqtt'].map((name) => path.join(FOLDER, `${name}.so`))]) / 1000, 'collectd with the plugins that it loads'),
  ];
}

export async function agentRows(inventory, tls) {
  if (!fs.existsSync(COLLECTD)) return [{ row: 'agents', kind: 'skipped', bound: 'there is no collectd: apt-get install collectd-core libmosquitto1 liboping0' }];
  const run = new Program('collectd', COLLECTD, ['-f', '-C', write(freshFolder('collectd'), tls)]);
  const values = countValues();
  const { rows, costs, binary } = await probeRows(inventory, tls, { run });
  if (run.code !== undefined) throw new Error(`collectd ended: see ${run.log}`);
  const perSecond = values.perSecond();
  values.end();
  await run.stop();
  return costs ? [...rows, ...rowsBeside({ ...costs, binary }, costs.peer, perSecond)] : rows;
}
