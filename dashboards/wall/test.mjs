// Runs the tests beside the page's pure modules under node: node test.mjs
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = fs.mkdtempSync(path.join(os.tmpdir(), 'ioc-wall-'));
const tests = fs.readdirSync(path.join(here, 'test')).filter((name) => name.endsWith('.test.ts'));
if (tests.length === 0) throw new Error('no tests');
await esbuild.build({
  entryPoints: tests.map((name) => path.join(here, 'test', name)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const files = fs.readdirSync(out).map((name) => path.join(out, name));
const env = { ...process.env, WALL_THEME: path.join(here, 'css/theme.css') };
const run = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], { stdio: 'inherit', env });
fs.rmSync(out, { recursive: true });
process.exit(run.status ?? 1);
