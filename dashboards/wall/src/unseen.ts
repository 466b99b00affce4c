// New major outages that nobody has acknowledged, nor said at this screen to have seen: they flash and ring, for ten minutes at most.
import { STORM_MS } from './news.js';
import { ring, silence } from './sound.js';
import type { Outage } from './types.js';

const since = new Map<string, number>();

// Which ones, for who draws them.
export const unseenNames = (): string => [...since.keys()].join();

export const isUnseen = (outage: string): boolean => since.has(outage);

export function addUnseen(fresh: readonly Outage[]): void {
  for (const o of fresh) since.set(o.outage, Date.now());
  if (fresh.length > 0) ring();
}

// What has ended, was acknowledged or has been shown long enough needs nobody any more.
export function keepUnseen(lasting: readonly Outage[]): void {
  const still = new Set(lasting.filter((o) => o.life.stage === 'new').map((o) => o.outage));
  for (const [outage, at] of since) if (!still.has(outage) || Date.now() - at > STORM_MS) since.delete(outage);
  if (since.size === 0) silence();
}

export const anyUnseen = (): boolean => since.size > 0;

export function allSeen(): void {
  since.clear();
  silence();
}
