/** Variable scopes: `tf.variableScope`, `tf.getVariable`. */

import { asDType, type DType, type DTypeLike, float32 } from '../core/dtype.js';
import { ValueError } from '../core/errors.js';
import type { TensorLike } from './arguments.js';
import { type CollectionValue, GraphKeys, getCollection } from './collections.js';
import { type Graph, getDefaultGraph, nameScope } from './graph.js';
import type { Initializer } from './initializers.js';
import { constant } from './ops.js';
import type { PartitionedVariable } from './partitioned-variable.js';
import type { Partitioner } from './partitioners.js';
import { Variable, type VariableOptions } from './variable.js';
import { AUTO_REUSE, type Regularizer, type Reuse, storeOf } from './variable-store.js';

/** What a variable scope says about the variables in it. */
export interface ScopeDefaults {
  /** `null` and `false` leave it to the scope around. */
  readonly reuse?: Reuse | null | undefined;
  readonly initializer?: Initializer | TensorLike | undefined;
  readonly regularizer?: Regularizer | undefined;
  readonly partitioner?: Partitioner | undefined;
  readonly dtype?: DTypeLike | undefined;
}

/** Options of {@link variableScope}. */
export interface VariableScopeOptions extends ScopeDefaults {
  /** The name for a scope without one; made unique in the scope around. */
  readonly defaultName?: string | undefined;
  /** Whether a name scope is opened as well. Default true. */
  readonly auxiliaryNameScope?: boolean | undefined;
}

/** Options of {@link getVariable}. */
export interface GetVariableOptions extends Omit<VariableOptions, 'name'>, ScopeDefaults {
  /** `null` for a dimension that the initializer knows. */
  readonly shape?: readonly (number | null)[] | number | undefined;
}

/** A prefix for variables' names, and what they have in common: `tf.VariableScope`. */
export class VariableScope {
  /** The prefix, without a slash at its end. */
  readonly name: string;
  /** The name scope that was opened with it; with a slash. */
  readonly originalNameScope: string;
  #defaults: ScopeDefaults & { readonly dtype: DType; readonly reuse: Reuse };

  /** @internal */
  constructor(
    name: string,
    originalNameScope: string,
    defaults: ScopeDefaults & { readonly dtype: DType; readonly reuse: Reuse },
  ) {
    this.name = name;
    this.originalNameScope = originalNameScope;
    this.#defaults = defaults;
  }

  get reuse(): Reuse {
    return this.#defaults.reuse;
  }

  get dtype(): DType {
    return this.#defaults.dtype;
  }

  get initializer(): Initializer | TensorLike | undefined {
    return this.#defaults.initializer;
  }

  get partitioner(): Partitioner | undefined {
    return this.#defaults.partitioner;
  }

  /** From now on variables are found, not made. */
  reuseVariables(): void {
    this.#defaults = { ...this.#defaults, reuse: true };
  }

  /** {@link getVariable} in this scope, whichever one is open. */
  getVariable(
    name: string,
    options: GetVariableOptions & { readonly partitioner: Partitioner },
  ): PartitionedVariable;
  getVariable(name: string, options?: GetVariableOptions): Variable;
  getVariable(name: string, options: GetVariableOptions = {}): Variable | PartitionedVariable {
    const defaults = this.#defaults;
    const full = this.name === '' ? name : `${this.name}/${name}`;
    const { shape, ...rest } = options;
    return nameScope(null, () => {
      requireDType(options);
      return storeOf(getDefaultGraph()).get({
        ...rest,
        name: full,
        shape: typeof shape === 'number' ? [shape] : shape,
        dtype: asDType(options.dtype ?? defaults.dtype),
        initializer: options.initializer ?? defaults.initializer,
        regularizer: options.regularizer ?? defaults.regularizer,
        partitioner: options.partitioner ?? defaults.partitioner,
        reuse: options.reuse ?? defaults.reuse,
      });
    });
  }

  /** The items of the collection `key` whose names begin with this scope's. */
  getCollection(key: string): CollectionValue[] {
    return getCollection(key, this.name === '' ? undefined : `${this.name}/`);
  }

  globalVariables(): Variable[] {
    return this.#variables(GraphKeys.GLOBAL_VARIABLES);
  }

  trainableVariables(): Variable[] {
    return this.#variables(GraphKeys.TRAINABLE_VARIABLES);
  }

  localVariables(): Variable[] {
    return this.#variables(GraphKeys.LOCAL_VARIABLES);
  }

  /** This scope under the same or another name, with other defaults where `changes` has any. @internal */
  changed(name: string, originalNameScope: string, changes: ScopeDefaults): VariableScope {
    const { reuse, initializer, regularizer, partitioner, dtype } = changes;
    const own = this.#defaults;
    return new VariableScope(name, originalNameScope, {
      reuse: reuse || own.reuse,
      initializer: initializer ?? own.initializer,
      regularizer: regularizer ?? own.regularizer,
      partitioner: partitioner ?? own.partitioner,
      dtype: asDType(dtype ?? own.dtype),
    });
  }

  #variables(key: string): Variable[] {
    return this.getCollection(key).filter((item) => item instanceof Variable);
  }
}

const current = new WeakMap<Graph, VariableScope>();

/** The innermost variable scope of the default graph: `tf.get_variable_scope`. */
export function getVariableScope(): VariableScope {
  return (
    current.get(getDefaultGraph()) ?? new VariableScope('', '', { reuse: false, dtype: float32 })
  );
}

