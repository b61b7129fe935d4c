// npm run check: format, lint, types and layers; changes nothing.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { filesBelow } from './files.mjs';
import { checkLayers } from './layers.mjs';
import { ROOT, runBin } from './run.mjs';

/** The version whose output the repository follows: others format differently. */
const CLANG_FORMAT = 14;

/** @returns {string[]} the names of the checks that failed */
export function checkAll() {
  const failed = [];
  for (const [name, check] of CHECKS) {
    console.log(`   ${name}`);
    try {
      check();
    } catch (error) {
      console.error(error.message);
      failed.push(name);
    }
  }
  return failed;
}

const CHECKS = [
  [
    'biome',
    () => runBin('biome', ['ci', '--colors=off', '--reporter=concise', '--diagnostic-level=warn']),
  ],
  ['tsc package', () => runBin('tsc', ['--noEmit', '-p', 'bindings/js'])],
  ['tsc cli', () => runBin('tsc', ['--noEmit', '-p', 'tools/cli'])],
  ['tsc web', () => runBin('tsc', ['--noEmit', '-p', 'web'])],
  ['tsc web build', () => runBin('tsc', ['--noEmit', '-p', 'web/tsconfig.build.json'])],
  ['clang-format', checkClangFormat],
  ['layers', checkLayers],
];

/** How many checks there are. */
export const CHECKS_COUNT = CHECKS.length;

function checkClangFormat() {
  const { stdout, error } = spawnSync('clang-format', ['--version'], { encoding: 'utf8' });
  const version = Number(/version (\d+)/.exec(stdout ?? '')?.[1]);
  if (error || version !== CLANG_FORMAT) {
    console.log(`   (left out: clang-format ${CLANG_FORMAT} is not here)`);
    return;
  }
  const files = ['engine', 'bindings', 'tests'].flatMap((folder) =>
    filesBelow(folder, /\.(cc|h)$/),
  );
  const { status } = spawnSync(
    'clang-format',
    ['--dry-run', '-Werror', '--ferror-limit=1', ...files],
    { cwd: ROOT, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('clang-format would change files; run clang-format -i on them');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = checkAll().length === 0 ? 0 : 1;
