// The counters of a VictoriaMetrics are asked for with patience: a server whose /metrics fails is not
// besieged by a collector that waits for it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { afterEach, test } from 'node:test';
import { sleep, until } from '../support/servers.mjs';
import { Driver } from '../support/sink_driver.mjs';

const PORT = 8191;
const COUNTERS = 'process_start_time_seconds 1795344869\nvm_rows_invalid_total{type="influx"} 0\n';
const LOOK_MS = 5000;
const PAUSE_MS = 2000; // between two questions, at least

afterEach(() => Driver.killAll());

test('a /metrics that fails while batches wait for it is asked for again after a while', async () => {
  const seen = { writes: 0, metrics: 0 };
  let well = true;
  const server = http.createServer((request, response) => {
    request.resume();
    const metrics = request.url === '/metrics';
    seen[metrics ? 'metrics' : 'writes']++;
    response.writeHead(metrics ? (well ? 200 : 500) : 204).end(metrics && well ? COUNTERS : undefined);
  }).listen(PORT, '127.0.0.1');
  await once(server, 'listening');
  const driver = new Driver('victoria', `http://127.0.0.1:${PORT}`, 'ioc', { confirmMs: 500 });
  await until('the server is known', () => seen.metrics > 0);
  well = false;
  driver.batch(1, ['chk_icmp,check=icmp/c,probe=p,site=s state=0 1795344869000000000']);
  await until('the batch is written', () => seen.writes > 0);
  await until('its proof is asked for', () => seen.metrics > 1);
  const before = seen.metrics;
  const began = performance.now();
  await sleep(LOOK_MS);
  const most = Math.ceil((performance.now() - began) / PAUSE_MS) + 1;
  assert.ok(seen.metrics - before <= most, `asked ${seen.metrics - before} times, at most ${most} in this time`);
  well = true;
  await driver.says('settled 1');
  await driver.close();
  server.closeAllConnections();
  server.close();
});
