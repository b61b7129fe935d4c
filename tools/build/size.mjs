// Prints what the package weighs, and fails when it is over budget.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { ROOT } from './run.mjs';

// What it weighs, and why: engine/docs/decisions/0011-what-a-page-downloads.md.
const BUDGET = 350 * 1024;

/** Weighs what a page downloads: dist/engine.wasm, its glue, and the package as a bundler leaves it. */
export async function reportSize() {
  const parts = {
    'engine.wasm': await readFile(join(ROOT, 'dist/engine.wasm')),
    'engine.js': await readFile(join(ROOT, 'dist/engine.js')),
    'the package for the web': await bundle('dist/index.web.js'),
  };
  let total = 0;
  for (const [label, bytes] of Object.entries(parts)) {
    const packed = brotliCompressSync(bytes).length;
    total += packed;
    console.log(`${label.padEnd(26)}${kib(bytes.length)}${kib(packed)} brotli`);
  }
  console.log(
    `${'together'.padEnd(26)}${' '.repeat(11)}${kib(total)} brotli of ${kib(BUDGET).trim()}`,
  );
  if (total > BUDGET) throw new Error('The package is over its budget');
}

/** The module and all that it imports but the glue, minified. */
async function bundle(entry) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: ['../engine.js'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0].contents;
}

function kib(bytes) {
  return `${(bytes / 1024).toFixed(1)} KiB`.padStart(11);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await reportSize();
