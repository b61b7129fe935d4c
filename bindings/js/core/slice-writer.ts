/// tf.TensorSliceWriter: writes a file of TensorFlow's older V1 format, as TensorFlow's C++ TensorSliceWriter does.

import { type NDArrayLike, ndarray } from './array-like.js';
import type { V1WriterObject } from './codec-module.js';
import { string } from './dtype.js';
import { engine } from './engine.js';
import { fromHost } from './error-mapping.js';
import { createAlone } from './file-transaction.js';
import { Handle } from './handle.js';
import { encodeName } from './names.js';
import type { NDArray } from './ndarray.js';
import { codec } from './operation.js';
import { packStrings } from './packed-strings.js';
import { requireSliceShape } from './slice-spec.js';
import type { FileSet, Location, OperationOptions } from './types.js';

/** Options of {@link TensorSliceWriter}. */
export interface TensorSliceWriterOptions extends OperationOptions {
  /** The folder that the path is a name in. Default: what the path itself says. */
  readonly storage?: FileSet | undefined;
}

/** So much is handed to the storage at a time. */
const PIECE = 4 << 20;

/**
 * Writes a V1 checkpoint: one file, which appears when `finish()` resolves. A sharded checkpoint is one writer a shard,
 * `model.ckpt-00000-of-00002` and so on. The format keeps values between their names, so all of them stay in memory
 * until then; it has no place for bfloat16, uint32, uint64, resources and variants.
 *
 * @example
 * const writer = new tf.TensorSliceWriter('./model.ckpt');
 * writer.add('Variable', tf.ndarray([1, 2, 3], undefined, 'float32'));
 * await writer.finish();
 */
export class TensorSliceWriter {
  readonly path: string;
  readonly #location: Location;
  readonly #options: TensorSliceWriterOptions;
  readonly #handle: Handle<V1WriterObject>;

  constructor(path: string, options: TensorSliceWriterOptions = {}) {
    const { storage } = options;
    this.path = path;
    this.#options = options;
    this.#location =
      storage === undefined
        ? engine().host.storage.locate(path)
        : { path, files: storage, name: path };
    this.#handle = new Handle(new (codec().V1Writer)(), 'The TensorSliceWriter');
  }

  /**
   * Adds a tensor. The file lists tensors in the order of the calls.
   * @throws {UnimplementedError} `Saving data type bfloat16 not yet supported`
   * @throws {InternalError} `Overlapping slices: ...` when the name was added before.
   * @throws {InvalidArgumentError} `Tensor slice is too large to serialize ...` above about 2 GiB.
   */
  add(name: string, value: NDArrayLike): void {
    const array = ndarray(value);
    this.#add(name, array.shape, undefined, array);
  }

  /**
   * Adds the slice `spec` (`'0,2:-'`) of the tensor `name`, whose shape as a whole is `fullShape`. Otherwise as `add`.
   * @throws {InvalidArgumentError} when the value has another shape than the slice.
   * @throws {InternalError} for a slice that the tensor does not have, and when the name was added with another shape
   *   or type: `Mismatching shapes: ...`; `Overlapping slices: ...` from `finish()`.
   */
  addSlice(name: string, fullShape: readonly number[], spec: string, value: NDArrayLike): void {
    const array = ndarray(value);
    requireSliceShape(name, fullShape, spec, array.shape);
    this.#add(name, fullShape, spec, array);
  }

  /** Writes the file. The writer takes nothing more afterwards. */
  async finish(): Promise<void> {
    const { signal, onProgress, storage } = this.#options;
    try {
      this.#handle.check((writer) => writer.finish());
      const { object } = this.#handle;
      const { memory, host } = engine();
      const total = object.size();
      signal?.throwIfAborted();
      if (storage === undefined) await host.storage.makeParent(this.#location);
      const sink = await createAlone(this.#location.files, this.#location.name);
      try {
        for (let at = 0; at < total; at += PIECE) {
          signal?.throwIfAborted();
          const piece = memory.copy(object.address() + at, Math.min(PIECE, total - at));
          await sink.write(piece);
          onProgress?.({ done: at + piece.length, total, phase: 'write' });
        }
        await sink.close();
      } catch (error) {
        await sink.abort(error);
        throw error;
      }
    } catch (error) {
      throw fromHost(error, this.path, this.#options);
    } finally {
      this.#handle.close();
    }
  }

  /** Gives up: nothing is written. No effect after `finish()`. */
  close(): void {
    this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #add(name: string, fullShape: readonly number[], spec: string | undefined, array: NDArray): void {
    const { dtype, data } = array;
    const key = encodeName(name);
    const dims = fullShape.join(',');
    const isStrings = dtype === string;
    const bytes = isStrings ? packStrings(data as readonly Uint8Array[]) : array.bytes();
    engine().memory.withBytes(bytes, (pointer, size) => {
      this.#handle.check((writer) =>
        writer.add(key, dtype.asDatatypeEnum, dims, spec ?? '', spec === undefined, pointer, size),
      );
    });
  }
}
