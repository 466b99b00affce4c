// Desk page: what operators hand over. How old their word is, what was wrong with it, and where it differs from what was measured.
import { get } from '../api.js';
import { aged, h, link, section, stateText, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { ownArea } from '../model.js';
import { unitNameOf } from '../names.js';
import { operatorOfFigure } from '../operators.js';
import { refill } from '../refill.js';
import { duration, number, say, sayOf, time } from '../say.js';
import { groupOf } from '../states.js';
import type { State } from '../types.js';
import { complaint } from './complaints.js';

const SHOWN = 200;

interface Feed {
  feed: string;
  operator: string | null;
  table_as_of: string | null;
  delay_ms: number | null;
  stale: boolean;
  rows: number;
  rows_refused: number;
  waiting: number;
  problem: string | null;
  notes: string[];
}

interface Disagreement {
  unit: string;
  site: string;
  name: string;
  measured: State;
  measured_cause: string | null;
  told: State;
  told_cause: string | null;
  told_at: string;
  since: string;
}

interface Answer { feeds: Feed[]; disagreements: Disagreement[]; total: number }

const loaded = fetched(async (area): Promise<Answer> => {
  const [handed, differing] = await Promise.all([
    get<{ feeds: Feed[] }>('feeds', {}), get<{ disagreements: Disagreement[]; total: number }>('disagreements', { area, limit: 1000 })]);
  return { feeds: handed.feeds, ...differing };
});

const FEEDS = (): Column<Feed>[] => [
  { title: say('feed'), cell: (f) => stateText(f.stale ? 'unknown' : 'up', f.feed) },
  { title: say('operator'), cell: (f) => (f.operator ? operatorOfFigure(f.operator) : '') },
  { title: say('as of'), cell: (f) => (f.table_as_of ? time(f.table_as_of, true) : say('no table yet')) },
  { title: say('delay'), cell: (f) => duration(f.delay_ms), number: true },
  { title: say('rows'), cell: (f) => number(f.rows), number: true },
  { title: say('rows refused'), cell: (f) => number(f.rows_refused), number: true },
  { title: say('what is wrong'), long: true, cell: (f) => complaint(f.problem ?? f.notes[0] ?? '') },
];

const word = (state: State, cause: string | null): HTMLElement => stateText(groupOf(state), cause ? `${say(state)}, ${sayOf('cause', cause)}` : say(state));

const DIFFERENCES = (): Column<Disagreement>[] => [
  { title: say('unit'), cell: (d) => unitNameOf(d.unit) },
  { title: say('site'), cell: (d) => link(`site/${encodeURIComponent(d.site)}`, d.name || d.site) },
  { title: say('source measured'), cell: (d) => word(d.measured, d.measured_cause) },
  { title: say('source operator'), cell: (d) => word(d.told, d.told_cause) },
  { title: say('as of'), cell: (d) => time(d.told_at, true) },
  { title: say('since'), cell: (d) => time(d.since) },
];

const rest = (text: string): HTMLElement => h('p', 'rest', text);

export function drawFeeds(root: HTMLElement): void {
  const { data, told } = loaded(ownArea()?.id ?? '');
  if (!data) return refill(root, section(say('feeds'), 'list', rest(say('loading'))));
  refill(root,
    aged(section(say('feeds'), 'list', data.feeds.length > 0 ? listing('feeds', FEEDS(), data.feeds) : rest(say('no feed'))), told),
    section(`${say('disagreements')}: ${number(data.total)}`, 'list',
      data.total > 0 ? listing('disagreements', DIFFERENCES(), data.disagreements, SHOWN) : rest(say('no disagreement'))));
}
