/// tf.BundleWriter: writes a checkpoint in TensorFlow's V2 format, as TensorFlow's C++ BundleWriter does.

import { type NDArrayLike, ndarray } from './array-like.js';
import type { BundleWriterObject } from './codec-module.js';
import { string } from './dtype.js';
import { engine } from './engine.js';
import { fromHost } from './error-mapping.js';
import { FailedPreconditionError, UnimplementedError } from './errors.js';
import { beginTransaction } from './file-transaction.js';
import { Handle } from './handle.js';
import { encodeName } from './names.js';
import type { NDArray } from './ndarray.js';
import { codec } from './operation.js';
import { packStrings } from './packed-strings.js';
import type { ByteSink, FileSet, FileTransaction, Location, OperationOptions } from './types.js';

/** Options of {@link BundleWriter}. */
export interface BundleWriterOptions extends OperationOptions {
  /** After each tensor zeros are written up to a multiple of this. Default 1: none. */
  readonly dataAlignment?: number | undefined;
  /** The folder that the path is a name in. Default: what the path itself says. */
  readonly storage?: FileSet | undefined;
}

/** So much is handed to the storage at a time. */
const PIECE = 4 << 20;

/**
 * Writes a checkpoint of one shard. The files appear together when `finish()` resolves; until then, and if anything
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
    const bytes =
      array.dtype === string ? this.#addStrings(key, array) : this.#addNumbers(key, array);
    this.#handle.check((writer) => writer.endTensor());
    const padding = this.#handle.object.padding();
    return this.#enqueue(async () => {
      const sink = await this.#dataSink();
      await this.#write(sink, this.#dataFile, bytes);
      if (padding > 0) await this.#write(sink, this.#dataFile, new Uint8Array(padding));
    });
  }

  /**
   * Adds a slice of a partitioned tensor.
   * @throws {UnimplementedError} always, in this version.
   */
  addSlice(
    fullKey: string,
    _fullShape: readonly number[],
    spec: string,
    _value: NDArrayLike,
  ): never {
    throw new UnimplementedError(
      `Writing slice ${spec} of tensor ${fullKey} is not supported yet`,
      {
        hint: 'Join the slices and add() the whole tensor.',
      },
    );
  }

  /** Writes the index and makes the checkpoint appear. The writer takes nothing more afterwards. */
  async finish(): Promise<void> {
    const { object } = this.#handle;
    try {
      await this.#tail;
      const data = await this.#dataSink();
      this.#handle.check(() => object.finish());
      const index = engine().memory.copy(object.indexAddress(), object.indexSize());
      await data.close();
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

  #addNumbers(key: string, array: NDArray): Uint8Array {
    const { dtype, shape } = array;
    const name = encodeName(key);
    this.#handle.check((writer) => writer.add(name, dtype.asDatatypeEnum, shape.join(',')));
    const bytes = array.bytes();
    engine().memory.stream(bytes, (pointer, size) => {
      this.#handle.check((writer) => writer.append(pointer, size));
    });
    return bytes;
  }

  #addStrings(key: string, array: NDArray): Uint8Array {
    const dims = array.shape.join(',');
    const name = encodeName(key);
    const { memory } = engine();
    memory.withBytes(packStrings(array.data as readonly Uint8Array[]), (pointer, size) => {
      this.#handle.check((writer) => writer.addStrings(name, dims, pointer, size));
    });
    const { object } = this.#handle;
    return memory.copy(object.dataAddress(), object.dataSize());
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

  get #dataFile(): string {
    return `${this.path}.data-00000-of-00001`;
  }

  #dataSink(): Promise<ByteSink> {
    this.#sink ??= this.#begin().then((transaction) =>
      transaction.create(`${this.#location.name}.data-00000-of-00001`),
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
