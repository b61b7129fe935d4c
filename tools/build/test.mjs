// npm test: sets up what is missing, builds, checks, runs every test, and closes with 'N passed, N failed'.
//   node tools/build/test.mjs [check] [native] [fuzz] [wasm] [node] [browsers]      by default all of them
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from './build.mjs';
import { CHECKS_COUNT, checkAll } from './check.mjs';
import { buildTargets } from './cmake.mjs';
import { filesBelow } from './files.mjs';
import { buildFuzzers, fuzzTargets, runFuzzers } from './fuzz.mjs';
import { ROOT, run, runBin } from './run.mjs';
import { setUp } from './setup.mjs';
import { reportSize } from './size.mjs';

/** The folders of engine/ whose tests also run in WebAssembly: their arithmetic must agree there, bit for bit. */
const WASM_FOLDERS = ['util', 'tensor', 'random', 'kernels', 'bundle'];
const TESTS_JS = 'build/tests-js';

const total = { passed: 0, failed: 0 };
const timings = [];

const STEPS = {
  check: () => {
    const failed = checkAll().length;
    count({ passed: CHECKS_COUNT - failed, failed });
  },
  native: () => runEngineTests('native-asan', testFolders()),
  fuzz: runFuzzersBriefly,
  wasm: () =>
    runEngineTests(
      'wasm-release',
      testFolders().filter((folder) => WASM_FOLDERS.includes(folder)),
    ),
  node: () => runNodeTests('node', (file) => !file.startsWith(`${TESTS_JS}/web/`)),
  browsers: () =>
    runNodeTests('browsers', (file) => file.startsWith(`${TESTS_JS}/web/`), [
      '--test-concurrency=1',
    ]),
};

try {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in STEPS));
  if (unknown.length > 0)
    throw new Error(`Unknown: ${unknown.join(' ')}; there are ${Object.keys(STEPS).join(' ')}`);
  await step('set-up', () => setUp(['build', 'test']));
  await step('build', buildAll);
  await step('size', reportSize);
  await step('compile the tests', compileTests);
  for (const [name, act] of Object.entries(STEPS)) {
    if (wanted.length === 0 || wanted.includes(name)) await step(name, act);
  }
} catch (error) {
  // A step that cannot even start is a failure of its own.
  console.error(`\n${error.stack ?? error}`);
  count({ passed: 0, failed: 1 });
}
console.log(`\n${timings.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function step(name, act) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  try {
    await act();
  } finally {
    timings.push(
      `${name.padEnd(20)}${((performance.now() - started) / 1000).toFixed(1).padStart(8)} s`,
    );
  }
}

function count({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

/** A few seconds of every fuzzer: whether the seeds still pass, and the obvious. `npm run fuzz` is the long run. */
async function runFuzzersBriefly() {
  const targets = fuzzTargets();
  buildFuzzers(targets);
  const failed = await runFuzzers(targets, { seconds: 5, keep: false });
  count({ passed: targets.length - failed.length, failed: failed.length });
}

/** Folders of tests/engine that have a binary of their own. */
function testFolders() {
  return filesBelow('tests/engine', /^tests\.cmake$/)
    .filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('tb_test('))
    .map((file) => file.split('/')[2]);
}

/** Builds and runs the GoogleTest binaries of `folders`. */
function runEngineTests(preset, folders) {
  const targets = folders.map((folder) => `${folder}_test`);
  buildTargets(preset, targets, { tests: true });
  for (const target of targets) {
    const binary = join(ROOT, 'build', preset, 'tests/engine', target);
    const command = existsSync(`${binary}.js`) ? [process.execPath, `${binary}.js`] : [binary];
    runEngineTest(target, command);
  }
}

function runEngineTest(target, [command, ...args]) {
  const { status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1' },
  });
  const passed = Number(/^\[ {2}PASSED {2}\] (\d+) test/m.exec(stdout)?.[1] ?? 0);
  const failed = Number(/^\[ {2}FAILED {2}\] (\d+) test/m.exec(stdout)?.[1] ?? 0);
  console.log(`${target}: ${passed} passed, ${failed} failed`);
  const crashed = status !== 0 && failed === 0;
  if (status !== 0) console.error(`${stdout.split('\n').filter(isTelling).join('\n')}\n${stderr}`);
  if (crashed) console.error(`${target} ended with ${status ?? signal}`);
  count({ passed, failed: failed + (crashed ? 1 : 0) });
}

/** Drops GoogleTest's lines about what went well. */
function isTelling(line) {
  return !/^\[( {7}OK| RUN {6}|-{10}|={10})/.test(line);
}

/** Compiles tests/ from scratch, so that a removed test is gone. */
function compileTests() {
  rmSync(join(ROOT, TESTS_JS), { recursive: true, force: true });
  runBin('tsc', ['-p', 'tests']);
}

function runNodeTests(name, isWanted, options = []) {
  const files = filesBelow(TESTS_JS, /\.test\.js$/).filter(isWanted);
  const tap = join(ROOT, 'build/test-results', `${name}.tap`);
  mkdirSync(join(ROOT, 'build/test-results'), { recursive: true });
  rmSync(tap, { force: true });
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  reporters.push('--test-reporter=tap', `--test-reporter-destination=${tap}`);
  const { status } = spawnSync(process.execPath, ['--test', ...options, ...reporters, ...files], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const text = existsSync(tap) ? readFileSync(tap, 'utf8') : '';
  const last = (word) =>
    Number([...text.matchAll(new RegExp(`^# ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  const failed = last('fail') + last('cancelled');
  count({ passed: last('pass'), failed: failed === 0 && status !== 0 ? 1 : failed });
}
