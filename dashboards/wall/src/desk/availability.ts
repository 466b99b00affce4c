// Desk page: availability of the area by kind and operator over a window, confirmed and its lower bound.
import { get } from '../api.js';
import { h, section, type Column } from '../dom.js';
import { fetched } from '../fetched.js';
import { listing } from '../listing.js';
import { changed, ownArea } from '../model.js';
import { operatorOfFigure } from '../operators.js';
import { duration, number, ratio, say, sayOf, time } from '../say.js';
import type { Scene } from '../scene.js';
import { availabilityText } from '../scenes/tiles.js';
import type { Cause, Figure } from '../types.js';

const WINDOWS = ['1h', '24h', '7d', '30d'] as const;
let chosen: string = '24h';

interface Answer { from: string; to: string; provisional: boolean; figures: Figure[] }

const loaded = fetched((about) => {
  const [area = '', window = ''] = about.split(' ');
  return get<Answer>('availability', { area, window });
}, 15000);

const causes = (f: Figure): string => Object.entries(f.down_ms_by_cause).filter(([, ms]) => ms > 0)
  .map(([cause, ms]) => `${sayOf('cause', cause as Cause)} ${duration(ms)}`).join(', ');

const COLUMNS = (): Column<Figure>[] => [
  { title: say('kind'), cell: (f) => sayOf('kind', f.kind ?? '') },
  { title: say('operator'), cell: (f) => operatorOfFigure(f.operator) },
  { title: say('availability word'), cell: availabilityText, number: true },
  { title: say('observed'), cell: (f) => ratio(f.observed), number: true },
  { title: say('downtime'), cell: (f) => duration(f.state_ms.down ?? 0), number: true },
  { title: say('outages count'), cell: (f) => number(f.outages), number: true },
  { title: say('mttr'), cell: (f) => duration(f.mttr_ms), number: true },
  { title: say('mtbf'), cell: (f) => duration(f.mtbf_ms), number: true },
  { title: say('causes'), cell: causes },
];

function choice(window: string): HTMLElement {
  const node = h('button', '', sayOf('window', window));
  node.type = 'button';
  node.setAttribute('aria-pressed', String(window === chosen));
  node.addEventListener('click', () => {
    chosen = window;
    changed();
  });
  return node;
}

function draw(root: HTMLElement): void {
  const area = ownArea();
  const { data } = loaded(`${area?.id ?? ''} ${chosen}`);
  const head = h('p', 'choices', ...WINDOWS.map(choice));
  const title = `${say('availability word')} · ${area?.name ?? ''}`;
  if (!data) return root.replaceChildren(section(title, 'list', head, h('p', 'rest', say('loading'))));
  const span = `${time(data.from)} – ${time(data.to)}${data.provisional ? ` · ${say('provisional')}` : ''}`;
  root.replaceChildren(section(title, 'list', head, h('p', 'quiet', span), listing('availability', COLUMNS(), data.figures)));
}

export const availability: Scene = { id: 'availability', title: 'availability word', empty: () => false, draw };
