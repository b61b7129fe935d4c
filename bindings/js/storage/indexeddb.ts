/// `indexeddb://`, and plain paths in a page: files in the browser's database.
/// Works in workers; several tabs may use it at once.

import { readByFilling, requireRange } from '../core/byte-range.js';
import { FailedPreconditionError, NotFoundError } from '../core/errors.js';
import { createAlone, removeAlone, stagedTransaction } from '../core/file-transaction.js';
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
import { CHUNK_BYTES, CHUNKS, Database, FILES, type FileRecord } from './indexeddb-database.js';
import { IndexedDbStage, sweepOrphans } from './indexeddb-stage.js';

/** Files in IndexedDB, in one database of the page's origin. */
export class IndexedDbStorage implements StorageProvider {
  readonly schemes: readonly string[] = ['indexeddb'];
  readonly #database: Database;

  /** No I/O: the database is opened when a file is first asked for. */
  constructor(options: { readonly database?: string | undefined } = {}) {
    this.#database = new Database(options.database ?? 'tensorbundle');
  }

  locate(path: string): Location {
    const label = dirname(path);
    const folder = normalizePath(splitScheme(label).rest);
    return { path, files: new IndexedDbFiles(this.#database, folder, label), name: basename(path) };
  }

  async isDirectory(path: string): Promise<boolean> {
    const folder = normalizePath(splitScheme(path).rest);
    if (folder === '') return true;
    const range = filesBelow(folder);
    return (await this.#database.read(FILES, path, (store) => store.count(range))) > 0;
  }

  async makeParent(_location: Location): Promise<void> {
    // A folder exists as soon as a file in it does.
  }

  /** Closes the connection; the next use opens another. */
  close(): Promise<void> {
    return this.#database.close();
  }
}

class IndexedDbFiles implements FileSet {
  readonly label: string;
  readonly #database: Database;
  readonly #folder: string;

  constructor(database: Database, folder: string, label: string) {
    this.#database = database;
    this.#folder = folder;
    this.label = label;
  }

  async list(options: ListOptions = {}): Promise<FileInfo[]> {
    options.signal?.throwIfAborted();
    const records: FileRecord[] = await this.#database.read(FILES, this.label, (store) =>
      store.getAll(filesBelow(this.#folder)),
    );
    const skip = this.#folder === '' ? 0 : this.#folder.length + 1;
    return records
      .map(({ path, size, mtimeMs }) => ({ name: path.slice(skip), size, mtimeMs }))
      .filter(({ name }) => options.recursive === true || !name.includes('/'));
  }

  async open(name: string, options: OperationOptions = {}): Promise<ByteSource> {
    options.signal?.throwIfAborted();
    requireName(this.label, name);
    const path = joinPath(this.label, name);
    const key = joinPath(this.#folder, name);
    const record: FileRecord | undefined = await this.#database.read(FILES, path, (store) =>
      store.get(key),
    );
    if (record === undefined) throw new NotFoundError(`${path}; No such file or directory`);
    return new IndexedDbSource(this.#database, path, record);
  }

  create(name: string): Promise<ByteSink> {
    return createAlone(this, name);
  }

  remove(name: string): Promise<void> {
    return removeAlone(this, name);
  }

  async begin(): Promise<FileTransaction> {
    await sweepOrphans(this.#database, this.label);
    const stage = await IndexedDbStage.begin(this.#database, this.#folder, this.label);
    return stagedTransaction(this.label, stage);
  }
}

class IndexedDbSource implements ByteSource {
  readonly #database: Database;
  readonly #path: string;
  readonly #record: FileRecord;
  /** The chunk read last: readers take neighbouring ranges one after another. */
  #index = -1;
  #chunk = new Uint8Array(0);

  constructor(database: Database, path: string, record: FileRecord) {
    this.#database = database;
    this.#path = path;
    this.#record = record;
  }

  get size(): number {
    return this.#record.size;
  }

  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    return readByFilling(this, this.#path, offset, length, signal);
  }

  async readInto(offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { length } = target;
    requireRange(this.#path, this.size, offset, length);
    for (let done = 0; done < length; ) {
      signal?.throwIfAborted();
      const at = offset + done;
      const chunk = await this.#read(Math.floor(at / CHUNK_BYTES));
      const part = chunk.subarray(at % CHUNK_BYTES, (at % CHUNK_BYTES) + length - done);
      target.set(part, done);
      done += part.length;
    }
  }

  async #read(index: number): Promise<Uint8Array> {
    if (index === this.#index) return this.#chunk;
    const { generation, file, size } = this.#record;
    const chunk: Uint8Array<ArrayBuffer> | undefined = await this.#database.read(
      CHUNKS,
      this.#path,
      (store) => store.get([generation, file, index]),
    );
    // A later save deletes the chunks of the one that it replaces.
    if (chunk?.length !== Math.min(CHUNK_BYTES, size - index * CHUNK_BYTES)) {
      throw new FailedPreconditionError(
        `${this.#path}; the file was replaced or removed while it was being read`,
        { hint: 'Open it again.' },
      );
    }
    this.#index = index;
    this.#chunk = chunk;
    return chunk;
  }
}

/** The records of all files below a folder. `0` is the character after `/`. */
function filesBelow(folder: string): IDBKeyRange | undefined {
  return folder === '' ? undefined : IDBKeyRange.bound(`${folder}/`, `${folder}0`, false, true);
}
