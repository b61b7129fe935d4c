/** From JavaScript values to the arguments of a graph function. */

import { type NDArrayLike, ndarray } from '../core/array-like.js';
import { isTypedArray } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import { NDArray } from '../core/ndarray.js';
import type { GraphCallHandle } from './engine-types.js';
import { type Graph, getDefaultGraph, type Operation, Tensor } from './graph.js';
import { check, loadedEngine, runtime } from './host.js';
import { Variable } from './variable.js';

/** What may stand where an operation takes a tensor. */
export type TensorLike = Tensor | Variable | NDArrayLike;

/** A tensor, or a list of them, whichever the operation takes. */
export type Argument = TensorLike | { readonly list: readonly TensorLike[] };

/** One result of a graph function. */
export interface CallResult {
  readonly graph: Graph;
  readonly node: number;
  readonly output: number;
}

/**
 * Calls a function that adds to a graph: the one that its tensors belong to, else the default graph.
 * `invoke` sets options and names the function; it returns the engine's code.
 */
export function callGraph(
  args: readonly Argument[],
  invoke: (call: GraphCallHandle) => number,
): CallResult {
  const graph = graphOf(args);
  const call = new (runtime().GraphCall)(graph.handle);
  try {
    pushArguments(call, args);
    check(() => invoke(call));
    return { graph, node: call.node(), output: call.output() };
  } finally {
    call.delete();
  }
}

/** The same for functions whose result is a tensor. */
export function callForTensor(
  args: readonly Argument[],
  invoke: (call: GraphCallHandle) => number,
): Tensor {
  const { graph, node, output } = callGraph(args, invoke);
  return graph.tensor(node, output);
}

/** The same for functions whose result is an operation. */
export function callForOperation(
  args: readonly Argument[],
  invoke: (call: GraphCallHandle) => number,
): Operation {
  const { graph, node } = callGraph(args, invoke);
  return graph.operation(node);
}

function isList(argument: Argument): argument is { readonly list: readonly TensorLike[] } {
  return typeof argument === 'object' && 'list' in argument && Array.isArray(argument.list);
}

// ops._get_graph_from_inputs, tensorflow/python/framework/ops.py.
/** The graph that the tensors among `args` belong to, else the default graph. @internal */
export function graphOf(args: readonly Argument[]): Graph {
  let first: Tensor | Variable | undefined;
  for (const argument of args) {
    for (const value of isList(argument) ? argument.list : [argument]) {
      if (!(value instanceof Tensor) && !(value instanceof Variable)) continue;
      first ??= value;
      if (value.graph !== first.graph) {
        throw new ValueError(`${value} must be from the same graph as ${first}.`);
      }
    }
  }
  return first?.graph ?? getDefaultGraph();
}

/** Adds `args` to `call`, whose graph they belong to. @internal */
export function pushArguments(call: GraphCallHandle, args: readonly Argument[]): void {
  for (const argument of args) addArgument(call, argument);
}

/** Adds one argument. @internal */
export function addArgument(call: GraphCallHandle, argument: Argument): void {
  if (!isList(argument)) {
    addValue(call, argument);
    return;
  }
  call.beginList();
  for (const value of argument.list) addValue(call, value);
  call.endList();
}

function addValue(call: GraphCallHandle, value: TensorLike): void {
  if (value instanceof Tensor) {
    call.addTensor(value.op.id, value.valueIndex);
  } else if (value instanceof Variable) {
    call.addVariable(value.op.id);
  } else if (value instanceof NDArray || isTypedArray(value)) {
    const array = ndarray(value);
    check(() => call.addArray(array.dtype.asDatatypeEnum, array.shape.join(',')));
    writeElements(call, array);
  } else {
    addLiteral(call, value);
  }
}

// A value written in the program has no dtype yet: numbers travel as float64,
// which holds each of them, beside the dtype Python would give them.
function addLiteral(call: GraphCallHandle, value: NDArrayLike): void {
  const natural = ndarray(value);
  const held =
    natural.dtype.kind === 'float' || natural.dtype.name === 'int32'
      ? ndarray(value, undefined, 'float64')
      : natural;
  check(() =>
    call.addLiteral(held.dtype.asDatatypeEnum, natural.dtype.asDatatypeEnum, held.shape.join(',')),
  );
  writeElements(call, held);
}

/** Copies the elements of `array` to where the engine wants them. @internal */
export function writeElements(
  target: { addString(element: Uint8Array): void; dataAddress(): number },
  array: NDArray,
): void {
  if (array.dtype.name === 'string') {
    for (const element of array.data as readonly Uint8Array[]) target.addString(element);
  } else {
    loadedEngine().memory.write(target.dataAddress(), array.bytes());
  }
}

/** Python's `None` dimensions as the engine's text: `"?,784"`; `"*"` when nothing is known. @internal */
export function dimsText(shape: readonly (number | null)[] | null | undefined): string {
  if (shape === null || shape === undefined) return '*';
  return shape.map((dim) => (dim === null || dim < 0 ? '?' : String(dim))).join(',');
}
