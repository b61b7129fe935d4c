/// The database behind `indexeddb://`: its stores, and IndexedDB as promises.
///
///   files    path -> FileRecord           what exists; flipped by one transaction
///   chunks   [generation, file, chunk] -> Uint8Array
///   pending  generation -> PendingRecord  saves that have not been committed

import { fromHost } from '../core/error-mapping.js';
import { AbortedError, UnavailableError } from '../core/errors.js';

export const FILES = 'files';
export const CHUNKS = 'chunks';
export const PENDING = 'pending';

/** Every chunk of a file but its last has this many bytes: storing one blocks a page for a moment only. */
export const CHUNK_BYTES: number = 1 << 20;

/** A file that exists. Its bytes are the chunks `[generation, file, 0...]`. */
export interface FileRecord {
  /** The primary key: the whole path, without a leading slash. */
  readonly path: string;
  readonly generation: string;
  /** The number of the file within its generation. */
  readonly file: number;
  readonly size: number;
  readonly mtimeMs: number;
}

/** A save that is under way, or whose page has died. */
export interface PendingRecord {
  readonly generation: string;
  readonly startedMs: number;
}

/** All chunks of one file. */
export function chunksOf(generation: string, file: number): IDBKeyRange {
  return IDBKeyRange.bound([generation, file], [generation, file, []]);
}

/** All chunks of one generation. */
export function chunksOfGeneration(generation: string): IDBKeyRange {
  return IDBKeyRange.bound([generation], [generation, []]);
}

/** The result of one request. Await nothing else while its transaction is open. */
export function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves when the transaction is durable, and not before. */
export function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    // An error that nobody prevented is followed by an abort, which knows the cause.
    transaction.onabort = () =>
      reject(transaction.error ?? new AbortedError('The browser ended the transaction'));
  });
}

/** A connection that is opened when first needed and again after the browser closed it. */
export class Database {
  readonly name: string;
  #connection: Promise<IDBDatabase> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  async read<T>(
    store: string,
    path: string,
    act: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    try {
      const connection = await this.#connect();
      return await requested(act(connection.transaction(store, 'readonly').objectStore(store)));
    } catch (error) {
      throw fromHost(error, path);
    }
  }

  /**
   * Runs `act` in one read-write transaction over `stores` and resolves when it
   * is durable. What `act` rejects with aborts the transaction.
   */
  async write(
    stores: string[],
    path: string,
    act: (transaction: IDBTransaction) => Promise<void> | void,
  ): Promise<void> {
    try {
      const connection = await this.#connect();
      const transaction = connection.transaction(stores, 'readwrite', { durability: 'strict' });
      const done = completed(transaction);
      done.catch(() => {});
      try {
        await act(transaction);
      } catch (error) {
        try {
          transaction.abort();
        } catch {
          // It has aborted on its own: the error is the request's.
        }
        await done.catch(() => {});
        throw transaction.error ?? error;
      }
      await done;
    } catch (error) {
      throw fromHost(error, path);
    }
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.then((database) => database.close()).catch(() => {});
  }

  #connect(): Promise<IDBDatabase> {
    this.#connection ??= this.#open();
    return this.#connection;
  }

  async #open(): Promise<IDBDatabase> {
    try {
      if (globalThis.indexedDB === undefined) {
        throw new UnavailableError(`indexeddb://${this.name}; there is no IndexedDB here`);
      }
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => {
        const database = request.result;
        database.createObjectStore(FILES, { keyPath: 'path' });
        database.createObjectStore(CHUNKS);
        database.createObjectStore(PENDING, { keyPath: 'generation' });
      };
      const database = await requested(request);
      const forget = (): void => {
        database.close();
        this.#connection = undefined;
      };
      database.onversionchange = forget;
      database.onclose = forget;
      return database;
    } catch (error) {
      this.#connection = undefined;
      throw error;
    }
  }
}
