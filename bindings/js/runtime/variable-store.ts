/** The variables that `tf.getVariable` made in one graph, by name: TensorFlow's _VariableStore. */

import type { DType } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import type { TensorLike } from './arguments.js';
import { callForTensor } from './arguments.js';
import { type Graph, nameScope, type Tensor } from './graph.js';
import {
  glorotUniformInitializer,
  type Initializer,
  type PartitionInfo,
  zerosInitializer,
} from './initializers.js';
import { constant } from './ops.js';
import { PartitionedVariable } from './partitioned-variable.js';
import { listText, type Partitioner, partition, shapeText, slices } from './partitioners.js';
import { draftVariable, Variable, type VariableOptions } from './variable.js';

/** Whether `tf.getVariable` makes variables (false), finds them (true), or does as it must (`tf.AUTO_REUSE`). */
export type Reuse = boolean | typeof AUTO_REUSE;

/** `tf.AUTO_REUSE`: variables that exist are found, others are made. */
export const AUTO_REUSE = 'AUTO_REUSE';

/** Adds a term to the collection `regularization_losses`, or none. */
export type Regularizer = (variable: Variable) => Tensor | null | undefined;

/** What is asked of the store; everything that a scope defaults is resolved. */
export interface VariableRequest extends VariableOptions {
  readonly name: string;
  readonly shape: readonly (number | null)[] | undefined;
  readonly dtype: DType;
  readonly initializer: Initializer | TensorLike | undefined;
  readonly regularizer: Regularizer | undefined;
  readonly partitioner: Partitioner | undefined;
  readonly reuse: Reuse;
  readonly partitionInfo?: PartitionInfo | undefined;
}

interface Entry {
  readonly variable: Variable;
  /** Whose stack tells where the variable was made. */
  readonly origin: Error;
}

export class VariableStore {
  readonly #variables = new Map<string, Entry>();
  readonly #partitioned = new Map<string, PartitionedVariable>();

  /** The variable that is called `name` here, which need not be its operation's name. */
  find(name: string): Variable | PartitionedVariable | undefined {
    return this.#variables.get(name)?.variable ?? this.#partitioned.get(name);
  }

  /** The names of all variables, the parts of partitioned ones among them. */
  names(): string[] {
    return [...this.#variables.keys()];
  }

  /** Finds or makes a variable. REQUIRES: the root name scope. */
  get(request: VariableRequest): Variable | PartitionedVariable {
    const { name, shape, partitioner } = request;
    if (partitioner !== undefined && !(shape !== undefined && shape.length === 0)) {
      if (typeof partitioner !== 'function') {
        throw new ValueError(`Partitioner must be callable, but received: ${partitioner}`);
      }
      return this.#getPartitioned(request);
    }
    if (request.reuse === true && partitioner === undefined && this.#partitioned.has(name)) {
      return this.#getPartitioned(request);
    }
    if (this.#variables.has(`${name}/part_0`)) {
      throw new ValueError(
        `No partitioner was provided, but a partitioned version of the variable was found: ${name}/part_0. ` +
          'Perhaps a variable of the same name was already created with partitioning?',
      );
    }
    return this.#getSingle(request);
  }

  #getSingle(request: VariableRequest): Variable {
    const { name, shape, dtype, initializer, reuse } = request;
    const fromValue = initializer !== undefined && typeof initializer !== 'function';
    if (shape !== undefined && fromValue) {
      throw new ValueError('If initializer is a constant, do not specify shape.');
    }
    const entry = this.#variables.get(name);
    if (entry !== undefined) return this.#found(entry, request);
    if (reuse === true) {
      throw new ValueError(
        `Variable ${name} does not exist, or was not created with tf.get_variable(). ` +
          'Did you mean to set reuse=tf.AUTO_REUSE in VarScope?',
      );
    }
    const variable = fromValue
      ? new Variable(initializer, { ...variableOptions(request), dtype: undefined })
      : makeWith(initializer ?? defaultInitializer(name, dtype), request);
    const origin = new Error();
    this.#variables.set(name, { variable, origin });
    this.#regularize(variable, request);
    return variable;
  }

