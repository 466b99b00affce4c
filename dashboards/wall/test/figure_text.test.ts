import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastDay } from '../src/figure_text.js';
import type { Figure } from '../src/types.js';

const figure = (more: Partial<Figure>): Figure => ({ confirmed: 0.9962, lower: 0.9962, enough_data: true, decimals: 2, observed: 1, outages: 1, outages_unverified: 0, mttr_ms: null, mtbf_ms: null, uncertainty_ms: 0, ...more }) as Figure;

test('on a wall a figure of few of many is none', () => {
  assert.equal(lastDay(figure({})), '24 giờ: 99,62%');
  assert.equal(lastDay(figure({ observed: 0.9 })), '24 giờ: 99,62%');
  assert.equal(lastDay(figure({ confirmed: 0, lower: 0, observed: 0.003 })), '24 giờ: ít số liệu');
  assert.equal(lastDay(figure({ confirmed: null, lower: null, enough_data: false, observed: 0.003 })), '24 giờ: không đủ số liệu');
});
