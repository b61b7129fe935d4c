/// What a user may name a checkpoint by, and the folder and prefix that it means.

import { engine } from './engine.js';
import { InvalidArgumentError, isCodedError, NotFoundError } from './errors.js';
import { joinPath } from './paths.js';
import type { FileSet, Location, OperationOptions } from './types.js';

/**
 * A checkpoint: its path or URL, or the files themselves (a list of `File`, a folder handle, any `FileSet`), or a
 * folder and the prefix in it.
 */
export type CheckpointSource =
  | string
  | Iterable<File>
  | FileSystemDirectoryHandle
  | FileSet
  | { readonly files: FileSet; readonly name: string };

/** Options of everything that opens a checkpoint. */
export interface OpenOptions extends OperationOptions {
  /** Which checkpoint is meant when the source is files or a folder that hold several. */
  readonly prefix?: string | undefined;
}

/** The folder and prefix that `source` names. Only files and folders are looked into, paths are taken as they are. */
export async function locateSource(
  source: CheckpointSource,
  options: OpenOptions = {},
): Promise<Location> {
  if (typeof source === 'string') return engine().host.storage.locate(source);
  if ('files' in source && 'name' in source) {
    const { files, name } = source as { files: FileSet; name: string };
    return { path: joinPath(files.label ?? '', name), files, name };
  }
  const files = fileSetOf(source);
  const name = options.prefix ?? (await onlyPrefix(files, options));
  return { path: joinPath(files.label ?? '', name), files, name };
}

/**
 * The files that `source` is.
 * @throws {InvalidArgumentError} when it is nothing of the kind.
 */
export function fileSetOf(source: Exclude<CheckpointSource, string>): FileSet {
  const files = engine().host.fileSet(source);
  if (files !== undefined) return files;
  if ('list' in source && 'open' in source) return source as FileSet;
  throw new InvalidArgumentError(
    'A checkpoint is a path, a list of files, a folder handle or a FileSet',
  );
}

/** The folder `path`, or undefined when it is none. `files` and `name` are where the path leads. */
export async function folderAt(
  path: string,
  files: FileSet,
  name: string,
): Promise<FileSet | undefined> {
  const { storage } = engine().host;
  // A set that was handed over as objects has no path to ask for.
  if (files.label !== storage.locate(path).files.label) return subset(files, name);
  return (await storage.isDirectory(path)) ? storage.locate(joinPath(path, '')).files : undefined;
}

// The files of `files` below the folder `name`.
async function subset(files: FileSet, name: string): Promise<FileSet | undefined> {
  const prefix = name === '' ? '' : `${name}/`;
  const infos = (await files.list({ recursive: true })).filter((info) =>
    info.name.startsWith(prefix),
  );
  if (infos.length === 0) return undefined;
  return {
    label: joinPath(files.label ?? '', name),
    list: async (options) =>
      infos
        .map((info) => ({ ...info, name: info.name.slice(prefix.length) }))
        .filter((info) => options?.recursive === true || !info.name.includes('/')),
    open: (file, options) => files.open(prefix + file, options),
  };
}

/** True iff `files` has a file called `name`. */
export async function fileExists(
  files: FileSet,
  name: string,
  options: OperationOptions = {},
): Promise<boolean> {
  try {
    const source = await files.open(name, options);
    await source.close?.();
    return true;
  } catch (error) {
    if (isCodedError(error) && ABSENT.has(error.code)) return false;
    throw error;
  }
}

// A folder of that name, or a file where a folder should be, is as good as nothing; so is a name that no file can have.
const ABSENT: ReadonlySet<string> = new Set([
  'NOT_FOUND',
  'FAILED_PRECONDITION',
  'INVALID_ARGUMENT',
]);

/** The whole contents of a file. */
export async function readFile(
  files: FileSet,
  name: string,
  options: OperationOptions = {},
): Promise<Uint8Array> {
  const source = await files.open(name, options);
  try {
    return await source.read(0, source.size, options.signal);
  } finally {
    await source.close?.();
  }
}

/** The prefixes of the V2 checkpoints in `files`: every name that ends in `.index`, without it. */
export async function listPrefixes(
  files: FileSet,
  options: OperationOptions = {},
): Promise<string[]> {
  const infos = await files.list({ signal: options.signal, recursive: true });
  return infos
    .filter(({ name }) => name.endsWith('.index'))
    .map(({ name }) => name.slice(0, -'.index'.length));
}

async function onlyPrefix(files: FileSet, options: OperationOptions): Promise<string> {
  const prefixes = await listPrefixes(files, options);
  if (prefixes.length === 1) return prefixes[0]!;
  const label = files.label || 'the files';
  if (prefixes.length === 0) {
    throw new NotFoundError(`${label}; No such file or directory`, {
      hint: 'A checkpoint has a file that ends in .index; choose it together with its .data files.',
    });
  }
  throw new InvalidArgumentError(`There are ${prefixes.length} checkpoints in ${label}`, {
    hint: `Say which with the option prefix: ${prefixes.slice(0, 5).join(', ')}${prefixes.length > 5 ? ', ...' : ''}.`,
  });
}
