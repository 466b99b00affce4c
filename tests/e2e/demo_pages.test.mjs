// The pages of the ten minutes that deploy/demo tells (DEMO.md): which scene pages whom, and that the others page nobody.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BIN, freshFolder } from '../support/servers.mjs';

const folder = freshFolder('demo-pages');
const INVENTORY = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../deploy/data/ninh-thuan');
const ON_LINK = fs.readFileSync(path.join(INVENTORY, 'depends.csv'), 'utf8').split('\n').map((row) => row.split(',')).filter((row) => row[1] === 'lk-ns-ba').map((row) => row[0]);

const RULES = `paging:
  area_sites: 3
targets:
  - {name: shift, type: program, program: /bin/true}
rules:
  - {name: link, type: down, kind: link, severity: critical, targets: [shift]}
  - {name: people, type: people, people: 500, severity: critical, targets: [shift]}
  - {name: drift, type: change, check: sfp, metric: rx_power, is: below, limit: 6, clear: 3, learn: 1min, severity: warning, targets: [wall]}
`.replace('targets:\n', 'targets:\n  - {name: wall, type: program, program: /bin/true}\n');

// The scenes with the times of the story; checks are each 10 s instead of 5, so silence is seen later.
const STORY = [
  ['10s', 'down bts-22828-2'], ['10s', 'maintenance bts-22846-2 350s'], ['10s', 'metric node-22810 sfp/uplink/rx_power -18'],
  ['30s', 'down bts-22846-2'],
  ['45s', 'down bts-22759-1/5g@a'],
  ['150s', 'metric node-22810 sfp/uplink/rx_power -26'],
  ['210s', `silent ${ON_LINK.join(' ')}`], ['230s', 'down lk-ns-ba'],
  ['300s', 'deaf'], ['325s', 'hearing'],
  ['340s', 'up bts-22846-2'],
  ['345s', 'down bts-22843-1 bts-22843-2 node-22843 bts-22840-3'],
  ['390s', 'silent bts-22910-1'],
  ['450s', `up lk-ns-ba ${ON_LINK.join(' ')}`],
  ['510s', 'up bts-22843-1 bts-22843-2 node-22843 bts-22840-3'],
  ...[0, 1, 2, 3, 4, 5].flatMap((n) => [[`${520 + n * 20}s`, 'down bts-22849-4'], [`${530 + n * 20}s`, 'up bts-22849-4']]),
  ['1200s', 'end'],
].map(([time, what]) => `at ${time} ${what}\n`).join('');

const seconds = (line) => line.slice(0, 8).split(':').reduce((sum, n) => sum * 60 + Number(n), 0);

function told() {
  for (const [name, text] of [['rules.yaml', RULES], ['story', STORY], ['collector.yaml', `centre: {inventory: "${INVENTORY}"}\n`]]) fs.writeFileSync(path.join(folder, name), text);
  const ran = spawnSync(path.join(BIN, 'ioc-collector'), ['--config', path.join(folder, 'collector.yaml'), 'rules', 'test', path.join(folder, 'rules.yaml'), path.join(folder, 'story')],
    { encoding: 'utf8', timeout: 120000 });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout.trim().split('\n');
}

test('the cut fibre pages once by 4:20, the commune without power once; nothing else pages', () => {
  assert.equal(ON_LINK.length, 30);
  const lines = told();
  const pages = lines.filter((line) => / shift fired /.test(line));
  assert.equal(pages.length, 2, lines.join('\n'));
  assert.match(pages[0], /LK-NS-BA: mat lien lac/);
  assert.ok(seconds(pages[0]) <= 260, pages[0]);
  assert.match(pages[1], /22843: mat dich vu hoan toan, 3 tram, 2488 dan/);
  assert.ok(seconds(pages[1]) > 345 && seconds(pages[1]) <= 345 + 90, pages[1]);
  assert.deepEqual(lines.filter((line) => !/ shift /.test(line)).map((line) => line.replace(/: .*/, '').slice(9)), ['wall fired warning drift']);
});
