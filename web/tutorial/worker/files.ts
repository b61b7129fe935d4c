/// The folder that plain paths of the lesson lead to: listing, explaining, showing numbers.

import * as tf from 'tensorbundle/web';
import type { ExplainedIndex, StoredFile, StoredTensor } from './protocol.js';

const MAX_INDEX = 65_536;
const MAX_VALUES = 60;

const folder = () => tf.locate('./model.ckpt').files;

/** The stored files by name, an index before its data, the `checkpoint` file last. */
export async function list(): Promise<StoredFile[]> {
  const found = await folder().list();
  const rank = (name: string) =>
    name === 'checkpoint' ? '\uffff' : name.replace(/\.index$/, '.\u0000');
  return found
    .map(({ name, size }) => ({ name, size }))
    .sort((a, b) => (rank(a.name) < rank(b.name) ? -1 : 1));
}

/** All bytes of a file. */
export async function read(name: string): Promise<Uint8Array> {
  const source = await folder().open(name);
  try {
    return await source.read(0, source.size);
  } finally {
    await source.close?.();
  }
}

/** The bytes of an index file and their meaning. */
export async function explain(name: string): Promise<ExplainedIndex> {
  const bytes = await read(name);
  const fields = tf.explainIndex(bytes);
  // A page of bytes is for looking at; nobody looks at a million.
  return {
    bytes: bytes.slice(0, MAX_INDEX),
    fields: fields.filter((field) => field.offset < MAX_INDEX),
  };
}

/** What is in a data file, by its index: the tensors of that shard in the order of their bytes. */
export async function tensors(dataFile: string): Promise<StoredTensor[]> {
  const [, prefix, shard] = /^(.*)\.data-(\d{5})-of-\d{5}$/.exec(dataFile) ?? [];
  if (prefix === undefined) return [];
  const reader = await tf.BundleReader.open(`./${prefix}`);
  const source = await folder().open(dataFile);
  try {
    const found: StoredTensor[] = [];
    for (const name of reader.keys()) {
      const { dtype, shape, shardId, offset, size } = reader.entry(name);
      if (shardId !== Number(shard)) continue;
      const count = shape.reduce((product, dim) => product * dim, 1);
      // The elements of a string tensor have no fixed width; of those only the place is shown.
      const width = dtype.name === 'string' || count === 0 ? 0 : size / count;
      const shown = width === 0 ? 0 : Math.min(count, MAX_VALUES);
      const bytes = await source.read(offset, shown * width);
      const values = Array.from({ length: shown }, (_, i) =>
        String(tf.NDArray.fromBytes(dtype, [], bytes.slice(i * width, (i + 1) * width))),
      );
      found.push({ name, dtype: dtype.name, shape, offset, size, count, values, bytes });
    }
    return found.sort((a, b) => a.offset - b.offset);
  } finally {
    await source.close?.();
    reader.close();
  }
}

/** Stores files of the reader's own, all at once where the storage can, in place of those of the same names. */
export async function add(given: readonly File[]): Promise<void> {
  const files = folder();
  const transaction = await files.begin?.();
  for (const file of given) {
    const sink = await (transaction ?? files).create!(file.name);
    for await (const chunk of chunksOf(file)) await sink.write(chunk);
    await sink.close();
  }
  await transaction?.commit();
}

const CHUNK_BYTES = 4 << 20;

async function* chunksOf(file: File): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += CHUNK_BYTES) {
    yield new Uint8Array(await file.slice(at, at + CHUNK_BYTES).arrayBuffer());
  }
}

/** Deletes the files, all at once where the storage can. */
export async function remove(names: readonly string[]): Promise<void> {
  const files = folder();
  const transaction = await files.begin?.();
  if (transaction) {
    for (const name of names) transaction.remove(name);
    await transaction.commit();
  } else {
    for (const name of names) await files.remove?.(name);
  }
}
