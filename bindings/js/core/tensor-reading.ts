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

/** Takes the bytes of one tensor in their order. */
export interface BytesSink {
  /** `chunk` is only lent. */
  take(chunk: Uint8Array): void;
}

/** Where checked bytes go, if anywhere. */
interface Destination extends Partial<BytesSink> {
  /** Room for all `total` bytes, which are read to there. */
  room?(total: number): Uint8Array;
}

/** Reads the whole tensor of `entry`. */
export async function readTensor(
  reader: BundleReader,
  entry: BundleEntry,
  options: OperationOptions,
): Promise<NDArray> {
  const { dtype, shape } = entry;
  const check = checkFor(entry);
  if (check instanceof StringCheck) {
    await readChecked(reader, entry, check, options, {});
    return new NDArray(dtype, shape, check.strings);
  }
  let whole = new Uint8Array(0);
  await readChecked(reader, entry, check, options, {
    room: (total) => (whole = new Uint8Array(total)),
  });
  return NDArray.fromBytes(dtype, shape, whole);
}

/** Shows the bytes of `entry`, numbers in little endian, to `sink`. They count for nothing until this resolves. */
export function readInto(
  reader: BundleReader,
  entry: BundleEntry,
  sink: BytesSink,
  options: OperationOptions,
): Promise<void> {
  return readChecked(reader, entry, checkFor(entry), options, sink);
}

/** The stored bytes of `entry`. */
export async function readRaw(
  reader: BundleReader,
  { key, shardId, offset, size }: BundleEntry,
  options: OperationOptions,
): Promise<Uint8Array> {
  try {
    if (offset < 0 || size < 0 || shardId < 0) {
      throw new OutOfRangeError('Read less bytes than requested', {
        details: { tensor: key, offset, length: size },
      });
    }
    const file = reader.dataFile(shardId);
    const source = await reader.files.source(file, options);
    requireWithin(source, file, offset, size);
    return await readExactly(source, file, offset, size, options);
  } catch (error) {
    throw explainTensor(error);
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

// Fetches the bytes of `entry` in pieces and shows each, checked; closes `check`.
async function readChecked(
  reader: BundleReader,
  entry: BundleEntry,
  check: TensorCheck,
  options: OperationOptions,
  to: Destination,
): Promise<void> {
  try {
    await check.begin(reader, entry.key, options);
    const { offset } = entry;
    const total = check.size;
    const file = reader.dataFile(entry.shardId);
    const source = await reader.files.source(file, options);
    requireWithin(source, file, offset, total);
    const room = to.room?.(total);
    const piece = (at: number) => {
      const length = Math.min(PIECE, total - at);
      const target = room?.subarray(at, at + length);
      return readExactly(source, file, offset + at, length, options, target);
    };
    let next = piece(0);
    for (let at = 0; at === 0 || at < total; at += PIECE) {
      const bytes = await next;
      // The next piece is on its way while this one is checked.
      if (at + PIECE < total) next = piece(at + PIECE);
      next.catch(() => {});
      check.update(bytes);
      to.take?.(bytes);
      options.onProgress?.({ done: at + bytes.length, total, phase: 'read' });
    }
    check.finish();
  } catch (error) {
    throw explainTensor(error);
  } finally {
    check.close();
  }
}
