/// tf.TensorSliceReader: a checkpoint in TensorFlow's older V1 format, of one file or of several shards.

import type { BundleReaderObject } from './codec-module.js';
import { type DType, string } from './dtype.js';
import { engine } from './engine.js';
import type { BundleEntry } from './entry-records.js';
import { isCodedError, makeError } from './errors.js';
import { Handle } from './handle.js';
import { encodeName } from './names.js';
import { NDArray } from './ndarray.js';
import { codec, OperationFiles } from './operation.js';
import { packStrings, unpackStrings } from './packed-strings.js';
import { type CheckpointSource, locateSource, type OpenOptions } from './sources.js';
import { listEntries, type OpenedReader, TensorReader } from './tensor-reader.js';
import type { Location, OperationOptions } from './types.js';
import { explainV1, findV1Files } from './v1-files.js';
import {
  showElements,
  type TensorVerdict,
  type VerifyOptions,
  type VerifyReport,
} from './verify.js';

/** Blocks of the file that stay in the engine between lookups. */
const KEPT_BYTES = 32 << 20;

/**
 * Reads a V1 checkpoint, `model.ckpt` or `model.ckpt-?????-of-00002`, as TensorFlow's C++ TensorSliceReader does. The
 * format has no checksums of tensors, only of the blocks of its files; entries have neither shard nor offset.
 */
export class TensorSliceReader extends TensorReader {
  readonly format = 'V1';

  private constructor(opened: OpenedReader) {
    super(opened);
  }

  /**
   * Opens the checkpoint `source`, which may be a pattern with `?` and `*`.
   * @throws {NotFoundError} `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for <path>`
   * @throws {DataLossError} `Unable to open table file <path>: Data loss: not an sstable (bad magic number): ...`
   * @throws {InternalError} `Failed to find the saved tensor slices at the beginning of the checkpoint file: <path>`
   */
  static async open(
    source: CheckpointSource,
    options: OpenOptions = {},
  ): Promise<TensorSliceReader> {
    return TensorSliceReader.openAt(await locateSource(source, options), options);
  }

  /** `tensor` is the first name that was wanted, where there is one. @internal */
  static async openAt(
    location: Location,
    options: OperationOptions = {},
    tensor?: string,
  ): Promise<TensorSliceReader> {
    const { path, files: set } = location;
    const names = await findV1Files(location, options, tensor);
    const folder = path.slice(0, path.length - location.name.length);
    const found = new Map(names.map((name) => [folder + name, name]));
    const files = new OperationFiles((file) => ({ files: set, name: found.get(file)! }));
    let handle: Handle<BundleReaderObject> | undefined;
    try {
      handle = new Handle(new (codec().BundleReader)(files.object, path), 'The TensorSliceReader');
      const { object } = handle;
      const packed = packStrings([...found.keys()].map(encodeName));
      await files.run(() => object.openV1(packed), options);
      const { entries } = await listEntries(object, files, options);
      const header = {
        numShards: names.length,
        endianness: 'LITTLE' as const,
        version: { producer: 1, minConsumer: 0 },
      };
      return new TensorSliceReader({ path, header, files, handle, entries: sized(entries) });
    } catch (error) {
      handle?.close();
      await files.close();
      throw explainV1(error, location);
    }
  }

  /** The checkpoint's own name: its entries do not say in which file they are. */
  dataFile(): string {
    return this.path;
  }

  /**
   * Reads a tensor, joined from the slices it is stored in.
   * @throws {NotFoundError} `Tensor name "<key>" not found in checkpoint files <path>`
   * @throws {InvalidArgumentError} `Error copying slice data`: a slice is missing or damaged; `details` says where.
   */
  lookup(key: string, options: OperationOptions = {}): Promise<NDArray> {
    return this.#read(key, undefined, options);
  }

  /**
   * Reads the slice `spec` (`'0,2:-'`) of a tensor.
   * @throws as `lookup`
   * @throws {InvalidArgumentError} `Expected a pair of numbers or '-' but got ...`
   * @throws {InternalError} `Mismatching ranks: ...`, `Extent in dimension 0 out of bounds: ...`
   */
  lookupSlice(key: string, spec: string, options: OperationOptions = {}): Promise<NDArray> {
    return this.#read(key, spec, options);
  }

  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    const tensors: TensorVerdict[] = [];
    const entries = this.entries();
    const total = entries.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    for (const entry of entries) {
      tensors.push(await this.#verdict(entry, options));
      done += entry.size;
      options.onProgress?.({ done, total, phase: 'verify' });
    }
    const good = tensors.filter(({ error }) => error === undefined);
    return {
      ok: good.length === tensors.length,
      status: 'OK',
      tensors,
      verifiedBytes: good.reduce((sum, { entry }) => sum + entry.size, 0),
    };
  }

  protected notFound(key: string): string {
    return `Tensor name "${key}" not found in checkpoint files ${this.path}`;
  }

  protected get indexFile(): string {
    return this.path;
  }

  async #verdict(entry: BundleEntry, options: VerifyOptions): Promise<TensorVerdict> {
    try {
      if (entry.problem !== undefined) throw makeError(entry.problem.code, entry.problem.message);
      const array = await this.lookup(entry.key, { signal: options.signal });
      showElements(entry, array.data, options);
      return { entry, status: 'OK', error: undefined };
    } catch (error) {
      if (options.signal?.aborted || !isCodedError(error)) throw error;
      return { entry, status: error.status, error };
    }
  }

  async #read(key: string, spec: string | undefined, options: OperationOptions): Promise<NDArray> {
    const { dtype } = this.entry(key);
    const { object, files } = this;
    const lookup = new (codec().V1Lookup)();
    try {
      const name = encodeName(key);
      engine().check(() => lookup.begin(object, name, spec ?? '', spec === undefined));
      await files.run(() => lookup.resume(), options);
      const bytes = engine().memory.copy(lookup.address(), lookup.size());
      return arrayOf(dtype, lookup.dims(), bytes);
    } finally {
      lookup.delete();
      files.trim(KEPT_BYTES);
    }
  }
}

function arrayOf(dtype: DType, dims: string, bytes: Uint8Array): NDArray {
  const shape = dims === '' ? [] : dims.split(',').map(Number);
  if (dtype === string) return new NDArray(dtype, shape, unpackStrings(bytes));
  return NDArray.fromBytes(dtype, shape, bytes);
}

// What the numbers of a tensor take; nothing says how long strings are.
function sized(entries: ReadonlyMap<string, BundleEntry>): Map<string, BundleEntry> {
  const sizeOf = ({ shape, dtype }: BundleEntry) =>
    shape.reduce((product, dim) => product * dim, dtype.size);
  return new Map([...entries].map(([key, entry]) => [key, { ...entry, size: sizeOf(entry) }]));
}
