/** Keeping values and gradients within bounds. */

import { ValueError } from '../core/errors.js';
import { composite, convert, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import { onesLike, stack, where } from './array-ops.js';
import { type Gradient, IndexedSlices } from './gradients.js';
import type { Tensor } from './graph.js';
import { greater, isFinite as isFiniteOp, maximum, minimum, multiply, sqrt } from './math.js';
import { l2Loss } from './nn.js';
import { constant, identity } from './ops.js';
import { reduceSum } from './reductions.js';

/** Every element within [`clipValueMin`, `clipValueMax`]. */
export function clipByValue(
  t: TensorLike,
  clipValueMin: TensorLike,
  clipValueMax: TensorLike,
  options: NameOption = {},
): Tensor {
  return composite([t], options, 'clip_by_value', (name) => {
    const low = minimum(convert(t, 't'), clipValueMax);
    return maximum(low, clipValueMin, { name });
  });
}

/** `t`, scaled down to the 2-norm `clipNorm` where it is longer. */
export function clipByNorm(
  t: TensorLike,
  clipNorm: TensorLike,
  options: NameOption & { readonly axes?: readonly number[] | undefined } = {},
): Tensor {
  return composite([t], options, 'clip_by_norm', (name) => {
    const values = convert(t, 't');
    const sum = reduceSum(values.mul(values), { axis: options.axes, keepdims: true });
    const positive = greater(sum, 0);
    const safe = where(positive, sum, onesLike(sum));
    const norm = where(positive, sqrt(safe), sum);
    return identity(values.mul(clipNorm).div(maximum(norm, clipNorm)), { name });
  });
}

const valuesOf = (each: Tensor | IndexedSlices) =>
  each instanceof IndexedSlices ? each.values : each;

/** The 2-norm of all tensors together; `null`s do not count. */
export function globalNorm(tList: readonly Gradient[], options: NameOption = {}): Tensor {
  const tensors = tList.filter((each) => each !== null).map(valuesOf);
  if (tensors.length === 0) throw new ValueError('t_list should be a sequence');
  return composite(tensors, options, 'global_norm', () => {
    const halves = tensors.map((each) => l2Loss(each));
    const half = reduceSum(stack(halves));
    const two = constant(2, { dtype: half.dtype });
    return sqrt(half.mul(two), { name: 'global_norm' });
  });
}

/**
 * All tensors scaled down together to the global norm `clipNorm` where theirs is larger.
 * @returns the list and the norm it had.
 */
export function clipByGlobalNorm(
  tList: readonly Gradient[],
  clipNorm: TensorLike,
  options: NameOption & { readonly useNorm?: Tensor | undefined } = {},
): { readonly list: Gradient[]; readonly globalNorm: Tensor } {
  const norm = options.useNorm ?? globalNorm(tList);
  return composite([norm], options, 'clip_by_global_norm', (name) => {
    const one = constant(1, { dtype: norm.dtype });
    const scale = minimum(one.div(norm), one.div(clipNorm)).mul(clipNorm);
    // A norm that is no number makes no gradient look sound.
    const nan = constant(Number.NaN, { dtype: norm.dtype });
    const factor = where(isFiniteOp(norm), scale, nan);
    const list = tList.map((each, i) => {
      if (each === null) return null;
      const clipped = identity(multiply(valuesOf(each), factor), { name: `${name}_${i}` });
      return each instanceof IndexedSlices
        ? new IndexedSlices(clipped, each.indices, each.denseShape)
        : clipped;
    });
    return { list, globalNorm: norm };
  });
}
