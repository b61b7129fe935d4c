// Skips a step whose inputs and outputs are as it left them.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

/**
 * Runs `step` unless it ran to its end before on the same bytes.
 * @param {string} name of the step, and of its stamp in build/
 * @param {{ inputs: string[], outputs: string[] }} files files and folders of the repository; of `outputs` it is
 *   enough that they exist
 * @param {() => unknown} step
 * @returns {Promise<boolean>} whether it ran
 */
export async function unlessFresh(name, { inputs, outputs }, step) {
  const stamp = join(ROOT, 'build', `${name}.stamp`);
  const now = contentsOf(inputs);
  const made = outputs.every((file) => existsSync(join(ROOT, file)));
  if (made && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return false;
  rmSync(stamp, { force: true });
  await step();
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  writeFileSync(stamp, now);
  return true;
}

/** A hash over names and bytes. */
function contentsOf(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    const full = join(ROOT, path);
    if (!existsSync(full)) {
      hash.update(`${path}\0missing\n`);
    } else if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(join(path, name));
    } else {
      const bytes = readFileSync(full);
      hash.update(`${path}\0${bytes.length}\n`).update(bytes);
    }
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}
