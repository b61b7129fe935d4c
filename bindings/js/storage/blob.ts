/// Files that the user chose or dropped: `File[]`.

import { requireRange } from '../core/byte-range.js';
import { fromHost } from '../core/error-mapping.js';
import { NotFoundError } from '../core/errors.js';
import { requireName } from '../core/paths.js';
import type {
  ByteSource,
  FileInfo,
  FileSet,
  ListOptions,
  OperationOptions,
} from '../core/types.js';

/** A `File` (or `Blob`) as a source. Nothing is read before it is asked for. */
export class BlobSource implements ByteSource {
  readonly #path: string;
  readonly #blob: Blob;

  constructor(path: string, blob: Blob) {
    this.#path = path;
    this.#blob = blob;
  }

  get size(): number {
    return this.#blob.size;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    requireRange(this.#path, this.size, offset, length);
    try {
      return new Uint8Array(await this.#blob.slice(offset, offset + length).arrayBuffer());
    } catch (error) {
      throw fromHost(error, this.#path, { signal });
    }
  }
}

/**
 * The files of an `<input type=file>` or a drop as a read-only folder. Files of
 * a chosen folder keep their paths below it; of two files with one name the
 * later counts.
 */
export class BlobFiles implements FileSet {
  readonly label: string = '';
  readonly #files = new Map<string, File>();

  constructor(files: Iterable<File>) {
    for (const file of files) this.#files.set(nameOf(file), file);
  }

  async list(options: ListOptions = {}): Promise<FileInfo[]> {
    options.signal?.throwIfAborted();
    return [...this.#files]
      .filter(([name]) => options.recursive === true || !name.includes('/'))
      .map(([name, file]) => ({ name, size: file.size, mtimeMs: file.lastModified }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async open(name: string, options: OperationOptions = {}): Promise<ByteSource> {
    options.signal?.throwIfAborted();
    requireName(this.label, name);
    const file = this.#files.get(name);
    if (file === undefined) {
      throw new NotFoundError(`${name}; No such file or directory`, {
        hint: `Choose it together with the others: ${[...this.#files.keys()].slice(0, 8).join(', ')}`,
      });
    }
    return new BlobSource(name, file);
  }
}

/** `webkitRelativePath` begins with the chosen folder itself, which is the root here. */
function nameOf(file: File): string {
  const path = (file as { webkitRelativePath?: string }).webkitRelativePath ?? '';
  return path === '' ? file.name : path.slice(path.indexOf('/') + 1);
}
