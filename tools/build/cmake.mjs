// CMake's presets, configured when they are first wanted.
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

/** Builds `targets` of `preset`; `tests` says whether it has to know the tests, which takes GoogleTest's sources. */
export function buildTargets(preset, targets, { tests = false } = {}) {
  if (!isConfigured(preset, tests))
    run('cmake', ['--preset', preset, `-DTB_TESTS=${tests ? 'ON' : 'OFF'}`]);
  const jobs = String(Math.min(cpus().length, 8));
  run('cmake', ['--build', '--preset', preset, '-j', jobs, '--target', ...targets]);
}

function isConfigured(preset, tests) {
  const folder = join(ROOT, 'build', preset);
  if (!existsSync(join(folder, 'build.ninja'))) return false;
  return (
    !tests || /^TB_TESTS:BOOL=ON$/m.test(readFileSync(join(folder, 'CMakeCache.txt'), 'utf8'))
  );
}
