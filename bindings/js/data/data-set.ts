/// DataSet: images and labels in batches, as TensorFlow's MNIST reader gives them.

import { DType, float32, float64, uint8 } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { NDArray } from '../core/ndarray.js';
import { Shuffler } from './shuffler.js';

/** Images of one size and a class from 0 to 9 for each; what a {@link DataSet} is made of. */
export interface Examples {
  /** `numExamples` images of `rows * columns` pixels from 0 to 255. */
  readonly pixels: Uint8Array;
  readonly classes: Uint8Array;
  readonly rows: number;
  readonly columns: number;
}

/** How a {@link DataSet} presents its examples. */
export interface DataSetOptions {
  /** Labels as rows of ten numbers, float64, instead of uint8 classes. Default false. */
  readonly oneHot?: boolean | undefined;
  /** `float32` (default): pixels from 0 to 1. `uint8`: from 0 to 255. */
  readonly dtype?: DType | 'float32' | 'uint8' | undefined;
  /** Images as rows, shape `[n, rows * columns]` (default), instead of `[n, rows, columns, 1]`. */
  readonly reshape?: boolean | undefined;
  /** Decides every order of the examples, by default together with the graph-level seed (`tf.setRandomSeed`). */
  readonly seed?: number | undefined;
}

const NUM_CLASSES = 10;

/**
 * A part of a data set. `nextBatch` goes through the examples in a random order, epoch after epoch
 * (tensorflow/contrib/learn/python/learn/datasets/mnist.py; the order itself is this project's own).
 */
export class DataSet {
  readonly numExamples: number;
  readonly #examples: Examples;
  readonly #options: DataSetOptions;
  #order: Uint32Array;
  #shuffler: Shuffler | undefined;
  #position = 0;
  #epochs = 0;

  /** @throws {TypeError} for a dtype that is neither float32 nor uint8. */
  constructor(examples: Examples, options: DataSetOptions = {}) {
    const { dtype = float32 } = options;
    const name = dtype instanceof DType ? dtype.name : dtype;
    if (name !== 'float32' && name !== 'uint8') {
      throw new TypeError(`Invalid image dtype ${name}, expected uint8 or float32`);
    }
    this.numExamples = examples.classes.length;
    this.#examples = examples;
    this.#options = { ...options, dtype: name };
    this.#order = Uint32Array.from({ length: this.numExamples }, (_, i) => i);
  }

  /** All images, in the order of the file. A new array each time. */
  get images(): NDArray {
    return this.#images(Uint32Array.from({ length: this.numExamples }, (_, i) => i));
  }

  /** All labels, in the order of the file. A new array each time. */
  get labels(): NDArray {
    return this.#labels(Uint32Array.from({ length: this.numExamples }, (_, i) => i));
  }

  /** How often all examples have been given out. */
  get epochsCompleted(): number {
    return this.#epochs;
  }

  /**
   * The next `batchSize` examples: `[images, labels]`. Where an epoch ends within the batch, the beginning of the next
   * one, in its own new order, fills it up; the batch is always whole.
   *
   * @throws {ValueError} when `batchSize` is no whole number from 1 to `numExamples`.
   */
  nextBatch(batchSize: number, { shuffle = true }: { shuffle?: boolean } = {}): [NDArray, NDArray] {
    if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > this.numExamples) {
      throw new ValueError(
        `Batch size should be between 1 and ${this.numExamples}. Received: ${batchSize}.`,
      );
    }
    if (this.#epochs === 0 && this.#position === 0 && shuffle) this.#shuffle();
    const chosen = new Uint32Array(batchSize);
    const rest = this.#order.subarray(this.#position, this.#position + batchSize);
    chosen.set(rest);
    this.#position += batchSize;
    if (rest.length < batchSize) {
      this.#epochs += 1;
      if (shuffle) this.#shuffle();
      this.#position = batchSize - rest.length;
      chosen.set(this.#order.subarray(0, this.#position), rest.length);
    }
    return [this.#images(chosen), this.#labels(chosen)];
  }

  #shuffle(): void {
    this.#shuffler ??= new Shuffler(this.numExamples, this.#options.seed);
    const order = this.#order;
    this.#order = this.#shuffler.next().map((i) => order[i]!);
  }

  #images(chosen: Uint32Array): NDArray {
    const { pixels, rows, columns } = this.#examples;
    const size = rows * columns;
    const scaled = this.#options.dtype === 'float32';
    const data = new (scaled ? Float32Array : Uint8Array)(chosen.length * size);
    chosen.forEach((example, i) => {
      data.set(pixels.subarray(example * size, (example + 1) * size), i * size);
    });
    // numpy multiplies in float32, by the float32 nearest to 1/255.
    if (scaled) {
      const scale = Math.fround(1 / 255);
      for (let i = 0; i < data.length; i += 1) data[i]! *= scale;
    }
    const shape = this.#options.reshape === false ? [rows, columns, 1] : [size];
    return new NDArray(scaled ? float32 : uint8, [chosen.length, ...shape], data);
  }

  #labels(chosen: Uint32Array): NDArray {
    const { classes } = this.#examples;
    if (this.#options.oneHot !== true) {
      return new NDArray(
        uint8,
        [chosen.length],
        Uint8Array.from(chosen, (example) => classes[example]!),
      );
    }
    const data = new Float64Array(chosen.length * NUM_CLASSES);
    chosen.forEach((example, i) => {
      data[i * NUM_CLASSES + classes[example]!] = 1;
    });
    return new NDArray(float64, [chosen.length, NUM_CLASSES], data);
  }
}
