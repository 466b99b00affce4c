// How spans of states become pixels: the worst state that touches a pixel wins it, and no state is drawn narrower than two. Pure.
import { compareStates } from '../states.js';
import type { State } from '../types.js';

export interface Span {
  from: number; // ms
  to: number;
  state: State;
}

const NARROWEST = 2;

interface Run { first: number; last: number; state: State }

function runOf(span: Span, from: number, perMs: number, width: number): Run {
  const first = Math.max(0, Math.min(width - 1, Math.floor((span.from - from) * perMs)));
  const last = Math.max(first, Math.min(width - 1, Math.ceil((span.to - from) * perMs) - 1));
  const more = Math.max(0, NARROWEST - (last - first + 1));
  return { first: Math.max(0, Math.min(first, width - NARROWEST)), last: Math.min(width - 1, last + more), state: span.state };
}

// State of each pixel; null where nothing is known.
export function paint(spans: readonly Span[], from: number, to: number, width: number): (State | null)[] {
  const pixels: (State | null)[] = new Array<State | null>(width).fill(null);
  const perMs = width / (to - from);
  for (const span of spans) {
    if (span.to <= from || span.from >= to) continue;
    const run = runOf(span, from, perMs, width);
    for (let x = run.first; x <= run.last; x++) {
      const there = pixels[x] ?? null;
      if (there === null || compareStates(span.state, there) < 0) pixels[x] = span.state;
    }
  }
  return pixels;
}
