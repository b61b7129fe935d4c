// The include and import rules of the project: who may know whom (engine/README.md, bindings/README.md).
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow } from './files.mjs';
import { ROOT } from './run.mjs';

/** Folder of engine/ -> the folders it stands on. What those stand on is allowed as well. */
const ENGINE = {
  util: [],
  io: ['util'],
  proto: [],
  table: ['io'],
  tensor: ['util'],
  bundle: ['table', 'proto', 'tensor'],
  salvage: ['bundle'],
  checkpoint: ['bundle'],
  random: ['tensor'],
  kernels: ['random'],
  graph: ['tensor'],
  ops: ['graph'],
  session: ['graph', 'kernels'],
  train: ['checkpoint', 'ops', 'session'],
  metagraph: ['train'],
};

/** Part of the package -> what it may import, by the beginning of the path from bindings/js/. */
const PACKAGE = [
  { part: 'core/', may: ['core/', 'engine.js'] },
  { part: 'runtime/', may: ['runtime/', 'core/'] },
  { part: 'storage/', may: ['storage/', 'core/'] },
  { part: 'data/', may: ['data/', 'runtime/', 'core/'] },
  { part: 'digits/', may: [] },
];

const PUBLIC_NAMES = ['tensorbundle', 'tensorbundle/node', 'tensorbundle/web', 'tensorbundle/digits'];

/** Throws with one line for each violation. */
export function checkLayers() {
  const problems = [
    ...filesBelow('engine', /\.(cc|h)$/).flatMap(checkEngineFile),
    ...filesBelow('engine', /^CMakeLists\.txt$/).flatMap(checkEngineLinks),
    ...filesBelow('bindings/js', /\.ts$/).flatMap(checkPackageFile),
    ...['web', 'tools/cli'].flatMap((folder) =>
      filesBelow(folder, /\.(ts|tsx|js)$/).flatMap((file) => checkUserFile(folder, file)),
    ),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function allowed(folder) {
  const reached = new Set([folder]);
  for (const name of reached) for (const next of ENGINE[name] ?? []) reached.add(next);
  return reached;
}

function checkEngineFile(file) {
  const folder = file.split('/')[1];
  if (!(folder in ENGINE)) return [`${file}: engine/${folder} is not in the layers`];
  const may = allowed(folder);
  return linesOf(file).flatMap(({ line, at }) => {
    const included = /^#include\s+["<]([^">]+)[">]/.exec(line)?.[1];
    if (included === undefined) return [];
    const refuse = (why) => [`${file}:${at}: ${folder} may not include ${included}${why}`];
    if (included.startsWith('engine/')) return may.has(included.split('/')[1]) ? [] : refuse('');
    if (included.startsWith('emscripten')) return refuse(': only bindings/embind knows Emscripten');
    if (included.startsWith('bindings/')) return refuse('');
    if (/^(Eigen|unsupported)\//.test(included) && folder !== 'kernels')
      return refuse(': only kernels use Eigen');
    if (included.startsWith('google/protobuf') && !may.has('proto')) return refuse('');
    return [];
  });
}

/** The link graph keeps to the same rules. */
function checkEngineLinks(file) {
  const folder = file.split('/')[1];
  if (file === 'engine/CMakeLists.txt' || !(folder in ENGINE)) return [];
  const may = allowed(folder);
  const text = readFileSync(join(ROOT, file), 'utf8');
  const linked = [...text.matchAll(/\bDEPS\s+((?:\w+\s+)+?)(?:FILES\b|\))/g)].flatMap(([, deps]) =>
    deps.trim().split(/\s+/),
  );
  return linked
    .filter((name) => name.startsWith('tb_') && name.slice(3) in ENGINE && !may.has(name.slice(3)))
    .map((name) => `${file}: ${folder} may not link ${name}`);
}

function checkPackageFile(file) {
  const inside = file.slice('bindings/js/'.length);
  const may = PACKAGE.find(({ part }) => inside.startsWith(part))?.may;
  const problems = [];
  for (const { name, at } of importsOf(file)) {
    const target = name.startsWith('.') ? normalize(join(dirname(inside), name)) : name;
    const refuse = (why) => problems.push(`${file}:${at}: may not import ${name}${why}`);
    if (target.startsWith('node:')) {
      if (!/^storage\/node-|^index\.node\.ts$/.test(inside))
        refuse(': Node is known to storage/node-* alone');
    } else if (!name.startsWith('.')) {
      refuse(': the package has no dependencies');
    } else if (may !== undefined && !may.some((part) => target.startsWith(part))) {
      refuse(`: it stands on ${may.join(' and ')}`);
    }
  }
  if (inside === 'core/memory.ts') return problems;
  for (const { line, at } of linesOf(file)) {
    if (/[.{,]\s*HEAP[UF]?\d+\b/.test(withoutComment(line))) {
      problems.push(`${file}:${at}: only core/memory.ts touches the heap`);
    }
  }
  return problems;
}

/** Pages and the command line tool use the package as everybody does. */
function checkUserFile(folder, file) {
  return importsOf(file).flatMap(({ name, at }) => {
    const outside =
      name.startsWith('.') && !normalize(join(dirname(file), name)).startsWith(`${folder}/`);
    const deep =
      name.startsWith('#') || (name.startsWith('tensorbundle') && !PUBLIC_NAMES.includes(name));
    return outside || deep
      ? [`${file}:${at}: may not import ${name}: only ${PUBLIC_NAMES.join(', ')}`]
      : [];
  });
}

function importsOf(file) {
  return linesOf(file).flatMap(({ line, at }) => {
    const name =
      /^\s*(?:import|export)\s.*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|^\}\s+from\s+'([^']+)'|\bimport\('([^']+)'\)/.exec(
        line,
      );
    return name === null ? [] : [{ name: name.slice(1).find((group) => group !== undefined), at }];
  });
}

function linesOf(file) {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return lines.map((line, i) => ({ line, at: i + 1 }));
}

function withoutComment(line) {
  return /^\s*(\/\/|\*|\/\*)/.test(line) ? '' : line.replace(/\/\/.*/, '');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    checkLayers();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
