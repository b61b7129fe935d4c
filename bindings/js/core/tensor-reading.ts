/// The way of a tensor's bytes: from the data file through the engine's check to the user.

import type { BundleReader } from './bundle-reader.js';
import type { BundleEntry } from './entry-records.js';
import { OutOfRangeError } from './errors.js';
import { explainTensor } from './hints.js';
import { NDArray } from './ndarray.js';
import { readExactly } from './operation.js';
import { checkFor, StringCheck, type TensorCheck } from './tensor-check.js';
import type { ByteSource, OperationOptions } from './types.js';

/** Long tensors are fetched in pieces of this size. A multiple of every element's size. */
export const PIECE: number = 8 << 20;

/** Reads the whole tensor of `entry`. */
export async function readTensor(
  reader: BundleReader,
  entry: BundleEntry,
  options: OperationOptions,
): Promise<NDArray> {
  const check = checkFor(entry);
  try {
    await check.begin(reader, entry.key, options);
    const file = reader.dataFile(entry.shardId);
    const source = await reader.files.source(file, options);
    requireWithin(source, file, entry.offset, check.size);
    const bytes = await readChecked(check, source, file, entry.offset, options);
    check.finish();
    if (check instanceof StringCheck) return new NDArray(entry.dtype, entry.shape, check.strings);
    return NDArray.fromBytes(entry.dtype, entry.shape, bytes);
  } catch (error) {
    throw explainTensor(error);
  } finally {
    check.close();
  }
}

/** @throws {OutOfRangeError} when the file ends before `offset + length`. */
export function requireWithin(
  source: ByteSource,
  file: string,
  offset: number,
  length: number,
): void {
  if (offset + length <= source.size) return;
  throw new OutOfRangeError('Read less bytes than requested', {
    details: { file, offset, length },
    hint: `${file} has ${source.size} bytes, but its index tells of ${offset + length}: it was not copied completely.`,
  });
}

async function readChecked(
  check: TensorCheck,
  source: ByteSource,
  file: string,
  offset: number,
  options: OperationOptions,
): Promise<Uint8Array> {
  const total = check.size;
  const piece = (at: number) =>
    readExactly(source, file, offset + at, Math.min(PIECE, total - at), options);
  if (total <= PIECE) {
    const bytes = await piece(0);
    check.update(bytes);
    options.onProgress?.({ done: total, total, phase: 'read' });
    return bytes;
  }
  const bytes = new Uint8Array(total);
  let next = piece(0);
  for (let at = 0; at < total; at += PIECE) {
    const chunk = await next;
    // The next piece is on its way while this one is checked.
    next = at + PIECE < total ? piece(at + PIECE) : next;
    next.catch(() => {});
    check.update(chunk);
    bytes.set(chunk, at);
    options.onProgress?.({ done: at + chunk.length, total, phase: 'read' });
  }
  return bytes;
}
