// The months of a site: provisional or final, and what restated them.
import { h, section, type Column } from '../dom.js';
import { listing } from '../listing.js';
import { unitNameOf } from '../names.js';
import { number, say, sayOf, time } from '../say.js';
import { availabilityText } from '../figure_text.js';
import { FIGURE_COLUMNS } from './figure.js';
import type { Period, PeriodFigure, Revision, SiteDetail } from './site_data.js';
import { monthBefore } from './span.js';

type Row = PeriodFigure & { of: Period };
interface Restated extends Revision { unit: string; of: Period }

const nameOf = (period: Period): string => {
  const [, year, month] = /(\d{4})-(\d\d)/.exec(period.period) ?? [];
  return say('period month', `${month}/${year}`);
};

const standing = (row: Row): string => (row.of.provisional ? (row.of.final_at ? say('provisional to', time(row.of.final_at)) : say('provisional')) : row.revision ? say('final n', row.revision) : say('final'));

const COLUMNS = (): Column<Row>[] => [
  { title: say('period'), cell: (row) => nameOf(row.of) },
  { title: say('unit'), cell: (row) => unitNameOf(row.unit ?? '') },
  { title: say('stands'), cell: standing },
  ...FIGURE_COLUMNS(),
];

const REVISIONS = (): Column<Restated>[] => [
  { title: say('period'), cell: (r) => nameOf(r.of) },
  { title: say('unit'), cell: (r) => unitNameOf(r.unit) },
  { title: say('revision'), cell: (r) => number(r.revision), number: true },
  { title: say('recorded'), cell: (r) => time(r.at) },
  { title: say('reason'), cell: (r) => sayOf('reason', r.reason) },
  { title: say('before'), cell: (r) => (r.old ? availabilityText(r.old) : '–'), number: true },
  { title: say('after'), cell: (r) => availabilityText(r.new), number: true },
];

// This month and the one before it, by the centre's calendar: "2026-11 2026-10".
export const monthsNow = (now: number): string => [0, 1].map((back) => monthBefore(now, back)).join(' ');

export function periodsSection(site: SiteDetail, all: readonly Period[] | null): HTMLElement {
  const title = say('figures final');
  if (!all) return section(title, 'list', h('p', 'rest', say('loading')));
  const rows = all.flatMap((of) => of.figures.map((figure) => ({ ...figure, of })));
  const restated = rows.flatMap((row) => (row.revisions ?? []).map((revision) => ({ ...revision, unit: row.unit ?? '', of: row.of })));
  return section(title, 'list', listing(`periods-${site.id}`, COLUMNS(), rows), h('h3', '', say('revisions')),
    restated.length > 0 ? listing(`revisions-${site.id}`, REVISIONS(), restated) : h('p', 'rest', say('no revisions')));
}
