// Desk page: the monthly report of the area: availability with its revisions, coverage at the end, definitions.
import { get } from '../api.js';
import { h, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { changed, model, ownArea } from '../model.js';
import { operatorOfCoverage, operatorOfFigure } from '../operators.js';
import { currentLanguage, duration, number, ratio, say, sayOf, share, technologyName, time } from '../say.js';
import { availabilityText } from '../figure_text.js';
import { DAY_MS, HOUR_MS } from '../spans.js';
import type { Coverage, Figure } from '../types.js';
import { causesOf } from './figure.js';
import { drawPaper, labelled, part, printButton, signatures } from './paper.js';
import type { Period, PeriodFigure, Revision } from './site_data.js';
import { monthBefore } from './span.js';

interface Month { period: Period; coverage: Coverage[] | null; at: string }
interface RevisionRow extends Revision { figure: PeriodFigure }

const NEVER_AGAIN_MS = HOUR_MS;
const KEPT_MS = 70 * DAY_MS; // how far back coverage is known in detail
const DEFINITIONS = ['define availability', 'define lower', 'define observed', 'define mttr', 'define coverage', 'define final'] as const;
let chosen = ''; // "2026-10"

async function load(about: string): Promise<Month> {
  const [area = '', month = ''] = about.split(' ');
  const period = await get<Period>('availability', { area, period: `month:${month}`, revisions: 1 });
  const at = new Date(Math.min(Date.parse(period.to), Date.now()) - 1).toISOString();
  const known = Date.now() - Date.parse(at) < KEPT_MS;
  return { period, at, coverage: known ? (await get<{ coverage: Coverage[] }>('coverage', { area, at })).coverage : null };
}

const loaded = fetched(load, NEVER_AGAIN_MS);

const kindOf = (f: Figure): string => sayOf('kind', f.kind ?? '');
const operatorOf = (f: Figure): string => operatorOfFigure(f.operator);
const standing = (f: PeriodFigure): string => (f.revision ? say('final n', f.revision) : say('provisional'));

const FIGURES = (): Column<PeriodFigure>[] => [
  { title: say('kind'), cell: kindOf },
  { title: say('operator'), cell: operatorOf },
  { title: say('availability word'), cell: availabilityText, number: true },
  { title: say('observed'), cell: (f) => ratio(f.observed), number: true },
  { title: say('downtime'), cell: (f) => duration(f.state_ms.down ?? 0), number: true },
  { title: say('outages count'), cell: (f) => (f.enough_data ? number(f.outages) : '–'), number: true },
  { title: say('mttr'), cell: (f) => duration(f.mttr_ms), number: true },
  { title: say('mtbf'), cell: (f) => duration(f.mtbf_ms), number: true },
  { title: say('causes'), cell: causesOf, long: true },
  { title: say('stands'), cell: standing },
];

const REVISIONS = (): Column<RevisionRow>[] => [
  { title: say('kind'), cell: (r) => kindOf(r.figure) },
  { title: say('operator'), cell: (r) => operatorOf(r.figure) },
  { title: say('revision'), cell: (r) => number(r.revision), number: true },
  { title: say('recorded'), cell: (r) => time(r.at) },
  { title: say('reason'), cell: (r) => sayOf('reason', r.reason) },
  { title: say('before'), cell: (r) => (r.old ? availabilityText(r.old) : '–'), number: true },
  { title: say('after'), cell: (r) => availabilityText(r.new), number: true },
];

const COVERAGE = (): Column<Coverage>[] => [
  { title: say('technology'), cell: (c) => technologyName(c.technology) },
  { title: say('operator'), cell: (c) => operatorOfCoverage(c.operator) },
  { title: say('villages live'), cell: (c) => `${number(c.live.villages)}/${number(c.total.villages)}`, number: true },
  { title: say('unknown'), cell: (c) => number(c.unknown.villages), number: true },
  { title: say('households live'), cell: (c) => number(c.live.households), number: true },
  { title: say('population live'), cell: (c) => number(c.live.population), number: true },
  { title: '%', cell: (c) => share(c.live.population, c.total.population), number: true },
];

function revisionPart(month: Month): HTMLElement {
  const rows = month.period.figures.flatMap((figure) => (figure.revisions ?? []).map((revision) => ({ ...revision, figure })));
  return part(say('revisions'), rows.length > 0 ? listing(`revisions-${chosen}`, REVISIONS(), rows) : h('p', '', say('no revisions')));
}

const coveragePart = (month: Month): HTMLElement => part(say('coverage at end', time(month.at)),
  month.coverage ? listing(`coverage-${chosen}`, COVERAGE(), month.coverage) : h('p', '', say('coverage too old')));

function sheet(month: Month): (Node | string)[] {
  const { period } = month;
  const [year, number_] = chosen.split('-');
  const state = period.provisional ? say('provisional until', time(period.final_at)) : say('final');
  return [
    h('p', 'paper-centre', model.overview?.centre ?? ''), h('h2', 'paper-title', `${say('monthly report')} ${number_}/${year} · ${ownArea()?.name ?? ''}`),
    h('p', '', `${time(period.from)} – ${time(period.to)} · ${state}`), ...(model.overview?.simulated ? [h('p', '', h('strong', 'mark', say('simulated')))] : []),
    part(say('availability word'), listing(`availability-${chosen}`, FIGURES(), period.figures)),
    revisionPart(month), coveragePart(month),
    part(say('definitions'), h('ul', '', ...DEFINITIONS.map((key) => h('li', '', say(key))))),
    signatures(),
  ];
}

function form(): HTMLElement[] {
  const input = h('input');
  input.type = 'month';
  input.value = chosen;
  input.addEventListener('change', () => {
    if (/^\d{4}-\d\d$/.test(input.value)) chosen = input.value;
    changed();
  });
  return [labelled(say('month'), input), printButton()];
}

// #monthly/2026-10 is a link to that month.
export function drawMonthly(root: HTMLElement, about: string): void {
  if (chosen === '') chosen = /^\d{4}-\d\d$/.test(about) ? about : monthBefore(Date.now(), 1);
  const area = ownArea()?.id ?? '';
  const { data } = loaded(`${area} ${chosen}`);
  const key = `${area} ${chosen} ${currentLanguage()} ${data !== null}`;
  drawPaper(root, `monthly ${currentLanguage()}`, form, key, () => (data ? sheet(data) : [h('p', 'rest', say('loading'))]));
}
