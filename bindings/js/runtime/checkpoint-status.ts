/** What tf.train.Checkpoint.restore gives: checks, and the restoring of what was made since. */

import { BundleReader } from '../core/bundle-reader.js';
import { AssertionError } from '../core/errors.js';
import { warn } from '../core/logging.js';
import { objectText, type TrackableObject } from '../core/object-graph.js';
import type { OperationOptions } from '../core/types.js';
import {
  type Matches,
  matchedVariables,
  matchObjects,
  nodeNames,
  objectName,
} from './checkpoint-match.js';
import { assignFromBundle } from './checkpoint-values.js';
import { viewObjects } from './object-view.js';
import { Saver } from './saver.js';
import type { Session } from './session.js';
import { childrenOf } from './trackable.js';
import { Variable } from './variable.js';

/**
 * The state of a restore. Objects are compared whenever a method is called, so what was attached since `restore()`
 * counts.
 */
export interface LoadStatus {
  /** @throws {AssertionError} when the checkpoint has something that the program has not, or the other way round. */
  assertConsumed(): this;
  /** @throws {AssertionError} when the program has a variable that the checkpoint has not. */
  assertExistingObjectsMatched(): this;
  /** @throws {AssertionError} when nothing but the root is in both. */
  assertNontrivialMatch(): this;
  /** Says that the checkpoint is known to hold more; nothing is logged about it. */
  expectPartial(): this;
  /** Sets the variables that the checkpoint has to its values. */
  runRestoreOps(session: Session, options?: OperationOptions): Promise<void>;
  /** The same, and runs the initializers of the variables that the checkpoint has not. */
  initializeOrRestore(session: Session, options?: OperationOptions): Promise<void>;
}

/** A status whose object is gone logs what was never used. */
interface Leftovers {
  expectPartial: boolean;
  unresolved: readonly string[];
}

let registry: FinalizationRegistry<Leftovers> | undefined;

function logLeftovers({ expectPartial, unresolved }: Leftovers): void {
  if (expectPartial || unresolved.length === 0) return;
  for (const name of unresolved) warn(`Unresolved object in checkpoint: ${name}`);
  warn(
    'A checkpoint was restored (e.g. tf.train.Checkpoint.restore or tf.keras.Model.load_weights) but not all ' +
      'checkpointed values were used. See above for specific issues. Use expect_partial() on the load status object, ' +
      'e.g. tf.train.Checkpoint.restore(...).expect_partial(), to silence these warnings, or use assert_consumed() to ' +
      'make the check explicit. See https://www.tensorflow.org/guide/checkpoint#loading_mechanics for details.',
  );
}

/** The restore of an object-based checkpoint. */
export class CheckpointLoadStatus implements LoadStatus {
  readonly #root: object;
  readonly #path: string;
  readonly #nodes: readonly TrackableObject[];
  readonly #leftovers: Leftovers = { expectPartial: false, unresolved: [] };

  /** @internal */
  constructor(root: object, path: string, nodes: readonly TrackableObject[]) {
    this.#root = root;
    this.#path = path;
    this.#nodes = nodes;
    registry ??= new FinalizationRegistry(logLeftovers);
    registry.register(this, this.#leftovers);
    this.#match();
  }

  assertConsumed(): this {
    this.assertExistingObjectsMatched();
    const matches = this.#match();
    this.#nodes.forEach((node, id) => {
      if (matches.has(id)) return;
      throw new AssertionError(
        `Unresolved object in checkpoint ${nodeNames(this.#nodes)[id]}: ${objectText(node)}`,
      );
    });
    const unused = this.#unusedAttributes(matches);
    if (unused.length > 0) {
      throw new AssertionError(
        'Unused attributes in these objects (the attributes exist in the Python object but were not restored): ' +
          `[${unused.join(', ')}]`,
      );
    }
    return this;
  }

  assertExistingObjectsMatched(): this {
    const matches = this.#match();
    const assigned = new Set<object>(this.#variables(matches).map(({ variable }) => variable));
    for (const [id, object] of matches) {
      if (!(object instanceof Variable) || assigned.has(object)) continue;
      throw new AssertionError(
        `Object not assigned a value from checkpoint: ${objectText(this.#nodes[id]!)}`,
      );
    }
    const unbound = this.#unbound(matches).filter(isSubstantial);
    if (unbound.length > 0) {
      throw new AssertionError(
        'Some Python objects were not bound to checkpointed values, likely due to changes in the Python program: ' +
          `[${unbound.map(objectName).join(', ')}]`,
      );
    }
    return this;
  }

  assertNontrivialMatch(): this {
    const matches = this.#match();
    if (matches.size > 1) return this;
    const unbound = this.#unbound(matches);
    throw new AssertionError(
      unbound.length > 0
        ? 'Nothing except the root object matched a checkpointed value. Typically this means that the checkpoint ' +
            'does not match the Python program. The following objects have no matching checkpointed value: ' +
            `[${unbound.map(objectName).join(', ')}]`
        : `Nothing to load. No dependencies have been added to ${objectName(this.#root)} yet.`,
    );
  }

  expectPartial(): this {
    this.#leftovers.expectPartial = true;
    return this;
  }

  async runRestoreOps(session: Session, options: OperationOptions = {}): Promise<void> {
    const variables = this.#variables(this.#match());
    const reader = await BundleReader.open(this.#path, options);
    try {
      await assignFromBundle(session, variables, reader, options);
    } finally {
      reader.close();
    }
  }

  async initializeOrRestore(session: Session, options: OperationOptions = {}): Promise<void> {
    await this.runRestoreOps(session, options);
    const unbound = this.#unbound(this.#match());
    initialize(unbound, session);
  }

  #match(): Matches {
    const matches = matchObjects(this.#nodes, this.#root);
    const names = nodeNames(this.#nodes);
    this.#leftovers.unresolved = names.filter((_name, id) => !matches.has(id));
    return matches;
  }

  #variables(matches: Matches): ReturnType<typeof matchedVariables> {
    return matchedVariables(this.#nodes, matches);
  }

  #unbound(matches: Matches): object[] {
    const bound = new Set(matches.values());
    return viewObjects(this.#root).objects.filter((object) => !bound.has(object));
  }

  #unusedAttributes(matches: Matches): string[] {
    return [...matches].flatMap(([id, object]) => {
      const names = this.#nodes[id]!.attributes.filter(
        ({ name, optionalRestore }) =>
          !optionalRestore && !(object instanceof Variable && name === 'VARIABLE_VALUE'),
      ).map(({ name }) => `'${name}'`);
      return names.length === 0 ? [] : [`(${objectName(object)}, [${names.join(', ')}])`];
    });
  }
}

