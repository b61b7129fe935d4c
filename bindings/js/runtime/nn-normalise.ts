/** `tf.nn`: dropout, moments, batch normalisation, lookups. */

import { ndarray } from '../core/array-like.js';
import { float32, int32 } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { apply, applyAll, composite, convert, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import { concat, gather, shape, squeeze, stopGradient } from './array-ops.js';
import { Tensor } from './graph.js';
import { add, cast, floordiv, floormod, rsqrt, squaredDifference } from './math.js';
import { applyOperator } from './operators.js';
import { constant, identity } from './ops.js';
import { PartitionedVariable } from './partitioned-variable.js';
import { randomUniform } from './random.js';
import { reduceMean } from './reductions.js';
import { Variable } from './variable.js';

/** Options of {@link dropout}; `rate` or, in its stead, `keepProb` is needed. */
export interface DropoutOptions extends NameOption {
  /** The part of the elements that is dropped, in [0, 1). */
  readonly rate?: number | Tensor | undefined;
  /** `1 - rate` */
  readonly keepProb?: number | Tensor | undefined;
  /** The shape of the decisions, broadcast to that of `x`. */
  readonly noiseShape?: TensorLike | undefined;
  readonly seed?: number | bigint | undefined;
}

/** `%g`, as far as a rate can go. */
const general = (value: number) => String(Number(value.toPrecision(6)));

/**
 * `x` with elements set to 0 at random and the others scaled up to keep the sum: `tf.nn.dropout(x, { rate: 0.4 })`
 * or, as in TensorFlow 1, `tf.nn.dropout(x, keepProb)`.
 * @throws {ValueError} `rate must be a scalar tensor or a float in the range [0, 1), got 1.5`
 */
export function dropout(
  x: TensorLike,
  keepProbOrOptions: number | Tensor | DropoutOptions,
  more: DropoutOptions = {},
): Tensor {
  const given = keepProbOrOptions;
  const options: DropoutOptions =
    typeof given === 'number' || given instanceof Tensor ? { ...more, keepProb: given } : given;
  const { keepProb } = options;
  const kept =
    keepProb instanceof Tensor
      ? applyOperator('sub', 1, keepProb)
      : keepProb === undefined
        ? undefined
        : 1 - keepProb;
  const rate = options.rate ?? kept;
  if (rate === undefined) throw new ValueError('You must provide a rate to dropout.');
  return composite([x], options, 'dropout', () => {
    const input = convert(x, 'x');
    if (input.dtype.kind !== 'float') {
      throw new ValueError(
        `x has to be a floating point tensor since it's going to be scaled. Got a ${input.dtype} tensor instead.`,
      );
    }
    if (typeof rate === 'number' && !(rate >= 0 && rate < 1)) {
      throw new ValueError(
        `rate must be a scalar tensor or a float in the range [0, 1), got ${general(rate)}`,
      );
    }
    if (rate === 0) return input;
    const dropped = convert(rate, 'rate', input.dtype);
    const random = randomUniform(options.noiseShape ?? shape(input), {
      dtype: input.dtype,
      seed: options.seed,
    });
    const scale = applyOperator('div', 1, applyOperator('sub', 1, dropped));
    const keep = apply('GreaterEqual', [random, dropped]);
    const result = input.mul(scale).mul(cast(keep, input.dtype));
    if (input.shape !== undefined) result.setShape(input.shape);
    return result;
  });
}

/** Options of {@link moments}. */
export interface MomentsOptions extends NameOption {
  readonly keepdims?: boolean | undefined;
}

/** Mean and variance over `axes`. */
export function moments(
  x: TensorLike,
  axes: readonly number[],
  options: MomentsOptions = {},
): { readonly mean: Tensor; readonly variance: Tensor } {
  return composite([x], options, 'moments', () => {
    const y = convert(x, 'x');
    const axis = ndarray([...axes], [axes.length], int32);
    const mean = reduceMean(y, { axis, keepdims: true, name: 'mean' });
    const difference = squaredDifference(y, stopGradient(mean));
    const variance = reduceMean(difference, { axis, keepdims: true, name: 'variance' });
    if (options.keepdims) return { mean, variance };
    return { mean: squeeze(mean, axes), variance: squeeze(variance, axes) };
  });
}

/** `(x - mean) / sqrt(variance + varianceEpsilon) * scale + offset`; `offset` and `scale` may be null. */
export function batchNormalization(
  x: TensorLike,
  mean: TensorLike,
  variance: TensorLike,
  offset: TensorLike | null,
  scale: TensorLike | null,
  varianceEpsilon: number,
  options: NameOption = {},
): Tensor {
  return composite([x, mean, variance], options, 'batchnorm', () => {
    const input = convert(x, 'x');
    let inv = rsqrt(convert(variance).add(varianceEpsilon));
    if (scale !== null) inv = inv.mul(scale);
    const centre = convert(mean).mul(inv);
    const shift = offset === null ? apply('Neg', [centre]) : convert(offset).sub(centre);
    return input.mul(inv).add(shift);
  });
}

/** Options of {@link fusedBatchNorm}. */
export interface FusedBatchNormOptions extends NameOption {
  /** The moments to use when `isTraining` is false. */
  readonly mean?: TensorLike | undefined;
  readonly variance?: TensorLike | undefined;
  /** Default 0.001. */
  readonly epsilon?: number | undefined;
  /** The channels are last: `'NHWC'`, which is the only one that runs. */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
  /** Whether the moments are those of `x`. Default true. */
  readonly isTraining?: boolean | undefined;
}

/** What {@link fusedBatchNorm} gives. */
export interface FusedBatchNormResult {
  readonly y: Tensor;
  readonly batchMean: Tensor;
  /** With rows - 1 in its denominator, when training. */
  readonly batchVariance: Tensor;
}

/** A smaller epsilon is raised to this, as cuDNN asks. */
const MIN_EPSILON = 1.001e-5;

/**
 * Batch normalisation of float32 images [batch, rows, columns, channels] by one operation.
 * @throws {ValueError} `Both 'mean' and 'variance' must be None if is_training is True.`
 */
export function fusedBatchNorm(
  x: TensorLike,
  scale: TensorLike,
  offset: TensorLike,
  options: FusedBatchNormOptions = {},
): FusedBatchNormResult {
  const { mean, variance, epsilon = 0.001, isTraining = true } = options;
  const inputs = [convert(x, 'input'), convert(scale, 'scale'), convert(offset, 'offset')];
  if (isTraining && (mean !== undefined || variance !== undefined)) {
    throw new ValueError("Both 'mean' and 'variance' must be None if is_training is True.");
  }
  const none = () => constant(ndarray([], [0], float32));
  const [y, batchMean, batchVariance] = applyAll(
    'FusedBatchNormV3',
    [...inputs, mean ?? none(), variance ?? none()],
    { name: options.name },
    {
      epsilon: { float: Math.max(epsilon, MIN_EPSILON) },
      data_format: options.dataFormat,
      is_training: isTraining,
    },
  );
  return { y: y!, batchMean: batchMean!, batchVariance: batchVariance! };
}

/** Options of {@link embeddingLookup}. */
export interface EmbeddingOptions extends NameOption {
  /**
   * How rows are dealt out among several tables. `'mod'` (the default): row `i` is in table `i % n`; `'div'`: the first
   * rows are in the first table, as those of a partitioned variable are.
   */
  readonly partitionStrategy?: 'mod' | 'div' | undefined;
}

/**
 * The rows of `params`, one table or the parts of one, that `ids` say: `tf.nn.embedding_lookup`.
 * @throws {ValueError} `Need at least one param`
 */
export function embeddingLookup(
  params: TensorLike | PartitionedVariable | readonly (Tensor | Variable)[],
  ids: TensorLike,
  options: EmbeddingOptions = {},
): Tensor {
  const tables = tablesOf(params);
  if (tables.length === 0) throw new ValueError('Need at least one param');
  const { partitionStrategy = 'mod' } = options;
  if (partitionStrategy !== 'mod' && partitionStrategy !== 'div') {
    throw new ValueError(`Unrecognized partition strategy: ${partitionStrategy}`);
  }
  return composite([...tables, ids], options, 'embedding_lookup', (name) => {
    const rows = convert(ids, 'ids');
    if (tables.length === 1) return identity(gather(tables[0]!, rows), { name });
    const table = concat(tables, 0);
    if (partitionStrategy === 'div') return gather(table, rows, { name });
    const sizes = tables.map((each) => convert(each).shape?.[0] ?? Number.NaN);
    if (sizes.includes(Number.NaN))
      throw new ValueError('The number of rows of each part must be known.');
    const starts = [0];
    for (const size of sizes.slice(0, -1)) starts.push(starts.at(-1)! + size);
    const count = constant(tables.length, { dtype: rows.dtype });
    const start = gather(ndarray(starts, [starts.length], rows.dtype), floormod(rows, count));
    return gather(table, add(start, floordiv(rows, count)), { name });
  });
}

function tablesOf(
  params: TensorLike | PartitionedVariable | readonly (Tensor | Variable)[],
): readonly TensorLike[] {
  if (params instanceof PartitionedVariable) return params.variables;
  const isList =
    Array.isArray(params) &&
    params.every((each) => each instanceof Tensor || each instanceof Variable);
  return isList ? params : [params as TensorLike];
}
