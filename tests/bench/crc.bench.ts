/// CRC-32C in the engine against copying the same bytes in the engine's memory.

import * as tf from 'tensorbundle/node';
import { engine } from '#dist/core/engine.js';
import { compare } from './harness.js';

await tf.ready();
const SIZE = 64 << 20;
const CHUNK = 1 << 20;
const { memory, module } = engine();
const source = memory.allocate(CHUNK);
const target = memory.allocate(CHUNK);
const bytes = new Uint8Array(CHUNK).map((_, i) => i * 7);
memory.write(source, bytes);

await compare(
  `CRC-32C of ${SIZE >> 20} MiB in chunks of 1 MiB`,
  {
    name: 'copy within the heap (memory.copy)',
    bytes: SIZE,
    run: () => {
      const heap = module.HEAPU8;
      for (let i = 0; i < SIZE / CHUNK; ++i) heap.copyWithin(target, source, source + CHUNK);
    },
  },
  [
    {
      name: 'crc32c',
      bytes: SIZE,
      run: () => {
        let crc = 0;
        for (let i = 0; i < SIZE / CHUNK; ++i) crc = module.crc32c(crc, source, CHUNK);
      },
    },
    {
      name: 'crc32c in chunks of 64 KiB',
      bytes: SIZE,
      run: () => {
        let crc = 0;
        for (let i = 0; i < SIZE / 65536; ++i) crc = module.crc32c(crc, source, 65536);
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
