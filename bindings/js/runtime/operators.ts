/** Python's `+ - * /` on tensors. */

import { callForTensor, type TensorLike } from './arguments.js';
import type { Tensor } from './graph.js';

/** engine/ops/math.h: Operator */
const NUMBERS = { add: 0, sub: 1, mul: 2, div: 3 } as const;

/** `x + y` and its like: named `add`, `sub`, `mul`, `truediv` in the graph, with ops AddV2, Sub,
 * Mul, RealDiv. */
export function applyOperator(name: keyof typeof NUMBERS, x: TensorLike, y: TensorLike): Tensor {
  return callForTensor([x, y], (call) => call.applyOperator(NUMBERS[name]));
}
