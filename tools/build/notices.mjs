// dist/THIRD_PARTY_NOTICES.txt: what code of others engine.wasm contains, under which terms.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './run.mjs';

/** Each component: where its licence text lies on the machine that builds (the first that exists is quoted). */
function components() {
  const emscripten = emscriptenFolder();
  const thirdParty = join(ROOT, 'build/third_party');
  const protobuf = existsSync(thirdParty)
    ? readdirSync(thirdParty).filter((name) => /^protobuf-[\d.]+$/.test(name))
    : [];
  return [
    {
      name: 'Protocol Buffers, lite runtime',
      licence: 'BSD-3-Clause',
      source: 'https://github.com/protocolbuffers/protobuf',
      texts: protobuf.map((name) => join(thirdParty, name, 'LICENSE')),
    },
    {
      name: 'Eigen',
      licence: 'MPL-2.0; its source is available, unchanged, at the address below',
      source: 'https://gitlab.com/libeigen/eigen',
      texts: ['/usr/share/common-licenses/MPL-2.0'],
    },
    {
      name: 'musl, the C library of Emscripten',
      licence: 'MIT',
      source: 'https://musl.libc.org',
      texts: [join(emscripten, 'system/lib/libc/musl/COPYRIGHT')],
    },
    {
      name: 'Emscripten, its runtime and Embind',
      licence: 'MIT or University of Illinois/NCSA',
      source: 'https://github.com/emscripten-core/emscripten',
      texts: [join(emscripten, 'LICENSE')],
    },
    {
      name: 'libc++, libc++abi and compiler-rt of LLVM',
      licence: 'Apache-2.0 WITH LLVM-exception',
      source: 'https://github.com/llvm/llvm-project',
      texts: [join(emscripten, 'system/lib/libcxx/LICENSE.TXT')],
    },
  ];
}

/** Writes the file. */
export function writeNotices() {
  const sections = components().map(({ name, licence, source, texts }) => {
    const found = texts.find((path) => existsSync(path));
    const text = found === undefined ? '' : `\n${readFileSync(found, 'utf8').trim()}\n`;
    return `${'='.repeat(79)}\n${name}\n${licence}\n${source}\n${text}`;
  });
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(
    join(ROOT, 'dist/THIRD_PARTY_NOTICES.txt'),
    `engine.wasm contains code of the following projects.\n\n${sections.join('\n')}`,
  );
}

// Where the em++ on the PATH keeps its system libraries: beside itself in emsdk, in /usr/share on Debian.
function emscriptenFolder() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const compiler = join(folder, 'em++');
    if (!existsSync(compiler)) continue;
    const beside = dirname(realpathSync(compiler));
    if (existsSync(join(beside, 'system'))) return beside;
  }
  return '/usr/share/emscripten';
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeNotices();
