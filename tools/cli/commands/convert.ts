/// tensorbundle convert: a checkpoint of one format becomes one of the other.

import type { BundleEntry, Checkpoint, NDArray } from 'tensorbundle/node';
import { type Args, UsageError } from '../args.js';
import { bytesOf, open, tensorsOf } from '../open.js';
import { count, escapeText, formatBytes, type Output } from '../output.js';

/** What both writers have. */
interface Writer {
  add(name: string, value: NDArray): void | Promise<void>;
  addSlice(
    name: string,
    shape: readonly number[],
    spec: string,
    value: NDArray,
  ): void | Promise<void>;
  finish(): Promise<void>;
}

export async function run({ positionals, flags }: Args, output: Output): Promise<number> {
  const [source, target] = positionals as [string, string];
  const wanted = flags.to;
  if (wanted !== undefined && wanted !== 'v1' && wanted !== 'v2') {
    throw new UsageError('--to is v1 or v2');
  }
  const checkpoint = await open(source);
  if (checkpoint.reader.damage !== undefined) throw checkpoint.reader.damage;
  const format = wanted?.toUpperCase() ?? (checkpoint.format === 'V1' ? 'V2' : 'V1');
  const tensors = tensorsOf(checkpoint);
  const total = tensors.reduce((sum, entry) => sum + bytesOf(entry), 0);
  const tf = await import('tensorbundle/node');
  const writer: Writer =
    format === 'V1' ? new tf.TensorSliceWriter(target) : new tf.BundleWriter(target);
  let done = 0;
  for (const entry of tensors) {
    await copy(checkpoint, entry, writer, tf.sliceText);
    done += bytesOf(entry);
    output.progress('Converting', done, total);
  }
  await writer.finish();
  checkpoint.reader.close();
  if (flags.json) {
    output.json({ format, path: target, totals: { tensors: tensors.length, bytes: total } });
  } else {
    output.print(
      `${escapeText(target)}: ${format}, ${count(tensors.length, 'tensor')}, ${formatBytes(total)}`,
    );
  }
  return 0;
}

async function copy(
  { reader }: Checkpoint,
  { key, shape, slices }: BundleEntry,
  writer: Writer,
  sliceText: (slice: BundleEntry['slices'][number]) => string,
): Promise<void> {
  if (slices.length === 0) await writer.add(key, await reader.lookup(key));
  for (const slice of slices) {
    const spec = sliceText(slice);
    await writer.addSlice(key, shape, spec, await reader.lookupSlice(key, spec));
  }
}