/** The restore of a name-based checkpoint: variables are found by the names of their operations. */
export class NameBasedSaverStatus implements LoadStatus {
  readonly #root: object;
  readonly #path: string;
  readonly #keys: ReadonlySet<string>;
  /** Need not be in the checkpoint. */
  readonly #optional: ReadonlySet<object>;

  /** @internal */
  constructor(
    root: object,
    path: string,
    keys: ReadonlySet<string>,
    optional: ReadonlySet<object>,
  ) {
    this.#root = root;
    this.#path = path;
    this.#keys = keys;
    this.#optional = optional;
  }

  assertConsumed(): this {
    for (const variable of this.#variables()) {
      if (this.#keys.has(variable.op.name)) continue;
      throw new AssertionError(`Object not restored: ${variable}`);
    }
    return this;
  }

  assertExistingObjectsMatched(): this {
    return this.assertConsumed();
  }

  assertNontrivialMatch(): this {
    return this.assertConsumed();
  }

  expectPartial(): this {
    return this;
  }

  async runRestoreOps(session: Session, options: OperationOptions = {}): Promise<void> {
    const saver = new Saver(this.#variables());
    await saver.restore(session, this.#path, options);
    initialize(this.#missing(), session);
  }

  initializeOrRestore(session: Session, options: OperationOptions = {}): Promise<void> {
    return this.runRestoreOps(session, options);
  }

  #all(): Variable[] {
    return viewObjects(this.#root).variables.map(({ variable }) => variable);
  }

  #variables(): Variable[] {
    const missing = new Set(this.#missing());
    return this.#all().filter((variable) => !missing.has(variable));
  }

  #missing(): Variable[] {
    return this.#all().filter(
      (variable) => this.#optional.has(variable) && !this.#keys.has(variable.op.name),
    );
  }
}

/** There is no checkpoint: nothing is restored. */
export class InitializationOnlyStatus implements LoadStatus {
  readonly #root: object;

  /** @internal */
  constructor(root: object) {
    this.#root = root;
  }

  assertConsumed(): never {
    throw new AssertionError(
      'No checkpoint specified (save_path=None); nothing is being restored.',
    );
  }

  assertExistingObjectsMatched(): never {
    return this.assertConsumed();
  }

  assertNontrivialMatch(): never {
    return this.assertConsumed();
  }

  expectPartial(): this {
    return this;
  }

  async runRestoreOps(): Promise<never> {
    throw new AssertionError(
      'No checkpoint specified, so no restore ops are available (save_path=None to Saver.restore).',
    );
  }

  async initializeOrRestore(session: Session): Promise<void> {
    initialize(viewObjects(this.#root).objects, session);
  }
}

function initialize(objects: readonly object[], session: Session): void {
  const variables = objects.filter((object) => object instanceof Variable);
  if (variables.length > 0) session.run(variables.map(({ initializer }) => initializer));
}

// A list or a plain object without variables says nothing about the program.
function isSubstantial(object: object): boolean {
  return object instanceof Variable || childrenOf(object).length > 0;
}
