/** tf.train.Saver: the variables of a session to and from checkpoints. */

import {
  checkpointExists,
  getCheckpointMtimes,
  removeCheckpoint,
} from '../core/checkpoint-files.js';
import {
  FailedPreconditionError,
  NotFoundError,
  RuntimeError,
  ValueError,
} from '../core/errors.js';
import { info, warn } from '../core/logging.js';
import { basename, dirname } from '../core/paths.js';
import { checkpointStateText } from '../core/state.js';
import type { OperationOptions } from '../core/types.js';
import type { SaverHandle } from './engine-types.js';
import { type Graph, getDefaultGraph } from './graph.js';
import { check, collect, loadedEngine, runtime } from './host.js';
import { restoreCheckpoint } from './restore.js';
import { Snapshot } from './save.js';
import { checkSaverDef, inScope, outOfScope, SaverDef } from './saver-def.js';
import {
  checkSaveOptions,
  checkSaverOptions,
  type SaveOptions,
  type SaverOptions,
} from './saver-options.js';
import { Retention, type TimedCheckpoint } from './saver-retention.js';
import { withStep } from './saver-step.js';
import { Selection, type VariableList } from './saver-variables.js';
import { Session } from './session.js';
import { globalVariables } from './variable.js';

const RESHAPE = 1;
const SHARDED = 2;
const WRITE_V1 = 4;

/**
 * Saves and restores variables.
 *
 * @example
 * const saver = new tf.train.Saver();
 * await saver.save(sess, './model.ckpt');
 * await saver.restore(sess, './model.ckpt');
 */
export class Saver {
  readonly #options: SaverOptions;
  readonly #varList: VariableList | null | undefined;
  /** The engine's savers, one for each graph in which the operations were found. */
  readonly #handles = new WeakMap<Graph, SaverHandle>();
  #built = false;
  /** Undefined before `build()` and when there is nothing to save. */
  #def: SaverDef | undefined;
  readonly #retention: Retention;
  /** Saves of one saver follow each other, however they were called. */
  #tail: Promise<unknown> = Promise.resolve();

