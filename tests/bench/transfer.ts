/// A checkpoint of 256 MB in 8 tensors, written and read.

import * as tf from 'tensorbundle';
import type { Case } from './harness.js';

const TENSORS = 8;
export const TENSOR_BYTES = 32_000_000;
export const TOTAL_BYTES: number = TENSORS * TENSOR_BYTES;

export const tensors: readonly Float32Array<ArrayBuffer>[] = Array.from(
  { length: TENSORS },
  (_, i) => new Float32Array(TENSOR_BYTES / 4).fill(i + 0.5),
);

/** Writes the checkpoint `prefix`, and reads every tensor of it. */
export function transferCases(prefix: string): Case[] {
  return [
    {
      name: 'BundleWriter',
      bytes: TOTAL_BYTES,
      run: async () => {
        const writer = new tf.BundleWriter(prefix);
        for (const [i, tensor] of tensors.entries()) await writer.add(`tensor_${i}`, tensor);
        await writer.finish();
      },
    },
    {
      name: 'BundleReader, every tensor',
      bytes: TOTAL_BYTES,
      run: async () => {
        const reader = await tf.BundleReader.open(prefix);
        for (const key of reader.keys()) await reader.lookup(key);
        reader.close();
      },
    },
  ];
}
