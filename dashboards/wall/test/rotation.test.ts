import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOLD_MS, hold, jump, rotationNew, tick } from '../src/rotation.js';

const never = () => false;

test('scenes follow each other after their dwell, empty ones are left out', () => {
  const r = rotationNew(['a', 'b', 'c'], 1000, 0);
  assert.equal(tick(r, 999, never).current, 'a');
  assert.equal(tick(r, 1000, never).current, 'b');
  assert.equal(tick(r, 1000, (scene) => scene === 'b').current, 'c');
  assert.equal(tick(r, 1000, (scene) => scene !== 'a').current, 'a');
});

test('a jump shows one dwell and goes back to where it came from', () => {
  const r = jump(rotationNew(['a', 'b', 'c'], 1000, 0), 'c', 500);
  assert.equal(r.current, 'c');
  assert.equal(tick(r, 1499, never).current, 'c');
  const back = tick(r, 1500, never);
  assert.equal(back.current, 'a');
  assert.equal(tick(back, 2500, never).current, 'b');
});

test('a second jump during the first still goes back to the scene before both', () => {
  const r = jump(jump(rotationNew(['a', 'b', 'c'], 1000, 0), 'c', 500), 'b', 600);
  assert.equal(tick(r, 1600, never).current, 'a');
});

test('held: no turn, no jump, for half an hour or until the key again', () => {
  const r = hold(rotationNew(['a', 'b'], 1000, 0), 0);
  assert.equal(tick(r, HOLD_MS - 1, never).current, 'a');
  assert.equal(jump(r, 'b', 10).current, 'a');
  assert.equal(tick(r, HOLD_MS, never).current, 'b');
  assert.equal(tick(hold(r, 500), 1000, never).current, 'b');
});
