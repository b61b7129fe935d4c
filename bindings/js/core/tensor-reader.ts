/// What readers of both checkpoint formats have in common: a list of entries, and the engine's reader behind it.

import type { BundleReaderObject } from './codec-module.js';
import { engine } from './engine.js';
import { type BundleEntry, decodeEntryRecords } from './entry-records.js';
import { type CodedError, isCodedError, NotFoundError } from './errors.js';
import type { Handle } from './handle.js';
import { encodeName } from './names.js';
import type { NDArray } from './ndarray.js';
import type { OperationFiles } from './operation.js';
import type { OperationOptions } from './types.js';
import type { VerifyOptions, VerifyReport } from './verify.js';

/** What a checkpoint says of itself. */
export interface BundleHeader {
  readonly numShards: number;
  readonly endianness: 'LITTLE' | 'BIG';
  readonly version: { readonly producer: number; readonly minConsumer: number };
}

/** Entries are listed in batches, so that no call holds the thread for long. */
const BATCH = 10_000;

/** What an open checkpoint is made of. @internal */
export interface OpenedReader {
  readonly path: string;
  readonly header: BundleHeader;
  readonly files: OperationFiles;
  readonly handle: Handle<BundleReaderObject>;
  readonly entries: ReadonlyMap<string, BundleEntry>;
  readonly damage?: CodedError | undefined;
}

/** An open checkpoint, whatever its format: names, shapes and types of its tensors at once, values when asked for. */
export abstract class TensorReader {
  abstract readonly format: 'V1' | 'V2';
  /** The prefix, as messages quote it. */
  readonly path: string;
  readonly header: BundleHeader;
  /**
   * Set when the index is damaged after its first entries: the keys before the damage are there, what follows is
   * lost. TensorFlow passes over it in silence.
   */
  readonly damage: CodedError | undefined;
  readonly #files: OperationFiles;
  readonly #handle: Handle<BundleReaderObject>;
  readonly #entries: ReadonlyMap<string, BundleEntry>;

  /** @internal */
  constructor({ path, header, files, handle, entries, damage }: OpenedReader) {
    this.path = path;
    this.header = header;
    this.damage = damage;
    this.#files = files;
    this.#handle = handle;
    this.#entries = entries;
  }

  /** The engine's reader. @internal */
  get object(): BundleReaderObject {
    return this.#handle.object;
  }

  /** The files of the checkpoint, by the names the engine gives them. @internal */
  get files(): OperationFiles {
    return this.#files;
  }

  /** All keys but the header's, in the order of their bytes. Keys of a bundle's slices begin with U+0000. */
  keys(): string[] {
    return [...this.#open().keys()];
  }

  /** All entries, in the order of their keys. */
  entries(): BundleEntry[] {
    return [...this.#open().values()];
  }

  contains(key: string): boolean {
    return this.#open().has(key);
  }

  /**
   * What the checkpoint says of `key`.
   * @throws {NotFoundError} `Key <key> not found in checkpoint`; for V1 `Tensor name "<key>" not found in checkpoint
   *   files <path>`
   */
  entry(key: string): BundleEntry {
    const entry = this.#open().get(key);
    if (entry !== undefined) return entry;
    throw new NotFoundError(this.notFound(key), {
      hint: closest(key, this.#entries.keys()),
      details: { file: this.indexFile, tensor: key },
    });
  }

  /** Reads a tensor, or joins it when it is stored in slices. Checksums are always compared. */
  abstract lookup(key: string, options?: OperationOptions): Promise<NDArray>;

  /** Reads the slice `spec` (`'0,2:-'`: a start and a length, or `-` for all, for each dimension) of a tensor. */
  abstract lookupSlice(key: string, spec: string, options?: OperationOptions): Promise<NDArray>;

  /** Reads every tensor and compares every checksum. Damage is reported, not thrown. */
  abstract verify(options?: VerifyOptions): Promise<VerifyReport>;

  /** The name of the file that holds shard `shard`. */
  abstract dataFile(shard: number): string;

  /** Closes the files. Using the reader afterwards throws FailedPreconditionError. */
  close(): void {
    this.#handle.close();
    void this.#files.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What TensorFlow says of a missing `key`. @internal */
  protected abstract notFound(key: string): string;
  /** The file that lists the tensors. @internal */
  protected abstract get indexFile(): string;

  /** As `entry`; behind damage only the engine can say what became of a key. @internal */
  protected async find(key: string, options: OperationOptions): Promise<BundleEntry> {
    if (this.damage === undefined || this.#open().has(key)) return this.entry(key);
    const { object } = this;
    const name = encodeName(key);
    await this.#files.run(() => object.find(name), options);
    return takeRecords(object).entries[0]!;
  }

  #open(): ReadonlyMap<string, BundleEntry> {
    void this.#handle.object;
    return this.#entries;
  }
}

/** All entries of the open `object`, and the damage that ended the list early. @internal */
export async function listEntries(
  object: BundleReaderObject,
  files: OperationFiles,
  options: OperationOptions,
): Promise<{ entries: Map<string, BundleEntry>; damage: CodedError | undefined }> {
  const entries = new Map<string, BundleEntry>();
  let after = new Uint8Array();
  for (;;) {
    try {
      await files.run(() => object.list(after, BATCH), options);
    } catch (error) {
      if (!isCodedError(error) || options.signal?.aborted) throw error;
      return { entries, damage: error };
    }
    if (object.count() === 0) return { entries, damage: undefined };
    const batch = takeRecords(object);
    for (const entry of batch.entries) entries.set(entry.key, entry);
    after = batch.lastKey.slice();
  }
}

function takeRecords(object: BundleReaderObject): ReturnType<typeof decodeEntryRecords> {
  const { memory } = engine();
  return decodeEntryRecords(memory.copy(object.recordsAddress(), object.recordsSize()));
}

// "Did you mean": the keys that end alike, for the usual mistake of a missing or additional scope.
function closest(key: string, keys: Iterable<string>): string | undefined {
  const last = key.slice(key.lastIndexOf('/') + 1).replace(/:\d+$/, '');
  const alike = [...keys].filter((other) => other === last || other.endsWith(`/${last}`));
  if (alike.length === 0) return undefined;
  return `The checkpoint has ${alike.slice(0, 3).join(', ')}${alike.length > 3 ? ', ...' : ''}.`;
}
