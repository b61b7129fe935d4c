/// tf.openCheckpoint: from whatever a user points at to the checkpoint that is meant.

import { BundleReader } from './bundle-reader.js';
import { InvalidArgumentError, NotFoundError } from './errors.js';
import { matchingFiles } from './glob.js';
import { prefixOf } from './hints.js';
import { basename, dirname, joinPath } from './paths.js';
import { TensorSliceReader } from './slice-reader.js';
import {
  type CheckpointSource,
  fileExists,
  fileSetOf,
  folderAt,
  listPrefixes,
  locateSource,
  type OpenOptions,
} from './sources.js';
import { latestIn } from './state.js';
import type { TensorReader } from './tensor-reader.js';
import type { FileSet, Location, OperationOptions } from './types.js';
import { isTableFile, shardPattern } from './v1-files.js';

/** The key under which TensorFlow 2 stores how the objects of a program hang together. */
const OBJECT_GRAPH = '_CHECKPOINTABLE_OBJECT_GRAPH';
/** Where a SavedModel keeps its variables. */
const SAVED_MODEL_PREFIX = 'variables/variables';

/** A checkpoint that was found and opened. Close its reader when done. */
export interface Checkpoint {
  readonly format: 'V1' | 'V2';
  /** The prefix of the checkpoint that was found; of V1 its file, or the pattern of its shards. */
  readonly path: string;
  /** True for checkpoints of `tf.train.Checkpoint` and Keras; their keys are paths through objects. */
  readonly isObjectBased: boolean;
  readonly reader: TensorReader;
}

/**
 * Opens the checkpoint that `source` means: a prefix, any one of the files of a checkpoint, a folder with a
 * `checkpoint` state file, a SavedModel's folder, a URL, or files. What a file is, its contents say.
 * @throws {NotFoundError} when there is none.
 * @throws {InvalidArgumentError} when there are several and none is the latest.
 */
export async function openCheckpoint(
  source: CheckpointSource,
  options: OpenOptions = {},
): Promise<Checkpoint> {
  const location = await findCheckpoint(source, options);
  const reader = await openAnyFormat(location, options);
  return {
    format: reader.format,
    path: location.path,
    isObjectBased: reader.contains(OBJECT_GRAPH),
    reader,
  };
}

/**
 * Opens the V2 checkpoint with the prefix `location`; if it has no index, the V1 checkpoint of that name, as RestoreV2
 * does. `tensor` is the first name that is wanted, where there is one.
 */
export async function openAnyFormat(
  location: Location,
  options: OperationOptions = {},
  tensor?: string,
): Promise<BundleReader | TensorSliceReader> {
  return (await isPrefix(location, options))
    ? BundleReader.openAt(location, options)
    : TensorSliceReader.openAt(location, options, tensor);
}

/** The prefix of the checkpoint that `source` means. */
export async function findCheckpoint(
  source: CheckpointSource,
  options: OpenOptions = {},
): Promise<Location> {
  if (typeof source !== 'string' && !('name' in source && 'files' in source)) {
    const files = fileSetOf(source as Exclude<CheckpointSource, string>);
    if (options.prefix === undefined) return inFolder(files, files.label ?? '', options);
  }
  const location = await locateSource(source, options);
  if (await isPrefix(location, options)) return location;
  const folder = await folderAt(location.path, location.files, location.name);
  if (folder !== undefined) return inFolder(folder, location.path, options);
  return ofFile(location, options);
}

async function isPrefix({ files, name }: Location, options: OperationOptions): Promise<boolean> {
  return fileExists(files, `${name}.index`, options);
}

async function inFolder(
  files: FileSet,
  path: string,
  options: OperationOptions,
): Promise<Location> {
  const at = (name: string): Location => ({ path: joinPath(path, name), files, name });
  const latest = await latestIn(files, options);
  if (latest !== undefined) return at(latest);
  if (await isPrefix(at(SAVED_MODEL_PREFIX), options)) return at(SAVED_MODEL_PREFIX);
  const prefixes = await listPrefixes(files, options);
  if (prefixes.length === 1) return at(prefixes[0]!);
  if (prefixes.length > 1) {
    throw new InvalidArgumentError(
      `There are ${prefixes.length} checkpoints in ${path || 'the files'}`,
      {
        hint: `Say which: ${prefixes
          .slice(0, 5)
          .map((name) => joinPath(path, name))
          .join(', ')}${prefixes.length > 5 ? ', ...' : ''}.`,
      },
    );
  }
  const v1 = await v1File(files, options);
  if (v1 !== undefined) return at(shardPattern(v1));
  throw new NotFoundError(`${path || 'The files'}; No checkpoint in this folder`, {
    hint: 'A checkpoint is a file that ends in .index with the .data files beside it.',
  });
}

// A table that is not an index is a V1 checkpoint: of a SavedModel of 2016, or of TensorFlow 0.x.
async function v1File(files: FileSet, options: OperationOptions): Promise<string | undefined> {
  for (const { name, size } of await files.list({ signal: options.signal, recursive: true })) {
    if (size < 48 || name.split('/').length > 2) continue;
    if (await isTableFile(files, name, options)) return name;
  }
  return undefined;
}

// `location` is one file of a checkpoint, or nothing.
async function ofFile(location: Location, options: OperationOptions): Promise<Location> {
  const { path, files, name } = location;
  const folder = dirname(path);
  const stem = { path: joinPath(folder, prefixOf(name)), files, name: prefixOf(name) };
  if (stem.name !== name && (await isPrefix(stem, options))) return stem;
  if ((await matchingFiles(files, name, options)).length === 0) {
    // The strict reader words what is missing.
    const reader = await BundleReader.openAt(location, options);
    reader.close();
    return location;
  }
  if (name === 'checkpoint' || name === 'saved_model.pb') return inFolder(files, folder, options);
  if (basename(path) !== stem.name) {
    throw new NotFoundError(`${stem.path}.index; No such file or directory`, {
      hint: `${path} is there, but the index of its checkpoint is not: keep all files of a checkpoint together.`,
    });
  }
  const pattern = shardPattern(name);
  return { path: path.slice(0, path.length - name.length) + pattern, files, name: pattern };
}
