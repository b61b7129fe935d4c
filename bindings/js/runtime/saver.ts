/** tf.train.Saver: the variables of a session to and from checkpoints. */

import {
  FailedPreconditionError,
  NotFoundError,
  RuntimeError,
  UnimplementedError,
  ValueError,
} from '../core/errors.js';
import { info } from '../core/logging.js';
import { basename, dirname } from '../core/paths.js';
import { checkpointExists, checkpointStateText } from '../core/state.js';
import type { OperationOptions } from '../core/types.js';
import type { SaverHandle, SaverNames } from './engine-types.js';
import { type Graph, getDefaultGraph, type Tensor } from './graph.js';
import { check, collect, loadedEngine, runtime } from './host.js';
import { restoreCheckpoint } from './restore.js';
import { Snapshot } from './save.js';
import { Session } from './session.js';
import { globalVariables, Variable } from './variable.js';

/** Options of {@link Saver}. */
export interface SaverOptions {
  /** How many of the checkpoints it wrote `lastCheckpoints` lists; 0 or null: none. Default 5. */
  readonly maxToKeep?: number | null | undefined;
  /** The name scope of the saver's operations. Default `save`. */
  readonly name?: string | undefined;
  /** Step numbers get eight digits. Default false. */
  readonly padStepNumber?: boolean | undefined;
  /** The state file names checkpoints relative to its own folder. Default false. */
  readonly saveRelativePaths?: boolean | undefined;
  /** The default of the saver's filename tensor. Default `model`. */
  readonly filename?: string | undefined;
  /** With nothing to save, do nothing instead of raising ValueError. Default false. */
  readonly allowEmpty?: boolean | undefined;
}

/** Options of {@link Saver.save}. */
export interface SaveOptions extends OperationOptions {
  /** A number to append to the path: `model.ckpt-1000`. */
  readonly globalStep?: number | bigint | Tensor | Variable | string | undefined;
  /** The name of the state file. Default `checkpoint`. */
  readonly latestFilename?: string | undefined;
  /** Whether the state file is written. Default true. */
  readonly writeState?: boolean | undefined;
}

/** engine: what TensorFlow takes "keep every n hours" to be when it is never asked for. */
const KEEP_CHECKPOINT_EVERY_N_HOURS = 10000;

/**
 * Saves and restores variables.
 *
 * @example
 * const saver = new tf.train.Saver();
 * await saver.save(sess, './model.ckpt');
 * await saver.restore(sess, './model.ckpt');
 *
 * @throws {ValueError} `No variables to save`
 */
export class Saver {
  readonly #graph: Graph;
  readonly #options: SaverOptions;
  /** Undefined when there is nothing to save and `allowEmpty` is set. */
  readonly #handle: SaverHandle | undefined;
  #lastCheckpoints: string[] = [];

