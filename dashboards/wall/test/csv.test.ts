import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvText } from '../src/csv.js';

const lines = (text: string): string[] => text.slice(1).split('\r\n').slice(0, -1);

test('a byte order mark, semicolons, one line a row', () => {
  const text = csvText([['mã trạm', 'tên'], ['NT-001', 'Trạm Đô Vinh 1']], 'vi');
  assert.equal(text.codePointAt(0), 0xfeff);
  assert.deepEqual(lines(text), ['mã trạm;tên', 'NT-001;Trạm Đô Vinh 1']);
});

test('numbers keep the decimal sign of their language and lose what stands between thousands', () => {
  assert.deepEqual(lines(csvText([['590.467', '98,65%', '1.234,5', '26/375', '12.5']], 'vi')), ['590467;98,65%;1234,5;26/375;12.5']);
  assert.deepEqual(lines(csvText([['590,467', '98.65%', '1,234.5', '26/375', '1.234']], 'en')), ['590467;98.65%;1234.5;26/375;1.234']);
});

test('separators, quotes and lines stay inside their field', () => {
  assert.deepEqual(lines(csvText([['a;b', 'say "x"', 'two\nlines']], 'vi')), ['"a;b";"say ""x""";"two\nlines"']);
});

test('no name becomes a formula', () => {
  assert.deepEqual(lines(csvText([['=1+1', '+84', '@x', '-cmd', '-5', '-98,5%']], 'vi')), ["'=1+1;'+84;'@x;'-cmd;-5;-98,5%"]);
});
