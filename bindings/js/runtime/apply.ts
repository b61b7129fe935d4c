/** Adding nodes: one op, or several under a name of their own. */

import { asDType, DType, type DTypeLike } from '../core/dtype.js';
import {
  type Argument,
  callForOperation,
  callForTensor,
  graphOf,
  type TensorLike,
} from './arguments.js';
import type { GraphCallHandle } from './engine-types.js';
import { nameScope, Tensor, withGraph } from './graph.js';

/** Options that every function creating one operation takes. */
export interface NameOption {
  /** The operation's name; made unique in the graph. */
  readonly name?: string | undefined;
}

/** Attributes of an op: numbers are integers, lists are lists of integers. @internal */
export type Attrs = Readonly<
  Record<
    string,
    boolean | number | string | DType | readonly number[] | { readonly float: number } | undefined
  >
>;

function prepare(call: GraphCallHandle, name: string | undefined, attrs: Attrs): void {
  if (name !== undefined) call.setName(name);
  for (const [key, value] of Object.entries(attrs)) {
    if (value === undefined) continue;
    if (typeof value === 'boolean') call.setAttrBool(key, value);
    else if (typeof value === 'number') call.setAttrInt(key, BigInt(value));
    else if (typeof value === 'string') call.setAttrString(key, value);
    else if (value instanceof DType) call.setAttrType(key, value.asDatatypeEnum);
    else if ('float' in value) call.setAttrFloat(key, value.float);
    else call.setAttrInts(key, value.join(','));
  }
}

/** Applies `op` to `args` as TensorFlow's generated wrappers do. @internal */
export function apply(
  op: string,
  args: readonly Argument[],
  { name }: NameOption = {},
  attrs: Attrs = {},
): Tensor {
  return callForTensor(args, (call) => {
    prepare(call, name, attrs);
    return call.apply(op);
  });
}

/** The same for ops with several outputs. @internal */
export function applyAll(
  op: string,
  args: readonly Argument[],
  { name }: NameOption = {},
  attrs: Attrs = {},
): readonly Tensor[] {
  return callForOperation(args, (call) => {
    prepare(call, name, attrs);
    return call.apply(op);
  }).outputs;
}

/** `value` as a tensor: a value becomes a Const called `name`. `ops.convert_to_tensor` @internal */
export function convert(value: TensorLike, name?: string, dtype?: DTypeLike): Tensor {
  if (value instanceof Tensor && dtype === undefined) return value;
  return callForTensor([value], (call) => {
    if (name !== undefined) call.setName(name);
    if (dtype !== undefined) call.setDType(asDType(dtype).asDatatypeEnum);
    return call.convert();
  });
}

/**
 * Runs `body` in the graph of `args` and in the name scope `name`; `body` gets the scope with its slash, as the name
 * of the node that is the result.
 * @internal
 */
export function composite<T>(
  args: readonly Argument[],
  { name }: NameOption,
  fallback: string,
  body: (scope: string) => T,
): T {
  return withGraph(graphOf(args), () => nameScope(name ?? fallback, body));
}
