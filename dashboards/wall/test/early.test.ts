import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earlyOf } from '../src/early.js';
import { setLanguage } from '../src/say.js';

const AT = '2026-11-22T06:00:10Z';
const NOW = Date.parse(AT) + 20_000;

const reading = (check: string, metric: string, number: number, unit: string | null = null, at = AT) => ({ probe: 'p1', check, metric, unit, at, number });

test('a degraded check says its figures, what tells most first', () => {
  const module = [reading('sfp/uplink', 'temperature', 41, 'Cel'), reading('sfp/uplink', 'rx_power', -26.04, 'dBm'), reading('sfp/uplink', 'bias', 6, 'mA'), reading('sfp/uplink', 'rx_drop', 8, 'dB'), reading('sfp/uplink', 'state', 1)];
  assert.deepEqual(earlyOf(module, NOW), [{ check: 'sfp/uplink', text: 'suy giảm so với bình thường 8 dB, công suất thu -26 dBm, nhiệt độ 41 °C' }]);
  setLanguage('en');
  assert.equal(earlyOf(module, NOW)[0]!.text, 'below usual 8 dB, received power -26 dBm, temperature 41 °C');
  setLanguage('vi');
});

test('whatever passes, fails, cannot tell or is old is no early warning', () => {
  const all = [reading('a/ok', 'state', 0), reading('b/failed', 'state', 2), reading('c/unknown', 'state', 3), reading('d/old', 'state', 1, null, '2026-11-22T05:40:00Z')];
  assert.deepEqual(earlyOf(all, NOW), []);
});

test('a check without figures goes by its name; what an earlier run measured is left out', () => {
  assert.deepEqual(earlyOf([reading('e/bare', 'state', 1), reading('e/bare', 'rtt', 5, 'ms', '2026-11-22T06:00:00Z')], NOW), [{ check: 'e/bare', text: 'e/bare' }]);
});