/**
 * The variable `name` of the innermost variable scope: found, made, or both, as the scope says. Its initial value is
 * `initializer`'s; without one Glorot's uniform values, or zeros for integers.
 *
 * @example
 * tf.variableScope('layer', () => tf.getVariable('kernel', [2, 3])); // layer/kernel
 *
 * @throws {ValueError} `Variable layer/kernel already exists, disallowed. Did you mean to set reuse=True ...`
 * @throws {ValueError} `Variable layer/kernel does not exist, or was not created with tf.get_variable(). ...`
 */
export function getVariable(
  name: string,
  shape: readonly (number | null)[] | number | null,
  options: GetVariableOptions & { readonly partitioner: Partitioner },
): PartitionedVariable;
export function getVariable(
  name: string,
  options: GetVariableOptions & { readonly partitioner: Partitioner },
): PartitionedVariable;
export function getVariable(
  name: string,
  shape?: readonly (number | null)[] | number | null | GetVariableOptions,
  options?: GetVariableOptions,
): Variable;
export function getVariable(
  name: string,
  shape?: readonly (number | null)[] | number | null | GetVariableOptions,
  options: GetVariableOptions = {},
): Variable | PartitionedVariable {
  const scope = getVariableScope();
  if (shape === undefined || shape === null) return scope.getVariable(name, options);
  if (typeof shape === 'number' || Array.isArray(shape)) {
    return scope.getVariable(name, { ...options, shape });
  }
  return scope.getVariable(name, shape as GetVariableOptions);
}

/**
 * Runs `body` in the variable scope `nameOrScope`: a name, which prolongs the innermost scope, or a scope from earlier,
 * which is entered again as it was. With it a name scope is opened. `body` must be synchronous.
 *
 * @throws {TypeError} `If default_name is None then name_or_scope is required`
 * @throws {ValueError} `reuse=True cannot be used without a name_or_scope`
 */
export function variableScope<T>(
  nameOrScope: string | VariableScope | null,
  body: (scope: VariableScope) => T,
  options?: VariableScopeOptions,
): T;
export function variableScope<T>(
  nameOrScope: string | VariableScope | null,
  options: VariableScopeOptions,
  body: (scope: VariableScope) => T,
): T;
export function variableScope<T>(
  nameOrScope: string | VariableScope | null,
  second: VariableScopeOptions | ((scope: VariableScope) => T),
  third?: VariableScopeOptions | ((scope: VariableScope) => T),
): T {
  const [body, options] = (
    typeof second === 'function' ? [second, third ?? {}] : [third, second]
  ) as [(scope: VariableScope) => T, VariableScopeOptions];
  checkArguments(nameOrScope, options);
  const last =
    nameOrScope === null
      ? options.defaultName!
      : typeof nameOrScope === 'string'
        ? nameOrScope
        : nameOrScope.name.slice(nameOrScope.name.lastIndexOf('/') + 1);
  const enter = (nameScopeName: string) => enterScope(nameOrScope, nameScopeName, options, body);
  if (options.auxiliaryNameScope === false) {
    const open = getDefaultGraph().handle.nameScope();
    return nameScope(open === '' ? null : `${open}/`, enter);
  }
  // Only the root scope has no name, and it opens no name scope.
  return last === '' ? enter('') : nameScope(last, enter);
}

function enterScope<T>(
  nameOrScope: string | VariableScope | null,
  nameScopeName: string,
  options: VariableScopeOptions,
  body: (scope: VariableScope) => T,
): T {
  const graph = getDefaultGraph();
  const { state } = graph;
  const outer = getVariableScope();
  let scope: VariableScope;
  if (nameOrScope instanceof VariableScope) {
    const { name, originalNameScope } = nameOrScope;
    scope = nameOrScope.changed(name, originalNameScope, options);
    state.reopenVariableScope(name);
  } else {
    state.openVariableScope(nameOrScope ?? state.uniqueVariableScope(options.defaultName!));
    scope = outer.changed(state.variableScope(), nameScopeName, options);
  }
  current.set(graph, scope);
  try {
    return body(scope);
  } finally {
    state.closeVariableScope();
    current.set(graph, outer);
  }
}

function checkArguments(nameOrScope: unknown, options: VariableScopeOptions): void {
  const { defaultName, reuse } = options;
  if (nameOrScope === null || nameOrScope === undefined) {
    if (defaultName === undefined) {
      throw new TypeError('If default_name is None then name_or_scope is required');
    }
    if (reuse) throw new ValueError('reuse=True cannot be used without a name_or_scope');
  } else if (typeof nameOrScope !== 'string' && !(nameOrScope instanceof VariableScope)) {
    throw new TypeError('VariableScope: name_or_scope must be a string or VariableScope.');
  }
  if (![undefined, null, true, false, AUTO_REUSE].includes(reuse)) {
    throw new ValueError('The reuse parameter must be True or False or None.');
  }
}

// A value that is to be of another dtype than it has: VariableScope.get_variable makes it a tensor to find out.
function requireDType({ dtype, initializer }: GetVariableOptions): void {
  if (dtype === undefined || initializer === undefined || typeof initializer === 'function') return;
  const isTensor = typeof initializer === 'object' && 'graph' in initializer;
  const own = isTensor
    ? (initializer as Variable).dtype
    : constant(initializer as Parameters<typeof constant>[0]).dtype;
  const explicit = asDType(dtype);
  if (own === explicit) return;
  throw new ValueError(
    `Initializer type '<dtype: '${own.name}'>' and explicit dtype '<dtype: '${explicit.name}'>' don't match.`,
  );
}
