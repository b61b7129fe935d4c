// Compiles the package and its command line tool from TypeScript into dist/, and puts the digits beside them.
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeNotices } from './notices.mjs';
import { filesBelow } from './files.mjs';
import { ROOT, runBin } from './run.mjs';

/** tsc for bindings/js, then for tools/cli, which imports the package by its name; the digits; and the notices. */
export async function buildPackage() {
  runBin('tsc', ['-p', 'bindings/js']);
  await slim(filesBelow('dist', /\.js$/).filter((file) => file !== 'dist/engine.js'));
  runBin('tsc', ['-p', 'tools/cli']);
  for (const file of filesBelow('bindings/js/digits', /(\.gz|README\.md)$/)) {
    await copyFile(join(ROOT, file), join(ROOT, 'dist/digits', basename(file)));
  }
  writeNotices();
  await chmod(join(ROOT, 'dist/cli/main.js'), 0o755);
}

/**
 * Takes comments and blanks out of modules, names and their division into files stay: the declarations beside them have
 * the documentation, and a page that loads the package unbundled need not.
 */
async function slim(files) {
  const { transform } = await import('esbuild');
  for (const file of files) {
    const path = join(ROOT, file);
    const { code } = await transform(await readFile(path, 'utf8'), {
      format: 'esm',
      target: 'es2022',
      minifyWhitespace: true,
      minifySyntax: true,
      legalComments: 'none',
    });
    await writeFile(path, code);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildPackage();
