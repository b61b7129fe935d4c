/// One more sentence for people: which file, and what to do. Hints never change an error's class or message.

import { CodedError } from './errors.js';
import { dirname, joinPath } from './paths.js';
import { folderAt } from './sources.js';
import type { FileInfo, Location } from './types.js';

const INDEX = /\.index$/;
const DATA = /\.data-\d{5,}-of-\d{5,}$/;

/** The prefix that `name` belongs to when it names one of a checkpoint's files. */
export function prefixOf(name: string): string {
  return name
    .replace(INDEX, '')
    .replace(DATA, '')
    .replace(/\.meta$/, '');
}

/** Adds a hint to the error with which a checkpoint could not be opened at `location`. */
export async function explain(error: unknown, location: Location): Promise<unknown> {
  if (!(error instanceof CodedError) || error.hint !== undefined) return error;
  if (error.code === 'NOT_FOUND') error.hint = await missing(location).catch(() => undefined);
  if (error.code === 'DATA_LOSS' || error.code === 'OUT_OF_RANGE' || error.code === 'INTERNAL') {
    error.hint = `${location.path}.index is damaged, incomplete, or no index of a TensorFlow checkpoint: copy it again from where it was written, or restore an earlier checkpoint.`;
  }
  return error;
}

/** Adds a hint to the error with which a tensor could not be read. */
export function explainTensor(error: unknown): unknown {
  if (!(error instanceof CodedError) || error.hint !== undefined) return error;
  const file = error.details.file ?? 'The data file';
  switch (error.code) {
    case 'DATA_LOSS':
      error.hint = `${file} does not hold what was written${error.details.tensor === undefined ? '' : ` for ${error.details.tensor}`}: copy it again, or restore an earlier checkpoint.`;
      break;
    case 'OUT_OF_RANGE':
      error.hint = `${file} is shorter than its index says: it was not copied completely.`;
      break;
    case 'NOT_FOUND':
      error.hint =
        'The index is there but this file of the checkpoint is not: keep all files of a checkpoint together.';
      break;
    default:
  }
  return error;
}

async function missing({ path, files, name }: Location): Promise<string> {
  const stem = prefixOf(name);
  const folder = dirname(path);
  if (stem !== name) {
    return `A checkpoint is named by its prefix: ${joinPath(folder, stem)}, without what follows it in the names of its files.`;
  }
  const inside = await folderAt(path, files, name);
  if (inside !== undefined) {
    const indexes = indexesOf(await inside.list());
    if (indexes.length === 0) return `${path} is a folder without a checkpoint.`;
    return `${path} is a folder; give the prefix of a checkpoint in it: ${listed(indexes, path)}.`;
  }
  const infos = await files.list();
  if (infos.some((info) => info.name === name)) {
    return `${path} is a file, but no ${name}.index lies beside it.`;
  }
  const beside = indexesOf(infos);
  if (beside.length > 0) return `There is ${listed(beside, folder)}.`;
  return `No checkpoint lies in ${folder === '' ? 'the current folder' : folder}.`;
}

function indexesOf(infos: readonly FileInfo[]): string[] {
  return infos.map((info) => info.name).filter((name) => INDEX.test(name));
}

function listed(indexes: readonly string[], folder: string): string {
  const prefixes = indexes.slice(0, 3).map((file) => joinPath(folder, prefixOf(file)));
  return prefixes.join(', ') + (indexes.length > 3 ? ` and ${indexes.length - 3} more` : '');
}
