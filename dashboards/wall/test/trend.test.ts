import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availabilityTrend, coverageTrend, decimalsOf, rangeOf } from '../src/desk/trend.js';

const people = (villages: number) => ({ villages, households: 0, population: 0 });
const head = { from: '2026-11-20T17:00:00Z', to: '2026-11-22T12:00:00Z', final_to: '2026-11-21T17:00:00Z' };
const days = ['2026-11-20T17:00:00Z', '2026-11-21T17:00:00Z'];

test('a day of a unit that was hardly seen is a gap, not a figure', () => {
  const line = { unit: 's/4g@a', confirmed: [0.9, 1], lower: [0.8, 1], observed: [1, 0.4] };
  const trend = availabilityTrend({ ...head, at: days, lines: [line] }, line);
  assert.deepEqual(trend.line, [0.9, null]);
  assert.deepEqual(trend.low, [0.8, null]);
  assert.deepEqual(trend.observed, [1, 0.4]);
});

test('coverage: live, what may be, what was meant, of all villages; before there were any a gap', () => {
  const line = { technology: '4g', operator: 'any', total: [null, people(10), people(10)], nominal: [null, people(8), people(8)], live: [null, people(5), people(8)], unknown: [null, people(1), people(0)] };
  const trend = coverageTrend({ ...head, at: [...days, head.to], lines: [line] }, line);
  assert.deepEqual([trend.line, trend.high, trend.top, trend.observed], [[null, 0.5], [null, 0.6], [0, 0.8], [null, 1]]);
  assert.equal(trend.to, Date.parse(head.to));
});

test('the axis: the least round span that holds the worst, in decimals that tell its half', () => {
  const of = (low: number) => ({ at: [0], to: 1, line: [1], low: [low], high: [1], top: [1], observed: [1], finalTo: 0 });
  assert.deepEqual([0.9995, 0.993, 0.5].map((low) => rangeOf(of(low))), [[0.999, 1], [0.99, 1], [0, 1]]);
  assert.deepEqual([0.001, 0.002, 0.01, 0.02, 1].map(decimalsOf), [2, 1, 1, 0, 0]);
});