  /**
   * `varList`: the variables, or a map from names in the checkpoint to them. Default: all of the default graph.
   *
   * @throws {ValueError} `No variables to save`, `At least two variables have the same name: v`,
   *   `The same saveable will be restored with two names: v`
   * @throws {TypeError} `Variables to save should be passed in a dict or a list: 3`
   */
  constructor(varList?: VariableList | null, options: SaverOptions = {}) {
    checkSaverOptions(options);
    if (options.deferBuild && varList !== undefined && varList !== null) {
      throw new ValueError(
        'If `var_list` is provided then build cannot be deferred. Either set defer_build=False or var_list=None.',
      );
    }
    this.#options = options;
    this.#varList = varList;
    const { saverDef, name } = options;
    if (saverDef !== undefined) {
      checkSaverDef(saverDef);
      this.#def = name ? inScope(saverDef, name) : { ...saverDef };
    }
    this.#retention = new Retention(
      this.#def?.maxToKeep ?? maxToKeepOf(options),
      this.#def?.keepCheckpointEveryNHours ?? options.keepCheckpointEveryNHours ?? 10000,
    );
    if (!options.deferBuild) this.build();
  }

  /** A saver that uses the operations of `saverDef`, which were imported into `importScope`. */
  static fromProto(
    saverDef: SaverDef,
    { importScope }: { readonly importScope?: string | undefined } = {},
  ): Saver {
    return new Saver(null, { saverDef, name: importScope });
  }

  /** Adds the operations of a saver that was made with `deferBuild`. Calling it again is fine. */
  build(): void {
    if (this.#built) return;
    this.#built = true;
    this.#def ??= this.#addOperations();
    this.#retention.start(secondsNow());
  }

  /** The checkpoints this saver wrote, the oldest first; at most `maxToKeep`. A copy. */
  get lastCheckpoints(): string[] {
    return this.#retention.paths;
  }

  /**
   * Replaces the list. As the times are not known, none of these checkpoints is ever deleted.
   * @throws {AssertionError} when it is no list.
   */
  setLastCheckpoints(paths: readonly string[]): void {
    const checkpoints: unknown = Array.isArray(paths) ? paths.map((it) => [it, Infinity]) : paths;
    this.setLastCheckpointsWithTime(checkpoints as TimedCheckpoint[]);
  }

  /**
   * Replaces the list by pairs of a path and the time of its saving, in seconds since 1970.
   * @throws {AssertionError} when it is no list.
   */
  setLastCheckpointsWithTime(checkpoints: readonly TimedCheckpoint[]): void {
    this.#retention.set(checkpoints);
  }

  /** Makes the list of those among `paths` that exist, with the times of their files. */
  async recoverLastCheckpoints(
    paths: readonly string[],
    options: OperationOptions = {},
  ): Promise<void> {
    const found: TimedCheckpoint[] = [];
    for (const path of paths) {
      const [time] = await getCheckpointMtimes([path], options);
      if (time !== undefined) found.push([path, time]);
    }
    this.setLastCheckpointsWithTime(found);
  }

  /**
   * The names of the saver's operations and its settings.
   * @throws {RuntimeError} for a saver that has no operations.
   */
  asSaverDef(): SaverDef {
    if (this.#def === undefined) throw new RuntimeError('The saver has no operations.');
    return { ...this.#def };
  }

  /** The same as seen from the name scope `exportScope`; undefined for a saver that is not in it. */
  toProto({
    exportScope,
  }: {
    readonly exportScope?: string | undefined;
  } = {}): SaverDef | undefined {
    const def = this.asSaverDef();
    return exportScope === undefined ? def : outOfScope(def, exportScope);
  }

  /**
   * Writes the variables' values in `sess` to the checkpoint `path`, and names it in the folder's state file.
   * All files appear together; when it fails, what was there before is still there. Only when they are safe, the
   * checkpoint that is one too many is deleted.
   *
   * @returns the prefix of the checkpoint, to be given to `restore`; undefined for an empty saver.
   * @throws {FailedPreconditionError} `Attempting to use uninitialized value Variable`
   * @throws {ValueError} `Parent directory of a/b/model.ckpt doesn't exist, can't save.`
   */
  async save(sess: Session, path: string, options: SaveOptions = {}): Promise<string | undefined> {
    checkSaveOptions(options);
    this.#requireBuilt();
    const stateFile = options.latestFilename || 'checkpoint';
    if (this.#def?.version === SaverDef.V1) warnOfV1();
    if (dirname(stateFile) !== '') {
      throw new ValueError("'latest_filename' must not contain path components");
    }
    const file = this.#fileFor(sess, path, options, stateFile);
    if (!(sess instanceof Session)) throw new TypeError(`'sess' must be a Session; ${sess}`);
    if (this.#def === undefined) return undefined;

    const snapshot = new Snapshot(sess, this.#handleIn(sess.graph));
    const saving = this.#tail.then(() => this.#write(snapshot, file, stateFile, options));
    this.#tail = saving.catch(() => {});
    try {
      return await saving;
    } catch (error) {
      throw await explained(error, path);
    } finally {
      snapshot.close();
    }
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
    this.#requireBuilt();
    if (this.#def === undefined) return;
    if (path === null || path === undefined) {
      throw new ValueError("Can't load save_path when it is None.");
    }
    if (!(await checkpointExists(path))) {
      throw new ValueError(`The passed save_path is not a valid checkpoint: ${path}`);
    }
    info(`Restoring parameters from ${path}`);
    await restoreCheckpoint(sess, this.#handleIn(sess.graph), path, options);
  }

  #addOperations(): SaverDef | undefined {
    const selection = new Selection(this.#varList ?? globalVariables());
    if (selection.isEmpty && this.#options.allowEmpty) return undefined;
    const graph = selection.graph ?? getDefaultGraph();
    const handle = this.#newHandle(graph);
    selection.addTo(handle);
    const { name, filename, keepCheckpointEveryNHours } = this.#options;
    check(() =>
      handle.build(
        name ?? '',
        filename ?? '',
        maxToKeepOf(this.#options),
        keepCheckpointEveryNHours ?? 10000,
        this.#flags(),
        shardToken(),
      ),
    );
    return JSON.parse(handle.def()) as SaverDef;
  }

  #flags(): number {
    const { reshape, sharded, writeVersion = SaverDef.V2 } = this.#options;
    if (writeVersion !== SaverDef.V1 && writeVersion !== SaverDef.V2) {
      throw new RuntimeError(`Unexpected write_version: ${writeVersion}`);
    }
    return (
      (reshape ? RESHAPE : 0) |
      (sharded ? SHARDED : 0) |
      (writeVersion === SaverDef.V1 ? WRITE_V1 : 0)
    );
  }

  // Session.run finds a saver's tensors by their names, whichever graph the saver was made in.
  #handleIn(graph: Graph): SaverHandle {
    const known = this.#handles.get(graph);
    if (known !== undefined) return known;
    const def = this.asSaverDef();
    const handle = new (runtime().Saver)(graph.handle);
    try {
      check(() =>
        handle.find(
          def.filenameTensorName,
          def.saveTensorName,
          def.restoreOpName,
          def.version,
          def.sharded,
        ),
      );
    } catch (error) {
      handle.delete();
      throw error;
    }
    this.#handles.set(graph, handle);
    collect(this, handle);
    return handle;
  }

  #newHandle(graph: Graph): SaverHandle {
    const handle = new (runtime().Saver)(graph.handle);
    collect(this, handle);
    this.#handles.set(graph, handle);
    return handle;
  }

  #requireBuilt(): void {
    if (this.#built) return;
    throw new RuntimeError('`build()` should be called before save if defer_build==True');
  }

  #fileFor(sess: Session, path: string, options: SaveOptions, stateFile: string): string {
    const { globalStep } = options;
    if (globalStep !== undefined && globalStep !== null) {
      return withStep(path, globalStep, sess, this.#options.padStepNumber ?? false);
    }
    if (basename(path) === stateFile && !this.#def?.sharded) {
      throw new ValueError(
        `'latest_filename' collides with 'save_path': '${stateFile}' and '${path}'`,
      );
    }
    return path;
  }

  async #write(
    snapshot: Snapshot,
    file: string,
    stateFile: string,
    options: SaveOptions,
  ): Promise<string> {
    const retention = this.#retention;
    const saved = file + snapshot.prefixSuffix;
    const recorded = retention.record(saved, secondsNow());
    const companions =
      options.writeState === false
        ? []
        : [
            {
              name: stateFile,
              bytes: checkpointStateText({
                saveDir: dirname(file),
                modelCheckpointPath: saved,
                allModelCheckpointPaths: recorded.last.map(([path]) => path),
                saveRelativePaths: this.#options.saveRelativePaths,
                latestFilename: stateFile,
              }),
            },
          ];
    const { storage } = loadedEngine().host;
    const location = storage.locate(file);
    await storage.makeParent(location);
    await snapshot.write(location, companions, options);
    if (options.writeState !== false) {
      retention.commit(recorded);
      await this.#deleteOld(options);
    }
    return saved;
  }

  // The new checkpoint is safe by now, so that a failure here costs nothing.
  async #deleteOld({ metaGraphSuffix }: SaveOptions): Promise<void> {
    const path = this.#retention.takeDoomed();
    if (path === undefined) return;
    const checkpointFormatVersion = this.#def!.version === SaverDef.V1 ? 1 : 2;
    try {
      await removeCheckpoint(path, { checkpointFormatVersion, metaGraphSuffix });
    } catch (error) {
      warn(`Ignoring: ${error instanceof Error ? error.message : error}`);
    }
  }
}

function maxToKeepOf({ maxToKeep }: SaverOptions): number {
  if (maxToKeep === undefined) return 5;
  if ((maxToKeep ?? 0) >= 0) return maxToKeep ?? 0;
  // TensorFlow would delete the checkpoint that it has just written.
  throw new ValueError(`max_to_keep must not be negative, got ${maxToKeep}`);
}

// uuid.uuid4().hex
function shardToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function secondsNow(): number {
  return Date.now() / 1000;
}

// Saver.save tells a missing folder from other failures only when it has failed.
async function explained(error: unknown, path: string): Promise<unknown> {
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

function warnOfV1(): void {
  const stars = '*'.repeat(55);
  warn(stars);
  warn("TensorFlow's V1 checkpoint format has been deprecated.");
  warn('Consider switching to the more efficient V2 format:');
  warn('   `tf.train.Saver(write_version=tf.train.SaverDef.V2)`');
  warn('now on by default.');
  warn(stars);
}
