// The demo's inventory: its files are what the generator makes, its sums are the census, and the
// collector takes it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generate, readCommunes } from '../../deploy/data/generate.mjs';
import { BIN, freshFolder } from '../support/servers.mjs';

const FOLDER = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../deploy/data/ninh-thuan');

function table(name) {
  const [header, ...rows] = fs.readFileSync(path.join(FOLDER, `${name}.csv`), 'utf8').trim().split('\n');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [header.split(',')[i], cell])));
}

const sum = (rows, key) => rows.reduce((total, row) => total + Number(row[key]), 0);

test('the committed files are what the generator makes', () => {
  for (const [name, text] of Object.entries(generate())) assert.equal(fs.readFileSync(path.join(FOLDER, name), 'utf8'), text, name);
});

test('villages add up to the census, commune by commune', () => {
  const villages = table('areas').filter((a) => a.level === 'village');
  for (const commune of readCommunes()) {
    const mine = villages.filter((v) => v.parent === commune.code);
    assert.equal(sum(mine, 'population'), commune.population, commune.name);
    assert.equal(sum(mine, 'households'), commune.households, commune.name);
  }
  assert.equal(sum(villages, 'population'), 590467);
  assert.equal(sum(villages, 'households'), 161013);
});

test('sites, units and what hangs together are as the story says', () => {
  const sites = table('sites');
  const units = table('units');
  const depends = table('depends');
  const communes = table('areas').filter((a) => a.level === 'commune');
  const district = new Map(communes.map((c) => [c.id, c.parent]));
  const areaOf = new Map(sites.map((s) => [s.id, s.area]));
  const with5g = units.filter((u) => u.service === '5g').map((u) => areaOf.get(u.site));
  assert.equal(sites.filter((s) => s.kind === 'bts').length, 375);
  assert.equal(units.filter((u) => u.service === 'conference').length, 65);
  assert.equal(with5g.length, 75);
  assert.ok(with5g.every((area) => district.get(area) !== '584' && area !== '22843'));
  const onLink = depends.filter((d) => d.on === 'lk-ns-ba').map((d) => d.child);
  assert.equal(onLink.filter((id) => id.startsWith('bts-')).length, 22);
  assert.equal(onLink.filter((id) => id.startsWith('node-')).length, 8);
  assert.equal(depends.filter((d) => d.on === 'pw-tb' && d.child.startsWith('bts-')).length, 14);
  assert.ok(sites.every((s) => s.id === 'ioc-host' || s.note === 'SỐ LIỆU MÔ PHỎNG'));
});

// What each scene of the story counts: villages left without 4G when these sites are gone.
function without4g(gone) {
  const live = new Set();
  for (const s of table('serves')) if (s.service === '4g' && !gone.has(s.site)) live.add(s.area);
  return table('areas').filter((a) => a.level === 'village' && !live.has(a.id));
}

test('the cut leaves 27.963 people without service, Phước Kháng 2.488 more', () => {
  const cut = new Set(table('depends').filter((d) => d.on === 'lk-ns-ba').map((d) => d.child));
  assert.equal(without4g(new Set()).length, 0);
  assert.equal(without4g(new Set(['bts-22828-2', 'bts-22846-2'])).length, 0);
  assert.equal(sum(without4g(cut), 'population'), 27963);
  assert.equal(sum(without4g(cut), 'households'), 6535);
  for (const id of ['bts-22843-1', 'bts-22843-2', 'bts-22840-3', 'bts-22828-2']) cut.add(id);
  assert.equal(sum(without4g(cut), 'population'), 30451);
  assert.equal(sum(without4g(cut), 'households'), 7142);
});

test('the collector takes it', () => {
  const folder = freshFolder('demo_data');
  const config = path.join(folder, 'collector.yaml');
  fs.writeFileSync(config, `centre: {id: c1, data_folder: ${folder}/data, inventory: ${FOLDER}}
broker: {host: 127.0.0.1}
sink: {url: "http://127.0.0.1:8086", database: ioc}
`);
  const run = spawnSync(path.join(BIN, 'ioc-collector'), ['--config', config, '--check-config'], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stdout + run.stderr);
});
