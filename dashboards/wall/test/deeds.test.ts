import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, DEEDS, FIELDS } from '../src/desk/deeds.js';

test('a body holds what goes with the deed and was filled in, nothing else', () => {
  const all = { by: 'Lan', to: 'VNPT', ticket: '', waiting: 'mains', until: '2026-11-25T08:00', comment: 'x' };
  assert.deepEqual(bodyOf('acknowledge', all), { by: 'Lan', comment: 'x' });
  assert.deepEqual(bodyOf('assign', all), { to: 'VNPT', comment: 'x', by: 'Lan' });
  assert.deepEqual(bodyOf('progress', all), { waiting: 'mains', comment: 'x', by: 'Lan' });
  assert.deepEqual(bodyOf('close', {}), {});
});

test('a local time becomes an instant', () => {
  assert.equal(bodyOf('expect', { until: '2026-11-25T08:00' }).until, new Date(2026, 10, 25, 8).toISOString());
});

test('every deed says which fields it takes', () => {
  for (const deed of DEEDS) assert.ok(FIELDS[deed].includes('comment') && FIELDS[deed].includes('by'), deed);
});
