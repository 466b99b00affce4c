// deploy/demo from its first line to Ctrl-C: everything comes up, what is killed comes back, nothing
// is left behind, and it runs a second time on the same data.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask, BIN, freshFolder, until } from '../support/servers.mjs';

const DEMO = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../deploy/demo');
const DATA = freshFolder('demo');
const PAGE = 'http://127.0.0.1:18080';
const NAMES = ['mosquitto', 'influxd', 'ioc-collector', 'ioc-probe', 'ioc-fleet'];
let demo;

// {name: pid} of the servers that run in this namespace.
function running() {
  const found = {};
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const state = /\) (\S)/.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))[1];
      const name = path.basename(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0]);
      if (state !== 'Z' && NAMES.includes(name)) found[name] = Number(pid);
    } catch (error) {
      if (!['ENOENT', 'ESRCH'].includes(error.code)) throw error; // it ended while we looked
    }
  }
  return found;
}

function start(...options) {
  const log = fs.openSync(path.join(DATA, 'demo.log'), 'a');
  const child = spawn(DEMO, ['--bin', BIN, '--data', path.join(DATA, 'data'), ...options], { stdio: ['ignore', log, log] });
  child.ended = new Promise((resolve) => child.once('exit', resolve));
  return child;
}

const get = async (what) => JSON.parse((await ask('GET', PAGE + what)).body || '{}');

after(async () => {
  demo?.kill('SIGTERM');
  await demo?.ended;
});

const DAYS = 2; // of history; without the option it is more than a month

test('everything comes up, simulated and measured', async () => {
  demo = start('--history', String(DAYS));
  const o = await until('all nodes are up', async () => {
    const now = await get('/api/v1/overview');
    return now.units?.conference.up === 65 && now.units['5g'].up === 75 && 'ioc-probe' in running() && now;
  }, 120000);
  assert.equal(o.simulated, true);
  assert.equal(o.sites.bts.total, 375);
  assert.equal(o.area[0].live['4g'].population, 590467);
  await until('this machine is measured', async () => {
    const { up = 0, degraded = 0 } = (await get('/api/v1/sites/ioc-host')).summary?.units ?? {};
    return up + degraded === 5; // a busy machine is degraded, and rightly so
  }, 40000);
  assert.deepEqual(Object.keys(running()).sort(), [...NAMES].sort());
});

test('its history came as late data and has enough for figures', async () => {
  const told = spawnSync(path.join(BIN, 'ioc-fleet'), ['verify', '--truth', path.join(DATA, 'data/truth-history'), '--collector', PAGE], { encoding: 'utf8' });
  assert.equal(told.status, 0, told.stdout + told.stderr);
  assert.match(told.stdout, / 0 lost, 0 doubled, 0 waiting; it balances/);
  const { figures } = await get('/api/v1/availability?area=58&kind=bts&operator=a&window=24h');
  assert.equal(figures[0].enough_data, true);
  assert.ok(figures[0].confirmed > 0.99 && figures[0].confirmed < 1, 'something was down on a day of the history');
  const standing = await get('/api/v1/outages?open=1');
  assert.deepEqual(standing.outages.map((o) => o.site), ['bts-22828-2']);
  assert.ok(Date.now() - Date.parse(standing.outages[0].from) > (DAYS - 0.1) * 86400000, 'it began with the history');
});

test('a second one is told why it cannot', () => {
  const same = spawnSync(DEMO, ['--bin', BIN, '--data', path.join(DATA, 'data')], { encoding: 'utf8' });
  assert.equal(same.status, 1);
  assert.match(same.stderr, /another demo runs in/);
  const other = spawnSync(DEMO, ['--bin', BIN, '--data', path.join(DATA, 'other')], { encoding: 'utf8' });
  assert.equal(other.status, 1);
  assert.match(other.stderr, /port 18080 is taken; choose others with --ports/);
});

test('what is killed comes back and nothing acknowledged is lost', async () => {
  const before = running();
  for (const name of NAMES.filter((n) => n !== 'ioc-fleet')) process.kill(before[name], 'SIGKILL');
  await until('all run again', () => {
    const now = running();
    return NAMES.every((name) => now[name] && (name === 'ioc-fleet' || now[name] !== before[name]));
  });
  const mark = (await until('the ledger answers', async () => (await get('/api/v1/ledger?limit=1')).probes?.[0].epochs[0])).stored;
  await until('packs go on', async () => (await get('/api/v1/ledger?limit=1')).probes?.[0].epochs[0].stored > mark + 1, 60000);
});

test('Ctrl-C ends all, and what was shown is what was', async () => {
  await until('nothing pending', async () => (await get('/api/v1/ledger')).readings?.pending === 0, 60000);
  const verify = spawnSync(path.join(BIN, 'ioc-fleet'), ['verify', '--truth', path.join(DATA, 'data/truth'), '--collector', PAGE], { encoding: 'utf8' });
  assert.match(verify.stdout, / 0 ms shown otherwise/, verify.stdout + verify.stderr);
  assert.match(verify.stdout, / 0 lost, 0 doubled/);
  demo.kill('SIGINT');
  assert.equal(await demo.ended, 0);
  assert.deepEqual(running(), {});
});

test('it runs again on the same data, for as long as it is told', async () => {
  demo = start('--minutes', '0');
  assert.equal(await demo.ended, 0, fs.readFileSync(path.join(DATA, 'demo.log'), 'utf8').slice(-2000));
  assert.deepEqual(running(), {});
});
