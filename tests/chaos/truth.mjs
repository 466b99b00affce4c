// What the outboxes durably held, real and simulated ones in one form:
//
//     {probe, base, epoch, packs: [{number, readings, torn, unheld, points}], empty, renumbered, droppedTo}
//
// number minus base is the pack's seq under the newest epoch; below droppedTo packs may have been given
// up by the outbox; `empty` numbers below the highest were never a pack's. points: Map "series ns" -> fields.
import fs from 'node:fs';
import path from 'node:path';
import { siteOf } from './province.mjs';
import { key, readings } from './senml.mjs';

function pointsOf(body, probe) {
  const points = new Map();
  for (const { key: at, field, value } of body ? readings(body, probe) : []) {
    if (!points.has(at)) points.set(at, {});
    points.get(at)[field] = value;
  }
  return points;
}

// Numbers rise by one from the first, but for those that a probe which started behind a torn or
// damaged tail takes for given: any other hole means that a file came and went unseen. Their count.
function checkWhole(probe, packs, high) {
  const numbers = new Set(packs.map((p) => p.number));
  const starts = new Set(packs.filter((p, i) => p.file !== packs[i - 1]?.file).map((p) => p.number).concat(high + 1));
  let empty = 0;
  for (let n = Math.max(high, packs.at(-1)?.number ?? 0), begins = starts.has(n + 1); n >= 1; n--) {
    begins = numbers.has(n) ? starts.has(n) : begins;
    if (numbers.has(n)) continue;
    if (!begins) throw new Error(`${probe}: the truth lacks pack ${n}`);
    empty++;
  }
  return empty;
}

const packsOf = ({ id, held }) => held.records().map((r) => ({ ...r, points: pointsOf(r.body, id) }));

// Packs that a twin wrote after it was copied, or before but under a clock of its own. Those it still
// held when it was put away may be missing; of two packs with one number the centre can only have
// taken one.
function addTwin(packs, twin) {
  const bodies = new Map(packs.map((p) => [p.number, p]));
  for (const pack of packsOf(twin)) {
    const first = bodies.get(pack.number);
    if (pack.number <= twin.copiedTo && first?.body === pack.body) continue;
    if (first) first.cloned = true;
    packs.push({ ...pack, cloned: true, twin: twin.name, left: pack.number >= twin.leftFrom });
  }
}

export function realTruth({ id, held, twins }) {
  const packs = packsOf({ id, held });
  const empty = checkWhole(id, packs, held.state.high);
  for (const twin of twins) addTwin(packs, twin);
  const epochs = new Set([held, ...twins.map((t) => t.held)].flatMap((h) => h.states.map((s) => s.epoch)));
  const drops = held.states.filter((s, i) => i > 0 && s.dropped > held.states[i - 1].dropped);
  return { droppedTo: Math.max(0, ...drops.map((s) => s.low)), probe: id, base: held.state.base, epoch: held.state.epoch, packs, empty, renumbered: epochs.size > 1 };
}

const rows = (folder, name) => fs.readFileSync(path.join(folder, name), 'utf8').split('\n').filter(Boolean).map((line) => line.split(','));

// The fleet writes results behind the pack that holds them; of their fields only `state` is on
// record, and how many the pack has in all.
export function fleetTruth(folder) {
  const checks = rows(folder, 'checks.csv').slice(1).map(([, probe, whose, name]) => ({ probe, name, site: whose === 'own' ? siteOf(probe) : name.split('/')[1] }));
  const probes = new Map();
  const take = {
    pack: ([, probe, epoch, seq, count]) => {
      if (!probes.has(probe)) probes.set(probe, { probe, base: 0, epoch, packs: [], empty: 0, stateOnly: true });
      probes.get(probe).packs.push({ number: Number(seq), readings: Number(count), timed: true, points: new Map() });
    },
    result: ([, number, ms, verdict]) => {
      const { probe, name, site } = checks[Number(number)];
      const [type, ...rest] = name.split('/');
      probes.get(probe).packs.at(-1).points.set(key(type, rest.join('/'), probe, site, `${ms}000000`), { state: Number(verdict) });
    },
  };
  for (const row of rows(folder, 'evidence.csv')) take[row[0]]?.(row);
  return [...probes.values()];
}
