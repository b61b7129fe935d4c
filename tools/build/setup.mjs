// npm run setup: everything that the build, the tests and the benchmarks need, from a fresh clone on. Asks nothing;
// where it may not install, it says what to type. Node's own modules alone: there may be no node_modules yet.
//   node tools/build/setup.mjs [build] [test] [bench]
import { spawnSync } from 'node:child_process';
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
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  installCommands,
  installPackages,
  isKnown,
  rootPrefix,
  unpackSource,
  updateLists,
} from './apt.mjs';
import { NEEDS, program } from './needs.mjs';
import { ROOT } from './run.mjs';

const BUILD = join(ROOT, 'build');
const LOG = join(BUILD, 'setup.log');
const THIRD_PARTY = join(BUILD, 'third_party');
const NODE = [20, 19];

/**
 * Sees to the needs of `groups`. Quick when nothing changed since the last time.
 * @param {('build' | 'test' | 'bench')[]} groups
 */
export async function setUp(groups) {
  mkdirSync(BUILD, { recursive: true });
  requireNode();
  const needs = NEEDS.filter(({ group }) => groups.includes(group));
  const stamp = join(BUILD, `setup-${groups.join('-')}.stamp`);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(needs) && isInstalled())
    return;
  console.log(`-- set-up for ${groups.join(', ')}`);
  await provide(needs);
  await provideProtobuf();
  installNodeModules();
  writeFileSync(stamp, fingerprint(needs));
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return;
  throw new Error(`Node ${NODE.join('.')} or newer is needed; this is ${process.version}`);
}

/** Installs what is missing, or says how. */
async function provide(needs) {
  let missing = needs.filter((need) => problemOf(need) !== undefined);
  if (missing.length === 0) return;
  for (const need of missing) console.log(`   missing: ${need.title}${problemOf(need)}`);
  if (program('apt-get') === undefined) throw new Error(`Please install: ${titles(missing)}`);
  const prefix = rootPrefix();
  if (prefix !== undefined) {
    console.log('   bringing the package lists up to date');
    await updateLists(prefix, LOG);
  }
  const packages = [...new Set(missing.flatMap((need) => need.packages(isKnown)))];
  if (packages.length > 0) {
    if (prefix === undefined) {
      throw new Error(
        `Some packages are missing. Please type:\n\n  ${installCommands(packages).join('\n  ')}\n`,
      );
    }
    console.log(`   installing ${packages.join(' ')}`);
    await installPackages(prefix, packages, LOG);
  }
  missing = needs.filter((need) => problemOf(need) !== undefined);
  for (const { advice } of missing) if (advice !== undefined) console.log(`   ${advice}`);
  const fatal = missing.filter(({ advice }) => advice === undefined);
  if (fatal.length > 0) throw new Error(`Still missing after the installation: ${titles(fatal)}`);
}

/** What is wrong with a need, as the end of a sentence; undefined when nothing is. */
function problemOf({ find, verify }) {
  const path = find();
  if (path === undefined) return '';
  const problem = path === '' ? undefined : verify?.(path);
  return problem === undefined ? undefined : ` (${path} ${problem})`;
}

function titles(needs) {
  return needs.map(({ title }) => title).join(', ');
}

/** The source package of the protobuf that `protoc` belongs to: the lite runtime is compiled from it. */
async function provideProtobuf() {
  const version = protocVersion();
  const folder = sourceFolder(version);
  if (folder !== undefined) return;
  for (const other of protobufFolders()) rmSync(join(THIRD_PARTY, other), { recursive: true });
  if (program('apt-get') !== undefined) {
    console.log(`   unpacking the source package of protobuf ${version}`);
    await unpackSource('protobuf', 'protobuf-compiler', THIRD_PARTY, LOG);
    if (sourceFolder(version) !== undefined) return;
    for (const other of protobufFolders()) rmSync(join(THIRD_PARTY, other), { recursive: true });
  }
  console.log(
    `   no source package of protobuf ${version} (${relative(ROOT, LOG)}); CMake will fetch the release`,
  );
}

function protocVersion() {
  const { stdout } = spawnSync('protoc', ['--version'], { encoding: 'utf8' });
  const version = /(\d+(?:\.\d+)+)/.exec(stdout ?? '')?.[1];
  if (version === undefined) throw new Error(`protoc --version printed ${JSON.stringify(stdout)}`);
  return version;
}

function protobufFolders() {
  if (!existsSync(THIRD_PARTY)) return [];
  return readdirSync(THIRD_PARTY).filter((name) => name.startsWith('protobuf-'));
}

function sourceFolder(version) {
  const file = join(THIRD_PARTY, `protobuf-${version}`, 'src/google/protobuf/message_lite.cc');
  return existsSync(file) ? file : undefined;
}

/** `npm ci`, unless node_modules holds what the lock file names. */
function installNodeModules() {
  if (isInstalled()) return;
  console.log('   installing the npm packages');
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const args = [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error || status !== 0) throw new Error(`npm ci failed${error ? `: ${error.message}` : ''}`);
}

/** Compares the lock file with the one that npm keeps inside node_modules. */
function isInstalled() {
  const inside = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(inside)) return false;
  const installed = JSON.parse(readFileSync(inside, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === '' || optional || peer || installed[path]?.version === version,
  );
}

/** What the checks depend on: the programs and files that were found, and the rules themselves. */
function fingerprint(needs) {
  const hash = createHash('sha256');
  for (const file of ['needs.mjs', 'setup.mjs', 'apt.mjs']) {
    hash.update(readFileSync(join(ROOT, 'tools/build', file)));
  }
  for (const { title, find } of needs) {
    const path = find();
    const stats = path ? statSync(path) : undefined;
    hash.update(`${title}\0${path}\0${stats?.size}\0${stats?.mtimeMs}\n`);
  }
  return `${hash.digest('hex')} ${protobufFolders().join(' ')}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const groups = process.argv.slice(2);
  try {
    await setUp(groups.length > 0 ? groups : ['build', 'test']);
  } catch (error) {
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
