/// CRC-32C in the engine against copying the same bytes in the engine's memory.

import * as tf from 'tensorbundle';
import { engine } from '#dist/core/engine.js';
import { compare } from './harness.js';

await tf.ready();
const SIZE = 64 << 20;
const CHUNK = 1 << 20;
const { memory, module } = engine();
// All of it in one piece, more than any cache holds: a buffer that is read again and again measures the cache.
const source = memory.allocate(SIZE);
const target = memory.allocate(SIZE);
const bytes = new Uint8Array(CHUNK).map((_, i) => i * 7);
for (let at = 0; at < SIZE; at += CHUNK) memory.write(source + at, bytes);

await compare(
  `CRC-32C of ${SIZE >> 20} MiB`,
  {
    name: 'copy within the heap (memory.copy)',
    bytes: SIZE,
    run: () => {
      module.HEAPU8.copyWithin(target, source, source + SIZE);
    },
  },
  [
    {
      name: 'crc32c',
      bytes: SIZE,
      run: () => {
        module.crc32c(0, source, SIZE);
      },
    },
    {
      name: 'crc32c in chunks of 64 KiB',
      bytes: SIZE,
      run: () => {
        let crc = 0;
        for (let at = 0; at < SIZE; at += 65536) crc = module.crc32c(crc, source + at, 65536);
      },
    },
    {
      name: 'copy in, then crc32c (what a read does)',
      bytes: SIZE,
      run: () => {
        let crc = 0;
        for (let i = 0; i < SIZE / CHUNK; ++i) {
          memory.stream(bytes, (pointer, size) => {
            crc = module.crc32c(crc, pointer, size);
          });
        }
      },
    },
  ],
);
