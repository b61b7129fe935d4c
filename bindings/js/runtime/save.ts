/** One save: from the variables' memory to files that appear together. */

import { beginTransaction } from '../core/file-transaction.js';
import type { ByteSink, FileTransaction, Location, OperationOptions } from '../core/types.js';
import type { SaveOperationHandle, SaverHandle } from './engine-types.js';
import { check, loadedEngine, runtime } from './host.js';
import type { Session } from './session.js';

/** A small file that is written with the checkpoint, after it. */
export interface Companion {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes the files of `snapshot`, then `companions`, and makes them visible at once. When it fails, the folder is as it
 * was before.
 */
export async function writeTogether(
  location: Location,
  snapshot: Snapshot | undefined,
  companions: readonly Companion[],
  options: OperationOptions,
): Promise<void> {
  const transaction = await beginTransaction(location.files);
  try {
    await snapshot?.writeTo(transaction, location.name, options);
    for (const { name, bytes } of companions) {
      const sink = await transaction.create(name);
      await sink.write(bytes);
      await sink.close();
    }
    options.signal?.throwIfAborted();
    await transaction.commit();
  } catch (error) {
    await transaction.abort(error);
    throw error;
  }
}

/**
 * The values that the variables of `saver` have in `session` at this moment, on their way to a checkpoint. Later runs
 * of the session do not change them.
 */
export class Snapshot {
  readonly #operation: SaveOperationHandle;

  /** @throws {FailedPreconditionError} `Attempting to use uninitialized value Variable` */
  constructor(session: Session, saver: SaverHandle) {
    this.#operation = new (runtime().SaveOperation)(session.handle, saver);
    try {
      check(() => this.#operation.begin());
    } catch (error) {
      this.#operation.delete();
      throw error;
    }
  }

  /** What the checkpoint's prefix has after the path that it is saved to: `-?????-of-00002` for shards of V1. */
  get prefixSuffix(): string {
    return this.#operation.prefixSuffix();
  }

  /** Gives the values up. */
  close(): void {
    this.#operation.delete();
  }

  /** Writes the files of the checkpoint that begin with `prefix`, the index after the data. Call it once. */
  async writeTo(
    transaction: FileTransaction,
    prefix: string,
    options: OperationOptions,
  ): Promise<void> {
    const total = this.#operation.totalSize();
    const numFiles = this.#operation.numFiles();
    let done = 0;
    for (let file = 0; file < numFiles; file++) {
      const sink = await transaction.create(prefix + this.#operation.fileSuffix(file));
      for await (const chunk of this.#chunks(sink, options)) {
        // What the index has is not counted: there are no values in it.
        done = Math.min(total, done + chunk);
        options.onProgress?.({ done, total, phase: 'save' });
      }
    }
  }

  // Writes the file that the operation is at; yields the size of each chunk.
  async *#chunks(sink: ByteSink, { signal }: OperationOptions): AsyncGenerator<number> {
    for (;;) {
      signal?.throwIfAborted();
      check(() => this.#operation.next());
      const size = this.#operation.size();
      if (size === 0) break;
      await sink.write(loadedEngine().memory.copy(this.#operation.address(), size));
      yield size;
    }
    await sink.close();
  }
}
