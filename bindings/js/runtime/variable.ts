/** tf.Variable and the collections that variables are in. */

import type { NDArrayLike } from '../core/array-like.js';
import { asDType, type DType, type DTypeLike } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import type { NDArray } from '../core/ndarray.js';
import type { NameOption } from './apply.js';
import {
  addArgument,
  type CallResult,
  callForOperation,
  callForTensor,
  callGraph,
  type TensorLike,
} from './arguments.js';
import { inScope } from './collections.js';
import type { GraphCallHandle, SaveSliceInfo, VariableDescription } from './engine-types.js';
import { type Graph, getDefaultGraph, type Operation, type Tensor } from './graph.js';
import { check, runtime } from './host.js';
import { applyOperator } from './operators.js';
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

  /** Assigns the initial value. */
  get initializer(): Operation {
    return this.graph.operation(this.#description().initializer);
  }

  get initialValue(): Tensor {
    return this.graph.tensor(...this.#description().initialValue);
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
    const { dtype } = this;
    if (this.#ref !== this.op.outputs[0]) {
      return callForTensor([this.op.outputs[0]!], (call) => {
        call.setName('Read/ReadVariableOp');
        call.setAttrType('dtype', dtype.asDatatypeEnum);
        return call.apply('ReadVariableOp');
      });
    }
    // Of the variable itself: its snapshot may have been taken before.
    return callForTensor([this.op.outputs[0]!], (call) => {
      call.setName('read');
      return call.identity();
    });
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

  /** Which part of a partitioned variable it is; undefined when it is whole. */
  get saveSliceInfo(): SaveSliceInfo | undefined {
    const text = this.graph.state.slice(this.op.id);
    return text === '' ? undefined : (JSON.parse(text) as SaveSliceInfo);
  }

  /** Makes the variable a slice of a tensor in checkpoints. @internal */
  setSaveSliceInfo({
    fullName,
    fullShape,
    varOffset,
    varShape,
  }: Omit<SaveSliceInfo, 'spec'>): void {
    const { state } = this.graph;
    check(() =>
      state.setSlice(this.op.id, fullName, fullShape.join(), varOffset.join(), varShape.join()),
    );
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

  // What tells dtype and shape: the variable itself, or what is read of a resource.
  get #ref(): Tensor {
    const ref = this.op.outputs[0]!;
    return ref.dtype.name === 'resource' ? this.#snapshot : ref;
  }

  #description(): VariableDescription {
    return JSON.parse(this.graph.handle.describeVariable(this.op.id)) as VariableDescription;
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
    setOptions(call, options);
    return call.makeVariable();
  });
}

function setOptions(call: GraphCallHandle, options: VariableOptions): void {
  if (options.name !== undefined) call.setName(options.name);
  if (options.dtype !== undefined) call.setDType(asDType(options.dtype).asDatatypeEnum);
  if (options.trainable !== undefined) call.setTrainable(options.trainable);
  if (options.validateShape !== undefined) call.setValidateShape(options.validateShape);
  if (options.collections !== undefined) {
    call.addCollection(''); // an empty list is not the default
    for (const key of options.collections) call.addCollection(key);
  }
}

/**
 * A variable of the default graph whose initial value `initialValue` makes: its operations are named after the variable
 * and bound to it. @internal
 */
export function draftVariable(options: VariableOptions, initialValue: () => TensorLike): Variable {
  const graph = getDefaultGraph();
  const call = new (runtime().GraphCall)(graph.handle);
  try {
    setOptions(call, options);
    check(() => call.beginVariable());
    addArgument(call, initialValue());
    check(() => call.endVariable());
    return new Variable(new ExistingVariable(graph, call.node()));
  } finally {
    call.delete(); // leaves the scopes that are still open
  }
}

function variablesIn(collection: string, scope: string | null | undefined): Variable[] {
  const items = getDefaultGraph().getCollection(collection);
  return inScope(
    items.filter((item): item is Variable => item instanceof Variable),
    scope,
  );
}

/** The variables of the default graph that checkpoints hold: the collection `variables`. */
export function globalVariables(scope?: string | null): Variable[] {
  return variablesIn('variables', scope);
}

/** The variables that optimizers change: the collection `trainable_variables`. */
export function trainableVariables(scope?: string | null): Variable[] {
  return variablesIn('trainable_variables', scope);
}

/** The variables of one process, which checkpoints do not hold: the collection `local_variables`. */
export function localVariables(scope?: string | null): Variable[] {
  return variablesIn('local_variables', scope);
}

/** The collection `model_variables`. */
export function modelVariables(scope?: string | null): Variable[] {
  return variablesIn('model_variables', scope);
}

/** The collection `moving_average_variables`. */
export function movingAverageVariables(scope?: string | null): Variable[] {
  return variablesIn('moving_average_variables', scope);
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

/** An operation that initialises every variable of the collection `local_variables`. */
export function localVariablesInitializer(): Operation {
  return variablesInitializer(localVariables());
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
