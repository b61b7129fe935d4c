/// Entries as they cross from the engine: engine/bundle/entry_records.h has the picture of the bytes.

import { type DType, dtypeFromFile } from './dtype.js';
import { type Code, codeOfNumber } from './errors.js';
import { decodeName } from './names.js';

/** One dimension of a slice; `length` -1 means all of it. */
export interface SliceExtent {
  readonly start: number;
  readonly length: number;
}

/** What a bundle's index says of a key. */
export interface BundleEntry {
  readonly key: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly shardId: number;
  readonly offset: number;
  readonly size: number;
  /** Masked, as stored. */
  readonly crc32c: number;
  /** Not empty for the full name of a partitioned tensor alone. */
  readonly slices: readonly (readonly SliceExtent[])[];
  /** Why the entry cannot be used, if so. */
  readonly problem: { readonly code: Code; readonly message: string } | undefined;
}

const HEADER_SIZE = 56;
const NO_SLICES: SliceExtent[][] = [];

/** The entries in `bytes`, and the raw bytes of the last key. */
export function decodeEntryRecords(bytes: Uint8Array): {
  entries: BundleEntry[];
  lastKey: Uint8Array;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: BundleEntry[] = [];
  let lastKey = bytes.subarray(0, 0);
  for (let at = 0; at < bytes.length; at += view.getUint32(at, true)) {
    const keySize = view.getUint32(at + 4, true);
    const code = view.getInt32(at + 8, true);
    const rank = view.getUint32(at + 28, true);
    let cursor = at + HEADER_SIZE;
    const shape: number[] = [];
    for (let i = 0; i < rank; ++i, cursor += 8) shape.push(int64At(view, cursor));
    const numSlices = view.getUint32(at + 48, true);
    const slices: SliceExtent[][] = numSlices === 0 ? NO_SLICES : [];
    for (let i = 0; i < numSlices; ++i) {
      const dims = view.getUint32(cursor, true);
      cursor += 8;
      const extents: SliceExtent[] = [];
      for (let d = 0; d < dims; ++d, cursor += 16)
        extents.push({ start: int64At(view, cursor), length: int64At(view, cursor + 8) });
      slices.push(extents);
    }
    lastKey = bytes.subarray(cursor, cursor + keySize);
    const message = cursor + keySize;
    const messageEnd = message + view.getUint32(at + 12, true);
    entries.push({
      key: decodeName(lastKey),
      dtype: dtypeFromFile(view.getInt32(at + 16, true)),
      shape,
      shardId: view.getInt32(at + 20, true),
      offset: int64At(view, at + 32),
      size: int64At(view, at + 40),
      crc32c: view.getUint32(at + 24, true),
      slices,
      problem:
        code === 0
          ? undefined
          : {
              code: codeOfNumber(code) ?? 'UNKNOWN',
              message: decodeName(bytes.subarray(message, messageEnd)),
            },
    });
  }
  return { entries, lastKey };
}

/** A 64-bit integer as a number, rounded beyond 2^53; by way of a BigInt it takes several times as long. */
function int64At(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

/** A slice as TensorFlow writes it: `0,2:-`. */
export function sliceText(slice: readonly SliceExtent[]): string {
  return slice.map(({ start, length }) => (length < 0 ? '-' : `${start},${length}`)).join(':');
}
