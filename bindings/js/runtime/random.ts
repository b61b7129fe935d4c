/** Random tensors with TensorFlow's bits: `tf.truncated_normal` and its like. */

import { asDType, type DTypeLike } from '../core/dtype.js';
import type { NameOption } from './apply.js';
import { callForTensor, type TensorLike } from './arguments.js';
import type { GraphCallHandle } from './engine-types.js';
import { integerSeed, type Tensor } from './graph.js';

/** What every random op takes. */
export interface RandomOptions extends NameOption {
  /** Default float32. */
  readonly dtype?: DTypeLike | undefined;
  /** The op's seed; beside the graph's (`tf.setRandomSeed`) it decides the numbers. Without both: fresh ones. */
  readonly seed?: number | bigint | undefined;
}

/** Options of the normal distributions. */
export interface NormalOptions extends RandomOptions {
  /** Default 0. */
  readonly mean?: TensorLike | undefined;
  /** Default 1. */
  readonly stddev?: TensorLike | undefined;
}

/** Options of {@link randomUniform}. */
export interface UniformOptions extends RandomOptions {
  /** The lower bound, included. Default 0. */
  readonly minval?: TensorLike | undefined;
  /** The upper bound, excluded. Default 1; integers have none. */
  readonly maxval?: TensorLike | undefined;
}

function setOptions(call: GraphCallHandle, { dtype, seed, name }: RandomOptions): void {
  if (dtype !== undefined) call.setDType(asDType(dtype).asDatatypeEnum);
  if (seed !== undefined) call.setSeed(integerSeed(seed));
  if (name !== undefined) call.setName(name);
}

/**
 * Normally distributed values, those more than two standard deviations from the mean drawn again.
 * The bits are TensorFlow's (Philox4x32-10 and Box-Muller, tensorflow/core/lib/random).
 */
export function truncatedNormal(shape: TensorLike, options: NormalOptions = {}): Tensor {
  return callForTensor([shape, options.mean ?? 0, options.stddev ?? 1], (call) => {
    setOptions(call, options);
    return call.truncatedNormal();
  });
}

/** Normally distributed values. */
export function randomNormal(shape: TensorLike, options: NormalOptions = {}): Tensor {
  return callForTensor([shape, options.mean ?? 0, options.stddev ?? 1], (call) => {
    setOptions(call, options);
    return call.randomNormal();
  });
}

/**
 * Values evenly distributed in [minval, maxval).
 * @throws {ValueError} `Must specify maxval for integer dtype tf.int32`
 */
export function randomUniform(shape: TensorLike, options: UniformOptions = {}): Tensor {
  const bounds = [options.minval ?? 0, ...(options.maxval === undefined ? [] : [options.maxval])];
  return callForTensor([shape, ...bounds], (call) => {
    setOptions(call, options);
    return call.randomUniform();
  });
}
