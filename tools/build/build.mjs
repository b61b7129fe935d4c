// npm run build: everything that dist/ and build/site hold. Each step is a module that also runs alone; what did
// not change is not built again.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPackage } from './package.mjs';
import { ROOT, runBin } from './run.mjs';
import { setUp } from './setup.mjs';
import { reportSize } from './size.mjs';
import { unlessFresh } from './stamp.mjs';
import { buildWasm } from './wasm.mjs';

const PACKAGE = {
  inputs: ['bindings/js', 'tools/cli', 'tsconfig.json', 'package.json', 'package-lock.json'],
  outputs: ['dist/index.node.js', 'dist/index.web.js', 'dist/cli/main.js', 'dist/digits/index.js'],
};
const SITE = {
  inputs: ['web', 'dist', 'tsconfig.json', 'package-lock.json'],
  outputs: ['build/site/index.html'],
};

/** Builds the engine, the package and the site. */
export async function buildAll() {
  console.log('-- engine');
  await buildWasm();
  console.log('-- package');
  await unlessFresh('package', PACKAGE, buildPackage);
  console.log('-- site');
  await unlessFresh('site', SITE, buildSite);
}

/** The pages, into build/site, and the digits that the lesson trains with. */
export async function buildSite() {
  runBin('vite', ['build', 'web', '--logLevel', 'warn']);
  await cp(join(ROOT, 'dist/digits'), join(ROOT, 'build/site/digits'), {
    recursive: true,
    filter: (path) => !/\.(js|ts)$/.test(path),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await setUp(['build']);
  await buildAll();
  console.log('-- size');
  await reportSize();
}
