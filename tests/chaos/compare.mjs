// The database against the truth: every reading that an outbox durably held is there exactly once
// with its value and time, or stands in the ledger under its reason; nothing else is there.
import { EOL } from 'node:os';

const SHOWN_MAX = 5;
const ACCOUNTED = ['lost_at_probe', 'refused', 'untimed'];

const sum = (rows, ...names) => rows.reduce((total, row) => total + names.reduce((s, name) => s + row[name], 0), 0);

function sameFields(want, have, { stateOnly, close }) {
  const names = stateOnly ? ['state'] : Object.keys(want);
  if (!stateOnly && Object.keys(have).length !== names.length) return false;
  return names.every((name) => want[name] === have[name] || (close && Math.abs(want[name] - have[name]) <= 1e-11 * Math.abs(want[name])));
}

// What is in the database of one pack: 'whole', 'none', or which point is not as it should be.
function look(pack, points, condemned, options) {
  let found = 0;
  let excused = 0;
  const bad = [];
  for (const [key, want] of pack.points) {
    const have = points.get(options.key(key));
    if (have) found++;
    if (have && !sameFields(want, have, options)) bad.push(`${key}: wrote ${JSON.stringify(want)}, the database has ${JSON.stringify(have)}`);
    if (!have && condemned.has(key)) excused++;
  }
  if (found > 0 && found + excused < pack.points.size)
    for (const key of pack.points.keys()) if (!points.has(options.key(key)) && !condemned.has(key)) bad.push(`${key}: lost, others of its pack are there`);
  return { there: found + excused > 0, excused, bad };
}

export class Comparison {
  // points: of the database. ledger: probes of /api/v1/ledger by name. condemned: Map key -> why.
  // close: values may differ in their 12th digit; key(): how the database writes a key
  constructor({ points, ledger, condemned, close = false, key = (k) => k, path }) {
    Object.assign(this, { points, ledger, condemned, close, keyOf: key, path });
    this.wrongs = [];
    this.sums = { packs: 0, readings: 0, lost: 0, accounted: 0, waiting: 0, torn: 0, collided: 0, dead: 0, stored: 0 };
    this.known = new Set();
  }

  #wrong(text) {
    this.wrongs.push(text);
  }

  probe(truth) {
    const marks = this.ledger.get(truth.probe) ?? [];
    const mark = marks.find((m) => m.epoch === truth.epoch);
    const upto = mark ? mark.highest - mark.open : 0;
    const absent = [];
    let silent = 0; // packs without readings, of which a database cannot tell
    for (const pack of truth.packs) {
      this.#pack(truth, pack, upto, absent);
      if (pack.points.size === 0 && pack.timed) silent++;
    }
    this.#account(truth, marks, absent, silent);
  }

  #pack(truth, pack, upto, absent) {
    const options = { stateOnly: truth.stateOnly, close: this.close, key: this.keyOf };
    const { there, excused, bad } = look(pack, this.points, this.condemned, options);
    const waits = pack.twin ? pack.left : pack.number - truth.base > upto;
    for (const key of pack.points.keys()) this.known.add(this.keyOf(key));
    this.sums.packs++;
    this.sums.readings += pack.readings;
    this.sums.dead += excused;
    for (const text of bad) this.#wrong(`${truth.probe} pack ${pack.number}: ${text}`);
    if (waits && there && !pack.unheld && !pack.cloned) this.#wrong(`${truth.probe} pack ${pack.number} is in the database and above upto ${upto}`);
    if (there || (pack.timed && pack.points.size === 0)) this.sums.stored += waits ? 0 : pack.readings;
    else if (waits) this.sums.waiting++;
    else {
      this.sums.torn += pack.torn ? 1 : 0;
      if (!pack.unheld) absent.push(pack);
    }
    Object.assign(pack, { there, upto });
  }

  // Packs that are not there against those the ledger has a reason for.
  #account(truth, marks, all, silent) {
    const reasons = sum(marks, ...ACCOUNTED);
    const collided = (pack) => pack.cloned && truth.packs.some((p) => p.number === pack.number && p.twin !== pack.twin && p.there);
    this.sums.collided += all.filter(collided).length;
    const absent = all.filter((pack) => !collided(pack));
    this.sums.accounted += Math.min(reasons, absent.length);
    for (const m of marks) {
      if (!m.balanced) this.#wrong(`${truth.probe}: the ledger of epoch ${m.epoch} does not balance: ${JSON.stringify(m)}`);
      if (m.missing_at_centre) this.#wrong(`${truth.probe}: ${m.missing_at_centre} packs missing at the centre: ${JSON.stringify(m)}`);
    }
    if (reasons > absent.length + silent + truth.empty && !truth.packs.some((p) => p.unheld || p.cloned))
      this.#wrong(`${truth.probe}: the ledger gives up ${reasons} packs, only ${absent.length} are not there`);
    if (absent.length <= reasons) return;
    this.sums.lost += absent.length - reasons;
    for (const pack of absent.slice(0, SHOWN_MAX))
      this.#wrong(`${truth.probe}: pack ${pack.number} of ${pack.readings} readings is nowhere (${absent.length} such, the ledger gives up ${reasons}): ${this.path(truth, pack)}`);
  }

  // What is there and was never held.
  invented() {
    const extra = [...this.points.keys()].filter((key) => key.startsWith('chk_') && !this.known.has(key));
    for (const key of extra.slice(0, SHOWN_MAX)) this.#wrong(`in the database and in no outbox (${extra.length} such): ${key} ${JSON.stringify(this.points.get(key))}`);
    return extra.length;
  }

  text() {
    return this.wrongs.join(EOL);
  }
}
