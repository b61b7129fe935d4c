// Compiles the package and its command line tool from TypeScript into dist/.
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeNotices } from './notices.mjs';
import { ROOT, runBin } from './run.mjs';

/** tsc for bindings/js, then for tools/cli, which imports the package by its name; and the notices. */
export async function buildPackage() {
  runBin('tsc', ['-p', 'bindings/js']);
  runBin('tsc', ['-p', 'tools/cli']);
  writeNotices();
  await chmod(join(ROOT, 'dist/cli/main.js'), 0o755);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildPackage();
