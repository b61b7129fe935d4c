/// The rules of a file transaction, once for every storage: a storage supplies
/// a `Stage` (where unfinished files wait) and gets a `FileTransaction`.

import { AlreadyExistsError, FailedPreconditionError, UnimplementedError } from './errors.js';
import { joinPath, requireName } from './paths.js';
import type { ByteSink, FileSet, FileTransaction } from './types.js';

/** One change of a transaction, in the order in which it was asked for. */
export interface FileChange {
  readonly kind: 'create' | 'remove';
  readonly name: string;
}

/** Where the files of one transaction wait until they become visible. */
export interface Stage {
  /** A file that nobody sees. `close` is called at most once and means: complete. */
  create(name: string): Promise<ByteSink>;
  /** Makes `changes` visible, all of them or (when it rejects) none. */
  commit(changes: readonly FileChange[]): Promise<void>;
  /** Frees whatever is still staged. Called once, after every sink is at rest. */
  discard(reason: unknown): Promise<void>;
}

/** Runs `stage` by the rules of `FileTransaction`; messages quote names below `label`. */
export function stagedTransaction(label: string, stage: Stage): FileTransaction {
  return new StagedTransaction(label, stage);
}

/** Begins a transaction, or imitates one for a set that can only create files singly. */
export async function beginTransaction(files: FileSet): Promise<FileTransaction> {
  if (files.begin !== undefined) return files.begin();
  const label = files.label ?? '';
  if (files.create === undefined) {
    throw new UnimplementedError(`${label}; files cannot be created here`);
  }
  return stagedTransaction(label, new SingleFilesStage(files));
}

/** A sink that is a transaction of its own: closing it commits. For `FileSet.create`. */
export async function createAlone(files: FileSet, name: string): Promise<ByteSink> {
  const transaction = await beginTransaction(files);
  try {
    const sink = await transaction.create(name);
    return {
      write: (chunk) => sink.write(chunk),
      close: async () => {
        await sink.close();
        await transaction.commit();
      },
      abort: (reason) => transaction.abort(reason),
    };
  } catch (error) {
    await transaction.abort(error);
    throw error;
  }
}

/** Removes a file in a transaction of its own. For `FileSet.remove`. */
export async function removeAlone(files: FileSet, name: string): Promise<void> {
  const transaction = await beginTransaction(files);
  transaction.remove(name);
  await transaction.commit();
}

class StagedTransaction implements FileTransaction {
  readonly #label: string;
  readonly #stage: Stage;
  readonly #changes: FileChange[] = [];
  readonly #sinks = new Map<string, StagedSink>();
  #finished = false;

  constructor(label: string, stage: Stage) {
    this.#label = label;
    this.#stage = stage;
  }

  async create(name: string): Promise<ByteSink> {
    this.#requireUnfinished(name);
    requireName(this.#label, name);
    const path = joinPath(this.#label, name);
    if (this.#sinks.has(name)) throw new AlreadyExistsError(`${path}; File exists`);
    // The place is taken before the first await: changes keep the order of the calls.
    const sink = new StagedSink(path, this.#stage.create(name));
    this.#sinks.set(name, sink);
    this.#changes.push({ kind: 'create', name });
    await sink.opened();
    return sink;
  }

  remove(name: string): void {
    this.#requireUnfinished(name);
    requireName(this.#label, name);
    this.#changes.push({ kind: 'remove', name });
  }

  async commit(): Promise<void> {
    this.#requireUnfinished('commit');
    this.#finished = true;
    try {
      for (const sink of this.#sinks.values()) sink.requireComplete();
      await this.#stage.commit(this.#changes);
    } catch (error) {
      await this.#discard(error);
      throw error;
    }
  }

  async abort(reason?: unknown): Promise<void> {
    if (this.#finished) return;
    this.#finished = true;
    await this.#discard(reason);
  }

  async #discard(reason: unknown): Promise<void> {
    for (const sink of this.#sinks.values()) await sink.abort(reason);
    try {
      await this.#stage.discard(reason);
    } catch {
      // What caused the discarding is what the caller hears of; litter is not.
    }
  }

  #requireUnfinished(what: string): void {
    if (!this.#finished) return;
    throw new FailedPreconditionError(
      `${joinPath(this.#label, what)}; the transaction has been committed or aborted`,
    );
  }
}

/** Serializes the calls on one staged file and remembers whether it is complete. */
class StagedSink implements ByteSink {
  readonly #path: string;
  readonly #target: Promise<ByteSink>;
  #tail: Promise<unknown>;
  #state: 'open' | 'closed' | 'failed' = 'open';

  constructor(path: string, target: Promise<ByteSink>) {
    this.#path = path;
    this.#target = target;
    this.#tail = target.catch(() => {
      this.#state = 'failed';
    });
  }

  async opened(): Promise<void> {
    await this.#target;
  }

  write(chunk: Uint8Array): Promise<void> {
    return this.#next((target) => target.write(chunk));
  }

  async close(): Promise<void> {
    await this.#next((target) => target.close());
    this.#state = 'closed';
  }

  async abort(reason?: unknown): Promise<void> {
    const wasOpen = this.#state === 'open';
    if (this.#state !== 'closed') this.#state = 'failed';
    await this.#tail;
    if (!wasOpen) return;
    await this.#target.then((target) => target.abort(reason)).catch(() => {});
  }

  requireComplete(): void {
    if (this.#state === 'closed') return;
    const why = this.#state === 'open' ? 'is still being written' : 'was not written completely';
    throw new FailedPreconditionError(`${this.#path}; the file ${why}`);
  }

  #next(act: (target: ByteSink) => Promise<void>): Promise<void> {
    const result = this.#tail.then(async () => {
      if (this.#state !== 'open') {
        throw new FailedPreconditionError(`${this.#path}; the file is closed`);
      }
      try {
        await act(await this.#target);
      } catch (error) {
        this.#state = 'failed';
        await this.#target.then((target) => target.abort(error)).catch(() => {});
        throw error;
      }
    });
    this.#tail = result.catch(() => {});
    return result;
  }
}

/**
 * Imitates a transaction by `FileSet.create` alone. Sinks are closed for real
 * only at commit, in order, so a failure before that leaves nothing behind; a
 * failure between two closes cannot be undone.
 */
class SingleFilesStage implements Stage {
  readonly #files: FileSet;
  readonly #sinks = new Map<string, ByteSink>();

  constructor(files: FileSet) {
    this.#files = files;
  }

  async create(name: string): Promise<ByteSink> {
    const sink = await this.#files.create!(name);
    this.#sinks.set(name, sink);
    return { write: (chunk) => sink.write(chunk), close: async () => {}, abort: async () => {} };
  }

  async commit(changes: readonly FileChange[]): Promise<void> {
    for (const { kind, name } of changes) {
      if (kind === 'remove') {
        await this.#files.remove?.(name);
        continue;
      }
      await this.#sinks.get(name)!.close();
      this.#sinks.delete(name);
    }
  }

  async discard(reason: unknown): Promise<void> {
    for (const sink of this.#sinks.values()) await sink.abort(reason);
  }
}
