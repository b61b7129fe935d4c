/// What TensorFlow does with a path that is no V2 prefix: it takes it for a file of the older V1 format. This is where
/// a wrong prefix, a folder, a `.data` or a `.meta` file ends.

import { DataLossError, InternalError, NotFoundError, UnimplementedError } from './errors.js';
import { prefixOf } from './hints.js';
import { dirname, joinPath } from './paths.js';
import { fileExists, folderAt } from './sources.js';
import type { ByteSource, Location, OperationOptions } from './types.js';

const FOOTER = 48;
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
const OTHER_FORMAT =
  'perhaps your file is in a different file format and you need to use a different restore operator?';

/**
 * Fails as TensorFlow fails to open `location`, of which no `.index` exists, as a V1 checkpoint. `tensor` is the first
 * name that was wanted, where there is one.
 * @throws {NotFoundError} `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for <path>`
 * @throws {DataLossError} `Unable to open table file <path>: Data loss: not an sstable (bad magic number): ...`
 * @throws {UnimplementedError} when it is a V1 checkpoint, in this version.
 */
export async function openAsV1(
  location: Location,
  options: OperationOptions = {},
  tensor?: string,
): Promise<never> {
  const { path, files, name } = location;
  const isFile = name !== '' && (await fileExists(files, name, options));
  if (!isFile) {
    if ((await folderAt(path, files, name)) !== undefined) {
      throw unopened(path, `Failed precondition: ${path}; Is a directory`, {
        hint: `${path} is a folder: give the prefix of a checkpoint in it, such as ${joinPath(path, 'model.ckpt')}.`,
      });
    }
    throw new NotFoundError(
      `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for ${path}`,
      {
        hint: 'Give the prefix that was passed to save(), without .index or .data-00000-of-00001.',
      },
    );
  }
  const source = await files.open(name, options);
  try {
    await throwForFile(location, source, options, tensor);
  } finally {
    await source.close?.();
  }
  throw new UnimplementedError(
    `${path} is a checkpoint of the V1 format, which is not supported yet`,
    {
      details: { file: path },
      hint: 'Convert it with TensorFlow: restore it there and save it with write_version=tf.train.SaverDef.V2.',
    },
  );
}

/** True iff the file ends as every table does, a V2 index and a V1 checkpoint alike. */
export async function isTable(
  source: ByteSource,
  options: OperationOptions = {},
): Promise<boolean> {
  if (source.size < FOOTER) return false;
  const end = await source.read(source.size - MAGIC.length, MAGIC.length, options.signal);
  return MAGIC.every((byte, i) => byte === end[i]);
}

async function throwForFile(
  { path, name }: Location,
  source: ByteSource,
  options: OperationOptions,
  tensor: string | undefined,
): Promise<void> {
  const stem = prefixOf(name);
  const prefix = joinPath(dirname(path), stem);
  const init =
    stem === name
      ? { hint: `${path} is no checkpoint file.` }
      : { hint: `A checkpoint is named by its prefix: give ${prefix}.` };
  if (source.size < FOOTER) {
    throw unopened(path, `Data loss: file is too short to be an sstable: ${OTHER_FORMAT}`, init);
  }
  if (!(await isTable(source, options))) {
    throw unopened(path, `Data loss: not an sstable (bad magic number): ${OTHER_FORMAT}`, init);
  }
  if (!name.endsWith('.index')) return;
  if (tensor !== undefined) {
    throw new NotFoundError(`Tensor name "${tensor}" not found in checkpoint files ${path}`, init);
  }
  throw new InternalError(
    `Failed to find the saved tensor slices at the beginning of the checkpoint file: ${path}`,
    init,
  );
}

function unopened(path: string, why: string, init: { hint: string }): DataLossError {
  const text = why.includes(OTHER_FORMAT) ? why : `${why}: ${OTHER_FORMAT}`;
  return new DataLossError(`Unable to open table file ${path}: ${text}`, {
    ...init,
    details: { file: path },
  });
}
