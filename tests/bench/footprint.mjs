// What a program on a site costs between two looks: CPU, flash, link; and its memory at the second.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { PORT, sleep, sum } from './bed.mjs';

const HEADERS = 52; // of IP and TCP with timestamps, a segment
const SECTOR = 512;

// Bytes on its way to the broker and back, headers included.
function linkBytes(pid) {
  const text = execFileSync('ss', ['-tnpiOH', 'dport', '=', `:${PORT.tls}`], { encoding: 'utf8' });
  const line = text.split('\n').find((l) => l.includes(`pid=${pid},`)) ?? '';
  const of = (name) => Number(new RegExp(`\\b${name}:(\\d+)`).exec(line)?.[1] ?? 0);
  return of('bytes_sent') + of('bytes_received') + HEADERS * (of('segs_out') + of('segs_in'));
}

// What it hands to the disk, in whole pages; the file system's journal is not its own.
function diskBytes(pid) {
  const text = fs.readFileSync(`/proc/${pid}/io`, 'utf8');
  const of = (name) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)[1]);
  return of('write_bytes') - of('cancelled_write_bytes');
}

// All that was written to the device below a folder, journal included: of use where nobody else writes there.
function deviceBytes(folder) {
  const { dev } = fs.statSync(folder);
  const file = `/sys/dev/block/${(dev >> 8) & 0xfff}:${dev & 0xff}/stat`;
  return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8').trim().split(/\s+/)[6]) * SECTOR : 0;
}

const look = ({ run, flash }) => ({ cpu: sum(run.threads()), disk: diskBytes(run.pid), device: flash ? deviceBytes(flash) : 0, link: linkBytes(run.pid) });

// Of each part ({run, flash}: a Program, and perhaps a folder on a device of its own) what `seconds` cost it.
export async function footprints(parts, seconds) {
  const before = parts.map(look);
  await sleep(seconds * 1000);
  return parts.map((part, i) => {
    const after = look(part);
    const spent = (what) => after[what] - before[i][what];
    const memory = part.run.resident();
    const perDay = (bytes) => (bytes / seconds) * 86400 / 1e6;
    return { resident: memory.total / 1024, private: memory.private / 1024, CPU: (spent('cpu') / 1e6 / seconds) * 60, disk: perDay(spent('disk')), device: perDay(spent('device')),
      link: spent('link'), month: perDay(spent('link')) * 30 };
  });
}
