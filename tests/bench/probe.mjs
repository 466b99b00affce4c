// The footprint of the real probe: 20 checks every 10 s, none of them http, over mutual TLS; beside it one with 20 series every 30 s, for the link.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BIN, PORT, Program, freshFolder, get, openCollector, sleep, until, writeConfig } from './bed.mjs';
import { footprints } from './footprint.mjs';

const WARM_MS = 25000;
const SECONDS = Number(process.env.IOC_BENCH_PROBE_SECONDS ?? 60);
const PING_RANGE = '/proc/sys/net/ipv4/ping_group_range';

const PROGRAM = path.join(BIN, 'ioc-probe');
const LEAN = process.env.IOC_LEAN ? path.join(process.env.IOC_LEAN, 'ioc-probe') : undefined; // built without the http check

const check = (site, every, type, name, rest) => `  - {type: ${type}, name: ${name}, site: ${site}, units: [4g@a], interval: ${every}s, timeout: 2s, ${rest}}`;
const some = (n, one) => Array.from({ length: n }, (_, i) => one(i));
const tcp = (site, every) => (i) => check(site, every, 'tcp', `t${i}`, `target: "127.0.0.1:${PORT.broker}"`);

const twenty = (site) => [
  ...some(9, tcp(site, 10)),
  ...some(8, (i) => check(site, 10, 'icmp', `i${i}`, `target: 127.0.0.${i + 1}, count: 3`)),
  ...some(2, (i) => check(site, 10, 'iface', `f${i}`, 'target: lo')),
  check(site, 10, 'host', 'self', 'role: required'),
];
const twentySeries = (site) => some(10, tcp(site, 30)); // each: its state, and the time to connect

// A probe that runs; `flash`, if given, is where its outbox is.
function open(tls, number, program, checks, flash) {
  const id = `p0000${number}`;
  const folder = freshFolder(id);
  const file = path.join(folder, 'probe.yaml');
  if (flash) fs.rmSync(path.join(flash, 'outbox'), { recursive: true, force: true });
  fs.writeFileSync(file, `probe: {id: ${id}, site: B0000${number}, trust_clock: true}
broker: {host: 127.0.0.1, port: ${PORT.tls}, tls: true, ca_file: ${tls}/ca.crt, cert_file: ${tls}/${id}.crt, key_file: ${tls}/${id}.key}
outbox: {folder: ${flash ?? folder}/outbox}
status: {socket: ${folder}/socket}
checks:
${checks(`B0000${number}`).join('\n')}
`);
  return { run: new Program(`ioc-probe-${number}`, program, ['--config', file]), flash };
}

// A namespace of its own begins without what systemd allows every group: echoes without privilege (50-default.conf of sysctl.d).
function allowEchoes() {
  try {
    fs.writeFileSync(PING_RANGE, '0 2147483647');
  } catch { /* then they leave by raw sockets */ }
}

function stripped(program) {
  const copy = path.join(freshFolder('stripped'), 'ioc-probe');
  spawnSync('strip', ['-o', copy, program]);
  return fs.statSync(copy).size;
}

const stored = async () => Number(/^ioc_ledger_readings_stored_total (\d+)/m.exec((await get(`http://127.0.0.1:${PORT.page}/metrics`)).body)?.[1] ?? 0);

// Runs probes beside a collector, and `peer` (a part, see footprint.mjs) with them: what each cost.
async function measure(inventory, tls, peer) {
  const collector = await openCollector('collector-probe', writeConfig(freshFolder('probe-centre'), inventory));
  allowEchoes();
  const probes = { full: open(tls, 0, PROGRAM, twenty, process.env.IOC_BENCH_FLASH), link: open(tls, 2, PROGRAM, twentySeries) };
  if (LEAN) probes.lean = open(tls, 1, LEAN, twenty);
  await until('a probe is heard', async () => {
    for (const { run } of Object.values(probes)) if (run.code !== undefined) throw new Error(`the probe ended: see ${run.log}`);
    return (await stored()) > 0;
  }, 60000, 200);
  await sleep(WARM_MS);
  const before = await stored();
  const names = Object.keys(probes);
  const costs = await footprints([...Object.values(probes), ...(peer ? [peer] : [])], SECONDS);
  const readings = ((await stored()) - before) / SECONDS - 20 / 30; // what stays is that of one probe, or of two alike
  for (const { run } of Object.values(probes)) await run.stop();
  await collector.stop();
  return { ...Object.fromEntries(names.map((name, i) => [name, costs[i]])), peer: costs[names.length], perSecond: readings / (LEAN ? 2 : 1) };
}

const budget = (row, measured, unit, limit, bound) => ({ row: `probe: ${row}`, measured, unit, reference: limit, kind: 'budget', ratio: limit && measured / limit, passes: measured <= limit, bound });

function rowsOf({ full, lean, link }) {
  const linked = execFileSync('ldd', [PROGRAM], { encoding: 'utf8' }).includes('libcurl');
  const memory = (name, of, total, own, with_) => [
    budget(`resident${name}`, of.resident, 'MB', total, with_),
    budget(`private${name}`, of.private, 'MB', own, 'TLS session, outbox, tables of the checks'),
  ];
  return [
    ...(linked ? memory('', full, 14, 6, 'with libcurl: the http check is built in') : memory('', full, 8, 1.7, 'OpenSSL, mostly shared')),
    ...(lean ? memory(' without http', lean, 8, 1.7, 'OpenSSL, mostly shared') : []),
    budget('CPU', full.CPU, 'ms/min', 24, '20 checks every 10 s'),
    ...(lean ? [budget('CPU without http', lean.CPU, 'ms/min', 24, '20 checks every 10 s')] : []),
    budget('disk', full.disk, 'MB/day', 50, 'outbox and its fsync: whole pages, journal not counted'),
    ...(full.device ? [budget('disk with journal', full.device, 'MB/day', 50, `all that reached the device below ${process.env.IOC_BENCH_FLASH}`)] : []),
    budget('link', link.month, 'MB/month', 150, `20 series every 30 s; ${full.month.toFixed(0)} MB of the probe with 20 checks every 10 s`),
    budget('binary, stripped', stripped(PROGRAM) / 1000, 'kB', 400, 'shared libraries not counted'),
  ];
}

// Rows of the probe, and with a peer what all of them cost.
export async function probeRows(inventory, tls, peer) {
  const runs = fs.existsSync(PROGRAM) && spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' });
  if (!runs || runs.status !== 0 || !runs.stdout) return { rows: [{ row: 'probe', kind: 'skipped', bound: 'there is no ioc-probe that runs yet' }] };
  const costs = await measure(inventory, tls, peer);
  return { rows: rowsOf(costs), costs, binary: stripped(PROGRAM) / 1000 };
}
