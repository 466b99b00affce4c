// A strip of states over time on a canvas, with the same in words for who cannot see it. A canvas is made once for a name and drawn
// again only when what it shows, its size or the theme is another.
import { h } from '../dom.js';
import { offset, say, time } from '../say.js';
import { groupOf, type Group } from '../states.js';
import { themeNow } from '../theme.js';
import type { State } from '../types.js';
import { marks } from './axis.js';
import { paint, type Span } from './paint.js';
import { striped } from './stripes.js';

const COLOUR = { up: 'good', maintenance: 'maintenance', unknown: 'unknown', degraded: 'degraded', down: 'down' } as const;
const HEIGHT: Record<Group, number> = { up: 0.35, maintenance: 0.6, unknown: 0.6, degraded: 0.75, down: 1 };
const SAID = 20;
const KEPT_MOST = 100;
const NARROW_PX = 640;
const MARKS = { narrow: 4, wide: 10 } as const;

interface Kept { canvas: HTMLCanvasElement; look: string }

const kept = new Map<string, Kept>();

function fills(context: CanvasRenderingContext2D): Record<Group, string | CanvasPattern> {
  const style = getComputedStyle(document.documentElement);
  const colour = (group: Group): string => style.getPropertyValue(`--${COLOUR[group]}`).trim();
  return { up: colour('up'), maintenance: colour('maintenance'), unknown: striped(context, colour('unknown')), degraded: colour('degraded'), down: colour('down') };
}

// The height tells the states apart where the colour cannot.
function drawPixels(canvas: HTMLCanvasElement, pixels: readonly (State | null)[]): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const fill = fills(context);
  context.clearRect(0, 0, canvas.width, canvas.height);
  for (let x = 0; x < pixels.length;) {
    const state = pixels[x] ?? null;
    let end = x + 1;
    while (end < pixels.length && pixels[end] === state) end++;
    if (state !== null) {
      const group = groupOf(state);
      const height = Math.round(canvas.height * HEIGHT[group]);
      context.fillStyle = fill[group];
      context.fillRect(x, canvas.height - height, end - x, height);
    }
    x = end;
  }
}

function inWords(spans: readonly Span[]): string {
  const notable = spans.filter((span) => span.state !== 'up').slice(-SAID);
  return notable.map((span) => `${say(span.state)}: ${time(span.from)} – ${time(span.to)}`).join('; ') || say('up');
}

function canvasOf(name: string): Kept {
  const found = kept.get(name);
  if (found) return found;
  if (kept.size >= KEPT_MOST) kept.clear();
  const made = { canvas: h('canvas', 'strip'), look: '' };
  made.canvas.setAttribute('role', 'img');
  kept.set(name, made);
  return made;
}

function redraw(strip: Kept, spans: readonly Span[], from: number, to: number): void {
  const { canvas } = strip;
  const scale = devicePixelRatio || 1;
  const [width, height] = [Math.max(1, Math.round(canvas.clientWidth * scale)), Math.max(1, Math.round(canvas.clientHeight * scale))];
  const look = JSON.stringify([width, height, themeNow(), from, to, spans]);
  if (look === strip.look || canvas.clientWidth === 0) return;
  strip.look = look;
  canvas.width = width;
  canvas.height = height;
  drawPixels(canvas, paint(spans, from, to, width));
}

export function strip(name: string, spans: readonly Span[], from: number, to: number): HTMLElement {
  const own = canvasOf(name);
  const text = inWords(spans);
  own.canvas.setAttribute('aria-label', text);
  own.canvas.title = text;
  requestAnimationFrame(() => redraw(own, spans, from, to));
  return own.canvas;
}

const MARK_ROOM = { narrow: 0.14, wide: 0.05 }; // of the width: what the text of a mark needs

// The hours or days beneath strips of the same time.
export function timeAxis(from: number, to: number): HTMLElement {
  const narrow = innerWidth < NARROW_PX;
  const end = from + (to - from) * (1 - (narrow ? MARK_ROOM.narrow : MARK_ROOM.wide)); // later, and its text would be cut
  const all = marks(from, to, offset(), narrow ? MARKS.narrow : MARKS.wide).filter((mark) => mark.at <= end);
  const axis = h('div', 'axis', ...all.map((mark) => {
    const node = h('span', '', mark.text);
    node.style.left = `${100 * (mark.at - from) / (to - from)}%`;
    return node;
  }));
  axis.setAttribute('aria-hidden', 'true');
  return axis;
}
