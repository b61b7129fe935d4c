/// Opening and listing a checkpoint of many tensors, against parsing JSON that says the same.

import * as tf from 'tensorbundle';
import { compare } from './harness.js';

await tf.ready();
const TENSORS = 20_000;
const PREFIX = 'memory://bench/many';
const writer = new tf.BundleWriter(PREFIX);
for (let i = 0; i < TENSORS; ++i) {
  writer.add(`model/layer_${i % 200}/block_${i % 7}/kernel_${i}`, new Float32Array(4));
}
await writer.finish();
const listing = await tf.BundleReader.open(PREFIX);
const json = JSON.stringify(listing.entries());
listing.close();

await compare(
  `Open and list ${TENSORS.toLocaleString('en')} tensors`,
  {
    name: 'JSON.parse of the same entries',
    items: TENSORS,
    run: () => {
      JSON.parse(json);
    },
  },
  [
    {
      name: 'BundleReader.open and keys()',
      items: TENSORS,
      run: async () => {
        const reader = await tf.BundleReader.open(PREFIX);
        if (reader.keys().length !== TENSORS) throw new Error('keys are missing');
        reader.close();
      },
    },
    {
      name: 'verify()',
      items: TENSORS,
      run: async () => {
        const reader = await tf.BundleReader.open(PREFIX);
        if (!(await reader.verify()).ok) throw new Error('damaged');
        reader.close();
      },
    },
  ],
);
