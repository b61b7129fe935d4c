/** The initializers of `tf` beside zeros, ones and Glorot's: `tf.variance_scaling_initializer` and its like. */

import { type NDArrayLike, ndarray } from '../core/array-like.js';
import { asDType, type DTypeLike, float32 } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { apply, applyAll } from './apply.js';
import { reshape } from './array-ops.js';
import { nameScope, type Tensor } from './graph.js';
import { fans, type Initializer, type RandomInitializerOptions } from './initializers.js';
import { sign } from './math.js';
import { applyOperator } from './operators.js';
import { constant } from './ops.js';
import { randomNormal, randomUniform, truncatedNormal } from './random.js';

/** Options of the normal initializers. */
export interface NormalInitializerOptions extends RandomInitializerOptions {
  /** Default 0. */
  readonly mean?: number | undefined;
  /** Default 1. */
  readonly stddev?: number | undefined;
}

/** Options of {@link randomUniformInitializer}. */
export interface UniformInitializerOptions extends RandomInitializerOptions {
  /** Default 0. */
  readonly minval?: number | undefined;
  /** Default 1. */
  readonly maxval?: number | undefined;
}

/** Options of {@link varianceScalingInitializer}. */
export interface VarianceScalingOptions extends RandomInitializerOptions {
  /** Default 1. */
  readonly scale?: number | undefined;
  /** Default `'fan_in'`. */
  readonly mode?: 'fan_in' | 'fan_out' | 'fan_avg' | undefined;
  /** Default `'truncated_normal'`. */
  readonly distribution?:
    | 'truncated_normal'
    | 'normal'
    | 'untruncated_normal'
    | 'uniform'
    | undefined;
}

type Draw = (
  shape: NDArrayLike,
  options: RandomInitializerOptions & { readonly dtype: DTypeLike },
) => Tensor;

function drawn({ dtype, seed }: RandomInitializerOptions, draw: Draw): Initializer {
  const own = asDType(dtype ?? float32);
  return (shape, asked) =>
    draw(ndarray([...shape], undefined, 'int32'), { dtype: asked ?? own, seed });
}

/**
 * A value that every element has, or an array in row-major order whose last element is repeated:
 * `tf.constant_initializer`.
 * @throws {ValueError} `Too many elements provided. Needed at most 2, but received 3`
 */
export function constantInitializer(
  value: NDArrayLike = 0,
  { dtype }: { readonly dtype?: DTypeLike | undefined } = {},
): Initializer {
  const own = asDType(dtype ?? float32);
  return (shape, asked) => constant(value, { dtype: asked ?? own, shape });
}

/** Evenly distributed values in [minval, maxval): `tf.random_uniform_initializer`. */
export function randomUniformInitializer(options: UniformInitializerOptions = {}): Initializer {
  const { minval = 0, maxval = 1 } = options;
  return drawn(options, (shape, own) => randomUniform(shape, { minval, maxval, ...own }));
}

/** Normally distributed values: `tf.random_normal_initializer`. */
export function randomNormalInitializer(options: NormalInitializerOptions = {}): Initializer {
  const { mean = 0, stddev = 1 } = options;
  return drawn(options, (shape, own) => randomNormal(shape, { mean, stddev, ...own }));
}

/** Normally distributed values within two standard deviations: `tf.truncated_normal_initializer`. */
export function truncatedNormalInitializer(options: NormalInitializerOptions = {}): Initializer {
  const { mean = 0, stddev = 1 } = options;
  return drawn(options, (shape, own) => truncatedNormal(shape, { mean, stddev, ...own }));
}

/** Within ±factor * sqrt(3 / number of inputs): `tf.uniform_unit_scaling_initializer`. */
export function uniformUnitScalingInitializer(
  options: RandomInitializerOptions & { readonly factor?: number | undefined } = {},
): Initializer {
  const own = asDType(options.dtype ?? float32);
  return (shape, asked, partitionInfo) => {
    const full = partitionInfo?.fullShape ?? shape;
    const inputs = full.slice(0, -1).reduce((product, dim) => product * dim, 1);
    const limit = Math.sqrt(3 / Math.max(1, inputs)) * (options.factor ?? 1);
    return randomUniform(ndarray([...shape], undefined, 'int32'), {
      minval: -limit,
      maxval: limit,
      dtype: asked ?? own,
      seed: options.seed,
    });
  };
}

/** The standard deviation of a normal distribution that is cut off at two standard deviations. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/**
 * Values whose variance fits the number of a layer's inputs or outputs: `tf.variance_scaling_initializer`.
 * @throws {ValueError} `` `scale` must be positive float. ``
 */
