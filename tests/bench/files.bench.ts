/// Writing and reading 256 MB in 8 tensors as files, against writing and reading the same bytes plainly.

import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from 'tensorbundle';
import { compare } from './harness.js';
import { TENSOR_BYTES, TOTAL_BYTES, tensors, transferCases } from './transfer.js';

await tf.ready();
const PIECE = 4 << 20;

const folder = await mkdtemp(join(tmpdir(), 'tensorbundle-bench-'));
try {
  await compare(
    '256 MB in files',
    {
      name: 'writing a file, fsync',
      bytes: TOTAL_BYTES,
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
        bytes: TOTAL_BYTES,
        run: async () => {
          const file = await open(join(folder, 'plain'), 'r');
          for (let at = 0; at < TOTAL_BYTES; at += TENSOR_BYTES)
            await file.read(new Uint8Array(TENSOR_BYTES), 0, TENSOR_BYTES, at);
          await file.close();
        },
      },
      ...transferCases(join(folder, 'model.ckpt')),
    ],
  );
} finally {
  await rm(folder, { recursive: true });
}
