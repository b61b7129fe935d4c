/// The corpus of real and golden checkpoints, where there is one: TENSORBUNDLE_SHARED, or `shared` beside the repository.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The folder of the corpus; undefined without one. */
export function corpus(): string | undefined {
  const folder = process.env.TENSORBUNDLE_SHARED ?? join(ROOT, '../shared');
  return existsSync(join(folder, 'goldens')) ? folder : undefined;
}

/** The folders below `folder` whose names match. */
export function foldersIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && pattern.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** The parsed contents of a JSON file. */
export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
