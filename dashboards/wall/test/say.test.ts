import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textPixels } from '../src/angle.js';
import { duration, number, plain, ratio, say, setLanguage, share } from '../src/say.js';

test('numbers and shares are written as in Vietnam, rounded down', () => {
  setLanguage('vi');
  assert.equal(number(177427), '177.427');
  assert.equal(ratio(0.9865), '98,65%');
  assert.equal(share(407, 408), '99,75%');
  assert.equal(ratio(0.999999), '99,99%');
  assert.equal(share(1, 0), '–');
  setLanguage('en');
  assert.equal(ratio(0.9865), '98.65%');
});

test('durations', () => {
  setLanguage('vi');
  assert.equal(duration(59999), '59 giây');
  assert.equal(duration(60000), '1 phút');
  assert.equal(duration(3660000), '1 giờ 1 phút');
  assert.equal(duration(49 * 3600000), '2 ngày 1 giờ');
  assert.equal(say('more outages', 7), 'và 7 sự cố khác');
});

test('searching ignores diacritics and the placement of tones', () => {
  assert.equal(plain('Phước Hòa'), plain('phuoc hoà'));
  assert.equal(plain('Đô Vinh'), 'do vinh');
});

test('text is 20 arc minutes at 8 metres: 46.5 mm', () => {
  assert.equal(Math.round(textPixels(1920, 1080, 3000, 8000) * 3000 / 1080 * 10) / 10, 46.5);
  assert.equal(textPixels(800, 600, 0, 0), 16);
});
