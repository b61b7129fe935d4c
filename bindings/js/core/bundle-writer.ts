/// tf.BundleWriter: writes a checkpoint in TensorFlow's V2 format, as TensorFlow's C++ BundleWriter does.

import { type NDArrayLike, ndarray } from './array-like.js';
import type { BundleWriterObject } from './codec-module.js';
import { string } from './dtype.js';
import { engine } from './engine.js';
import { fromHost } from './error-mapping.js';
import { FailedPreconditionError } from './errors.js';
import { beginTransaction } from './file-transaction.js';
import { Handle } from './handle.js';
import { encodeName } from './names.js';
import type { NDArray } from './ndarray.js';
import { codec } from './operation.js';
import { packStrings } from './packed-strings.js';
import { requireSliceShape } from './slice-spec.js';
import type { ByteSink, FileSet, FileTransaction, Location, OperationOptions } from './types.js';

/** Options of {@link BundleWriter}. */
export interface BundleWriterOptions extends OperationOptions {
  /** After each tensor zeros are written up to a multiple of this. Default 1: none. */
  readonly dataAlignment?: number | undefined;
  /** How many data files there will be; `nextShard()` goes from one to the next. Default 1. */
  readonly numShards?: number | undefined;
  /** The folder that the path is a name in. Default: what the path itself says. */
  readonly storage?: FileSet | undefined;
}

/** So much is handed to the storage at a time. */
const PIECE = 4 << 20;

/**
 * Writes a checkpoint. The files appear together when `finish()` resolves; until then, and if anything
 * fails, the folder is as it was.
 *
 * @example
 * const writer = new tf.BundleWriter('./model.ckpt');
 * writer.add('Variable', tf.ndarray([[1, 2, 3], [4, 5, 6]], undefined, 'float32'));
 * await writer.finish();
 */
export class BundleWriter {
  readonly path: string;
  readonly #location: Location;
  readonly #options: BundleWriterOptions;
  readonly #handle: Handle<BundleWriterObject>;
  #transaction: Promise<FileTransaction> | undefined;
  #sink: Promise<ByteSink> | undefined;
  #tail: Promise<void> = Promise.resolve();
  #done = 0;
  /** The shard that is being written. */
  #shard = 0;

  /** Nothing is written before the first `add()`. */
  constructor(path: string, options: BundleWriterOptions = {}) {
    const { storage } = options;
    this.path = path;
    this.#options = options;
    this.#location =
      storage === undefined
        ? engine().host.storage.locate(path)
        : { path, files: storage, name: path };
    const writer = new (codec().BundleWriter)(options.dataAlignment ?? 1);
    this.#handle = new Handle(writer, 'The BundleWriter');
  }

