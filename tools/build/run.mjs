// Runs programs for the build scripts: output passes through, failures end the build with the command's name.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `command` in the root; throws when it does not end with 0. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status ?? result.signal}`);
  }
  return result;
}

/** Runs a program of a development dependency, such as `tsc`. */
export function runBin(name, args) {
  run(process.execPath, [`node_modules/${BINS[name]}`, ...args]);
}

const BINS = {
  biome: '@biomejs/biome/bin/biome',
  tsc: 'typescript/bin/tsc',
  vite: 'vite/bin/vite.js',
};
