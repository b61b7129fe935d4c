/// tf.explainIndex: every byte of an index file and what it means.

import { engine } from './engine.js';
import { codec } from './operation.js';

/** A run of bytes and what it means. */
export interface IndexSpan {
  readonly offset: number;
  readonly length: number;
  /** A span of depth d contains the following spans of depth d + 1. */
  readonly depth: number;
  /** `data block`, `key`, `dtype`, `magic`, ... */
  readonly label: string;
  /** `Variable`, `float`, `[2,3]`, ...; may be empty. */
  readonly value: string;
}

/**
 * Explains the bytes of an index file (`model.ckpt.index`), damaged ones as far as they go. The spans of depth 0 cover
 * the file without gaps. After `maxSpans` the rest is one span.
 */
export function explainIndex(bytes: Uint8Array, maxSpans = 100_000): IndexSpan[] {
  const { memory } = engine();
  const json = memory.withBytes(bytes, (pointer, size) =>
    engine().run(() => codec().explainIndex(pointer, size, maxSpans)),
  );
  const rows = JSON.parse(json) as [number, number, number, string, string][];
  return rows.map(([offset, length, depth, label, value]) => ({
    offset,
    length,
    depth,
    label,
    value,
  }));
}
