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
    const i64 = () => {
      cursor += 8;
      return Number(view.getBigInt64(cursor - 8, true));
    };
    const shape = Array.from({ length: rank }, i64);
    const slices = Array.from({ length: view.getUint32(at + 48, true) }, () => {
      const dims = view.getUint32(cursor, true);
      cursor += 8;
      return Array.from({ length: dims }, () => ({ start: i64(), length: i64() }));
    });
    lastKey = bytes.subarray(cursor, cursor + keySize);
    const message = bytes.subarray(
      cursor + keySize,
      cursor + keySize + view.getUint32(at + 12, true),
    );
    entries.push({
      key: decodeName(lastKey),
      dtype: dtypeFromFile(view.getInt32(at + 16, true)),
      shape,
      shardId: view.getInt32(at + 20, true),
      offset: Number(view.getBigInt64(at + 32, true)),
      size: Number(view.getBigInt64(at + 40, true)),
      crc32c: view.getUint32(at + 24, true),
      slices,
      problem:
        code === 0
          ? undefined
          : { code: codeOfNumber(code) ?? 'UNKNOWN', message: decodeName(message) },
    });
  }
  return { entries, lastKey };
}

/** A slice as TensorFlow writes it: `0,2:-`. */
export function sliceText(slice: readonly SliceExtent[]): string {
  return slice.map(({ start, length }) => (length < 0 ? '-' : `${start},${length}`)).join(':');
}
