/// Ranges of files: what every `ByteSource` shares.

import { OutOfRangeError } from './errors.js';
import type { ByteSource } from './types.js';

/**
 * Checks that `length` bytes at `offset` lie within a file of `size` bytes.
 * @throws {OutOfRangeError}
 */
export function requireRange(path: string, size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset <= size && length <= size - offset) return;
  throw new OutOfRangeError(`${path}; Read less bytes than requested`);
}

/** `ByteSource.read` of the file `path`, for sources that fill the memory they are given. */
export async function readByFilling(
  source: Required<Pick<ByteSource, 'size' | 'readInto'>>,
  path: string,
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  requireRange(path, source.size, offset, length);
  const bytes = new Uint8Array(length);
  await source.readInto(offset, bytes, signal);
  return bytes;
}
