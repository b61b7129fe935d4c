/// tf.BundleReader: a checkpoint in TensorFlow's V2 format, as TensorFlow's C++ BundleReader sees it.

import type { BundleReaderObject } from './codec-module.js';
import { engine } from './engine.js';
import { type BundleEntry, decodeEntryRecords } from './entry-records.js';
import { type CodedError, isCodedError, NotFoundError, UnimplementedError } from './errors.js';
import { Handle } from './handle.js';
import { explain } from './hints.js';
import { encodeName } from './names.js';
import type { NDArray } from './ndarray.js';
import { codec, OperationFiles } from './operation.js';
import { type CheckpointSource, locateSource, type OpenOptions } from './sources.js';
import { readTensor } from './tensor-reading.js';
import type { Location, OperationOptions } from './types.js';
import { type VerifyOptions, type VerifyReport, verifyBundle } from './verify.js';

/** The header of a bundle. */
export interface BundleHeader {
  readonly numShards: number;
  readonly endianness: 'LITTLE' | 'BIG';
  readonly version: { readonly producer: number; readonly minConsumer: number };
}

/** Entries are listed in batches, so that no call holds the thread for long. */
const BATCH = 10_000;

/**
 * Reads a V2 checkpoint. The index is read when it is opened, tensors when they are looked up.
 *
 * @example
 * const reader = await tf.BundleReader.open('./model.ckpt');
 * for (const key of reader.keys()) console.log(key, reader.entry(key).shape);
 * console.log(`${await reader.lookup('Variable')}`);
 * reader.close();
 */
export class BundleReader {
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

  private constructor(
    path: string,
    files: OperationFiles,
    handle: Handle<BundleReaderObject>,
    entries: ReadonlyMap<string, BundleEntry>,
    damage: CodedError | undefined,
  ) {
    const { object } = handle;
    this.path = path;
    this.header = {
      numShards: object.numShards(),
      endianness: object.bigEndian() ? 'BIG' : 'LITTLE',
      version: { producer: object.producer(), minConsumer: object.minConsumer() },
    };
    this.damage = damage;
    this.#files = files;
    this.#handle = handle;
    this.#entries = entries;
  }

  /**
   * Opens the checkpoint whose prefix is `source`, or the one among the files that `source` is.
   * @throws {NotFoundError} `<prefix>.index; No such file or directory`
   * @throws {DataLossError} when the index is damaged.
   * @throws {InvalidArgumentError} for a version that TensorFlow 1.15 does not read.
   */
  static async open(source: CheckpointSource, options: OpenOptions = {}): Promise<BundleReader> {
    return BundleReader.openAt(await locateSource(source, options), options);
  }

  /** @internal */
  static async openAt(location: Location, options: OperationOptions = {}): Promise<BundleReader> {
    const { path, files: set, name } = location;
    const files = new OperationFiles((file) => ({
      files: set,
      name: name + file.slice(path.length),
    }));
    let handle: Handle<BundleReaderObject> | undefined;
    try {
      handle = new Handle(new (codec().BundleReader)(files.object, path), 'The BundleReader');
      const { object } = handle;
      await files.run(() => object.open(), options);
      const { entries, damage } = await listEntries(object, files, options);
      return new BundleReader(path, files, handle, entries, damage);
    } catch (error) {
      handle?.close();
      await files.close();
      throw await explain(error, location);
    }
  }

  /** The engine's reader. @internal */
  get object(): BundleReaderObject {
    return this.#handle.object;
  }

  /** The files of the bundle, by the names the engine gives them. @internal */
  get files(): OperationFiles {
    return this.#files;
  }

  /** All keys but the header's, in the order of their bytes. Keys of slices begin with U+0000. */
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
   * What the index says of `key`.
   * @throws {NotFoundError} `Key <key> not found in checkpoint`
   */
  entry(key: string): BundleEntry {
    const entry = this.#open().get(key);
    if (entry !== undefined) return entry;
    throw new NotFoundError(`Key ${key} not found in checkpoint`, {
      hint: closest(key, this.#entries.keys()),
      details: { file: `${this.path}.index`, tensor: key },
    });
  }

  /** The name of the file that holds shard `shard`. */
  dataFile(shard: number): string {
    return this.#handle.object.dataFile(shard);
  }

  /**
   * Reads a tensor; its checksum is always compared.
   * @throws {NotFoundError} when there is no such key, or its data file is missing.
   * @throws {DataLossError} when the bytes are not those that were written.
   * @throws {OutOfRangeError} when the data file is too short.
   */
  async lookup(key: string, options: OperationOptions = {}): Promise<NDArray> {
    const entry = await this.#find(key, options);
    return readTensor(this, entry, options);
  }

  /**
   * Reads the slice `spec` (`'0,2:-'`) of a tensor.
   * @throws {UnimplementedError} always, in this version.
   */
  async lookupSlice(key: string, spec: string, _options: OperationOptions = {}): Promise<NDArray> {
    const { shape } = this.entry(key);
    throw new UnimplementedError(
      `Reading slice ${spec} of tensor ${key} of shape [${shape}] is not supported yet`,
      {
        hint: 'Read the whole tensor with lookup() and cut it.',
      },
    );
  }

  /** Reads every tensor and compares every checksum. Damage is reported, not thrown. */
  verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    return verifyBundle(this, options);
  }

  /** Closes the files. Using the reader afterwards throws FailedPreconditionError. */
  close(): void {
    this.#handle.close();
    void this.#files.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  // Behind damage only the engine can say what became of a key.
  async #find(key: string, options: OperationOptions): Promise<BundleEntry> {
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

async function listEntries(
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
