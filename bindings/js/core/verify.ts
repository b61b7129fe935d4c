/// Reads a whole bundle along a read plan and checks every tensor on the way.

import type { BundleReader } from './bundle-reader.js';
import type { BundleEntry } from './entry-records.js';
import { type CodedError, isCodedError, makeError } from './errors.js';
import { explainTensor } from './hints.js';
import type { NDArray } from './ndarray.js';
import { fetchReads, planReads, type ReadRequest } from './read-plan.js';
import { planSlices, readSlices } from './slice-reading.js';
import { checkFor, StringCheck, type TensorCheck } from './tensor-check.js';
import { requireWithin } from './tensor-reading.js';
import type { OperationOptions } from './types.js';

/** Options of {@link BundleReader.verify}. */
export interface VerifyOptions extends OperationOptions {
  /**
   * Sees the bytes of every tensor, little endian, in order, as they pass; of strings each element's length as a
   * 64-bit number and then its bytes. `chunk` is only lent. A tensor's verdict comes after its last chunk.
   */
  readonly onBytes?: ((entry: BundleEntry, chunk: Uint8Array) => void) | undefined;
}

/** What became of one tensor. */
export interface TensorVerdict {
  readonly entry: BundleEntry;
  /** `OK`, or TensorFlow's text: `Data loss: Checksum does not match: ...`. */
  readonly status: string;
  readonly error: CodedError | undefined;
}

/** What {@link BundleReader.verify} found. */
export interface VerifyReport {
  readonly ok: boolean;
  /** `OK`, or what is wrong with the index. */
  readonly status: string;
  /** In the order of the keys. */
  readonly tensors: readonly TensorVerdict[];
  /** Bytes of tensors whose checksums were right. */
  readonly verifiedBytes: number;
}

/** {@link BundleReader.verify}. */
export async function verifyBundle(
  reader: BundleReader,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const run = new Verification(reader, options);
  try {
    await run.begin();
    await run.read();
    await run.join();
  } finally {
    run.close();
  }
  return run.report();
}

class Verification {
  readonly #reader: BundleReader;
  readonly #options: VerifyOptions;
  readonly #entries: readonly BundleEntry[];
  /** By index of the entry. Absent: good so far. */
  readonly #errors = new Map<number, CodedError>();
  readonly #planned: number[] = [];
  readonly #partitioned: number[] = [];
  readonly #requests: ReadRequest[] = [];
  readonly #open = new Map<number, { check: TensorCheck; position: number }>();

  constructor(reader: BundleReader, options: VerifyOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#entries = reader.entries();
  }

