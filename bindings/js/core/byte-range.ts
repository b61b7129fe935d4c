/// Ranges of files: checks that every `ByteSource` shares.

import { OutOfRangeError } from './errors.js';

/**
 * Checks that `length` bytes at `offset` lie within a file of `size` bytes.
 * @throws {OutOfRangeError}
 */
export function requireRange(path: string, size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset <= size && length <= size - offset) return;
  throw new OutOfRangeError(`${path}; Read less bytes than requested`);
}
