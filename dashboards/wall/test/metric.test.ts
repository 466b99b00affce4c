import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricName, valueText } from '../src/desk/metric.js';
import { rowsOf } from '../src/desk/reading_rows.js';
import { setLanguage } from '../src/say.js';

const reading = (metric: string, more: object, at = '2026-11-22T06:00:00Z') => ({ probe: 'p1', check: 'icmp/core', metric, unit: null, at, ...more });

test('values in the units of people', () => {
  assert.equal(valueText(reading('rtt', { unit: 'ms', number: 12.345 })), '12,3 ms');
  assert.equal(valueText(reading('loss', { unit: '/', number: 0.2 })), '20,0%');
  assert.equal(valueText(reading('temperature', { unit: 'Cel', number: 41.25 })), '41,3 °C');
  assert.equal(valueText(reading('uptime', { unit: 's', number: 7200 })), '2 giờ');
  assert.equal(valueText(reading('rx_rate', { unit: 'bit/s', number: 2_500_000 })), '2,5 Mbit/s');
  assert.equal(valueText(reading('mains', { flag: false })), 'không');
  assert.equal(valueText(reading('output', { text: 'OK' })), 'OK');
  assert.equal(valueText(reading('status', { number: 200 })), '200');
  setLanguage('en');
  assert.equal(valueText(reading('mains', { flag: true })), 'yes');
  assert.equal(metricName('rx_power'), 'received power');
  setLanguage('vi');
  assert.equal(metricName('rx_power'), 'công suất thu');
  assert.equal(metricName('errors'), 'lỗi');
  assert.equal(metricName('of_a_plugin'), 'of_a_plugin');
});

test('a check is one row of its newest run: what an earlier run measured is not passed off as of now', () => {
  const late = '2026-11-22T06:00:10Z';
  const rows = rowsOf([reading('rtt', { unit: 'ms', number: 5 }), reading('loss', { unit: '/', number: 1 }, late), reading('state', { number: 2 }, late), { ...reading('state', { number: 0 }), check: 'tcp/web' }]);
  assert.deepEqual(rows.map((r) => [r.check, r.verdict, r.said, r.at]), [['icmp/core', 2, 'mất gói 100,0%', late], ['tcp/web', 0, '', '2026-11-22T06:00:00Z']]);
});
