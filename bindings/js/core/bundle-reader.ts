/// tf.BundleReader: a checkpoint in TensorFlow's V2 format, as TensorFlow's C++ BundleReader sees it.

import type { BundleReaderObject } from './codec-module.js';
import { Handle } from './handle.js';
import { explain } from './hints.js';
import type { NDArray } from './ndarray.js';
import { codec, OperationFiles } from './operation.js';
import { readSlices } from './slice-reading.js';
import { type CheckpointSource, locateSource, type OpenOptions } from './sources.js';
import { listEntries, type OpenedReader, TensorReader } from './tensor-reader.js';
import { readRaw, readTensor } from './tensor-reading.js';
import type { Location, OperationOptions } from './types.js';
import { type VerifyOptions, type VerifyReport, verifyBundle } from './verify.js';

/**
 * Reads a V2 checkpoint. The index is read when it is opened, tensors when they are looked up.
 *
 * @example
 * const reader = await tf.BundleReader.open('./model.ckpt');
 * for (const key of reader.keys()) console.log(key, reader.entry(key).shape);
 * console.log(`${await reader.lookup('Variable')}`);
 * reader.close();
 */
export class BundleReader extends TensorReader {
  readonly format = 'V2';

  private constructor(opened: OpenedReader) {
    super(opened);
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
      const header = {
        numShards: object.numShards(),
        endianness: object.bigEndian() ? ('BIG' as const) : ('LITTLE' as const),
        version: { producer: object.producer(), minConsumer: object.minConsumer() },
      };
      const { entries, damage } = await listEntries(object, files, options);
      return new BundleReader({ path, header, files, handle, entries, damage });
    } catch (error) {
      handle?.close();
      await files.close();
      throw await explain(error, location);
    }
  }

  /** The name of the file that holds shard `shard`. */
  dataFile(shard: number): string {
    return this.object.dataFile(shard);
  }

  /**
   * Reads a tensor, or joins it when it is stored in slices; checksums are always compared. The elements of a variant
   * are the bytes of their messages.
   * @throws {NotFoundError} when there is no such key, or its data file is missing.
   * @throws {DataLossError} when the bytes are not those that were written.
   * @throws {OutOfRangeError} when the data file is too short.
   * @throws {InvalidArgumentError} when slices are missing: `Does not have sufficient slices for partitioned tensor ...`
   * @throws {UnimplementedError} for resources and unknown types: `readRaw` gives their bytes.
   */
  async lookup(key: string, options: OperationOptions = {}): Promise<NDArray> {
    const entry = await this.find(key, options);
    if (entry.slices.length > 0) return readSlices(this, entry, undefined, options);
    return readTensor(this, entry, options);
  }

  /**
   * Reads the slice `spec` (`'0,2:-'`) of a tensor, across the slices in which it may be stored.
   * @throws as `lookup`
   * @throws {InvalidArgumentError} `Expected a pair of numbers or '-' but got ...`
   * @throws {InternalError} `Mismatching ranks: ...`, `Extent in dimension 0 out of bounds: ...`
   */
  async lookupSlice(key: string, spec: string, options: OperationOptions = {}): Promise<NDArray> {
    return readSlices(this, await this.find(key, options), spec, options);
  }

  /**
   * The bytes of an entry as they lie in its data file, whatever its type; only their number is checked.
   * @throws {NotFoundError} when there is no such key, or its data file is missing.
   * @throws {OutOfRangeError} when the data file is too short.
   */
  async readRaw(key: string, options: OperationOptions = {}): Promise<Uint8Array> {
    return readRaw(this, await this.find(key, options), options);
  }

  /** Reads every tensor and compares every checksum. Damage is reported, not thrown. */
  verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    return verifyBundle(this, options);
  }

  protected notFound(key: string): string {
    return `Key ${key} not found in checkpoint`;
  }

  protected get indexFile(): string {
    return `${this.path}.index`;
  }
}
