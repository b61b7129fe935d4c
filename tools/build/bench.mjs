// npm run bench: the benchmarks, each against a baseline of the same run.
//   node tools/build/bench.mjs [native] [js] [browsers]      by default all
import { join } from 'node:path';
import { buildAll } from './build.mjs';
import { buildTargets } from './cmake.mjs';
import { filesBelow } from './files.mjs';
import { ROOT, run, runBin } from './run.mjs';
import { setUp } from './setup.mjs';

const PRESET = 'native-release';

// Of tests/bench, what needs a page.
const WEB_ONLY = /\bindexeddb\.bench\.js$/;

const STEPS = {
  native: runNative,
  js: runJs,
  browsers: runBrowsers,
};

const wanted = process.argv.slice(2);
await setUp(['build', 'bench']);
for (const [name, act] of Object.entries(STEPS)) {
  if (wanted.length === 0 || wanted.includes(name)) await act();
}

/** Google Benchmark, natively: every tests/bench/*_bench.cc. */
function runNative() {
  const folder = join(ROOT, 'build', PRESET);
  // Those about WebAssembly's kernels are for the wasm preset alone.
  const names = filesBelow('tests/bench', /(?<!wasm)_bench\.cc$/).map((file) =>
    file.replace(/.*\//, '').replace(/\.cc$/, ''),
  );
  buildTargets(PRESET, names);
  for (const name of names) {
    console.log(`\n== ${name}`);
    run(join(folder, 'tests/bench', name), []);
  }
}

/** The package in Node: the files of tests/bench, each in a process of its own. */
async function runJs() {
  await buildTests();
  for (const file of filesBelow('build/tests-js/bench', /\.bench\.js$/)) {
    if (!WEB_ONLY.test(file)) run(process.execPath, [file]);
  }
}

/** The package in Chromium and Firefox. */
async function runBrowsers() {
  await setUp(['test']);
  await buildTests();
  run(process.execPath, ['build/tests-js/bench/browsers.js']);
}

async function buildTests() {
  await buildAll();
  runBin('tsc', ['-p', 'tests']);
}
