import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paint } from '../src/desk/paint.js';

test('the worst state that touches a pixel wins it', () => {
  const pixels = paint([{ from: 0, to: 500, state: 'up' }, { from: 500, to: 510, state: 'down' }, { from: 510, to: 1000, state: 'up' }], 0, 1000, 10);
  assert.deepEqual(pixels, ['up', 'up', 'up', 'up', 'up', 'down', 'down', 'up', 'up', 'up']);
});

test('an outage of a minute in thirty days is two pixels wide, at the right edge too', () => {
  const day = 86400000;
  const spans = [{ from: 0, to: 30 * day - 60000, state: 'up' as const }, { from: 30 * day - 60000, to: 30 * day, state: 'down' as const }];
  assert.deepEqual(paint(spans, 0, 30 * day, 1000).slice(-3), ['up', 'down', 'down']);
});

test('where nothing is known nothing is drawn, and what lies outside is left out', () => {
  assert.deepEqual(paint([{ from: -100, to: 0, state: 'down' }, { from: 500, to: 700, state: 'up' }], 0, 1000, 4), [null, null, 'up', 'up']);
});
