/// The interfaces between the engine, the storages and their users. No code.

/** Progress of a long operation; `total` is in the unit of `done` (bytes, unless `phase` says otherwise). */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly phase: string;
}

/** Options that every operation touching storage accepts. */
export interface OperationOptions {
  /** Aborts the operation; its promise rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A file opened for reading, at any offset. */
export interface ByteSource {
  /** Bytes. At most 2^53 - 1. */
  readonly size: number;
  /**
   * Reads exactly `length` bytes, which are the caller's from then on.
   * @throws {OutOfRangeError} when the file ends before `offset + length`.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * Fills `target`; for sources that would otherwise copy. What it holds after a failure is of no interest.
   * @throws {OutOfRangeError} when the file ends before `offset + target.length`.
   */
  readInto?(offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void>;
  close?(): Promise<void>;
}

/** A file being written. Nobody sees it before `close()` (in a transaction: before `commit()`). */
export interface ByteSink {
  /** The sink is done with `chunk` when the promise resolves; the caller may reuse its memory then. */
  write(chunk: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** Discards everything written. Never rejects. */
  abort(reason?: unknown): Promise<void>;
}

/** A file as a directory lists it. */
export interface FileInfo {
  /** Relative to the set, `/` between folders. */
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970, where the storage knows. */
  readonly mtimeMs?: number | undefined;
}

/** Several files that become visible together. */
export interface FileTransaction {
  /** The name must not have been created in this transaction before. */
  create(name: string): Promise<ByteSink>;
  /** The file disappears at commit; a name that does not exist is fine. */
  remove(name: string): void;
  /**
   * Makes every change visible and durable, in the order of the calls.
   * When it rejects, everything is as it was before.
   * @throws {FailedPreconditionError} when a sink is still open or was aborted.
   */
  commit(): Promise<void>;
  /** Discards everything. Never rejects. */
  abort(reason?: unknown): Promise<void>;
}

/** How much `FileSet.list` tells. */
export interface ListOptions extends OperationOptions {
  /** Lists the files of the folders below as well. False by default. */
  readonly recursive?: boolean | undefined;
}

/**
 * A folder of files, wherever it lives. Names are relative to it.
 * Only `list` and `open` are needed for reading.
 */
export interface FileSet {
  /** How messages name the folder, e.g. `/tmp/models` or `indexeddb://models`. */
  readonly label?: string | undefined;
  /** The files, folders excluded, in the order of their names (by code unit). A missing folder is empty. */
  list(options?: ListOptions): Promise<FileInfo[]>;
  /** @throws {NotFoundError} `<name>; No such file or directory` */
  open(name: string, options?: OperationOptions): Promise<ByteSource>;
  /** A file that appears, or replaces the one of that name, when its sink is closed. */
  create?(name: string): Promise<ByteSink>;
  /** A name that does not exist is fine. */
  remove?(name: string): Promise<void>;
  /** Without it, files become visible one by one, in order, by `create` (`core/file-transaction.ts`). */
  begin?(): Promise<FileTransaction>;
}

/** Where a path string leads: a folder and the rest of the name in it. */
export interface Location {
  /** The path as the user wrote it; messages quote it. */
  readonly path: string;
  readonly files: FileSet;
  /** The last component: a prefix or file name. May be empty (`dir/`). */
  readonly name: string;
}

/** What answers for a scheme such as `indexeddb:`. */
export interface StorageProvider {
  /** Without the colon, e.g. `indexeddb`; `http` and `https` share a provider. */
  readonly schemes: readonly string[];
  /** Splits `path` (with its scheme, if it was written with one) into folder and name. No I/O. */
  locate(path: string): Location;
  /** True iff `path` is an existing folder. */
  isDirectory(path: string): Promise<boolean>;
  /** Creates the folder of `location` (its last level alone, as TensorFlow does), if missing. */
  makeParent(location: Location): Promise<void>;
}
