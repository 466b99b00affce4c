import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marks } from '../src/desk/axis.js';

const HOUR = 3600000;
const at = (text: string): number => Date.parse(text);

test('a day in the centre\'s zone: round hours, midnight by its date', () => {
  const found = marks(at('2026-11-21T15:48:00Z'), at('2026-11-22T15:48:00Z'), 7 * HOUR, 8);
  assert.deepEqual(found.map((mark) => mark.text), ['22/11', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00']);
  assert.equal(found[0]!.at, at('2026-11-21T17:00:00Z'));
});

test('a month: days, never more marks than there is room for', () => {
  const found = marks(at('2026-10-23T00:00:00Z'), at('2026-11-22T00:00:00Z'), 7 * HOUR, 4);
  assert.ok(found.length <= 4 && found.length >= 2, String(found.length));
  assert.ok(found.every((mark) => /^\d\d\/\d\d$/.test(mark.text)));
});
