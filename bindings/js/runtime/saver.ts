/** tf.train.Saver: the variables of a session to and from checkpoints. */

import {
  checkpointExists,
  getCheckpointMtimes,
  metaGraphFilename,
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
import {
  type ExportMetaGraphOptions,
  exportMetaGraph,
  metaGraphBytes,
} from './export-meta-graph.js';
import type { Graph } from './graph.js';
import { loadedEngine } from './host.js';
import { restoreCheckpoint } from './restore.js';
import { type Companion, Snapshot, writeTogether } from './save.js';
import { checkSaverDef, inScope, outOfScope, SaverDef } from './saver-def.js';
import { SaverHandles } from './saver-handles.js';
import { keysByFullName, underKeys } from './saver-object-based.js';
import {
  checkSaveOptions,
  checkSaverOptions,
  maxToKeepOf,
  type SaveOptions,
  type SaverOptions,
} from './saver-options.js';
import { Retention, type TimedCheckpoint } from './saver-retention.js';
import { withStep } from './saver-step.js';
import { Selection, type VariableList } from './saver-variables.js';
import { Session } from './session.js';
import { globalVariables } from './variable.js';

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
  readonly #handles = new SaverHandles();
  #built = false;
  /** Undefined before `build()` and when there is nothing to save. */
  #def: SaverDef | undefined;
  readonly #retention: Retention;
  /** The saver for object-based checkpoints with a certain object graph. */
  #byKeys: { readonly mapping: string; readonly saver: Saver } | undefined;
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
    // As they are now, whatever happens while the saves before this one are written.
    const snapshot =
      this.#def === undefined ? undefined : new Snapshot(sess, this.#handleIn(sess.graph));
    try {
      const metaGraph =
        options.writeMetaGraph === false
          ? undefined
          : metaGraphBytes(sess.graph, {
              saverDef: this.#def,
              stripDefaultAttrs: options.stripDefaultAttrs,
            });
      const saving = this.#tail.then(() =>
        this.#write(snapshot, metaGraph, file, stateFile, options),
      );
      this.#tail = saving.catch(() => {});
      return await saving;
    } catch (error) {
      throw await explained(error, path);
    } finally {
      snapshot?.close();
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
    try {
      await restoreCheckpoint(sess, this.#handleIn(sess.graph), path, options);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      const keys = await keysByFullName(path, options).catch(() => undefined);
      if (keys === undefined) throw error;
      await this.#restoreByKeys(sess, path, keys, options);
    }
  }

  // A second saver, under the keys that the object graph has for the variables' names.
  async #restoreByKeys(
    sess: Session,
    path: string,
    keys: ReadonlyMap<string, string>,
    options: OperationOptions,
  ): Promise<void> {
    warn(
      'Restoring an object-based checkpoint using a name-based saver. This may be somewhat fragile, and will ' +
        're-build the Saver. Instead, consider loading object-based checkpoints using tf.train.Checkpoint().',
    );
    const mapping = JSON.stringify([...keys]);
    if (this.#byKeys?.mapping !== mapping) {
      const selection = sess.graph.asDefault(
        () => new Selection(this.#varList ?? globalVariables()),
      );
      this.#byKeys = { mapping, saver: new Saver(underKeys(selection, keys)) };
    }
    await this.#byKeys.saver.restore(sess, path, options);
  }

  /**
   * Writes the graph with this saver to the file `filename`, as `save` does beside a checkpoint.
   * @returns the MetaGraphDef: the bytes of a `.meta` file.
   */
  exportMetaGraph(
    filename?: string | null,
    options: Omit<ExportMetaGraphOptions, 'saverDef'> = {},
  ): Promise<Uint8Array> {
    return exportMetaGraph(filename, { ...options, saverDef: this.#def });
  }

  #addOperations(): SaverDef | undefined {
    const selection = new Selection(this.#varList ?? globalVariables());
    if (selection.isEmpty && this.#options.allowEmpty) return undefined;
    return this.#handles.add(selection, this.#options);
  }

  #handleIn(graph: Graph): SaverHandle {
    return this.#handles.find(graph, this.asSaverDef());
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
    snapshot: Snapshot | undefined,
    metaGraph: Uint8Array | undefined,
    file: string,
    stateFile: string,
    options: SaveOptions,
  ): Promise<string | undefined> {
    const { writeState = true, metaGraphSuffix } = options;
    const retention = this.#retention;
    const { storage } = loadedEngine().host;
    const location = storage.locate(file);
    const companions: Companion[] = [];
    if (metaGraph !== undefined) {
      const name = metaGraphFilename(location.name, metaGraphSuffix);
      companions.push({ name, bytes: metaGraph });
    }
    if (snapshot === undefined) {
      if (metaGraph !== undefined) await writeTogether(location, undefined, companions, options);
      return undefined;
    }
    const saved = file + snapshot.prefixSuffix;
    const recorded = retention.record(saved, secondsNow());
    if (writeState) {
      const bytes = checkpointStateText({
        saveDir: dirname(file),
        modelCheckpointPath: saved,
        allModelCheckpointPaths: recorded.last.map(([path]) => path),
        saveRelativePaths: this.#options.saveRelativePaths,
        latestFilename: stateFile,
      });
      companions.push({ name: stateFile, bytes });
    }
    await storage.makeParent(location);
    await writeTogether(location, snapshot, companions, options);
    if (writeState) {
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