  /** `varList`: the variables, or a map from names in the checkpoint to them. Default: all of the default graph. */
  constructor(
    varList?: readonly Variable[] | Readonly<Record<string, Variable>> | null,
    options: SaverOptions = {},
  ) {
    const variables = varList ?? globalVariables();
    requireKnownOptions('Saver', options, SAVER_OPTIONS);
    this.#options = options;
    const list = variablesOf(variables);
    this.#graph = list[0]?.graph ?? getDefaultGraph();
    if (list.length === 0 && options.allowEmpty) return;
    const handle = new (runtime().Saver)(this.#graph.handle);
    collect(this, handle);
    this.#handle = handle;
    const keys = Array.isArray(variables) ? [] : Object.keys(variables);
    list.forEach((variable, i) => {
      if (keys.length > 0) handle.addKey(keys[i]!);
      handle.addVariable(variable.op.id);
    });
    check(() =>
      handle.build(
        options.name ?? '',
        options.filename ?? '',
        options.maxToKeep ?? 0,
        KEEP_CHECKPOINT_EVERY_N_HOURS,
      ),
    );
  }

  /** The checkpoints this saver wrote, the oldest first; at most `maxToKeep`. A copy. */
  get lastCheckpoints(): string[] {
    return [...this.#lastCheckpoints];
  }

  /** The names of the saver's operations: a SaverDef. */
  asSaverDef(): SaverNames {
    if (this.#handle === undefined) throw new RuntimeError('The saver has no operations.');
    return JSON.parse(this.#handle.def()) as SaverNames;
  }

  /**
   * Writes the variables' values in `sess` to the checkpoint `path`, and names it in the folder's state file.
   * All files appear together; when it fails, what was there before is still there.
   *
   * @returns the prefix of the checkpoint, to be given to `restore`; undefined for an empty saver.
   * @throws {FailedPreconditionError} `Attempting to use uninitialized value Variable`
   * @throws {ValueError} `Parent directory of a/b/model.ckpt doesn't exist, can't save.`
   */
  async save(sess: Session, path: string, options: SaveOptions = {}): Promise<string | undefined> {
    requireKnownOptions('save', options, SAVE_OPTIONS);
    const stateFile = options.latestFilename ?? 'checkpoint';
    if (dirname(stateFile) !== '') {
      throw new ValueError("'latest_filename' must not contain path components");
    }
    const prefix = this.#prefixFor(sess, path, options, stateFile);
    if (!(sess instanceof Session)) throw new TypeError(`'sess' must be a Session; ${sess}`);
    if (this.#handle === undefined) return undefined;
    this.#requireGraphOf(sess, this.#handle);

    const snapshot = new Snapshot(sess, this.#handle);
    const recorded = this.#recorded(prefix);
    const { storage } = loadedEngine().host;
    const location = storage.locate(prefix);
    try {
      await storage.makeParent(location);
      const companions =
        options.writeState === false
          ? []
          : [{ name: stateFile, bytes: this.#stateText(prefix, recorded) }];
      await snapshot.write(location, companions, options);
    } catch (error) {
      throw await this.#explained(error, path);
    }
    if (options.writeState !== false) this.#lastCheckpoints = recorded;
    return prefix;
  }

  /**
   * Sets the variables in `sess` to what the checkpoint `path` holds; they need no initializer. All values are read
   * and checked before the first variable changes.
   *
   * @throws {ValueError} `The passed save_path is not a valid checkpoint: ./model.ckpt`
   * @throws {NotFoundError} when the checkpoint lacks a variable.
   * @throws {InvalidArgumentError} when a variable has another shape or dtype there.
   * @throws {DataLossError} when the files are damaged.
   */
  async restore(sess: Session, path: string, options: OperationOptions = {}): Promise<void> {
    if (this.#handle === undefined) return;
    if (path === null || path === undefined) {
      throw new ValueError("Can't load save_path when it is None.");
    }
    if (!(await checkpointExists(path))) {
      throw new ValueError(`The passed save_path is not a valid checkpoint: ${path}`, {
        hint: 'Give the prefix that was passed to save(), without .index or .data-00000-of-00001.',
      });
    }
    info(`Restoring parameters from ${path}`);
    this.#requireGraphOf(sess, this.#handle);
    await restoreCheckpoint(sess, this.#handle, path, options);
  }

  #prefixFor(sess: Session, path: string, options: SaveOptions, stateFile: string): string {
    const { globalStep } = options;
    if (globalStep === undefined || globalStep === null) {
      if (basename(path) === stateFile) {
        throw new ValueError(
          `'latest_filename' collides with 'save_path': '${stateFile}' and '${path}'`,
        );
      }
      return path;
    }
    const step = isInteger(globalStep)
      ? BigInt(globalStep)
      : BigInt(Math.trunc(Number(sess.run(globalStep as Tensor))));
    const digits = this.#options.padStepNumber ? padded(step) : String(step);
    return `${path}-${digits}`;
  }

  // Saver._RecordLastCheckpoint, tensorflow/python/training/saver.py.
  #recorded(prefix: string): string[] {
    const most = this.#options.maxToKeep === undefined ? 5 : (this.#options.maxToKeep ?? 0);
    if (most === 0) return [];
    const others = this.#lastCheckpoints.filter((checkpoint) => checkpoint !== prefix);
    return [...others, prefix].slice(-most);
  }

  #stateText(prefix: string, recorded: readonly string[]): Uint8Array {
    return checkpointStateText({
      saveDir: dirname(prefix),
      modelCheckpointPath: prefix,
      allModelCheckpointPaths: recorded,
      saveRelativePaths: this.#options.saveRelativePaths ?? false,
    });
  }

  // Saver.save tells a missing folder from other failures only when it has failed.
  async #explained(error: unknown, path: string): Promise<unknown> {
    if (!(error instanceof NotFoundError) && !(error instanceof FailedPreconditionError)) {
      return error;
    }
    const parent = dirname(path);
    if (parent === '' || (await loadedEngine().host.storage.isDirectory(parent))) return error;
    return new ValueError(`Parent directory of ${path} doesn't exist, can't save.`, {
      hint: `Create ${parent} first; only its last level is made by itself.`,
      cause: error,
    });
  }

  // Session.run finds the saver's tensors by name, and so fails in a graph that is not theirs.
  #requireGraphOf(sess: Session, handle: SaverHandle): void {
    if (sess.graph === this.#graph) return;
    const { filenameTensorName: name } = JSON.parse(handle.def()) as SaverNames;
    throw new TypeError(
      `Cannot interpret feed_dict key as Tensor: The name '${name}' refers to a Tensor which does not exist. ` +
        `The operation, '${name.replace(/:\d+$/, '')}', does not exist in the graph.`,
    );
  }
}

const SAVER_OPTIONS: readonly string[] = [
  'maxToKeep',
  'name',
  'padStepNumber',
  'saveRelativePaths',
  'filename',
  'allowEmpty',
];
const SAVE_OPTIONS: readonly string[] = [
  'globalStep',
  'latestFilename',
  'writeState',
  'signal',
  'onProgress',
];

// An option that would be passed over in silence could cost somebody their checkpoint.
function requireKnownOptions(what: string, options: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !known.includes(name)) {
      throw new UnimplementedError(`The option ${name} of ${what} is not supported yet.`);
    }
  }
}

function variablesOf(
  variables: readonly Variable[] | Readonly<Record<string, Variable>>,
): Variable[] {
  if (typeof variables !== 'object') {
    throw new TypeError(`Variables to save should be passed in a dict or a list: ${variables}`);
  }
  const list = Array.isArray(variables);
  for (const variable of Object.values(variables)) {
    if (variable instanceof Variable) continue;
    throw new TypeError(
      list
        ? `Variable to save is not a Variable: ${variable}`
        : 'names_to_saveables must be a dict mapping string names to Tensors/Variables. ' +
            `Not a variable: ${variable}`,
    );
  }
  return Object.values(variables);
}

function isInteger(step: unknown): step is number | bigint {
  return typeof step === 'bigint' || (typeof step === 'number' && Number.isInteger(step));
}

// "{:08d}".format(step)
function padded(step: bigint): string {
  return step < 0n ? `-${String(-step).padStart(7, '0')}` : String(step).padStart(8, '0');
}
