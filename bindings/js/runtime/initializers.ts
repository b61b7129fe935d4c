/** Initializers: functions that make a variable's first value, given its shape. */

import { ndarray } from '../core/array-like.js';
import { asDType, type DType, type DTypeLike, float32 } from '../core/dtype.js';
import { NDArray } from '../core/ndarray.js';
import type { TensorLike } from './arguments.js';
import { callForTensor } from './arguments.js';
import { nameScope, type Tensor } from './graph.js';
import { constant } from './ops.js';
import { randomUniform } from './random.js';

/** Which part of a partitioned variable is being made. */
export interface PartitionInfo {
  readonly fullShape: readonly number[];
  readonly varOffset: readonly number[];
}

/** Gives the first value of a variable of `shape`; called while the variable is being made. */
export type Initializer = (
  shape: readonly number[],
  dtype: DType,
  partitionInfo?: PartitionInfo,
) => TensorLike;

/** Options of initializers that draw numbers. */
export interface RandomInitializerOptions {
  readonly seed?: number | bigint | undefined;
  /** For callers that name no dtype. Default float32. */
  readonly dtype?: DTypeLike | undefined;
}

/** From here on, a value is filled in when the graph runs instead of standing in it. */
const SMALL = 1000;

// array_ops.zeros and ones, tensorflow/python/ops/array_ops.py.
function filled(name: string, number: 0 | 1, shape: readonly number[], dtype: DType): Tensor {
  const one = dtype.kind === 'bool' ? number === 1 : dtype.name === 'string' ? '' : number;
  return nameScope(name, (scope) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (size < SMALL) {
      const value =
        size > 0 || dtype.arrayType === undefined
          ? undefined
          : new NDArray(dtype, shape, new dtype.arrayType(0));
      return constant(value ?? ndarray(one, undefined, dtype), {
        ...(value === undefined ? { shape } : {}),
        name: scope,
      });
    }
    const dims = constant(ndarray([...shape], undefined, 'int32'), { name: 'shape_as_tensor' });
    return callForTensor([dims, constant(ndarray(one, undefined, dtype))], (call) => {
      call.setName(scope);
      return call.apply('Fill');
    });
  });
}

/** Zeros, `false` or empty strings: `tf.zeros_initializer`. */
export function zerosInitializer({
  dtype,
}: {
  readonly dtype?: DTypeLike | undefined;
} = {}): Initializer {
  const own = asDType(dtype ?? float32);
  return (shape, asked) => filled('zeros', 0, shape, asked ?? own);
}

/** Ones, or `true`: `tf.ones_initializer`. */
export function onesInitializer({
  dtype,
}: {
  readonly dtype?: DTypeLike | undefined;
} = {}): Initializer {
  const own = asDType(dtype ?? float32);
  return (shape, asked) => filled('ones', 1, shape, asked ?? own);
}

/**
 * Glorot's and Bengio's uniform values: within ±sqrt(6 / (fanIn + fanOut)). What `tf.getVariable` takes for variables
 * of floating types: `tf.glorot_uniform_initializer`.
 */
export function glorotUniformInitializer(options: RandomInitializerOptions = {}): Initializer {
  const own = asDType(options.dtype ?? float32);
  return (shape, asked, partitionInfo) => {
    const [fanIn, fanOut] = fans(partitionInfo?.fullShape ?? shape);
    const limit = Math.sqrt(3 / Math.max(1, (fanIn + fanOut) / 2));
    return randomUniform(ndarray([...shape], undefined, 'int32'), {
      minval: -limit,
      maxval: limit,
      dtype: asked ?? own,
      seed: options.seed,
    });
  };
}

/** The number of inputs and outputs of a layer whose weights have `shape`. @internal */
export function fans(shape: readonly number[]): [fanIn: number, fanOut: number] {
  if (shape.length < 2) return [shape[0] ?? 1, shape[0] ?? 1];
  const field = shape.slice(0, -2).reduce((product, dim) => product * dim, 1);
  return [field * shape.at(-2)!, field * shape.at(-1)!];
}