  /** Finds out which tensors can be read at all. */
  async begin(): Promise<void> {
    for (const [index, entry] of this.#entries.entries()) {
      await this.#guard(index, async () => {
        if (entry.problem !== undefined) throw makeError(entry.problem.code, entry.problem.message);
        if (entry.slices.length > 0) {
          this.#partitioned.push(index);
          return;
        }
        const length = await this.#lengthOf(entry);
        const file = this.#reader.dataFile(entry.shardId);
        const source = await this.#reader.files.source(file, this.#options);
        requireWithin(source, file, entry.offset, length);
        this.#planned.push(index);
        this.#requests.push({ shard: entry.shardId, offset: entry.offset, length });
      });
    }
  }

  /** Reads and checks them. */
  async read(): Promise<void> {
    const reads = planReads(this.#requests);
    const total = reads.reduce((sum, { length }) => sum + length, 0);
    let done = 0;
    for await (const { offset, length, requests, bytes, error } of fetchReads(
      this.#reader,
      reads,
      this.#options,
    )) {
      for (const request of requests) {
        await this.#guard(this.#planned[request]!, async () => {
          if (bytes === undefined) throw error;
          await this.#feed(request, bytes, offset);
        });
      }
      done += length;
      this.#options.onProgress?.({ done, total, phase: 'verify' });
    }
  }

  /**
   * Partitioned tensors have no bytes of their own: whether their slices are there and go together, and, when somebody
   * wants to see the bytes, those of the whole.
   */
  async join(): Promise<void> {
    const indexOf = new Map(this.#entries.map(({ key }, index) => [key, index]));
    for (const index of this.#partitioned) {
      const entry = this.#entries[index]!;
      try {
        const { parts } = await planSlices(this.#reader, entry.key, undefined, this.#options);
        for (const part of parts) {
          const error = this.#errors.get(indexOf.get(part.entry.key) ?? -1);
          if (error !== undefined) throw error;
        }
        if (this.#options.onBytes === undefined) continue;
        const { signal } = this.#options;
        const { data } = await readSlices(this.#reader, entry, undefined, { signal });
        showElements(entry, data, this.#options);
      } catch (error) {
        if (this.#options.signal?.aborted || !isCodedError(error)) throw error;
        this.#errors.set(index, error);
      }
    }
  }

  report(): VerifyReport {
    const tensors = this.#entries.map((entry, index): TensorVerdict => {
      const error = this.#errors.get(index);
      return { entry, status: error === undefined ? 'OK' : error.status, error };
    });
    const { damage } = this.#reader;
    return {
      ok: damage === undefined && this.#errors.size === 0,
      status: damage === undefined ? 'OK' : damage.status,
      tensors,
      verifiedBytes: tensors.reduce(
        (sum, { entry, error }) => sum + (error === undefined ? entry.size : 0),
        0,
      ),
    };
  }

  close(): void {
    for (const { check } of this.#open.values()) check.close();
    this.#open.clear();
  }

  async #lengthOf(entry: BundleEntry): Promise<number> {
    if (isPlain(entry)) return entry.size;
    const check = checkFor(entry);
    try {
      await check.begin(this.#reader, entry.key, this.#options);
      return check.size;
    } finally {
      check.close();
    }
  }

  // Shows the tensor of `request` its part of `bytes`, which begin at `start` of the data file.
  async #feed(request: number, bytes: Uint8Array, start: number): Promise<void> {
    const index = this.#planned[request]!;
    if (this.#errors.has(index)) return;
    const entry = this.#entries[index]!;
    const { offset, length } = this.#requests[request]!;
    let open = this.#open.get(index);
    if (open === undefined) {
      open = { check: checkFor(entry), position: 0 };
      this.#open.set(index, open);
      await open.check.begin(this.#reader, entry.key, this.#options);
    }
    const from = offset + open.position - start;
    const chunk = bytes.subarray(from, Math.min(bytes.length, from + length - open.position));
    open.check.update(chunk);
    const { check } = open;
    if (!(check instanceof StringCheck)) this.#options.onBytes?.(entry, chunk);
    open.position += chunk.length;
    if (open.position < length) return;
    check.finish();
    if (check instanceof StringCheck) showElements(entry, check.strings, this.#options);
    this.#forget(index);
  }

  async #guard(index: number, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#forget(index);
      // Aborts and faults of our own end everything; the rest is this tensor's.
      if (this.#options.signal?.aborted || !isCodedError(error) || error.code === 'INTERNAL')
        throw error;
      this.#errors.set(index, explainTensor(error) as CodedError);
    }
  }

  #forget(index: number): void {
    this.#open.get(index)?.check.close();
    this.#open.delete(index);
  }
}

// True for an entry of numbers whose size is right: the engine has nothing to add before its bytes are there.
function isPlain({ dtype, shape, offset, size, shardId, slices }: BundleEntry): boolean {
  const length = shape.reduce((product, dim) => product * dim, dtype.size);
  const isNumbers = dtype.size > 0 && slices.length === 0;
  return (
    isNumbers &&
    length === size &&
    offset >= 0 &&
    shardId >= 0 &&
    Number.isSafeInteger(offset + size)
  );
}

/** Shows elements to `onBytes`; of strings each one's length as a 64-bit number, then its bytes. */
export function showElements(
  entry: BundleEntry,
  data: NDArray['data'],
  { onBytes }: VerifyOptions,
): void {
  if (onBytes === undefined) return;
  if (ArrayBuffer.isView(data)) {
    onBytes(entry, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return;
  }
  for (const bytes of data) {
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
    onBytes(entry, length);
    onBytes(entry, bytes);
  }
}
