// What the page knows: committed figures of the collector, replaced or patched as events come. Who draws asks here.
import type { Area, Coverage, DarkVillage, Indicator, Outage, Overview, Power, Site, TemporaryCover } from './types.js';

// Parts that are asked for by themselves, and grow old by themselves.
export type Part = 'overview' | 'coverage' | 'indicators' | 'power';
export type Trouble = '' | 'unknown area' | 'empty inventory' | 'refused';

export interface Model {
  overview: Overview | null;
  areas: Map<string, Area>; // those below the area shown
  sites: Map<string, Site>;
  coverage: Coverage[];
  indicators: Indicator[];
  power: Power | null;
  restored: Outage[]; // ended in the last 24 hours, the newest first
  dark: DarkVillage[]; // villages without service, the first of them
  darkTotal: number;
  temporary: TemporaryCover[]; // what is served for a while only, the first of it
  temporaryTotal: number;
  unservedTotal: number; // nobody was ever meant to serve them
  frame: Area[]; // areas that the map draws
  focus: string; // of these the one it is fitted to, '' = all
  edition: { areas: number; sites: number }; // rises when one of them changes
  at: Record<Part, number>; // when each part was last known to be true, ms
  trouble: Trouble;
}

export const model: Model = { overview: null, areas: new Map(), sites: new Map(), coverage: [], indicators: [], restored: [], power: null, dark: [], darkTotal: 0, temporary: [], temporaryTotal: 0, unservedTotal: 0, frame: [], focus: '', edition: { areas: 0, sites: 0 }, at: { overview: 0, coverage: 0, indicators: 0, power: 0 }, trouble: '' };

type Listener = () => void;
const listeners = new Set<Listener>();

export function onChange(listener: Listener): void {
  listeners.add(listener);
}

const DRAW_MS = 250; // at most four drawings a second: nobody reads faster
let waiting = false;
let drawnAt = 0;

let streamed = false;

function tell(): void {
  waiting = false;
  streamed = false;
  drawnAt = performance.now();
  for (const listener of listeners) listener();
}

// Many events make one drawing.
export function changed(): void {
  if (waiting) return;
  waiting = true;
  setTimeout(() => requestAnimationFrame(tell), Math.max(0, drawnAt + DRAW_MS - performance.now()));
}

// What the stream brings is drawn with the next beat.
export function changedLive(): void {
  streamed = true;
}

export function drawLive(): void {
  if (streamed) tell();
}

export const ownArea = (): Area | null => model.overview?.area[0] ?? null;