export function varianceScalingInitializer(options: VarianceScalingOptions = {}): Initializer {
  const { scale = 1, mode = 'fan_in', distribution = 'truncated_normal', seed } = options;
  if (!(scale > 0)) throw new ValueError('`scale` must be positive float.');
  if (!['fan_in', 'fan_out', 'fan_avg'].includes(mode)) {
    throw new ValueError(`Invalid \`mode\` argument: ${mode}`);
  }
  if (!['truncated_normal', 'normal', 'untruncated_normal', 'uniform'].includes(distribution)) {
    throw new ValueError(`Invalid \`distribution\` argument: ${distribution}`);
  }
  const own = asDType(options.dtype ?? float32);
  return (shape, asked, partitionInfo) => {
    const [fanIn, fanOut] = fans(partitionInfo?.fullShape ?? shape);
    const n = mode === 'fan_in' ? fanIn : mode === 'fan_out' ? fanOut : (fanIn + fanOut) / 2;
    const variance = scale / Math.max(1, n);
    const dims = ndarray([...shape], undefined, 'int32');
    const common = { dtype: asked ?? own, seed };
    switch (distribution) {
      case 'uniform': {
        const limit = Math.sqrt(3 * variance);
        return randomUniform(dims, { minval: -limit, maxval: limit, ...common });
      }
      case 'untruncated_normal':
        return randomNormal(dims, { stddev: Math.sqrt(variance), ...common });
      default:
        return truncatedNormal(dims, {
          stddev: Math.sqrt(variance) / TRUNCATED_DEVIATION,
          ...common,
        });
    }
  };
}

/** Glorot's and Bengio's normal values: `tf.glorot_normal_initializer`. */
export function glorotNormalInitializer(options: RandomInitializerOptions = {}): Initializer {
  return varianceScalingInitializer({ ...options, mode: 'fan_avg' });
}

/** He's normal values, for layers with relu: `tf.initializers.he_normal`. */
export function heNormal(options: RandomInitializerOptions = {}): Initializer {
  return varianceScalingInitializer({ ...options, scale: 2 });
}

/** He's uniform values: `tf.initializers.he_uniform`. */
export function heUniform(options: RandomInitializerOptions = {}): Initializer {
  return varianceScalingInitializer({ ...options, scale: 2, distribution: 'uniform' });
}

/** LeCun's normal values: `tf.initializers.lecun_normal`. */
export function lecunNormal(options: RandomInitializerOptions = {}): Initializer {
  return varianceScalingInitializer(options);
}

/** LeCun's uniform values: `tf.initializers.lecun_uniform`. */
export function lecunUniform(options: RandomInitializerOptions = {}): Initializer {
  return varianceScalingInitializer({ ...options, distribution: 'uniform' });
}

/**
 * `gain` on the diagonal: `tf.initializers.identity`.
 * @throws {ValueError} `Identity matrix initializer can only be used for 2D matrices.`
 */
export function identityInitializer({
  gain = 1,
  dtype,
}: {
  readonly gain?: number | undefined;
  readonly dtype?: DTypeLike | undefined;
} = {}): Initializer {
  const own = asDType(dtype ?? float32);
  return (shape, asked, partitionInfo) => {
    const full = partitionInfo?.fullShape ?? shape;
    if (full.length !== 2) {
      throw new ValueError('Identity matrix initializer can only be used for 2D matrices.');
    }
    const [rows, columns] = shape as readonly [number, number];
    const [down, right] = partitionInfo?.varOffset ?? [0, 0];
    const values = new Float64Array(rows * columns);
    for (let row = 0; row < rows; ++row) {
      const column = row + down! - right!;
      if (column >= 0 && column < columns) values[row * columns + column] = gain;
    }
    return constant(ndarray(values, [rows, columns], asked ?? own));
  };
}

/**
 * A matrix with orthonormal rows or columns, times `gain`; of more dimensions than two, the last one is the columns:
 * `tf.orthogonal_initializer`.
 * @throws {ValueError} `The tensor to initialize must be at least two-dimensional`
 */
export function orthogonalInitializer(
  options: RandomInitializerOptions & { readonly gain?: number | undefined } = {},
): Initializer {
  const { gain = 1, seed } = options;
  const own = asDType(options.dtype ?? float32);
  return (shape, asked) => {
    if (shape.length < 2) {
      throw new ValueError('The tensor to initialize must be at least two-dimensional');
    }
    const rows = shape.slice(0, -1).reduce((product, dim) => product * dim, 1);
    const columns = shape.at(-1)!;
    const flat = [Math.max(rows, columns), Math.min(rows, columns)];
    const a = randomNormal(ndarray(flat, [2], 'int32'), { dtype: asked ?? own, seed });
    const [factor, r] = applyAll('Qr', [a], {}, { full_matrices: false });
    // Signs make q unique, and so uniformly distributed.
    let q = applyOperator('mul', factor!, sign(apply('DiagPart', [r!])));
    if (rows < columns) {
      q = nameScope('matrix_transpose', () =>
        apply('Transpose', [q, [1, 0]], { name: 'transpose' }),
      );
    }
    return applyOperator('mul', gain, reshape(q, ndarray([...shape], [shape.length], 'int32')));
  };
}
