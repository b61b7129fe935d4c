/** Constants, placeholders, and operations that only wait. */

import { type NDArrayLike, ndarray } from '../core/array-like.js';
import { asDType, type DTypeLike } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import type { NDArray } from '../core/ndarray.js';
import { apply, type NameOption } from './apply.js';
import { callForOperation, callForTensor, dimsText, type TensorLike } from './arguments.js';
import type { Operation, Tensor } from './graph.js';
import { check } from './host.js';
import { type ControlInput, nodeOf } from './nodes.js';

/**
 * A tensor of fixed value: `tf.constant`.
 * Without `dtype`: int32 for whole numbers, float32 for others, a typed array's own type.
 * With `shape`, the last value is repeated to fill it.
 * @throws {ValueError} `Too many elements provided. Needed at most 2, but received 3`
 * @throws {TypeError} `Expected int32, got 1.5 of type 'float' instead.`
 */
export function constant(
  value: NDArrayLike,
  options: NameOption & {
    readonly dtype?: DTypeLike | undefined;
    readonly shape?: readonly number[] | undefined;
  } = {},
): Tensor {
  const array = filled(ndarray(value, undefined, options.dtype), options.shape);
  return callForTensor([array], (call) => {
    if (options.name !== undefined) call.setName(options.name);
    return call.constant();
  });
}

// make_tensor_proto, tensorflow/python/framework/tensor_util.py: too few values
// are followed by copies of the last.
function filled(array: NDArray, shape: readonly number[] | undefined): NDArray {
  if (shape === undefined) return array;
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (array.size > size) {
    throw new ValueError(
      `Too many elements provided. Needed at most ${size}, but received ${array.size}`,
    );
  }
  const flat = Array.from({ length: size }, (_, i) => array.item(Math.min(i, array.size - 1)));
  return ndarray(flat, shape, array.dtype);
}

/**
 * A tensor whose value comes with each run: `tf.placeholder`. `null` in `shape` stands for a dimension of any size;
 * without `shape`, any rank is accepted.
 */
export function placeholder(
  dtype: DTypeLike,
  shape?: readonly (number | null)[] | null,
  { name }: NameOption = {},
): Tensor {
  return callForTensor([], (call) => {
    call.setDType(asDType(dtype).asDatatypeEnum);
    check(() => call.setShape(dimsText(shape)));
    if (name !== undefined) call.setName(name);
    return call.placeholder();
  });
}

/** The same tensor under a new name: `tf.identity`. */
export function identity(input: TensorLike, options?: NameOption): Tensor {
  return apply('Identity', [input], options);
}

/** An operation that does nothing but wait for its control inputs: `tf.no_op`. */
export function noOp({ name }: NameOption = {}): Operation {
  return callForOperation([], (call) => {
    if (name !== undefined) call.setName(name);
    return call.noOp();
  });
}

/** An operation that is done when all of `inputs` are; options come last: `tf.group`. */
export function group(...inputs: ControlInput[] | [...ControlInput[], NameOption]): Operation {
  return callForOperation([], (call) => {
    for (const input of inputs) {
      if ('graph' in input) call.addNode(nodeOf(input));
      else if (input.name !== undefined) call.setName(input.name);
    }
    return call.group();
  });
}