  /**
   * Adds a tensor. Data lies in the file in the order of the calls. The array must stay as it is until the promise
   * resolves; waiting for it before the next call keeps memory low.
   * @throws {InvalidArgumentError} `Adding duplicate key: <key>`, at once.
   * @throws {UnimplementedError} for types whose elements cannot be stored, at once.
   */
  add(key: string, value: NDArrayLike): Promise<void> {
    const array = ndarray(value);
    const { dtype, shape } = array;
    const name = encodeName(key);
    const dims = shape.join(',');
    return this.#append(array, (writer, packed, size) =>
      dtype === string
        ? writer.addStrings(name, dims, packed, size)
        : writer.add(name, dtype.asDatatypeEnum, dims),
    );
  }

  /**
   * Adds the slice `spec` (`'0,2:-'`) of the partitioned tensor `fullKey`, whose shape as a whole is `fullShape`. A
   * slice that is all of it becomes an ordinary tensor. Otherwise as `add`.
   * @throws {InvalidArgumentError} when the value has another shape than the slice, or the slice another tensor's type
   *   or shape, at once.
   * @throws {InternalError} `Extent in dimension 0 out of bounds: ...`, at once; `Overlapping slices: ...` from
   *   `finish()`.
   */
  addSlice(
    fullKey: string,
    fullShape: readonly number[],
    spec: string,
    value: NDArrayLike,
  ): Promise<void> {
    const array = ndarray(value);
    const name = encodeName(fullKey);
    const { dtype, shape } = array;
    requireSliceShape(fullKey, fullShape, spec, shape);
    return this.#append(array, (writer, packed, size) =>
      writer.addSlice(name, dtype.asDatatypeEnum, fullShape.join(','), spec, packed, size),
    );
  }

  /**
   * What follows goes to the next data file.
   * @throws {FailedPreconditionError} after the last of `numShards`.
   */
  nextShard(): void {
    const { object } = this.#handle;
    if (object.shards() >= this.#numShards) {
      throw new FailedPreconditionError(`${this.path} has no more than ${this.#numShards} shards`);
    }
    this.#handle.check((writer) => writer.nextShard());
    void this.#enqueue(async () => {
      await this.#closeShard();
    });
  }

  /** Writes the index and makes the checkpoint appear. The writer takes nothing more afterwards. */
  async finish(): Promise<void> {
    const { object } = this.#handle;
    try {
      await this.#tail;
      if (object.shards() !== this.#numShards) {
        throw new FailedPreconditionError(
          `${this.path} is to have ${this.#numShards} shards, not ${object.shards()}`,
        );
      }
      this.#handle.check(() => object.finish());
      const index = engine().memory.copy(object.indexAddress(), object.indexSize());
      await this.#closeShard();
      const transaction = await this.#begin();
      const sink = await transaction.create(`${this.#location.name}.index`);
      await this.#write(sink, `${this.path}.index`, index);
      await sink.close();
      this.#options.signal?.throwIfAborted();
      await transaction.commit();
      this.#transaction = undefined;
    } catch (error) {
      await this.abort(error);
      throw error;
    }
    this.#handle.close();
  }

  /** Gives up: nothing of the checkpoint remains. No effect after `finish()`. */
  async abort(reason?: unknown): Promise<void> {
    this.#handle.close();
    const transaction = this.#transaction;
    this.#transaction = undefined;
    await this.#tail.catch(() => {});
    await transaction?.then((begun) => begun.abort(reason)).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort(new FailedPreconditionError(`${this.path} was not finished`));
  }

  // `begin` tells the engine of the tensor; of strings with their packed form.
  #append(
    array: NDArray,
    begin: (writer: BundleWriterObject, packed: number, size: number) => number,
  ): Promise<void> {
    const { memory } = engine();
    const { object } = this.#handle;
    let bytes: Uint8Array;
    if (array.dtype === string) {
      memory.withBytes(packStrings(array.data as readonly Uint8Array[]), (pointer, size) => {
        this.#handle.check((writer) => begin(writer, pointer, size));
      });
      bytes = memory.copy(object.dataAddress(), object.dataSize());
    } else {
      this.#handle.check((writer) => begin(writer, 0, 0));
      bytes = array.bytes();
      memory.stream(bytes, (pointer, size) => {
        this.#handle.check((writer) => writer.append(pointer, size));
      });
    }
    this.#handle.check((writer) => writer.endTensor());
    const padding = object.padding();
    return this.#enqueue(async () => {
      const sink = await this.#dataSink();
      const file = `${this.path}${this.#dataSuffix}`;
      await this.#write(sink, file, bytes);
      if (padding > 0) await this.#write(sink, file, new Uint8Array(padding));
    });
  }

  // One write after the other. A failure is seen by whoever waits for it, and by finish().
  #enqueue(write: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(write);
    this.#tail.catch(() => {});
    return this.#tail;
  }

  #begin(): Promise<FileTransaction> {
    this.#transaction ??= this.#start();
    return this.#transaction;
  }

  async #start(): Promise<FileTransaction> {
    if (this.#options.storage === undefined) {
      await engine().host.storage.makeParent(this.#location);
    }
    return beginTransaction(this.#location.files);
  }

  get #numShards(): number {
    return this.#options.numShards ?? 1;
  }

  get #dataSuffix(): string {
    const digits = (n: number) => String(n).padStart(5, '0');
    return `.data-${digits(this.#shard)}-of-${digits(this.#numShards)}`;
  }

  async #closeShard(): Promise<void> {
    const sink = await this.#dataSink();
    await sink.close();
    this.#sink = undefined;
    this.#shard += 1;
  }

  #dataSink(): Promise<ByteSink> {
    this.#sink ??= this.#begin().then((transaction) =>
      transaction.create(this.#location.name + this.#dataSuffix),
    );
    return this.#sink;
  }

  async #write(sink: ByteSink, file: string, bytes: Uint8Array): Promise<void> {
    const { signal, onProgress } = this.#options;
    for (let at = 0; at < bytes.length; at += PIECE) {
      signal?.throwIfAborted();
      const piece = bytes.subarray(at, at + PIECE);
      try {
        await sink.write(piece);
      } catch (error) {
        throw fromHost(error, file, this.#options);
      }
      this.#done += piece.length;
      onProgress?.({ done: this.#done, total: this.#done, phase: 'write' });
    }
  }
}
