/// Which files a V1 checkpoint consists of, and what TensorFlow says of a path that is none: it takes every path that
/// is no V2 prefix for one. This is where a wrong prefix, a folder, a `.data` or a `.meta` file ends.

import { CodedError, DataLossError, InternalError, NotFoundError } from './errors.js';
import { matchingFiles } from './glob.js';
import { prefixOf } from './hints.js';
import { dirname, joinPath } from './paths.js';
import { folderAt } from './sources.js';
import type { ByteSource, FileSet, Location, OperationOptions } from './types.js';

const FOOTER = 48;
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
const SHARD = /-\d{5}-of-(\d{5})$/;

/**
 * The names of the files that `location` stands for; its name may be a pattern.
 * @throws {NotFoundError} `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for <path>`;
 *   for an index, `Tensor name "<tensor>" not found in checkpoint files <path>`, as it lists no V1 tensor.
 * @throws {DataLossError} for a folder.
 * @throws {InternalError} for an index, when no `tensor` is wanted.
 */
export async function findV1Files(
  location: Location,
  options: OperationOptions = {},
  tensor?: string,
): Promise<string[]> {
  const { path, files, name } = location;
  const names = await matchingFiles(files, name, options);
  if (names.length === 0) {
    if ((await folderAt(path, files, name)) !== undefined) {
      throw new DataLossError(
        `Unable to open table file ${path}: Failed precondition: ${path}; Is a directory: perhaps your file is in a different file format and you need to use a different restore operator?`,
        {
          details: { file: path },
          hint: `${path} is a folder: give the prefix of a checkpoint in it, such as ${joinPath(path, 'model.ckpt')}.`,
        },
      );
    }
    throw new NotFoundError(
      `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for ${path}`,
      {
        hint: 'Give the prefix that was passed to save(), without .index or .data-00000-of-00001.',
      },
    );
  }
  if (name.endsWith('.index') && (await isTableFile(files, name, options))) {
    const init = { hint: prefixHint(location) };
    if (tensor !== undefined) {
      throw new NotFoundError(
        `Tensor name "${tensor}" not found in checkpoint files ${path}`,
        init,
      );
    }
    throw new InternalError(
      `Failed to find the saved tensor slices at the beginning of the checkpoint file: ${path}`,
      init,
    );
  }
  return names;
}

/** Adds a hint to the error with which the V1 checkpoint `location` could not be opened. */
export function explainV1(error: unknown, location: Location): unknown {
  if (error instanceof CodedError && error.code === 'DATA_LOSS') {
    const isTable = !/not an sstable|too short to be/.test(error.message);
    error.hint ??= isTable
      ? `${error.details.file ?? location.path} is damaged: copy it again, or use an earlier checkpoint.`
      : prefixHint(location);
  }
  return error;
}

function prefixHint({ path, name }: Location): string {
  const stem = prefixOf(name);
  return stem === name
    ? `${path} is no checkpoint file.`
    : `A checkpoint is named by its prefix: give ${joinPath(dirname(path), stem)}.`;
}

/** The pattern of all shards when `name` is one of several, `model-00001-of-00004`; otherwise `name`. */
export function shardPattern(name: string): string {
  const count = SHARD.exec(name)?.[1];
  return count === undefined || Number(count) < 2
    ? name
    : name.replace(SHARD, `-?????-of-${count}`);
}

/** True iff the file is a table: a V2 index or a V1 checkpoint. */
export async function isTableFile(
  files: FileSet,
  name: string,
  options: OperationOptions = {},
): Promise<boolean> {
  const source: ByteSource = await files.open(name, options);
  try {
    if (source.size < FOOTER) return false;
    const end = await source.read(source.size - MAGIC.length, MAGIC.length, options.signal);
    return MAGIC.every((byte, i) => byte === end[i]);
  } finally {
    await source.close?.();
  }
}
