// npm run bench: the benchmarks, each against a baseline of the same run.
//   node tools/build/bench.mjs [native] [js]      by default both
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { buildAll } from './build.mjs';
import { filesBelow } from './files.mjs';
import { ROOT, run, runBin } from './run.mjs';
import { setUp } from './setup.mjs';

const PRESET = 'native-release';

const STEPS = {
  native: runNative,
  js: runJs,
};

const wanted = process.argv.slice(2);
await setUp(['build', 'bench']);
for (const [name, act] of Object.entries(STEPS)) {
  if (wanted.length === 0 || wanted.includes(name)) await act();
}

/** Google Benchmark, natively: every tests/bench/*_bench.cc. */
function runNative() {
  const folder = join(ROOT, 'build', PRESET);
  if (!existsSync(join(folder, 'build.ninja'))) run('cmake', ['--preset', PRESET]);
  // Those about WebAssembly's kernels are for the wasm preset alone.
  const names = filesBelow('tests/bench', /(?<!wasm)_bench\.cc$/).map((file) =>
    file.replace(/.*\//, '').replace(/\.cc$/, ''),
  );
  run('cmake', ['--build', '--preset', PRESET, '-j', String(cpus().length), '--target', ...names]);
  for (const name of names) {
    console.log(`\n== ${name}`);
    run(join(folder, 'tests/bench', name), []);
  }
}

/** The package in Node: every tests/bench/*.bench.ts, each in a process of its own. */
async function runJs() {
  await buildAll();
  runBin('tsc', ['-p', 'tests']);
  for (const file of filesBelow('build/tests-js/bench', /\.bench\.js$/))
    run(process.execPath, [file]);
}
