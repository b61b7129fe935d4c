// Builds the engine with Emscripten: dist/engine.wasm and dist/engine.js.
//   node tools/build/wasm.mjs [wasm-release|wasm-debug]
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTargets } from './cmake.mjs';
import { ROOT } from './run.mjs';

/** Configures where needed, builds, and copies what the package ships. */
export async function buildWasm(preset = 'wasm-release') {
  const folder = join(ROOT, 'build', preset);
  buildTargets(preset, ['engine']);
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  await copyFile(join(folder, 'bindings/engine.wasm'), join(ROOT, 'dist/engine.wasm'));
  // Imported here: set-up runs before there is a node_modules.
  const { build } = await import('esbuild');
  await build({
    entryPoints: [join(folder, 'bindings/engine.js')],
    outfile: join(ROOT, 'dist/engine.js'),
    minify: preset !== 'wasm-debug',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildWasm(process.argv[2]);
