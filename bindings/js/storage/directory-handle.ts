/// A folder that the user opened: `FileSystemDirectoryHandle`.

import { fromHost } from '../core/error-mapping.js';
import { NotFoundError } from '../core/errors.js';
import { joinPath, requireName } from '../core/paths.js';
import type {
  ByteSink,
  ByteSource,
  FileInfo,
  FileSet,
  ListOptions,
  OperationOptions,
} from '../core/types.js';
import { BlobSource } from './blob.js';

/**
 * The files of a folder. Writing needs a handle with `readwrite` permission;
 * each file is then whole or absent, several are replaced one after another.
 */
export class DirectoryFiles implements FileSet {
  readonly label: string;
  readonly #root: FileSystemDirectoryHandle;

  /** Messages name the folder `label`; by default by the name the system gave it. */
  constructor(root: FileSystemDirectoryHandle, label: string = root.name) {
    this.#root = root;
    this.label = label;
  }

  async list(options: ListOptions = {}): Promise<FileInfo[]> {
    const found: FileInfo[] = [];
    try {
      await collect(this.#root, '', found, options);
    } catch (error) {
      throw fromHost(error, this.label, { signal: options.signal });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async open(name: string, options: OperationOptions = {}): Promise<ByteSource> {
    options.signal?.throwIfAborted();
    const path = this.#check(name);
    try {
      const folder = await this.#folderOf(name, false);
      const handle = await folder.getFileHandle(lastOf(name));
      return new BlobSource(path, await handle.getFile());
    } catch (error) {
      throw fromHost(error, path);
    }
  }

  async create(name: string): Promise<ByteSink> {
    const path = this.#check(name);
    try {
      const folder = await this.#folderOf(name, true);
      const existed = await exists(folder, lastOf(name));
      const handle = await folder.getFileHandle(lastOf(name), { create: true });
      const stream = await handle.createWritable();
      return new DirectorySink(path, stream, async () => {
        if (!existed) await folder.removeEntry(lastOf(name));
      });
    } catch (error) {
      throw fromHost(error, path);
    }
  }

  async remove(name: string): Promise<void> {
    const path = this.#check(name);
    try {
      await (await this.#folderOf(name, false)).removeEntry(lastOf(name));
    } catch (error) {
      const mapped = fromHost(error, path);
      if (!(mapped instanceof NotFoundError)) throw mapped;
    }
  }

  #check(name: string): string {
    requireName(this.label, name);
    return joinPath(this.label, name);
  }

  async #folderOf(name: string, create: boolean): Promise<FileSystemDirectoryHandle> {
    let folder = this.#root;
    for (const part of name.split('/').slice(0, -1)) {
      folder = await folder.getDirectoryHandle(part, { create });
    }
    return folder;
  }
}

/** Writes beside the file; `close` puts it in place. A new file is there from the start, empty. */
class DirectorySink implements ByteSink {
  readonly #path: string;
  readonly #stream: FileSystemWritableFileStream;
  readonly #undo: () => Promise<void>;

  constructor(path: string, stream: FileSystemWritableFileStream, undo: () => Promise<void>) {
    this.#path = path;
    this.#stream = stream;
    this.#undo = undo;
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      await this.#stream.write(chunk as Uint8Array<ArrayBuffer>);
    } catch (error) {
      throw fromHost(error, this.#path);
    }
  }

  async close(): Promise<void> {
    try {
      await this.#stream.close();
    } catch (error) {
      throw fromHost(error, this.#path);
    }
  }

  async abort(reason?: unknown): Promise<void> {
    await this.#stream.abort(reason).catch(() => {});
    await this.#undo().catch(() => {});
  }
}

async function exists(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  return folder.getFileHandle(name).then(
    () => true,
    () => false,
  );
}

async function collect(
  folder: FileSystemDirectoryHandle,
  below: string,
  found: FileInfo[],
  options: ListOptions,
): Promise<void> {
  for await (const [entry, handle] of folder.entries()) {
    options.signal?.throwIfAborted();
    const name = below + entry;
    if (handle.kind === 'file') {
      const { size, lastModified } = await (handle as FileSystemFileHandle).getFile();
      found.push({ name, size, mtimeMs: lastModified });
    } else if (options.recursive === true) {
      await collect(handle as FileSystemDirectoryHandle, `${name}/`, found, options);
    }
  }
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
