import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unchanged } from '../src/unchanged.js';

test('the first drawing is new, the same parts are not, any other part is', () => {
  const same = unchanged();
  const overview = {};
  assert.equal(same([overview, 1]), false);
  assert.equal(same([overview, 1]), true);
  assert.equal(same([{}, 1]), false);
  assert.equal(same([{}, 1, 2]), false);
});