  #found({ variable, origin }: Entry, { name, shape, dtype, reuse }: VariableRequest): Variable {
    if (reuse === false) {
      throw new ValueError(
        `Variable ${name} already exists, disallowed. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in ` +
          `VarScope? Originally defined at:\n\n${callers(origin)}`,
      );
    }
    if (!compatible(shape, variable.shape)) {
      throw new ValueError(
        `Trying to share variable ${name}, but specified shape ${shapeText(shape)} and found shape ` +
          `${shapeText(variable.shape)}.`,
      );
    }
    if (dtype !== variable.dtype) {
      // A variable's dtype in Python is that of its ref.
      throw new ValueError(
        `Trying to share variable ${name}, but specified dtype ${dtype.name} and found dtype ` +
          `${variable.dtype.name}_ref.`,
      );
    }
    return variable;
  }

  #regularize(variable: Variable, { name, regularizer }: VariableRequest): void {
    if (regularizer === undefined) return;
    const { graph } = variable;
    graph.state.pushColocation(variable.op.id);
    try {
      const loss = nameScope(`${name}/Regularizer/`, () => regularizer(variable));
      if (loss) graph.addToCollection('regularization_losses', loss);
    } finally {
      graph.state.popColocation();
    }
  }

  // _get_partitioned_variable, tensorflow/python/ops/variable_scope.py.
  #getPartitioned(request: VariableRequest): PartitionedVariable {
    const { name, dtype, initializer, reuse, partitioner } = request;
    if (this.#variables.has(name)) {
      throw new ValueError(
        `A partitioner was provided, but an unpartitioned version of the variable was found: ${name}.  ` +
          'Perhaps a variable of the same name was already created without partitioning?',
      );
    }
    const shape = request.shape ?? (isTensor(initializer) ? initializer.shape : undefined);
    let partitions: readonly number[] | undefined;
    if (partitioner !== undefined) {
      if (!isDefined(shape)) {
        throw new ValueError(
          `Shape of a new partitioned variable must be fully defined, but instead was ${shapeText(shape)}.`,
        );
      }
      partitions = partition(partitioner, shape, dtype);
    }
    const existing = this.#partitioned.get(name);
    if (existing !== undefined) return foundPartitioned(existing, request, shape, partitions);
    if (reuse === true || partitions === undefined || !isDefined(shape)) {
      throw new ValueError(
        `PartitionedVariable ${name} does not exist, or was not created with tf.get_variable(). ` +
          'Did you mean to set reuse=False or reuse=tf.AUTO_REUSE in VarScope?',
      );
    }
    const parts = slices(shape, partitions).map(({ offset, shape: part }, i) => {
      const full = `${name}/part_${i}`;
      // The scope is entered even when nothing is made in it, and so its name is taken.
      const init = nameScope(`${full}/PartitionedInitializer`, () =>
        initializer === undefined || typeof initializer === 'function'
          ? initializer
          : sliceOf(initializer, offset, part, dtype),
      );
      const variable = this.#getSingle({
        ...request,
        name: full,
        shape: init === undefined || typeof init === 'function' ? part : undefined,
        initializer: init,
        partitioner: undefined,
        partitionInfo: { fullShape: shape, varOffset: offset },
      });
      variable.setSaveSliceInfo({
        fullName: name,
        fullShape: shape,
        varOffset: offset,
        varShape: part,
      });
      return variable;
    });
    const made = new PartitionedVariable(name, parts[0]!.dtype, shape, parts, partitions);
    this.#partitioned.set(name, made);
    return made;
  }
}

const stores = new WeakMap<Graph, VariableStore>();

/** The store of `graph`. */
export function storeOf(graph: Graph): VariableStore {
  let store = stores.get(graph);
  if (store === undefined) {
    store = new VariableStore();
    stores.set(graph, store);
  }
  return store;
}

