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

  /**
   * Writes the data file, then the index, then `companions`, and makes them visible at once. When it fails, the folder
   * is as it was before. Call it once.
   */
  async write(
    location: Location,
    companions: readonly Companion[],
    options: OperationOptions,
  ): Promise<void> {
    try {
      const transaction = await beginTransaction(location.files);
      try {
        await this.#writeFiles(transaction, location.name, companions, options);
        options.signal?.throwIfAborted();
        await transaction.commit();
      } catch (error) {
        await transaction.abort(error);
        throw error;
      }
    } finally {
      this.#operation.delete();
    }
  }

  async #writeFiles(
    transaction: FileTransaction,
    prefix: string,
    companions: readonly Companion[],
    options: OperationOptions,
  ): Promise<void> {
    const data = await transaction.create(`${prefix}.data-00000-of-00001`);
    await this.#writeData(data, options);
    check(() => this.#operation.finish());
    await writeFile(transaction, `${prefix}.index`, this.#takeBytes());
    for (const { name, bytes } of companions) await writeFile(transaction, name, bytes);
  }

  async #writeData(sink: ByteSink, { signal, onProgress }: OperationOptions): Promise<void> {
    const total = this.#operation.totalSize();
    let done = 0;
    for (;;) {
      signal?.throwIfAborted();
      check(() => this.#operation.next());
      const chunk = this.#takeBytes();
      if (chunk.length === 0) break;
      await sink.write(chunk);
      done += chunk.length;
      onProgress?.({ done, total, phase: 'save' });
    }
    await sink.close();
  }

  #takeBytes(): Uint8Array {
    return loadedEngine().memory.copy(this.#operation.address(), this.#operation.size());
  }
}

async function writeFile(
  transaction: FileTransaction,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const sink = await transaction.create(name);
  await sink.write(bytes);
  await sink.close();
}
