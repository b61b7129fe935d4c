/// Opens the checkpoint of a command.

import type { BundleEntry, Checkpoint } from 'tensorbundle/node';

/** Loads the engine, and the checkpoint that `prefix` means. */
export async function open(prefix: string): Promise<Checkpoint> {
  const tf = await import('tensorbundle/node');
  await tf.ready();
  return tf.openCheckpoint(prefix);
}

/** The entries that are tensors: keys of slices begin with a zero character. */
export function tensorsOf({ reader }: Checkpoint): BundleEntry[] {
  return reader.entries().filter(({ key }) => !key.startsWith('\0'));
}

/** The bytes of a tensor; those of a partitioned one lie under the keys of its slices. */
export function bytesOf(entry: BundleEntry): number {
  if (entry.slices.length === 0) return entry.size;
  return entry.shape.reduce((product, dim) => product * dim, entry.dtype.size);
}
