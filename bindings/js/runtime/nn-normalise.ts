/** `tf.nn`: dropout, moments, batch normalisation, lookups. */

import { ndarray } from '../core/array-like.js';
import { int32 } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { apply, composite, convert, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import { gather, shape, squeeze, stopGradient } from './array-ops.js';
import { Tensor } from './graph.js';
import { cast, rsqrt, squaredDifference } from './math.js';
import { applyOperator } from './operators.js';
import { identity } from './ops.js';
import { randomUniform } from './random.js';
import { reduceMean } from './reductions.js';

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

/** The rows of `params` that `ids` say: `tf.nn.embedding_lookup` of one table. */
export function embeddingLookup(
  params: TensorLike | readonly [TensorLike],
  ids: TensorLike,
  options: NameOption = {},
): Tensor {
  const table =
    Array.isArray(params) && params.length === 1 && params[0] instanceof Tensor
      ? params[0]
      : params;
  return composite([table as TensorLike, ids], options, 'embedding_lookup', (name) =>
    identity(gather(table as TensorLike, convert(ids, 'ids')), { name }),
  );
}
