// What the database was told of every unit at each whole minute (`ioc_unit_state`) against the
// timelines that the collector shows at the end: late evidence has changed many of these instants after
// they were written, so that a correction that is lost, or overtaken by what it corrects, is seen.
// Not for VictoriaMetrics, which cannot overwrite: there they are written once.
import { within } from './faults.mjs';
import { DATABASE } from './stage.mjs';

const STATES = ['down', 'silent', 'degraded', 'unobserved', 'maintenance', 'asleep', 'up', 'planned'];
const MINUTE_MS = 60000;
const WRITTEN_MS = 180000; // at most so long after the last reading
const SHOWN_MAX = 3;

const tagsOf = ({ operator, service }, site) => `,operator=${operator},service=${service},site=${site}`;

// [{key, unit, at, state, beneath}] of every whole minute in the timelines (bodies of /api/v1/sites/ID/timeline).
function wanted(timelines) {
  return timelines.flatMap(({ site, from, to, units }) => units.flatMap((unit) => {
    const rows = [];
    for (let ms = Math.ceil(Date.parse(from) / MINUTE_MS) * MINUTE_MS; ms < Date.parse(to); ms += MINUTE_MS) {
      const span = unit.spans.find((s) => Date.parse(s.from) <= ms && ms < Date.parse(s.to));
      if (span) rows.push({ key: `ioc_unit_state${tagsOf(unit, site)} ${ms}000000`, unit: unit.unit, at: new Date(ms).toISOString(), state: span.state, beneath: span.beneath });
    }
    return rows;
  }));
}

const word = (point, field) => (point ? STATES[point[field]] : 'nothing');
const differs = (row, point) => word(point, 'state') !== row.state || word(point, 'beneath') !== row.beneath;

// Waits until the database says what the timelines say; what it still says otherwise is wrong.
export async function compareDerived(run, timelines) {
  const rows = wanted(timelines);
  let other = rows;
  let points;
  const same = await within(WRITTEN_MS, async () => {
    points = await run.stage.base.points(DATABASE, 'ioc_unit_state');
    other = rows.filter((row) => differs(row, points.get(row.key)));
    return other.length === 0;
  });
  run.books.say(`derived points: ${rows.length} of units at whole minutes, ${other.length} other than the timelines`);
  if (same) return;
  for (const row of other.slice(0, SHOWN_MAX))
    run.books.wrong(`the database says ${word(points.get(row.key), 'state')} of ${row.unit} at ${row.at}, its timeline ${row.state} (${other.length} such)`);
}
