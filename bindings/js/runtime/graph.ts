/** Graph, Operation and Tensor: the nodes that live in the engine, as JavaScript objects. */

import { asDType, type DType } from '../core/dtype.js';
import { AssertionError, ValueError } from '../core/errors.js';
import type { NDArray } from '../core/ndarray.js';
import { dimsText, type TensorLike } from './arguments.js';
import { append, type CollectionValue, inScope } from './collections.js';
import type {
  CollectionItem,
  GraphHandle,
  GraphStateHandle,
  NodeDescription,
} from './engine-types.js';
import type { Feeds } from './feeds.js';
import { check, collect, runtime } from './host.js';
import { applyOperator } from './operators.js';
import type { Session } from './session.js';
import { ExistingVariable, Variable } from './variable.js';

/** What `as_graph_element` may be asked for: engine/graph/lookup.h's ElementKinds. */
const ANY = 0;
const TENSOR = 1;
const OPERATION = 2;

/**
 * A computation as a graph of operations: TensorFlow 1.x's `tf.Graph`. It only grows, and computes nothing: that is
 * what a {@link Session} does.
 */
export class Graph {
  /** @internal */
  readonly handle: GraphHandle;
  /** Scopes, collections and partitions. @internal */
  readonly state: GraphStateHandle;
  readonly #operations = new Map<number, Operation>();
  readonly #variables = new Map<number, Variable>();
  #seed: bigint | null = null;

  constructor() {
    this.handle = new (runtime().Graph)();
    this.state = new (runtime().GraphState)(this.handle);
    collect(this, this.handle);
    collect(this, this.state);
  }

  /** Runs `body` with this graph as the default one: `with graph.as_default():`. `body` must be synchronous. */
  asDefault<T>(body: () => T): T {
    return withGraph(this, body);
  }

  /** All operations, in the order of their making. */
  getOperations(): Operation[] {
    return Array.from({ length: this.handle.numNodes() }, (_, i) => this.operation(i + 1));
  }

  /**
   * @throws {LookupError} `The name 'x' refers to an Operation not in the graph.`
   * @throws {ValueError} when the name is a tensor's.
   */
  getOperationByName(name: string): Operation {
    return this.#find(name, OPERATION) as Operation;
  }

  /**
   * The tensor called `"op:0"`.
   * @throws {LookupError} when the graph has none of that name.
   * @throws {ValueError} when the name is an operation's.
   */
  getTensorByName(name: string): Tensor {
    return this.#find(name, TENSOR) as Tensor;
  }

  /** The tensor (`"op:0"`) or operation (`"op"`) that `name` means. */
  asGraphElement(name: string): Tensor | Operation {
    return this.#find(name, ANY);
  }

  /**
   * What was put into the collection `key`, in order; a copy. With `scope`, a regular expression, only the items with a
   * name that begins with a match.
   */
  getCollection(key: string, scope?: string | null): CollectionValue[] {
    const items = JSON.parse(this.handle.collection(key)) as CollectionItem[];
    const values = items.map((item) => {
      if (typeof item !== 'object') return item;
      if ('variable' in item) return this.variable(item.variable);
      return item.output === undefined
        ? this.operation(item.node)
        : this.tensor(item.node, item.output);
    });
    return inScope(values, scope);
  }

  /** Appends `value` to the collection `name`. */
  addToCollection(name: string, value: CollectionValue): void {
    append(this, name, value);
  }

  /** Appends `value` to several collections; a name given twice counts once. */
  addToCollections(names: string | readonly string[], value: CollectionValue): void {
    const keys = new Set(typeof names === 'string' ? [names] : names);
    for (const name of keys) append(this, name, value);
  }

  /** The names of the collections that hold something. */
  getAllCollectionKeys(): string[] {
    const keys = JSON.parse(this.state.collectionKeys()) as string[];
    return keys.filter((key) => JSON.parse(this.handle.collection(key)).length > 0);
  }

  /** Empties the collection `name`. */
  clearCollection(name: string): void {
    this.state.clearCollection(name);
  }

  /** The graph-level seed (`tf.setRandomSeed`), or null. */
  get seed(): bigint | null {
    return this.#seed;
  }

  /** @internal */
  setSeed(seed: bigint | null): void {
    this.#seed = seed;
    if (seed === null) this.handle.clearSeed();
    else this.handle.setSeed(seed);
  }

  /** From now on the graph cannot change. */
  finalize(): void {
    this.handle.finalize();
  }

  get finalized(): boolean {
    return this.handle.finalized();
  }

  /** @internal */
  operation(node: number): Operation {
    let operation = this.#operations.get(node);
    if (operation === undefined) {
      operation = new Operation(this, node);
      this.#operations.set(node, operation);
    }
    return operation;
  }

  /** @internal */
  tensor(node: number, output: number): Tensor {
    return this.operation(node).outputs[output]!;
  }

  /** The variable whose ref `node` is. @internal */
  variable(node: number): Variable {
    return this.#variables.get(node) ?? new Variable(new ExistingVariable(this, node));
  }

  /** Lets `variable` be the object that stands for the node `node`. @internal */
  adopt(node: number, variable: Variable): void {
    this.#variables.set(node, variable);
  }

