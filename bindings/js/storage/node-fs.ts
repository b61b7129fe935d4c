/// `file://` and plain paths in Node: ordinary files.

import type { Dirent } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises';
import { readByFilling, requireRange } from '../core/byte-range.js';
import { fromHost } from '../core/error-mapping.js';
import { FailedPreconditionError, InvalidArgumentError } from '../core/errors.js';
import { createAlone, removeAlone, stagedTransaction } from '../core/file-transaction.js';
import { basename, dirname, joinPath, requireName, splitScheme } from '../core/paths.js';
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
import { directoryError, errnoOf, NodeStage } from './node-fs-stage.js';

/** One read call; also how soon an abort signal is noticed. */
const READ_BYTES = 64 << 20;
/** How many `stat` calls of one listing run at a time. */
const STATS_IN_FLIGHT = 32;
const TEMPORARY = /\.tempstate\d+$/;

/** The file system. Relative paths start at the working directory of the process. */
export class NodeStorage implements StorageProvider {
  readonly schemes: readonly string[] = ['file'];

  locate(path: string): Location {
    const folder = dirname(path);
    return { path, files: new NodeFiles(folder), name: basename(path) };
  }

  async isDirectory(path: string): Promise<boolean> {
    try {
      return (await stat(toNative(path))).isDirectory();
    } catch {
      return false;
    }
  }

  async makeParent({ path }: Location): Promise<void> {
    const folder = dirname(path);
    if (splitScheme(folder).rest === '') return;
    try {
      await mkdir(toNative(folder));
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw fromHost(error, folder);
    }
  }
}

/** A folder of the file system; `label` is its path as the user wrote it. */
export class NodeFiles implements FileSet {
  readonly label: string;
  readonly #folder: string;

  constructor(label: string) {
    this.label = label;
    this.#folder = toNative(label);
  }

  async list(options: ListOptions = {}): Promise<FileInfo[]> {
    const found: FileInfo[] = [];
    try {
      await this.#list('', found, options);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw fromHost(error, this.label === '' ? '.' : this.label, { signal: options.signal });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async open(name: string, options: OperationOptions = {}): Promise<ByteSource> {
    options.signal?.throwIfAborted();
    requireName(this.label, name);
    const path = joinPath(this.label, name);
    let handle: FileHandle | undefined;
    try {
      handle = await open(joinPath(this.#folder, name), 'r');
      const stats = await handle.stat();
      if (stats.isDirectory()) throw directoryError();
      return new NodeSource(path, handle, stats.size);
    } catch (error) {
      await handle?.close();
      throw fromHost(error, path);
    }
  }

  create(name: string): Promise<ByteSink> {
    return createAlone(this, name);
  }

  remove(name: string): Promise<void> {
    return removeAlone(this, name);
  }

  async begin(): Promise<FileTransaction> {
    return stagedTransaction(this.label, new NodeStage(this.label, this.#folder));
  }

  async #list(below: string, found: FileInfo[], options: ListOptions): Promise<void> {
    options.signal?.throwIfAborted();
    const folder = joinPath(this.#folder, below);
    const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true });
    const add = async (entry: Dirent): Promise<void> => {
      const name = below + entry.name;
      if (entry.isDirectory()) {
        if (options.recursive === true) await this.#list(`${name}/`, found, options);
        return;
      }
      if (TEMPORARY.test(name)) return;
      try {
        const stats = await stat(joinPath(this.#folder, name));
        if (stats.isFile()) found.push({ name, size: stats.size, mtimeMs: stats.mtimeMs });
      } catch (error) {
        // Removed since readdir, or a dangling link: not a file that can be opened.
        if (errnoOf(error) !== 'ENOENT') throw error;
      }
    };
    for (let i = 0; i < entries.length; i += STATS_IN_FLIGHT) {
      await Promise.all(entries.slice(i, i + STATS_IN_FLIGHT).map(add));
    }
  }
}

class NodeSource implements ByteSource {
  readonly size: number;
  readonly #path: string;
  readonly #handle: FileHandle;
  #closed = false;

  constructor(path: string, handle: FileHandle, size: number) {
    this.#path = path;
    this.#handle = handle;
    this.size = size;
  }

  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    return readByFilling(this, this.#path, offset, length, signal);
  }

  async readInto(offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#closed) throw new FailedPreconditionError(`${this.#path}; the file is closed`);
    const { length } = target;
    requireRange(this.#path, this.size, offset, length);
    try {
      for (let done = 0; done < length; ) {
        signal?.throwIfAborted();
        const want = Math.min(length - done, READ_BYTES);
        const { bytesRead } = await this.#handle.read(target, done, want, offset + done);
        // Somebody cut the file after it was opened.
        if (bytesRead === 0) requireRange(this.#path, offset + done, offset, length);
        done += bytesRead;
      }
    } catch (error) {
      throw fromHost(error, this.#path, { signal });
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }
}

/** The path as `node:fs` takes it. What follows `file://` is a path, not a URL: `%20` is three characters. */
function toNative(path: string): string {
  const { scheme, rest } = splitScheme(path);
  if (scheme === undefined || rest.startsWith('/')) return rest;
  throw new InvalidArgumentError(`${path}; Invalid argument`, {
    hint: 'Three slashes: file:///folder/model.ckpt',
  });
}
