// What each check of a site measured last. The collector keeps it while somebody asks: the first values come with the next pack.
import { get } from '../api.js';
import { h, section, stateText, type Column } from '../dom.js';
import { earlyOf } from '../early.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { say, sayOf, time } from '../say.js';
import type { Group } from '../states.js';
import type { Reading } from './metric.js';
import { rowsOf, type Row } from './reading_rows.js';

interface Readings { as_of: string; since: string | null; readings: Reading[]; left_out: number }

const VERDICTS: readonly { group: Group; word: string }[] = [
  { group: 'up', word: 'ok' }, { group: 'degraded', word: 'degraded' }, { group: 'down', word: 'failed' }, { group: 'unknown', word: 'unknown' }];

const loaded = fetched((id) => get<Readings>(`sites/${encodeURIComponent(id)}/readings`));

function verdictText({ verdict }: Row): HTMLElement | string {
  const known = verdict === null ? undefined : VERDICTS[verdict];
  return known ? stateText(known.group, sayOf('verdict', known.word)) : '–';
}

const COLUMNS = (probes: number): Column<Row>[] => [
  { title: say('check'), cell: (r) => r.check },
  ...(probes > 1 ? [{ title: say('probe'), cell: (r: Row) => r.probe }] : []),
  { title: say('result'), cell: verdictText },
  { title: say('measured last'), cell: (r) => r.said, long: true },
  { title: say('at'), cell: (r) => time(r.at, true) },
];

// Why it is degraded, in the figures of the checks that say so.
export function earlyOfSite(id: string): string {
  const { data } = loaded(id);
  return data ? earlyOf(data.readings, Date.parse(data.as_of)).map(({ text }) => text).join(' · ') : '';
}

export function readingsSection(id: string): HTMLElement {
  const { data } = loaded(id);
  const rows = rowsOf(data?.readings ?? []);
  const probes = new Set(rows.map((row) => row.probe)).size;
  const body = !data ? h('p', 'rest', say('loading')) : rows.length > 0 ? listing(`readings-${id}`, COLUMNS(probes), rows) : h('p', 'rest', say('awaits a pack'));
  return section(say('latest readings'), 'list readings', body);
}
