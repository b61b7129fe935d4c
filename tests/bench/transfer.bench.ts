/// Writing and reading 256 MB in 8 tensors, against moving the same bytes without any checkpoint.

import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from 'tensorbundle/node';
import { type Case, compare } from './harness.js';

await tf.ready();
const TENSORS = 8;
const BYTES = 32_000_000;
const TOTAL = TENSORS * BYTES;
const PIECE = 4 << 20;
const tensors = Array.from({ length: TENSORS }, (_, i) =>
  new Float32Array(BYTES / 4).fill(i + 0.5),
);

async function write(prefix: string): Promise<void> {
  const writer = new tf.BundleWriter(prefix);
  for (const [i, tensor] of tensors.entries()) await writer.add(`tensor_${i}`, tensor);
  await writer.finish();
}

async function read(prefix: string): Promise<void> {
  const reader = await tf.BundleReader.open(prefix);
  for (const key of reader.keys()) await reader.lookup(key);
  reader.close();
}

const cases = (prefix: string): Case[] => [
  { name: 'BundleWriter', bytes: TOTAL, run: () => write(prefix) },
  { name: 'BundleReader, every tensor', bytes: TOTAL, run: () => read(prefix) },
];

const copies = tensors.map((tensor) => tensor.slice());
await compare(
  '256 MB in memory storage',
  {
    name: 'copying the arrays',
    bytes: TOTAL,
    run: () => {
      for (const [i, copy] of copies.entries()) copy.set(tensors[i]!);
    },
  },
  cases('memory://bench/large'),
);

const folder = await mkdtemp(join(tmpdir(), 'tensorbundle-bench-'));
try {
  await compare(
    '256 MB in files',
    {
      name: 'writing a file, fsync',
      bytes: TOTAL,
      run: async () => {
        const file = await open(join(folder, 'plain'), 'w');
        for (const tensor of tensors) {
          const bytes = new Uint8Array(tensor.buffer);
          for (let at = 0; at < bytes.length; at += PIECE)
            await file.write(bytes.subarray(at, at + PIECE));
        }
        await file.sync();
        await file.close();
      },
    },
    [
      {
        name: 'reading a file',
        bytes: TOTAL,
        run: async () => {
          const file = await open(join(folder, 'plain'), 'r');
          for (let at = 0; at < TOTAL; at += BYTES)
            await file.read(new Uint8Array(BYTES), 0, BYTES, at);
          await file.close();
        },
      },
      ...cases(join(folder, 'model.ckpt')),
    ],
  );
} finally {
  await rm(folder, { recursive: true });
}
