// The footprint of the real probe: 20 checks every 10 s, none of them http, over mutual TLS.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BIN, PORT, Program, freshFolder, get, openCollector, sleep, sum, until, writeConfig } from './bed.mjs';

const WARM_MS = 25000;
const SECONDS = 60;
const HEADERS = 52; // of IP and TCP with timestamps, a segment

const check = (type, name, rest) => `  - {type: ${type}, name: ${name}, site: B00000, units: [4g@a], interval: 10s, timeout: 2s, ${rest}}`;

function checks() {
  const list = [];
  for (let i = 0; i < 9; i++) list.push(check('tcp', `t${i}`, `target: "127.0.0.1:${PORT.broker}"`));
  for (let i = 0; i < 8; i++) list.push(check('icmp', `i${i}`, `target: 127.0.0.${i + 1}, count: 3`));
  for (let i = 0; i < 2; i++) list.push(check('iface', `f${i}`, 'target: lo'));
  list.push(check('host', 'self', 'role: required'));
  return list.join('\n');
}

function write(folder, tls) {
  const file = path.join(folder, 'probe.yaml');
  fs.writeFileSync(file, `probe: {id: p00000, site: B00000, trust_clock: true}
broker: {host: 127.0.0.1, port: ${PORT.tls}, tls: true, ca_file: ${tls}/ca.crt, cert_file: ${tls}/p00000.crt, key_file: ${tls}/p00000.key}
outbox: {folder: ${folder}/outbox}
status: {socket: ${folder}/socket}
checks:
${checks()}
`);
  return file;
}

// Bytes on the way to the broker and back, headers included.
function linkBytes() {
  const text = execFileSync('ss', ['-tni', 'dport', '=', `:${PORT.tls}`], { encoding: 'utf8' });
  const of = (name) => Number(new RegExp(`\\b${name}:(\\d+)`).exec(text)?.[1] ?? 0);
  return of('bytes_sent') + of('bytes_received') + HEADERS * (of('segs_out') + of('segs_in'));
}

const diskBytes = (pid) => Number(/^write_bytes: (\d+)/m.exec(fs.readFileSync(`/proc/${pid}/io`, 'utf8'))[1]);

function stripped(program) {
  const copy = path.join(freshFolder('stripped'), 'ioc-probe');
  spawnSync('strip', ['-o', copy, program]);
  return fs.statSync(copy).size;
}

const budget = (row, measured, unit, limit, bound) => ({ row: `probe: ${row}`, measured, unit, reference: limit, kind: 'budget', ratio: limit && measured / limit, passes: measured <= limit, bound });

export async function probeRows(inventory, tls) {
  const program = path.join(BIN, 'ioc-probe');
  const runs = fs.existsSync(program) && spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (!runs || runs.status !== 0 || !runs.stdout) return [{ row: 'probe', kind: 'skipped', bound: 'there is no ioc-probe that runs yet' }];
  const collector = await openCollector('collector-probe', writeConfig(freshFolder('probe-centre'), inventory));
  const folder = freshFolder('probe');
  const probe = new Program('ioc-probe', program, ['--config', write(folder, tls)]);
  const stored = async () => Number(/^ioc_ledger_readings_stored_total (\d+)/m.exec((await get(`http://127.0.0.1:${PORT.page}/metrics`)).body)?.[1] ?? 0);
  await until('the probe is heard', async () => {
    if (probe.code !== undefined) throw new Error(`the probe ended: see ${probe.log}`);
    return (await stored()) > 0;
  }, 60000, 200);
  await sleep(WARM_MS);
  const before = { cpu: sum(probe.threads()), link: linkBytes(), disk: diskBytes(probe.pid), readings: await stored() };
  await sleep(SECONDS * 1000);
  const cpu = sum(probe.threads()) - before.cpu;
  const link = linkBytes() - before.link;
  const disk = diskBytes(probe.pid) - before.disk;
  const readings = (await stored()) - before.readings;
  const memory = probe.resident();
  await probe.stop();
  await collector.stop();
  const linked = execFileSync('ldd', [program], { encoding: 'utf8' }).includes('libcurl');
  const perReading = link / Math.max(1, readings);
  return [
    budget('resident', memory.total / 1024, 'MB', linked ? 14 : 8, linked ? 'with libcurl: the http check is built in' : 'TLS'),
    budget('private', memory.private / 1024, 'MB', linked ? 6 : 1.7, 'TLS session, outbox, tables of the checks'),
    budget('CPU', cpu / 1e6 / SECONDS * 60, 'ms/min', 24, '20 checks every 10 s'),
    budget('disk', disk / SECONDS * 86400 / 1e6, 'MB/day', 50, 'outbox and its fsync: whole pages, journal not counted'),
    budget('link', perReading, 'bytes/reading', 87, `${(link / SECONDS * 86400 * 30 / 1e6).toFixed(0)} MB a month at ${(readings / SECONDS).toFixed(1)} readings/s; 87 is 150 MB a month at 20 series every 30 s`),
    budget('binary, stripped', stripped(program) / 1000, 'kB', 400, 'shared libraries not counted'),
  ];
}
