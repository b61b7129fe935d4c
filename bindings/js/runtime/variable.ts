/** tf.Variable and the collections that variables are in. */

import type { NDArrayLike } from '../core/array-like.js';
import { asDType, type DType, type DTypeLike } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import type { NDArray } from '../core/ndarray.js';
import {
  type CallResult,
  callForOperation,
  callForTensor,
  callGraph,
  type TensorLike,
} from './arguments.js';
import type { VariableDescription } from './engine-types.js';
import { type Graph, getDefaultGraph, type Operation, type Tensor } from './graph.js';
import { applyOperator } from './operators.js';
import type { NameOption } from './ops.js';
import type { Session } from './session.js';

/** Options of {@link Variable}. */
export interface VariableOptions extends NameOption {
  /** In the collection `trainable_variables`? Default true. */
  readonly trainable?: boolean | undefined;
  /** The collections to add the variable to. Default `['variables']`. */
  readonly collections?: readonly string[] | undefined;
  /** Whether the shape must be known, and stays. Default true. */
  readonly validateShape?: boolean | undefined;
  readonly dtype?: DTypeLike | undefined;
}

/** Options of {@link Variable.assign}. */
export interface AssignOptions extends NameOption {
  readonly useLocking?: boolean | undefined;
}

/** engine: GraphCall::Assign */
const ASSIGN = 0;
const ASSIGN_ADD = 1;
const ASSIGN_SUB = 2;

/** A variable that is in the graph already. @internal */
export class ExistingVariable {
  readonly graph: Graph;
  readonly node: number;

  constructor(graph: Graph, node: number) {
    this.graph = graph;
    this.node = node;
  }
}

/**
 * A value that a session keeps between runs: TensorFlow 1.x's reference variable.
 *
 * @example
 * const weights = new tf.Variable(tf.truncatedNormal([2, 3]), { name: 'weights' });
 *
 * @throws {ValueError} `initial_value must be specified.`
 * @throws {ValueError} `initial_value must have a shape specified: <tensor>`
 */
export class Variable {
  /** The variable's own operation. */
  readonly op: Operation;
  /** Assigns the initial value. */
  readonly initializer: Operation;
  readonly initialValue: Tensor;
  readonly trainable: boolean;
  readonly #snapshot: Tensor;

  constructor(initialValue: TensorLike | ExistingVariable, options: VariableOptions = {}) {
    if (initialValue === undefined || initialValue === null) {
      throw new ValueError('initial_value must be specified.');
    }
    const { graph, node } =
      initialValue instanceof ExistingVariable ? initialValue : make(initialValue, options);
    const about = JSON.parse(graph.handle.describeVariable(node)) as VariableDescription;
    this.op = graph.operation(node);
    this.initializer = graph.operation(about.initializer);
    this.initialValue = graph.tensor(...about.initialValue);
    this.trainable = about.trainable;
    this.#snapshot = graph.tensor(...about.snapshot);
    graph.adopt(node, this);
  }

  get graph(): Graph {
    return this.op.graph;
  }

  /** `"Variable:0"`. */
  get name(): string {
    return `${this.op.name}:0`;
  }

  get dtype(): DType {
    return this.#ref.dtype;
  }

  get shape(): readonly (number | null)[] | undefined {
    return this.#ref.shape;
  }

  /** The tensor that reading the variable means. */
  value(): Tensor {
    return this.#snapshot;
  }

  /** A new read of the variable, after whatever the control inputs say. */
  readValue(): Tensor {
    return callForTensor([this], (call) => call.identity());
  }

  /** Sets the variable to `value` when it is run; gives the new value. */
  assign(value: TensorLike, options?: AssignOptions): Tensor {
    return this.#assign(ASSIGN, value, options);
  }

  /** Adds `delta` to the variable when it is run; gives the new value. */
  assignAdd(delta: TensorLike, options?: AssignOptions): Tensor {
    return this.#assign(ASSIGN_ADD, delta, options);
  }

  /** Subtracts `delta` from the variable when it is run; gives the new value. */
  assignSub(delta: TensorLike, options?: AssignOptions): Tensor {
    return this.#assign(ASSIGN_SUB, delta, options);
  }

  /** Sets the variable to `value` in `session`, now, by running the initializer with the initial value fed. */
  load(value: NDArrayLike, session: Session): void {
    session.run(this.initializer, [[this.initialValue, value]]);
  }

  /** Python's `self + other`. */
  add(other: TensorLike): Tensor {
    return applyOperator('add', this, other);
  }

  /** Python's `self - other`. */
  sub(other: TensorLike): Tensor {
    return applyOperator('sub', this, other);
  }

  /** Python's `self * other`. */
  mul(other: TensorLike): Tensor {
    return applyOperator('mul', this, other);
  }

  /** The value in `session`. */
  eval(session: Session): NDArray {
    return session.run(this);
  }

  toString(): string {
    const shape = this.shape?.map((dim) => dim ?? '?').join(', ');
    const text =
      shape === undefined ? '<unknown>' : `(${shape}${this.shape?.length === 1 ? ',' : ''})`;
    return `<tf.Variable '${this.name}' shape=${text} dtype=${this.dtype.name}_ref>`;
  }

  get #ref(): Tensor {
    return this.op.outputs[0]!;
  }

  #assign(kind: number, value: TensorLike, options: AssignOptions = {}): Tensor {
    return callForTensor([this, value], (call) => {
      if (options.name !== undefined) call.setName(options.name);
      if (options.useLocking !== undefined) call.setUseLocking(options.useLocking);
      return call.assign(kind);
    });
  }
}

function make(initialValue: TensorLike, options: VariableOptions): CallResult {
  return callGraph([initialValue], (call) => {
    if (options.name !== undefined) call.setName(options.name);
    if (options.dtype !== undefined) call.setDType(asDType(options.dtype).asDatatypeEnum);
    if (options.trainable !== undefined) call.setTrainable(options.trainable);
    if (options.validateShape !== undefined) call.setValidateShape(options.validateShape);
    if (options.collections !== undefined) {
      call.addCollection(''); // an empty list is not the default
      for (const key of options.collections) call.addCollection(key);
    }
    return call.makeVariable();
  });
}

function variablesIn(collection: string): Variable[] {
  return getDefaultGraph()
    .getCollection(collection)
    .filter((item): item is Variable => item instanceof Variable);
}

/** The variables of the default graph that checkpoints hold: the collection `variables`. */
export function globalVariables(): Variable[] {
  return variablesIn('variables');
}

/** The variables that optimizers change: the collection `trainable_variables`. */
export function trainableVariables(): Variable[] {
  return variablesIn('trainable_variables');
}

/** An operation that runs the initializers of `variables`: `tf.variables_initializer`. */
export function variablesInitializer(
  variables: readonly Variable[],
  { name }: NameOption = {},
): Operation {
  return callForOperation(variables, (call) => {
    if (name !== undefined) call.setName(name);
    return call.variablesInitializer();
  });
}

/** An operation that initialises every variable of the default graph. */
export function globalVariablesInitializer(): Operation {
  return variablesInitializer(globalVariables());
}

/** `tf.assign(ref, value)`. */
export function assign(ref: Variable, value: TensorLike, options?: AssignOptions): Tensor {
  return ref.assign(value, options);
}

/** `tf.assign_add(ref, value)`. */
export function assignAdd(ref: Variable, value: TensorLike, options?: AssignOptions): Tensor {
  return ref.assignAdd(value, options);
}

/** `tf.assign_sub(ref, value)`. */
export function assignSub(ref: Variable, value: TensorLike, options?: AssignOptions): Tensor {
  return ref.assignSub(value, options);
}
