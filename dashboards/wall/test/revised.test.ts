import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standingOf } from '../src/revised.js';

const first = { revision: 1, at: '2026-11-20T17:00:00Z', reason: 'final' };
const second = { revision: 2, at: '2026-11-21T02:00:00Z', reason: 'late_evidence' };
const third = { revision: 3, at: '2026-11-21T05:00:00Z', reason: 'inventory' };

test('a day is provisional, then final, then revised; the newest revision of any figure counts', () => {
  assert.deepEqual(standingOf({ provisional: true, figures: [{ revisions: [first, second] }] }), { state: 'provisional', last: null });
  assert.deepEqual(standingOf({ provisional: false, figures: [{}, { revisions: [first] }] }), { state: 'final', last: null });
  assert.deepEqual(standingOf({ provisional: false, figures: [{ revisions: [first, third] }, { revisions: [first, second] }] }), { state: 'revised', last: third });
});
