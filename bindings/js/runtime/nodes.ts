/** The nodes behind what users hold. */

import { type Operation, Tensor } from './graph.js';
import { Variable } from './variable.js';

/** What an operation may wait for. */
export type ControlInput = Tensor | Operation | Variable;

/** The node behind a tensor, operation or variable. */
export function nodeOf(input: ControlInput): number {
  return input instanceof Tensor || input instanceof Variable ? input.op.id : input.id;
}
