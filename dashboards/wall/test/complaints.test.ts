import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { complaint, SENTENCES } from '../src/desk/complaints.js';
import { setLanguage } from '../src/say.js';

test('a complaint about a row keeps its place and what it quotes', () => {
  assert.equal(complaint('states.csv:4: unknown site "bts-nowhere"; the row is left out'), 'states.csv:4: không có trạm "bts-nowhere"; dòng bị loại');
  assert.equal(complaint('t.csv:1: no header: the table is empty'), 't.csv:1: không có dòng tiêu đề: bảng trống');
  assert.equal(complaint('t.csv:9: text after a closing quote; the row is left out'), 't.csv:9: có chữ sau dấu ngoặc kép đóng; dòng bị loại');
  assert.equal(complaint('t.csv:9: 3 cells where the header has 5: is the row cut off? It is left out'), 't.csv:9: 3 ô trong khi tiêu đề có 5: dòng bị cắt? Dòng bị loại');
  assert.equal(complaint('the answer is 404'), 'trả lời là 404');
});

test('what is not known stays as it is, and English too', () => {
  assert.equal(complaint('t.csv:2: something new; nobody knows'), 't.csv:2: something new; nobody knows');
  setLanguage('en');
  assert.equal(complaint('the answer is 404'), 'the answer is 404');
  setLanguage('vi');
});

// Whoever words a complaint otherwise shall hear of it here.
test('the collector says each of these sentences', () => {
  const collector = path.join(path.dirname(process.env['WALL_THEME']!), '../../../collector');
  const sources = ['core', 'shell'].flatMap((folder) => fs.readdirSync(path.join(collector, folder)).filter((name) => /^(feeds?_?.*|csv)\.c$/.test(name)).map((name) => path.join(collector, folder, name)));
  const text = sources.map((file) => fs.readFileSync(file, 'utf8')).join('\n').replaceAll('\\"', '"').replace(/%(zu|s|d|u)/g, '(.*)').replaceAll('columns.(.*)', '(.*)');
  const missing = SENTENCES.filter(([english]) => !text.includes(english.replace('(\\d+)', '(.*)').replaceAll('\\', '').replaceAll('((.*))', '((.*))')));
  assert.deepEqual(missing.map(([english]) => english), []);
});
