/// The `checkpoint` state file: tf.train.getCheckpointState, latestCheckpoint and what belongs to them.

import { checkpointExists } from './checkpoint-files.js';
import type { CheckpointStateObject } from './codec-module.js';
import { engine } from './engine.js';
import { isCodedError, ValueError } from './errors.js';
import { createAlone } from './file-transaction.js';
import { matchingFiles } from './glob.js';
import { info, error as logError, warn } from './logging.js';
import { codec } from './operation.js';
import { basename, joinPath, normalizePath } from './paths.js';
import { fileExists, readFile } from './sources.js';
import type { FileSet, OperationOptions } from './types.js';

/** The contents of a state file; times are seconds since 1970. */
export interface CheckpointState {
  readonly modelCheckpointPath: string;
  readonly allModelCheckpointPaths: readonly string[];
  readonly allModelCheckpointTimestamps: readonly number[];
  readonly lastPreservedTimestamp: number;
}

/** What a new state file is made of: TensorFlow's generate_checkpoint_state_proto. */
export interface CheckpointStateRequest {
  readonly saveDir: string;
  readonly modelCheckpointPath: string;
  readonly allModelCheckpointPaths?: readonly string[] | undefined;
  readonly allModelCheckpointTimestamps?: readonly number[] | undefined;
  readonly lastPreservedTimestamp?: number | undefined;
  readonly saveRelativePaths?: boolean | undefined;
  /** What the state file will be called. Default `checkpoint`. */
  readonly latestFilename?: string | undefined;
}

/** The name TensorFlow gives the state file. */
const STATE_FILE = 'checkpoint';

/**
 * The state of the folder `dir`, with relative paths joined to it; undefined when there is none or it cannot be read,
 * which is logged.
 * @throws {ValueError} `Invalid checkpoint state loaded from <dir>` when it names no checkpoint.
 */
export async function getCheckpointState(
  dir: string,
  latestFilename: string = STATE_FILE,
  options: OperationOptions = {},
): Promise<CheckpointState | undefined> {
  return readState(folderOf(dir), dir, latestFilename, options);
}

/** {@link getCheckpointState} for the folder `files`, which paths call `dir`. @internal */
export async function readState(
  files: FileSet,
  dir: string,
  latestFilename: string,
  options: OperationOptions,
): Promise<CheckpointState | undefined> {
  let text: Uint8Array;
  try {
    if (!(await fileExists(files, latestFilename, options))) return undefined;
    text = await readFile(files, latestFilename, options);
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return ignored(error, dir, latestFilename);
  }
  return withState((state) => {
    try {
      engine().check(() => state.parse(text));
    } catch (error) {
      return ignored(error, dir, latestFilename);
    }
    engine().check(() => state.resolve(dir));
    return JSON.parse(state.describe()) as CheckpointState;
  });
}

/**
 * The latest checkpoint of the folder `dir`, if its files are there. That they are not is logged.
 * @throws {ValueError} as {@link getCheckpointState}.
 */
export async function latestCheckpoint(
  dir: string,
  latestFilename: string = STATE_FILE,
  options: OperationOptions = {},
): Promise<string | undefined> {
  const state = await getCheckpointState(dir, latestFilename, options);
  if (state === undefined) return undefined;
  const path = state.modelCheckpointPath;
  if (await checkpointExists(path, options)) return path;
  logError(`Couldn't match files for checkpoint ${path}`);
  return undefined;
}

/**
 * The text of a new state file.
 * @throws {ValueError} when there are timestamps and not one for each path.
 * @throws {RuntimeError} when the checkpoint is called as the state file is.
 */
export function checkpointStateText(request: CheckpointStateRequest): Uint8Array {
  const { saveDir, modelCheckpointPath: path, saveRelativePaths = false } = request;
  const stateFile = joinPath(saveDir, request.latestFilename ?? STATE_FILE);
  const all = request.allModelCheckpointPaths ?? [];
  return withState((state) => {
    engine().check(() => state.checkSavePath(path, stateFile));
    for (const one of all) state.addPath(one);
    for (const seconds of request.allModelCheckpointTimestamps ?? []) state.addTimestamp(seconds);
    if (request.lastPreservedTimestamp !== undefined) {
      state.setLastPreserved(request.lastPreservedTimestamp);
    }
    const workingDir = engine().host.workingDirectory();
    engine().check(() => state.make(saveDir, path, saveRelativePaths, workingDir));
    if (all.at(-1) !== path) {
      info(`${path} is not in all_model_checkpoint_paths. Manually adding it.`);
    }
    return new TextEncoder().encode(state.print());
  });
}

/** Options of {@link updateCheckpointState}. */
export interface UpdateCheckpointStateOptions extends OperationOptions {
  readonly allModelCheckpointPaths?: readonly string[] | undefined;
  readonly allModelCheckpointTimestamps?: readonly number[] | undefined;
  readonly lastPreservedTimestamp?: number | undefined;
  readonly latestFilename?: string | undefined;
  /** Absolute paths become relative to the folder. Default false. */
  readonly saveRelativePaths?: boolean | undefined;
}

/**
 * Writes the state file of the folder `saveDir`: whole, or not at all.
 * @throws {RuntimeError} when the checkpoint is called as the state file is.
 */
export async function updateCheckpointState(
  saveDir: string,
  modelCheckpointPath: string,
  options: UpdateCheckpointStateOptions = {},
): Promise<void> {
  const { latestFilename = STATE_FILE, ...request } = options;
  if (latestFilename !== basename(latestFilename)) {
    throw new ValueError("'latest_filename' must not contain path components");
  }
  const stateFile = joinPath(saveDir, latestFilename);
  const text = checkpointStateText({ ...request, saveDir, modelCheckpointPath, latestFilename });
  const { storage } = engine().host;
  const location = storage.locate(stateFile);
  await storage.makeParent(location);
  const sink = await createAlone(location.files, location.name);
  try {
    await sink.write(text);
    options.signal?.throwIfAborted();
    await sink.close();
  } catch (error) {
    await sink.abort(error);
    throw error;
  }
}

/**
 * The latest checkpoint of the folder `files`, as a name in it. A path that was right where the checkpoint was
 * written, and is not here, counts by its last component.
 * @internal
 */
export async function latestIn(
  files: FileSet,
  options: OperationOptions,
): Promise<string | undefined> {
  const state = await readState(files, '', STATE_FILE, options);
  if (state === undefined) return undefined;
  const path = state.modelCheckpointPath;
  // "." is a prefix without a name of its own: its index is called `.index`.
  for (const name of [normalizePath(path), basename(path)]) {
    if (await fileExists(files, `${name}.index`, options)) return name;
    // The state file is not the V1 checkpoint that may have been called as it is.
    if (name !== STATE_FILE && (await matchingFiles(files, name, options)).length > 0) {
      return name;
    }
  }
  return undefined;
}

function folderOf(dir: string): FileSet {
  return engine().host.storage.locate(joinPath(dir, STATE_FILE)).files;
}

function withState<T>(use: (state: CheckpointStateObject) => T): T {
  const state = new (codec().CheckpointState)();
  try {
    return use(state);
  } finally {
    state.delete();
  }
}

function ignored(error: unknown, dir: string, file: string): undefined {
  warn(isCodedError(error) ? error.status : String(error));
  warn(`${joinPath(dir, file)}: Checkpoint ignored`);
  return undefined;
}
