// npm run fuzz: libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer over everything that reads files.
//   node tools/build/fuzz.mjs [--minutes=10] [target ...]      by default all of tests/fuzz, ten minutes each
// What was found lies in build/fuzz/findings; run a target with a file to see it again:
//   build/native-fuzz/tests/fuzz/table_fuzz build/fuzz/findings/table-...
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTargets } from './cmake.mjs';
import { filesBelow } from './files.mjs';
import { ROOT, run } from './run.mjs';
import { setUp } from './setup.mjs';

const PRESET = 'native-fuzz';
const PROGRAMS = join(ROOT, 'build', PRESET, 'tests/fuzz');
const FOLDER = join(ROOT, 'build/fuzz');
const JOBS = Math.min(cpus().length, 8);

// A single allocation beyond the 64 MiB, or an input that takes seconds, is a finding like any crash.
const OPTIONS = [
  '-max_len=65536',
  '-malloc_limit_mb=64',
  '-rss_limit_mb=1024',
  '-timeout=10',
  '-print_final_stats=1',
  `-artifact_prefix=${join(FOLDER, 'findings')}/`,
];

/** The targets, by the names of their sources. */
export function fuzzTargets() {
  return filesBelow('tests/fuzz', /_fuzz\.cc$/).map((file) =>
    file.replace(/.*\//, '').replace(/_fuzz\.cc$/, ''),
  );
}

/** Builds `targets` and writes their first inputs. */
export function buildFuzzers(targets) {
  const programs = ['fuzz_seeds', ...targets.map((name) => `${name}_fuzz`)];
  // The first inputs are made with the tests' own helpers.
  buildTargets(PRESET, programs, { tests: true });
  rmSync(join(FOLDER, 'seeds'), { recursive: true, force: true });
  run(join(PROGRAMS, 'fuzz_seeds'), [join(FOLDER, 'seeds')]);
}

/**
 * Runs each target for `seconds`, as many at a time as there are processors. What a target learns is kept in
 * build/fuzz/corpus when `keep` says so.
 * @returns {Promise<string[]>} the targets that found something
 */
export async function runFuzzers(targets, { seconds, keep }) {
  mkdirSync(join(FOLDER, 'findings'), { recursive: true });
  const failed = [];
  const waiting = [...targets];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { code, output } = await runFuzzer(name, seconds, keep);
      const units = /stat::number_of_executed_units:\s*(\d+)/.exec(output)?.[1] ?? '?';
      const coverage = [...output.matchAll(/ cov: (\d+)/g)].at(-1)?.[1] ?? '?';
      console.log(
        `${name}_fuzz: ${code === 0 ? 'nothing found' : 'FOUND SOMETHING'}, ${units} inputs in ${seconds} s, ${coverage} edges`,
      );
      if (code === 0) continue;
      console.error(output.split('\n').slice(-80).join('\n'));
      failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: JOBS }, worker));
  return failed;
}

function runFuzzer(name, seconds, keep) {
  const seeds = join(FOLDER, 'seeds', name);
  const corpus = join(FOLDER, keep ? 'corpus' : 'short-runs', name);
  if (!keep) rmSync(corpus, { recursive: true, force: true });
  for (const folder of [seeds, corpus]) mkdirSync(folder, { recursive: true });
  // New inputs go to the first folder.
  const args = [...OPTIONS, `-max_total_time=${seconds}`, corpus, seeds];
  return new Promise((resolve, reject) => {
    const child = spawn(join(PROGRAMS, `${name}_fuzz`), args, { cwd: ROOT });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-100_000);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const args = process.argv.slice(2);
  const minutes = Number(/^--minutes=(.+)$/.exec(args[0] ?? '')?.[1] ?? 10);
  const names = args.filter((arg) => !arg.startsWith('--'));
  const all = fuzzTargets();
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0 || !(minutes > 0)) {
    console.error(`fuzz [--minutes=10] [target ...]; targets are ${all.join(' ')}`);
    process.exit(2);
  }
  await setUp(['build', 'test']);
  const targets = names.length > 0 ? names : all;
  buildFuzzers(targets);
  const failed = await runFuzzers(targets, { seconds: Math.round(minutes * 60), keep: true });
  process.exitCode = failed.length === 0 ? 0 : 1;
}