function foundPartitioned(
  existing: PartitionedVariable,
  { name, dtype, reuse }: VariableRequest,
  shape: readonly (number | null)[] | undefined,
  partitions: readonly number[] | undefined,
): PartitionedVariable {
  if (reuse === false) {
    throw new ValueError(
      `Partitioned variable with name ${name} already exists. Did you mean to set reuse=True or ` +
        'reuse=tf.AUTO_REUSE in VarScope?',
    );
  }
  const differs = (what: string, specified: string, found: string) =>
    new ValueError(
      `Trying to reuse partitioned variable ${name}, but specified ${what} ${specified} and found ${what} ${found}.`,
    );
  if (!compatible(shape, existing.shape)) {
    throw differs('shape', shapeText(shape), shapeText(existing.shape));
  }
  if (dtype !== existing.dtype) throw differs('dtype', dtype.name, existing.dtype.name);
  if (partitions !== undefined && partitions.join() !== existing.partitions.join()) {
    throw differs('partitions', listText(partitions), listText(existing.partitions));
  }
  return existing;
}

function variableOptions(request: VariableRequest): VariableOptions {
  const { name, dtype, trainable, collections, validateShape } = request;
  return { name, dtype, trainable, collections, validateShape };
}

// The shape may be left to an initializer that takes no arguments.
function makeWith(initializer: Initializer, request: VariableRequest): Variable {
  const { name, shape, dtype, partitionInfo } = request;
  if (isDefined(shape)) {
    return draftVariable(variableOptions(request), () => initializer(shape, dtype, partitionInfo));
  }
  if (shape === undefined && initializer.length === 0) {
    const anyShape = initializer as () => TensorLike;
    return draftVariable({ ...variableOptions(request), dtype: undefined }, () => anyShape());
  }
  throw new ValueError(
    `Shape of a new variable (${name}) must be fully defined, but instead was ${shapeText(shape)}.`,
  );
}

function defaultInitializer(name: string, dtype: DType): Initializer {
  if (dtype.kind === 'float') return glorotUniformInitializer();
  if (dtype.kind === 'int' || dtype.kind === 'bool' || dtype.name === 'string') {
    return zerosInitializer();
  }
  throw new ValueError(
    `An initializer for variable ${name} of <dtype: '${dtype.name}'> is required`,
  );
}

function sliceOf(
  value: TensorLike,
  offset: readonly number[],
  shape: readonly number[],
  dtype: DType,
): Tensor {
  const whole = isTensor(value)
    ? value
    : constant(value as Parameters<typeof constant>[0], { dtype });
  return callForTensor([whole, [...offset], [...shape]], (call) => call.apply('Slice'));
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'valueIndex' in value;
}

function isDefined(shape: readonly (number | null)[] | undefined): shape is readonly number[] {
  return shape?.every((dim) => dim !== null) ?? false;
}

function compatible(
  asked: readonly (number | null)[] | undefined,
  found: readonly (number | null)[] | undefined,
): boolean {
  if (asked === undefined || found === undefined) return true;
  return (
    asked.length === found.length &&
    asked.every((dim, i) => dim === null || found[i] === null || dim === found[i])
  );
}

/** How many lines of a stack the message about a variable made twice quotes. */
const QUOTED_LINES = 5;

// The lines of a stack that are not this package's own; Python's text is of the form `  File "x.py", line 3`.
function callers({ stack = '' }: Error): string {
  const own = new URL('..', import.meta.url).href;
  const path = own.replace(/^file:\/\//, '');
  const lines = stack.split('\n').filter((line) => /:\d+:\d+\)?$/.test(line));
  const outside = lines.filter((line) => !line.includes(own) && !line.includes(path));
  return (outside.length > 0 ? outside : lines)
    .slice(0, QUOTED_LINES)
    .map((line) => `  ${line.trim()}\n`)
    .join('');
}
