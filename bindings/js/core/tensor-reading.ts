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
  /** Room for all `total` bytes, for sources that can read straight to where they go. */
  room?(total: number): Uint8Array;
  /** `chunk`, which begins at byte `at`, is only lent, unless it lies in that room. */
  take(chunk: Uint8Array, at: number): void;
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
    await readChecked(reader, entry, check, options, { take: () => {} });
    return new NDArray(dtype, shape, check.strings);
  }
  const whole = new Whole(check);
  await readChecked(reader, entry, check, options, whole);
  return NDArray.fromBytes(dtype, shape, whole.bytes);
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

// Keeps all bytes, and copies none that it need not.
class Whole implements BytesSink {
  bytes: Uint8Array = new Uint8Array(0);
  readonly #check: TensorCheck;

  constructor(check: TensorCheck) {
    this.#check = check;
  }

  room(total: number): Uint8Array {
    this.bytes = new Uint8Array(total);
    return this.bytes;
  }

  take(chunk: Uint8Array, at: number): void {
    const { size } = this.#check;
    if (chunk.buffer === this.bytes.buffer) return;
    if (chunk.length === size) {
      this.bytes = chunk;
      return;
    }
    if (at === 0) this.room(size);
    this.bytes.set(chunk, at);
  }
}

// Fetches the bytes of `entry` in pieces and shows each, checked, to `sink`; closes `check`.
async function readChecked(
  reader: BundleReader,
  entry: BundleEntry,
  check: TensorCheck,
  options: OperationOptions,
  sink: BytesSink,
): Promise<void> {
  try {
    await check.begin(reader, entry.key, options);
    const { offset } = entry;
    const total = check.size;
    const file = reader.dataFile(entry.shardId);
    const source = await reader.files.source(file, options);
    requireWithin(source, file, offset, total);
    const room = source.readInto === undefined ? undefined : sink.room?.(total);
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
      sink.take(bytes, at);
      options.onProgress?.({ done: at + bytes.length, total, phase: 'read' });
    }
    check.finish();
  } catch (error) {
    throw explainTensor(error);
  } finally {
    check.close();
  }
}
