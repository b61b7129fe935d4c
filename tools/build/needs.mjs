// What the build, the tests and the benchmarks need from the system, how to see that it is there, and which Debian
// package brings it. Looking is cheap (files alone); `verify`, where there is one, runs a program and is done once.

import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { browserAdvice, findBrowser } from './browsers.mjs';

/**
 * @typedef {object} Need
 * @property {string} title what it is, for people
 * @property {'build' | 'test' | 'bench'} group
 * @property {() => string | undefined} find a path that shows it is there
 * @property {(path: string) => string | undefined} [verify] what is wrong with it, if anything
 * @property {(known: (name: string) => boolean) => string[]} packages Debian's packages that bring it; `known` tells
 *   whether the system's archive has a package
 * @property {string} [advice] instead of an installation: what a person can do; the need is then not fatal
 */

/** @type {readonly Need[]} */
export const NEEDS = [
  {
    title: 'Emscripten',
    group: 'build',
    find: () => program('em++'),
    packages: () => ['emscripten'],
  },
  {
    title: "acorn for Debian's Emscripten",
    group: 'build',
    find: () =>
      isDebians(program('em++')) ? existing('/usr/share/nodejs/acorn/package.json') : '',
    packages: () => ['node-acorn'],
  },
  {
    title: 'CMake 3.22 or newer',
    group: 'build',
    find: () => program('cmake'),
    verify: (path) => (olderThan(path, [3, 22]) ? 'is older than 3.22' : undefined),
    packages: () => ['cmake'],
  },
  {
    title: 'Ninja',
    group: 'build',
    find: () => program('ninja') ?? program('ninja-build'),
    packages: () => ['ninja-build'],
  },
  {
    title: 'protoc',
    group: 'build',
    find: () => program('protoc'),
    packages: () => ['protobuf-compiler'],
  },
  {
    title: 'Eigen',
    group: 'build',
    find: () => existing('/usr/include/eigen3/Eigen/Core', '/usr/local/include/eigen3/Eigen/Core'),
    packages: () => ['libeigen3-dev'],
  },
  {
    title: 'dpkg-source, which unpacks source packages',
    group: 'build',
    find: () => (program('apt-get') === undefined ? '' : program('dpkg-source')),
    packages: () => ['dpkg-dev'],
  },
  {
    title: 'Clang with AddressSanitizer, UndefinedBehaviorSanitizer and libFuzzer',
    group: 'test',
    find: () => program('clang++'),
    verify: (path) =>
      linksSanitizers(path) ? undefined : 'cannot link with -fsanitize=address,undefined',
    // Older releases ship the runtimes with clang itself.
    packages: (known) => [
      'clang',
      ...['libclang-rt-dev', 'libclang-rt-14-dev'].filter(known).slice(0, 1),
    ],
  },
  {
    title: 'the sources of GoogleTest',
    group: 'test',
    find: () => existing('/usr/src/googletest/CMakeLists.txt'),
    packages: () => ['googletest'],
  },
  {
    title: 'clang-format',
    group: 'test',
    find: () => program('clang-format'),
    packages: () => ['clang-format'],
  },
  ...['chromium', 'firefox'].map((kind) => ({
    title: kind === 'chromium' ? 'Chromium or Chrome' : 'Firefox',
    group: 'test',
    find: () => findBrowser(kind),
    // Ubuntu's packages of these names only point to snaps.
    packages: (known) =>
      isUbuntu() ? [] : [kind === 'firefox' ? 'firefox-esr' : kind].filter(known),
    advice: browserAdvice(kind),
  })),
  {
    title: 'Google Benchmark',
    group: 'bench',
    find: () =>
      existing('/usr/include/benchmark/benchmark.h', '/usr/local/include/benchmark/benchmark.h'),
    packages: () => ['libbenchmark-dev'],
  },
  {
    title: 'a native C++ compiler',
    group: 'bench',
    find: () => program('c++'),
    packages: () => ['g++'],
  },
];

/** The path of a program, or undefined. */
export function program(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next folder.
    }
  }
  return undefined;
}

function existing(...paths) {
  return paths.find((path) => existsSync(path));
}

function isDebians(emxx) {
  return emxx === undefined || realpathSync(emxx).startsWith('/usr/share/emscripten/');
}

function isUbuntu() {
  const file = '/etc/os-release';
  return existsSync(file) && /^ID(_LIKE)?=.*ubuntu/m.test(readFileSync(file, 'utf8'));
}

function olderThan(path, [major, minor]) {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  const found = /(\d+)\.(\d+)/.exec(stdout ?? '');
  if (found === null) return true;
  return Number(found[1]) < major || (Number(found[1]) === major && Number(found[2]) < minor);
}

function linksSanitizers(clang) {
  const folder = mkdtempSync(join(tmpdir(), 'tensorbundle-'));
  try {
    const source = join(folder, 'main.cc');
    writeFileSync(
      source,
      '#include <string>\nint main(int n, char** v) { return std::string(v[0], n).empty(); }\n',
    );
    const options = [
      '-std=c++20',
      '-fsanitize=address,undefined',
      source,
      '-o',
      join(folder, 'main'),
    ];
    return spawnSync(clang, options).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
