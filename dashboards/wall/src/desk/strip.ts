// A strip of states over time on a canvas, with the same in words for who cannot see it.
import { h } from '../dom.js';
import { say, time } from '../say.js';
import { groupOf } from '../states.js';
import type { State } from '../types.js';
import { paint, type Span } from './paint.js';

const COLOUR = { up: 'good', maintenance: 'maintenance', unknown: 'unknown', degraded: 'degraded', down: 'down' } as const;
const HEIGHT: Record<keyof typeof COLOUR, number> = { up: 0.35, maintenance: 0.6, unknown: 0.6, degraded: 0.75, down: 1 };
const SAID = 20;

// The height tells the states apart where the colour cannot.
function drawPixels(canvas: HTMLCanvasElement, pixels: readonly (State | null)[]): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(document.documentElement);
  context.clearRect(0, 0, canvas.width, canvas.height);
  pixels.forEach((state, x) => {
    if (state === null) return;
    const group = groupOf(state);
    const height = Math.round(canvas.height * HEIGHT[group]);
    context.fillStyle = style.getPropertyValue(`--${COLOUR[group]}`);
    context.fillRect(x, canvas.height - height, 1, height);
  });
}

function inWords(spans: readonly Span[]): string {
  const notable = spans.filter((span) => span.state !== 'up').slice(-SAID);
  return notable.map((span) => `${say(span.state)}: ${time(span.from)} – ${time(span.to)}`).join('; ') || say('up');
}

export function strip(spans: readonly Span[], from: number, to: number): HTMLElement {
  const canvas = h('canvas', 'strip');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', inWords(spans));
  canvas.title = inWords(spans);
  requestAnimationFrame(() => {
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * (devicePixelRatio || 1)));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * (devicePixelRatio || 1)));
    drawPixels(canvas, paint(spans, from, to, canvas.width));
  });
  return canvas;
}
