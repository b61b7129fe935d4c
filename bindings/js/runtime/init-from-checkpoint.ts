/** tf.train.initFromCheckpoint: variables that start with what a checkpoint holds. */

import { ValueError } from '../core/errors.js';
import type { NDArray } from '../core/ndarray.js';
import { openAnyFormat } from '../core/open-checkpoint.js';
import { pythonRepr } from '../core/python-repr.js';
import { latestCheckpoint } from '../core/state.js';
import type { TensorReader } from '../core/tensor-reader.js';
import type { OperationOptions } from '../core/types.js';
import { callGraph } from './arguments.js';
import { getDefaultGraph } from './graph.js';
import { loadedEngine } from './host.js';
import { listText, shapeText } from './partitioners.js';
import { Variable } from './variable.js';
import { storeOf, type VariableStore } from './variable-store.js';

/** A variable, the slices of one, or the name of a `tf.getVariable` variable or of a scope of them (`'layer/'`). */
export type AssignmentTarget = Variable | Iterable<Variable> | string;

/** From names in the checkpoint, or scopes of them (`'scope/'`, `'/'`), to what they initialise. */
export type AssignmentMap =
  | ReadonlyMap<string, AssignmentTarget>
  | Readonly<Record<string, AssignmentTarget>>;

/**
 * Makes variables of the default graph start with the values of the checkpoint `ckptDirOrFile`: running their
 * initializers sets them to what is read now. A folder stands for its latest checkpoint.
 *
 * @example
 * await tf.train.initFromCheckpoint('./model.ckpt', { 'old_scope/': 'new_scope/', step });
 *
 * @throws {ValueError} `Tensor x is not found in ./model.ckpt checkpoint {...}`
 * @throws {ValueError} `Shape of variable w:0 ((2, 3)) doesn't match with shape of tensor w ([3]) from checkpoint reader.`
 * @throws {InvalidArgumentError} when a variable has another dtype in the checkpoint.
 */
export async function initFromCheckpoint(
  ckptDirOrFile: string,
  assignmentMap: AssignmentMap,
  options: OperationOptions = {},
): Promise<void> {
  const graph = getDefaultGraph();
  const prefix = await prefixOf(ckptDirOrFile, options);
  const { storage } = loadedEngine().host;
  const reader = await openAnyFormat(storage.locate(prefix), options);
  try {
    const assignments = new Assignments(ckptDirOrFile, storeOf(graph), reader);
    const entries =
      assignmentMap instanceof Map ? [...assignmentMap] : Object.entries(assignmentMap);
    for (const [key, target] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
      assignments.add(key, target as AssignmentTarget);
    }
    // Everything is read before the first initializer changes.
    const values: NDArray[] = [];
    for (const { key, slice } of assignments.all) {
      values.push(
        slice === ''
          ? await reader.lookup(key, options)
          : await reader.lookupSlice(key, slice.slice(slice.lastIndexOf(' ') + 1), options),
      );
    }
    assignments.all.forEach(({ variable, key, slice }, i) => {
      callGraph([variable, values[i]!], (call) =>
        call.initializeFromCheckpoint(prefix, key, slice),
      );
    });
  } finally {
    reader.close();
  }
}

interface Assignment {
  readonly variable: Variable;
  readonly key: string;
  /** `4 2 0,2:0,2`; empty for a whole variable. */
  readonly slice: string;
}

/** What to load into what. init_from_checkpoint, tensorflow/python/training/checkpoint_utils.py. */
class Assignments {
  readonly all: Assignment[] = [];
  readonly #source: string;
  readonly #store: VariableStore;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;

  constructor(source: string, store: VariableStore, reader: TensorReader) {
    this.#source = source;
    this.#store = store;
    const tensors = reader.entries().filter(({ key }) => !key.startsWith('\0'));
    this.#shapes = new Map(tensors.map(({ key, shape }) => [key, shape]));
  }

  add(key: string, target: AssignmentTarget): void {
    const variable = typeof target === 'string' ? this.#store.find(target) : target;
    if (variable === undefined) {
      this.#addScope(key, target as string);
      return;
    }
    const shape = this.#shapes.get(key);
    if (shape === undefined) {
      throw new ValueError(
        `Tensor ${key} is not found in ${this.#source} checkpoint ${this.#shapesText()}`,
      );
    }
    if (variable instanceof Variable && !fits(variable.shape, shape)) {
      throw new ValueError(
        `Shape of variable ${variable.name} (${shapeText(variable.shape)}) doesn't match with shape of tensor ` +
          `${key} (${listText(shape)}) from checkpoint reader.`,
      );
    }
    this.#addVariable(key, variable);
  }

  #addScope(key: string, target: string): void {
    const scope = target.slice(0, Math.max(0, target.lastIndexOf('/')));
    if (!key.endsWith('/')) {
      throw new ValueError(
        `Assignment map with scope only name ${scope} should map to scope only ${key}. ` +
          "Should be 'scope/': 'other_scope/'.",
      );
    }
    const names = this.#store
      .names()
      .filter((name) => scope === '' || name.startsWith(`${scope}/`))
      .map((name) => name.replace(/\/part_.*$/s, ''));
    for (const name of [...new Set(names)].sort()) {
      let full = name.slice(scope.length);
      if (target !== '/') full = full.slice(1);
      if (key !== '/') full = key + full;
      full = full.replace(/\/$/, '');
      if (!this.#shapes.has(full)) {
        throw new ValueError(
          `Tensor ${full} (${name.slice(scope.length + 1)} in ${key}) is not found in ${this.#source} checkpoint`,
        );
      }
      this.#addVariable(full, this.#store.find(name)!);
    }
  }

  #addVariable(key: string, variable: Variable | Iterable<Variable>): void {
    if (variable instanceof Variable) {
      this.all.push({ variable, key, slice: '' });
      return;
    }
    let fullName: string | undefined;
    for (const part of variable) {
      const info = part.saveSliceInfo;
      if (info === undefined) {
        throw new ValueError(`Slices must all be slices: ${part.name}`);
      }
      fullName ??= info.fullName;
      if (fullName !== info.fullName) {
        throw new ValueError(
          `Slices must all be from the same tensor: ${fullName} != ${info.fullName}`,
        );
      }
      this.all.push({ variable: part, key, slice: info.spec });
    }
  }

  #shapesText(): string {
    const items = [...this.#shapes].map(([key, shape]) => `${pythonRepr(key)}: ${listText(shape)}`);
    return `{${items.join(', ')}}`;
  }
}

async function prefixOf(source: string, options: OperationOptions): Promise<string> {
  if (!(await loadedEngine().host.storage.isDirectory(source))) return source;
  const latest = await latestCheckpoint(source, undefined, options);
  if (latest !== undefined) return latest;
  throw new ValueError(
    `Couldn't find 'checkpoint' file or checkpoints in given directory ${source}`,
  );
}

function fits(own: readonly (number | null)[] | undefined, shape: readonly number[]): boolean {
  if (own === undefined) return true;
  return own.length === shape.length && own.every((dim, i) => dim === null || dim === shape[i]);
}
