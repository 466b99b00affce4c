// Builds the page and writes it into one C table: node build.mjs OUT_FOLDER
//
// Everything but fonts is stored compressed. Names carry a hash of the content, so browsers may keep them for ever; the build id
// goes into the page and into the collector's heartbeat: a page that hears another one reloads.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import esbuild from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, 'dist'));
const FIRST_MOST = 60 * 1024; // what a browser fetches before it shows the wall, compressed, without fonts (DESIGN section 5)
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
};

function inputs(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? inputs(file) : [file];
  });
}

function buildId() {
  const files = ['src', 'css'].flatMap((folder) => inputs(path.join(here, folder)));
  const hash = createHash('sha256');
  for (const file of [...files, ...['index.html', 'package-lock.json', 'build.mjs'].map((name) => path.join(here, name))].sort()) hash.update(fs.readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

// The entries, and what they import at once.
function firstFetched(outputs) {
  const byName = new Map(Object.entries(outputs).map(([file, output]) => [path.basename(file), output]));
  const found = new Set();
  const walk = (name) => {
    if (found.has(name) || !byName.has(name)) return;
    found.add(name);
    for (const { path: file, kind } of byName.get(name).imports) if (kind === 'import-statement') walk(path.basename(file));
  };
  for (const [name, output] of byName) if (output.entryPoint && /^(wall|style)-/.test(name)) walk(name);
  return found;
}

async function bundle(build) {
  const result = await esbuild.build({
    entryPoints: { wall: path.join(here, 'src/main.ts'), style: path.join(here, 'css/main.css') },
    absWorkingDir: here,
    outdir: out,
    bundle: true,
    splitting: true, // what is imported when it is wanted is a file of its own
    chunkNames: '[name]-[hash]',
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.woff2': 'file' },
    define: { BUILD: JSON.stringify(build) },
    logLevel: 'warning',
  });
  const first = firstFetched(result.metafile.outputs);
  return result.outputFiles.map((file) => ({ path: `/${path.basename(file.path)}`, bytes: Buffer.from(file.contents), first: first.has(path.basename(file.path)) }));
}

function indexOf(files) {
  const named = (stem, ending) => files.find((file) => file.path.startsWith(`/${stem}-`) && file.path.endsWith(ending)).path;
  const html = fs.readFileSync(path.join(here, 'index.html'), 'utf8').replace('/style.css', named('style', '.css')).replace('/wall.js', named('wall', '.js'));
  return { path: '/index.html', bytes: Buffer.from(html), first: true };
}

// The one script within the page itself: browsers run it because the answer's policy names it by its hash.
function inlineScript() {
  const text = /<script>(.*?)<\/script>/s.exec(fs.readFileSync(path.join(here, 'index.html'), 'utf8'))[1];
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function row(file, i) {
  const compressed = !file.path.endsWith('.woff2');
  const stored = compressed ? gzipSync(file.bytes, { level: 9 }) : file.bytes;
  return {
    size: stored.length,
    array: `static const unsigned char FILE_${i}[] = {${stored.join(',')}};`,
    entry: `    {"${file.path}", "${TYPES[path.extname(file.path)]}", ${compressed}, ${file.path !== '/index.html'}, FILE_${i}, sizeof FILE_${i}},`,
  };
}

const build = buildId();
const files = await bundle(build);
files.push(indexOf(files));
const rows = files.map(row);
fs.mkdirSync(out, { recursive: true });
for (const file of files) fs.writeFileSync(path.join(out, file.path), file.bytes);
fs.writeFileSync(path.join(out, 'page_files.c'), [
  '#include "shell/page.h"', '',
  ...rows.map((r) => r.array), '',
  'const struct page_file PAGE_FILES[] = {', ...rows.map((r) => r.entry), '};',
  `const size_t PAGE_FILES_LEN = ${rows.length};`,
  `const char PAGE_BUILD[] = "${build}";`,
  `const char PAGE_SCRIPT[] = "${inlineScript()}";`, ''].join('\n'));
const total = (wanted) => rows.filter((_, i) => wanted(files[i])).reduce((sum, r) => sum + r.size, 0);
const isFont = (file) => file.path.endsWith('.woff2');
const first = total((file) => file.first);
console.log(`wall ${build}: ${first} bytes compressed, ${total((file) => !file.first && !isFont(file))} more for the desk and its charts, fonts ${total(isFont)}`);
if (first > FIRST_MOST) throw new Error(`the page is ${first} bytes, more than ${FIRST_MOST}`);
