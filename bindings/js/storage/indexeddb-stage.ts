/// How a save reaches IndexedDB: chunks under a fresh generation, a transaction
/// for each, then one transaction that points every file to its new generation
/// and deletes the chunks of the old. A save that dies before that leaves a
/// pending record, by which a later save finds and deletes its chunks.

import { AbortedError, ResourceExhaustedError } from '../core/errors.js';
import type { FileChange, Stage } from '../core/file-transaction.js';
import { joinPath } from '../core/paths.js';
import type { ByteSink } from '../core/types.js';
import {
  CHUNK_BYTES,
  CHUNKS,
  chunksOf,
  chunksOfGeneration,
  type Database,
  FILES,
  type FileRecord,
  PENDING,
  type PendingRecord,
  requested,
} from './indexeddb-database.js';
import { holdLock, isUnlocked } from './locks.js';

/** Where no lock tells whether a save is alive: how old it must be to be taken for dead. */
const ORPHAN_AGE_MS = 24 * 60 * 60 * 1000;

/** The staged files of one save. */
export class IndexedDbStage implements Stage {
  readonly #database: Database;
  readonly #folder: string;
  readonly #label: string;
  readonly #generation: string;
  readonly #unlock: () => void;
  readonly #staged = new Map<string, FileRecord>();
  #nextFile = 0;

  /** Registers a fresh generation. */
  static async begin(database: Database, folder: string, label: string): Promise<IndexedDbStage> {
    const generation = randomName();
    const unlock = await holdLock(lockOf(database, generation));
    try {
      const record: PendingRecord = { generation, startedMs: Date.now() };
      await database.write([PENDING], label, (transaction) => {
        transaction.objectStore(PENDING).add(record);
      });
      return new IndexedDbStage(database, folder, label, generation, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  private constructor(
    database: Database,
    folder: string,
    label: string,
    generation: string,
    unlock: () => void,
  ) {
    this.#database = database;
    this.#folder = folder;
    this.#label = label;
    this.#generation = generation;
    this.#unlock = unlock;
  }

  async create(name: string): Promise<ByteSink> {
    const file = this.#nextFile++;
    const path = joinPath(this.#label, name);
    const writer = new ChunkWriter(this.#database, path, this.#generation, file);
    return {
      write: (chunk) => writer.write(chunk),
      close: async () => {
        const size = await writer.finish();
        this.#staged.set(name, {
          path: joinPath(this.#folder, name),
          generation: this.#generation,
          file,
          size,
          mtimeMs: Date.now(),
        });
      },
      abort: async () => {
        await writer.finish().catch(() => {});
      },
    };
  }

  async commit(changes: readonly FileChange[]): Promise<void> {
    await this.#database.write([FILES, CHUNKS, PENDING], this.#label, async (transaction) => {
      const files = transaction.objectStore(FILES);
      const chunks = transaction.objectStore(CHUNKS);
      const pending = transaction.objectStore(PENDING);
      if ((await requested(pending.count(this.#generation))) === 0) {
        throw new AbortedError(`${this.#label}; the save was taken for dead and cleared away`);
      }
      for (const { kind, name } of changes) {
        const key = joinPath(this.#folder, name);
        const old: FileRecord | undefined = await requested(files.get(key));
        if (old !== undefined) chunks.delete(chunksOf(old.generation, old.file));
        if (kind === 'create') files.put(this.#staged.get(name)!);
        else files.delete(key);
      }
      pending.delete(this.#generation);
    });
    this.#unlock();
  }

  async discard(): Promise<void> {
    try {
      await deleteGeneration(this.#database, this.#label, this.#generation);
    } finally {
      this.#unlock();
    }
  }
}

/**
 * Deletes what saves left behind whose page or worker died. The quota
 * would otherwise fill with bytes that nobody can see.
 */
export async function sweepOrphans(database: Database, label: string): Promise<void> {
  const records: PendingRecord[] = await database.read(PENDING, label, (store) => store.getAll());
  for (const { generation, startedMs } of records) {
    const dead =
      (await isUnlocked(lockOf(database, generation))) ?? Date.now() - startedMs > ORPHAN_AGE_MS;
    if (dead) await deleteGeneration(database, label, generation);
  }
}

/** Deletes an uncommitted generation; one that has been committed meanwhile stays. */
async function deleteGeneration(
  database: Database,
  label: string,
  generation: string,
): Promise<void> {
  await database.write([CHUNKS, PENDING], label, async (transaction) => {
    const pending = transaction.objectStore(PENDING);
    if ((await requested(pending.count(generation))) === 0) return;
    transaction.objectStore(CHUNKS).delete(chunksOfGeneration(generation));
    pending.delete(generation);
  });
}

/** Cuts a stream into chunks and stores each in a transaction of its own, one at a time. */
class ChunkWriter {
  readonly #database: Database;
  readonly #path: string;
  readonly #key: readonly [string, number];
  #buffer = new Uint8Array(0);
  #used = 0;
  #chunks = 0;
  /** The chunk on its way to the disk while the next one fills. */
  #storing: Promise<void> = Promise.resolve();

  constructor(database: Database, path: string, generation: string, file: number) {
    this.#database = database;
    this.#path = path;
    this.#key = [generation, file];
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      this.#reserve(bytes.length - done);
      const part = bytes.subarray(done, done + CHUNK_BYTES - this.#used);
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
      done += part.length;
      if (this.#used === CHUNK_BYTES) await this.#store();
    }
  }

  /** Resolves to the size of the file when all of it is stored. */
  async finish(): Promise<number> {
    const size = this.#chunks * CHUNK_BYTES + this.#used;
    if (this.#used > 0) await this.#store();
    await this.#storing;
    return size;
  }

  async #store(): Promise<void> {
    const chunk = this.#buffer.slice(0, this.#used);
    const index = this.#chunks++;
    this.#used = 0;
    await this.#storing;
    this.#storing = this.#database.write([CHUNKS], this.#path, (transaction) => {
      transaction.objectStore(CHUNKS).add(chunk, [...this.#key, index]);
    });
    // A failure is met by the next await; until then it is not "unhandled".
    this.#storing.catch(() => {});
  }

  /** Makes room for `more` bytes, up to a whole chunk. Small files stay small. */
  #reserve(more: number): void {
    const need = Math.min(CHUNK_BYTES, this.#used + more);
    if (this.#buffer.length >= need) return;
    try {
      const grown = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(need, this.#buffer.length * 2)));
      grown.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = grown;
    } catch (cause) {
      throw new ResourceExhaustedError(`${this.#path}; Cannot allocate memory`, { cause });
    }
  }
}

function lockOf(database: Database, generation: string): string {
  return `${database.name}:${generation}`;
}

/** 128 random bits. `crypto.randomUUID` exists on secure origins only. */
function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
