/// Writing and reading 256 MB in 8 tensors in memory, against copying the arrays.

import * as tf from 'tensorbundle';
import { compare } from './harness.js';
import { TOTAL_BYTES, tensors, transferCases } from './transfer.js';

await tf.ready();
const copies = tensors.map((tensor) => tensor.slice());
await compare(
  '256 MB in memory storage',
  {
    name: 'copying the arrays',
    bytes: TOTAL_BYTES,
    run: () => {
      for (const [i, copy] of copies.entries()) copy.set(tensors[i]!);
    },
  },
  transferCases('memory://bench/large'),
);
