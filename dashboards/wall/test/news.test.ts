import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOld, LIMIT_MS } from '../src/age.js';
import { isMajor, isStanding, isStorm, newsOf, noNews, STORM_MS } from '../src/news.js';
import { reloadIsDue } from '../src/reload.js';
import type { Outage } from '../src/types.js';

const NOW = Date.parse('2026-11-22T06:00:00Z');
const people = (population: number) => ({ villages: 0, households: 0, population });
const impact = (population: number) => ({ exposed: people(0), without_service: people(population), without_service_silent: people(0) });
const outage = (name: string, ageMs: number, sites: number, population = 0): Outage => ({
  outage: name, unit: 'u', site: 's', from: new Date(NOW - ageMs).toISOString(), to: null, open: true, duration_ms: ageMs, verified: true, cause: 'fault',
  life: { stage: 'new', acknowledged_at: null, acknowledged_by: null, assigned_to: null, ticket: null, waiting: null, expected: null, overdue: false, shelved_until: null, shelved_reason: null },
  root_name: name, root_area: null, group_verified: true, sites, sites_out: sites, units: sites, mobile: impact(population), fibre: impact(0),
});

test('what lasts when the page opens is no news, what begins later is, once', () => {
  const before = newsOf(noNews, [outage('SC1', 0, 9)]);
  assert.deepEqual(before.fresh, []);
  const then = newsOf(before.news, [outage('SC1', 0, 9), outage('SC2', 0, 1, 40)]);
  assert.deepEqual(then.fresh.map((o) => o.outage), ['SC2']);
  assert.deepEqual(newsOf(then.news, [outage('SC2', 0, 1, 40)]).fresh, []);
  assert.deepEqual([...newsOf(then.news, []).news.known], []);
});

test('major: somebody has lost the last service, or five sites', () => {
  assert.equal(isMajor(outage('a', 0, 1, 1)), true);
  assert.equal(isMajor(outage('a', 0, 5)), true);
  assert.equal(isMajor(outage('a', 0, 4)), false);
});

test('more than ten sites within ten minutes are a storm, however many roots', () => {
  assert.equal(isStorm([outage('a', 0, 10)], NOW), false);
  assert.equal(isStorm([outage('a', 0, 10), outage('b', STORM_MS - 1, 1)], NOW), true);
  assert.equal(isStorm([outage('a', STORM_MS, 100)], NOW), false);
});

test('standing after as long as the centre says', () => {
  assert.equal(isStanding(outage('a', 59999, 1), NOW, 60000), false);
  assert.equal(isStanding(outage('a', 60000, 1), NOW, 60000), true);
});

test('a part that was not heard of within its limit is old', () => {
  assert.equal(isOld(NOW - LIMIT_MS, NOW), false);
  assert.equal(isOld(NOW - LIMIT_MS - 1, NOW), true);
});

test('a new build at once; else between two scenes in the quiet hour, not twice in one night', () => {
  const moment = { now: NOW, openedAt: NOW - 86400000, hour: 3, turning: true, newBuild: false };
  assert.equal(reloadIsDue(moment), true);
  assert.equal(reloadIsDue({ ...moment, turning: false }), false);
  assert.equal(reloadIsDue({ ...moment, hour: 4 }), false);
  assert.equal(reloadIsDue({ ...moment, openedAt: NOW - 3600000 }), false);
  assert.equal(reloadIsDue({ ...moment, turning: false, hour: 12, newBuild: true }), true);
});
