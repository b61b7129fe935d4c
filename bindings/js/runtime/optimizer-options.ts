/** How optimizers take their arguments. */

import { Tensor } from './graph.js';
import type { HyperParameter } from './optimizer.js';
import { Variable } from './variable.js';

/** Options that name the learning rate as well: `{ learningRate: 0.1 }`, Python's `learning_rate=0.1`. */
export type WithLearningRate<T> = T & { readonly learningRate?: HyperParameter | undefined };

/** Both, whichever way they were given. @internal */
export function rateAndOptions<T extends object>(
  first: HyperParameter | WithLearningRate<T> | undefined,
  second: T,
  fallback?: number,
): readonly [rate: HyperParameter, options: T] {
  const isRate = typeof first !== 'object' || first instanceof Tensor || first instanceof Variable;
  const options = isRate ? second : first;
  const rate = (isRate ? first : first.learningRate) ?? fallback;
  if (rate === undefined) {
    throw new TypeError("__init__() missing 1 required positional argument: 'learning_rate'");
  }
  return [rate, options];
}
