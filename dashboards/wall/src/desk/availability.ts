// Desk page: availability of the area by kind and operator over a window, confirmed and its lower bound, and day by day as a chart.
import { get } from '../api.js';
import { aged, h, section, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { changed, ownArea } from '../model.js';
import { operatorOfFigure } from '../operators.js';
import { refill } from '../refill.js';
import { say, sayOf, time } from '../say.js';
import type { Figure } from '../types.js';
import { choices } from './choice.js';
import { daysSection } from './days.js';
import { FIGURE_COLUMNS } from './figure.js';
import { daysOfArea } from './series.js';

const WINDOWS = ['1h', '24h', '7d', '30d'] as const;
const FIRST_KIND = 'bts';
let chosen: (typeof WINDOWS)[number] = '24h';
let kind = FIRST_KIND;

interface Answer { from: string; to: string; provisional: boolean; figures: Figure[] }

const loaded = fetched((about) => {
  const [area = '', window = ''] = about.split(' ');
  return get<Answer>('availability', { area, window });
}, 15000);

const COLUMNS = (): Column<Figure>[] => [
  { title: say('kind'), cell: (f) => sayOf('kind', f.kind ?? '') },
  { title: say('operator'), cell: (f) => operatorOfFigure(f.operator) },
  ...FIGURE_COLUMNS(),
];

function choose(window: (typeof WINDOWS)[number]): void {
  chosen = window;
  changed();
}

const days = (area: string): HTMLElement => daysSection(daysOfArea(area), {
  name: 'days-of-area', file: `days-${area}`, chosen: kind, id: (line) => line.kind ?? '', title: (line) => sayOf('kind', line.kind ?? ''),
  choose: (next) => {
    kind = next;
    changed();
  },
});

export function drawAvailability(root: HTMLElement): void {
  const area = ownArea();
  const { data, told } = loaded(`${area?.id ?? ''} ${chosen}`);
  const head = choices(WINDOWS, chosen, (window) => sayOf('window', window), choose);
  const title = `${say('availability word')} · ${area?.name ?? ''}`;
  const body = data ? [h('p', 'quiet', `${time(data.from)} – ${time(data.to)}${data.provisional ? ` · ${say('provisional')}` : ''}`), listing('availability', COLUMNS(), data.figures)]
    : [h('p', 'rest', say('loading'))];
  const figures = section(title, 'list', head, ...body);
  refill(root, data ? aged(figures, told) : figures, days(area?.id ?? ''));
}
