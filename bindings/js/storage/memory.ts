/// `memory://`: files that live as long as the page or process.

import { readByFilling, requireRange } from '../core/byte-range.js';
import { NotFoundError, ResourceExhaustedError } from '../core/errors.js';
import {
  createAlone,
  type FileChange,
  removeAlone,
  type Stage,
  stagedTransaction,
} from '../core/file-transaction.js';
import {
  basename,
  dirname,
  joinPath,
  normalizePath,
  requireName,
  splitScheme,
} from '../core/paths.js';
import type {
  ByteSink,
  ByteSource,
  FileInfo,
  FileSet,
  FileTransaction,
  ListOptions,
  Location,
  OperationOptions,
  StorageProvider,
} from '../core/types.js';

/** A complete file. Never changed once it is in the map, so an open source keeps its view. */
interface MemoryFile {
  readonly chunks: readonly Uint8Array[];
  /** Where each chunk begins. */
  readonly offsets: readonly number[];
  readonly size: number;
  readonly mtimeMs: number;
}

type Files = Map<string, MemoryFile>;

/** Files in memory; two instances share nothing. */
export class MemoryStorage implements StorageProvider {
  readonly schemes: readonly string[] = ['memory'];
  readonly #files: Files = new Map();

  locate(path: string): Location {
    const folder = normalizePath(splitScheme(dirname(path)).rest);
    return {
      path,
      files: new MemoryFiles(this.#files, folder, dirname(path)),
      name: basename(path),
    };
  }

  async isDirectory(path: string): Promise<boolean> {
    const folder = normalizePath(splitScheme(path).rest);
    if (folder === '') return true;
    for (const key of this.#files.keys()) if (key.startsWith(`${folder}/`)) return true;
    return false;
  }

  async makeParent(_location: Location): Promise<void> {
    // A folder exists as soon as a file in it does.
  }
}

class MemoryFiles implements FileSet {
  readonly label: string;
  readonly #files: Files;
  readonly #folder: string;

  constructor(files: Files, folder: string, label: string) {
    this.#files = files;
    this.#folder = folder;
    this.label = label;
  }

  async list(options: ListOptions = {}): Promise<FileInfo[]> {
    options.signal?.throwIfAborted();
    const prefix = this.#folder === '' ? '' : `${this.#folder}/`;
    const found: FileInfo[] = [];
    for (const [key, { size, mtimeMs }] of this.#files) {
      const name = key.slice(prefix.length);
      if (!key.startsWith(prefix) || (name.includes('/') && options.recursive !== true)) continue;
      found.push({ name, size, mtimeMs });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async open(name: string, options: OperationOptions = {}): Promise<ByteSource> {
    options.signal?.throwIfAborted();
    requireName(this.label, name);
    const path = joinPath(this.label, name);
    const file = this.#files.get(joinPath(this.#folder, name));
    if (file === undefined) throw new NotFoundError(`${path}; No such file or directory`);
    return new MemorySource(path, file);
  }

  create(name: string): Promise<ByteSink> {
    return createAlone(this, name);
  }

  remove(name: string): Promise<void> {
    return removeAlone(this, name);
  }

  async begin(): Promise<FileTransaction> {
    return stagedTransaction(this.label, new MemoryStage(this.#files, this.#folder, this.label));
  }
}

class MemorySource implements ByteSource {
  readonly #path: string;
  readonly #file: MemoryFile;

  constructor(path: string, file: MemoryFile) {
    this.#path = path;
    this.#file = file;
  }

  get size(): number {
    return this.#file.size;
  }

  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    return readByFilling(this, this.#path, offset, length, signal);
  }

  async readInto(offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { length } = target;
    const { chunks, offsets, size } = this.#file;
    requireRange(this.#path, size, offset, length);
    let index = lastAtMost(offsets, offset);
    for (let done = 0; done < length; index++) {
      const from = offset + done - offsets[index]!;
      const part = chunks[index]!.subarray(from, from + length - done);
      target.set(part, done);
      done += part.length;
    }
  }
}

/** The index of the last element that is <= `value`; 0 when there is none. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (sorted[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

class MemoryStage implements Stage {
  readonly #files: Files;
  readonly #folder: string;
  readonly #label: string;
  readonly #staged = new Map<string, MemoryFile>();

  constructor(files: Files, folder: string, label: string) {
    this.#files = files;
    this.#folder = folder;
    this.#label = label;
  }

  async create(name: string): Promise<ByteSink> {
    const path = joinPath(this.#label, name);
    const chunks: Uint8Array[] = [];
    const offsets: number[] = [];
    let size = 0;
    return {
      write: async (chunk) => {
        if (chunk.length === 0) return;
        chunks.push(copy(chunk, path));
        offsets.push(size);
        size += chunk.length;
      },
      close: async () => {
        this.#staged.set(name, { chunks, offsets, size, mtimeMs: Date.now() });
      },
      abort: async () => {
        chunks.length = 0;
      },
    };
  }

  async commit(changes: readonly FileChange[]): Promise<void> {
    for (const { kind, name } of changes) {
      const key = joinPath(this.#folder, name);
      if (kind === 'remove') this.#files.delete(key);
      else this.#files.set(key, this.#staged.get(name)!);
    }
  }

  async discard(): Promise<void> {
    this.#staged.clear();
  }
}

function copy(chunk: Uint8Array, path: string): Uint8Array {
  try {
    return chunk.slice();
  } catch (cause) {
    throw new ResourceExhaustedError(`${path}; Cannot allocate memory`, { cause });
  }
}
