// Prints what the package weighs, and fails when it is over budget.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { ROOT } from './run.mjs';

const BUDGET = 250 * 1024;

/** Weighs dist/engine.wasm and the JavaScript that a page loads (all but the command line tool). */
export async function reportSize() {
  const dist = join(ROOT, 'dist');
  const names = (await readdir(dist, { recursive: true })).filter(
    (name) => (name.endsWith('.js') || name.endsWith('.wasm')) && !name.startsWith('cli'),
  );
  const rows = [
    ['engine.wasm', names.filter((name) => name.endsWith('.wasm'))],
    ['engine.js', names.filter((name) => name === 'engine.js')],
    [
      'the package’s JavaScript',
      names.filter((name) => name.endsWith('.js') && name !== 'engine.js'),
    ],
  ];
  let total = 0;
  for (const [label, files] of rows) {
    const bytes = Buffer.concat(await Promise.all(files.map((name) => readFile(join(dist, name)))));
    const packed = brotliCompressSync(bytes).length;
    total += packed;
    console.log(`${label.padEnd(26)}${kib(bytes.length)}${kib(packed)} brotli`);
  }
  console.log(
    `${'together'.padEnd(26)}${' '.repeat(11)}${kib(total)} brotli of ${kib(BUDGET).trim()} in ${relative(process.cwd(), dist) || '.'}`,
  );
  if (total > BUDGET) throw new Error('The package is over its budget');
}

function kib(bytes) {
  return `${(bytes / 1024).toFixed(1)} KiB`.padStart(11);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await reportSize();