  #find(name: string, kinds: number): Tensor | Operation {
    const finder = new (runtime().Finder)();
    try {
      check(() => finder.find(this.handle, name, kinds));
      return finder.output < 0
        ? this.operation(finder.node)
        : this.tensor(finder.node, finder.output);
    } finally {
      finder.delete();
    }
  }
}

/** A node of a graph. */
export class Operation {
  readonly graph: Graph;
  /** 1 for the first operation of its graph, 2 for the next, ... @internal */
  readonly id: number;
  readonly name: string;
  /** The op, e.g. `"AddV2"`. */
  readonly type: string;
  readonly device: string;
  readonly outputs: readonly Tensor[];
  /** The `input` field of the NodeDef: `"a"`, `"b:1"`, `"^c"`. */
  readonly inputNames: readonly string[];

  /** @internal */
  constructor(graph: Graph, id: number) {
    const node = JSON.parse(graph.handle.describe(id)) as NodeDescription;
    this.graph = graph;
    this.id = id;
    this.name = node.name;
    this.type = node.op;
    this.device = node.device;
    this.inputNames = node.inputs;
    this.outputs = node.outputs.map(
      ({ dtype, dims }, i) => new Tensor(this, i, asDType(dtype), dims),
    );
  }

  /** Runs the operation: `op.run(feed_dict, session)`. */
  run(feeds: Feeds | undefined, session: Session): void {
    session.run(this, feeds);
  }

  toString(): string {
    return `<tf.Operation '${this.name}' type=${this.type}>`;
  }
}

/** An output of an operation; a value only once a session has run it. */
export class Tensor {
  readonly op: Operation;
  readonly valueIndex: number;
  readonly dtype: DType;
  #shape: readonly (number | null)[] | undefined;

  /** @internal */
  constructor(
    op: Operation,
    valueIndex: number,
    dtype: DType,
    dims: readonly (number | null)[] | null,
  ) {
    this.op = op;
    this.valueIndex = valueIndex;
    this.dtype = dtype;
    this.#shape = dims ?? undefined;
  }

  get graph(): Graph {
    return this.op.graph;
  }

  /** `null` for a dimension that is not known; `undefined` when not even the rank is. */
  get shape(): readonly (number | null)[] | undefined {
    return this.#shape;
  }

  /**
   * Lets the graph know more of the shape than the operation tells.
   * @throws {ValueError} `Shapes (2, 3) and (3,) are not compatible`
   */
  setShape(shape: readonly (number | null)[]): void {
    const call = new (runtime().GraphCall)(this.graph.handle);
    try {
      call.addTensor(this.op.id, this.valueIndex);
      check(() => call.setShape(dimsText(shape)));
      check(() => call.mergeShape());
    } finally {
      call.delete();
    }
    const { outputs } = JSON.parse(this.graph.handle.describe(this.op.id)) as NodeDescription;
    this.#shape = outputs[this.valueIndex]!.dims ?? undefined;
  }

  /** `"add:0"`. */
  get name(): string {
    return `${this.op.name}:${this.valueIndex}`;
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

  /** Python's `self / other`; integers give float64. */
  div(other: TensorLike): Tensor {
    return applyOperator('div', this, other);
  }

  /** The value in `session`: `tensor.eval(feed_dict, session)`. */
  eval(feeds: Feeds | undefined, session: Session): NDArray {
    return session.run(this, feeds);
  }

  toString(): string {
    return this.graph.handle.tensorText(this.op.id, this.valueIndex);
  }
}

const entered: Graph[] = [];
let globalDefault: Graph | undefined;

/** The graph that operations are added to: the innermost entered one, else the global one. */
export function getDefaultGraph(): Graph {
  const innermost = entered.at(-1);
  if (innermost !== undefined) return innermost;
  globalDefault ??= new Graph();
  return globalDefault;
}

/**
 * Replaces the global default graph by an empty one. Tensors and sessions of the old graph stay usable.
 * @throws {AssertionError} inside {@link withGraph}.
 */
export function resetDefaultGraph(): void {
  if (entered.length > 0) {
    throw new AssertionError(
      'Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared graph, ' +
        'exit the nesting and create a new graph.',
    );
  }
  globalDefault = undefined;
}

/** Runs `body` with `graph` as the default graph: `with graph.as_default():`. `body` must be synchronous. */
export function withGraph<T>(graph: Graph, body: () => T): T {
  entered.push(graph);
  try {
    return body();
  } finally {
    entered.pop();
  }
}

/**
 * Runs `body` in the name scope `name` of the default graph; `body` gets the scope with its slash.
 * @throws {ValueError} `'%s' is not a valid scope name`
 */
export function nameScope<T>(name: string | null, body: (scope: string) => T): T {
  const { handle } = getDefaultGraph();
  const outer = handle.nameScope();
  check(() => handle.enterNameScope(name ?? ''));
  try {
    const scope = handle.nameScope();
    return body(scope === '' ? '' : `${scope}/`);
  } finally {
    handle.setNameScope(outer);
  }
}

/** The seed of the random ops that are added to the default graph from now on. */
export function setRandomSeed(seed: number | bigint | null): void {
  getDefaultGraph().setSeed(seed === null ? null : integerSeed(seed));
}

/** @internal @throws {ValueError} when `seed` is no integer. */
export function integerSeed(seed: number | bigint): bigint {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new ValueError(`seed must be an integer, got ${seed}`);
  }
  return BigInt.asIntN(64, BigInt(seed));
}
