// On the wall five states only: shape, colour and text each (the order of drawing: worst first).
import type { State } from './types.js';

export type Group = 'down' | 'unknown' | 'degraded' | 'maintenance' | 'up';

const GROUP_OF: Record<State, Group> = {
  down: 'down',
  silent: 'unknown',
  unobserved: 'unknown',
  degraded: 'degraded',
  maintenance: 'maintenance',
  asleep: 'maintenance',
  planned: 'maintenance',
  up: 'up',
};

// FIGURES 7.22: worst first.
export const WORST_FIRST: readonly State[] = ['down', 'silent', 'degraded', 'unobserved', 'maintenance', 'asleep', 'up', 'planned'];
export const GROUPS: readonly Group[] = ['down', 'unknown', 'degraded', 'maintenance', 'up'];
export const SHAPE: Record<Group, string> = { down: '✕', unknown: '?', degraded: '▲', maintenance: '■', up: '●' };

export const groupOf = (state: State): Group => GROUP_OF[state];

// On the wall a site is out only when all its units are (FIGURES 1); one that lost a part of them is degraded.
export const siteGroup = (site: { state: State; out: boolean }): Group => (site.state === 'down' && !site.out ? 'degraded' : GROUP_OF[site.state]);

export function compareStates(a: State, b: State): number {
  return WORST_FIRST.indexOf(a) - WORST_FIRST.indexOf(b);
}

export function groupCounts(counts: Partial<Record<State, number>>): Record<Group, number> {
  const sums: Record<Group, number> = { down: 0, unknown: 0, degraded: 0, maintenance: 0, up: 0 };
  for (const [state, count] of Object.entries(counts)) if (state in GROUP_OF) sums[GROUP_OF[state as State]] += count ?? 0;
  return sums;
}
