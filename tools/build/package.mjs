// Compiles the package and its command line tool from TypeScript into dist/, and puts the digits beside them.
import { chmod, copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeNotices } from './notices.mjs';
import { filesBelow } from './files.mjs';
import { ROOT, runBin } from './run.mjs';

/**
 * tsc for bindings/js, then for tools/cli, which imports the package by its name; the digits; and the notices. The
 * declarations have the documentation; the modules beside them need not carry it a second time.
 */
export async function buildPackage() {
  const noDeclarations = ['--declaration', 'false', '--isolatedDeclarations', 'false'];
  runBin('tsc', ['-p', 'bindings/js', '--removeComments', ...noDeclarations]);
  runBin('tsc', ['-p', 'bindings/js', '--emitDeclarationOnly']);
  runBin('tsc', ['-p', 'tools/cli']);
  for (const file of filesBelow('bindings/js/digits', /(\.gz|README\.md)$/)) {
    await copyFile(join(ROOT, file), join(ROOT, 'dist/digits', basename(file)));
  }
  writeNotices();
  await chmod(join(ROOT, 'dist/cli/main.js'), 0o755);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildPackage();
