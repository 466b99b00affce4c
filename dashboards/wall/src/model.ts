// What the page knows: committed figures of the collector, replaced or patched as events come. Who draws asks here.
import type { Area, Coverage, Indicator, Outage, Overview, Site } from './types.js';

export interface Model {
  overview: Overview | null;
  areas: Map<string, Area>; // those below the area shown
  sites: Map<string, Site>;
  coverage: Coverage[];
  indicators: Indicator[];
  outages: Outage[];
}

export const model: Model = { overview: null, areas: new Map(), sites: new Map(), coverage: [], indicators: [], outages: [] };

type Listener = () => void;
const listeners = new Set<Listener>();

export function onChange(listener: Listener): void {
  listeners.add(listener);
}

let waiting = false;

// Many events make one drawing.
export function changed(): void {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    for (const listener of listeners) listener();
  });
}

export const ownArea = (): Area | null => model.overview?.area[0] ?? null;
