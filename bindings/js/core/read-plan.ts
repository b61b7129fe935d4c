/// Which runs of which data files to fetch for a set of tensors. The engine plans (engine/bundle/read_plan.h); this is
/// how its plan is asked for and fetched.

import type { BundleReader } from './bundle-reader.js';
import { engine } from './engine.js';
import { codec, readExactly } from './operation.js';
import { PIECE } from './tensor-reading.js';
import type { OperationOptions } from './types.js';

/** The bytes of one tensor. */
export interface ReadRequest {
  readonly shard: number;
  readonly offset: number;
  readonly length: number;
}

/** One fetch, or one piece of a long tensor's. */
export interface PlannedRead {
  readonly shard: number;
  readonly offset: number;
  readonly length: number;
  /** Indices of the requests that have bytes in it, by offset. */
  readonly requests: readonly number[];
}

// Neighbours at most this far apart are fetched together, up to PIECE.
const MAX_GAP = 64 << 10;
// So many fetches are on their way at once.
const IN_FLIGHT = 4;

/** Fetches for `requests`, ordered by shard and offset; none is longer than PIECE. */
export function planReads(requests: readonly ReadRequest[]): PlannedRead[] {
  const plan = new (codec().ReadPlan)();
  try {
    for (const { shard, offset, length } of requests) plan.add(shard, offset, length);
    plan.make(MAX_GAP, PIECE);
    const bytes = engine().memory.copy(plan.address(), plan.size());
    return split(new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8));
  } finally {
    plan.delete();
  }
}

// read_plan_binding.cc: shard, offset, length, n, then n requests, for each fetch.
function split(numbers: Float64Array): PlannedRead[] {
  const reads: PlannedRead[] = [];
  for (let at = 0; at < numbers.length; ) {
    const [shard, offset, length, count] = numbers.subarray(at, at + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const requests = Array.from(numbers.subarray(at + 4, at + 4 + count));
    at += 4 + count;
    let done = 0;
    do {
      const piece = Math.min(PIECE, length - done);
      reads.push({ shard, offset: offset + done, length: piece, requests });
      done += piece;
    } while (done < length);
  }
  return reads;
}

/** A fetch that came back: its bytes, or the error it failed with. */
export type FetchedRead = PlannedRead & { readonly bytes?: Uint8Array; readonly error?: unknown };

/** Fetches `reads` in their order, a few ahead of the one that is being looked at. */
export async function* fetchReads(
  reader: BundleReader,
  reads: readonly PlannedRead[],
  options: OperationOptions,
): AsyncGenerator<FetchedRead, void, void> {
  const fetchOne = async (read: PlannedRead): Promise<FetchedRead> => {
    const file = reader.dataFile(read.shard);
    try {
      const source = await reader.files.source(file, options);
      return { ...read, bytes: await readExactly(source, file, read.offset, read.length, options) };
    } catch (error) {
      return { ...read, error };
    }
  };
  const flying: Promise<FetchedRead>[] = [];
  let next = 0;
  while (next < reads.length || flying.length > 0) {
    options.signal?.throwIfAborted();
    while (next < reads.length && flying.length < IN_FLIGHT) flying.push(fetchOne(reads[next++]!));
    yield await flying.shift()!;
  }
}
