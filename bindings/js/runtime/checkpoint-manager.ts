/** tf.train.CheckpointManager: keeps the latest checkpoints of a folder, and some of the older ones. */

import { ValueError } from '../core/errors.js';
import { beginTransaction } from '../core/file-transaction.js';
import { warn } from '../core/logging.js';
import { joinPath } from '../core/paths.js';
import { getCheckpointState, updateCheckpointState } from '../core/state.js';
import type { OperationOptions } from '../core/types.js';
import type { Checkpoint } from './checkpoint.js';
import { loadedEngine } from './host.js';
import { Session } from './session.js';
import type { Variable } from './variable.js';

/** Options of {@link CheckpointManager}. */
export interface CheckpointManagerOptions {
  /** How many checkpoints stay; null: all. */
  readonly maxToKeep: number | null;
  /** Besides them, one every so many hours stays for ever. Default: none. */
  readonly keepCheckpointEveryNHours?: number | null | undefined;
  /** What the files are called: `ckpt-1`, `ckpt-2`, ... */
  readonly checkpointName?: string | undefined;
}

/** Options of {@link CheckpointManager.save}. */
export interface ManagerSaveOptions extends OperationOptions {
  readonly session: Session;
  /** The number in the name. Default: how often the checkpoint was saved. */
  readonly checkpointNumber?: number | bigint | Variable | undefined;
}

/** What the manager knows of the folder; times are seconds since 1970. */
interface FolderState {
  latest: string | undefined;
  lastPreserved: number;
  /** Checkpoints that may be deleted one day, the oldest first, and when they were written. */
  readonly active: Map<string, number>;
}

const SECONDS_PER_HOUR = 3600;

/**
 * Saves a checkpoint again and again, and deletes the oldest ones. A manager continues where an earlier one in the same
 * folder ended: it reads the folder's state file when it is first used.
 *
 * @example
 * const manager = new tf.train.CheckpointManager(checkpoint, './model', { maxToKeep: 3 });
 * await checkpoint.restore(manager.latestCheckpoint, { session: sess });
 * await manager.save({ session: sess });
 *
 * @throws {ValueError} for a `maxToKeep` that is not positive.
 */
export class CheckpointManager {
  readonly directory: string;
  readonly checkpoint: Checkpoint<object>;
  readonly #options: CheckpointManagerOptions;
  #state: Promise<FolderState> | undefined;

  constructor(
    checkpoint: Checkpoint<object>,
    directory: string,
    options: CheckpointManagerOptions,
  ) {
    const { maxToKeep } = options;
    if (maxToKeep !== null && maxToKeep <= 0) {
      throw new ValueError(
        `Expected a positive integer or \`None\` for \`max_to_max_to_keep\`, got ${maxToKeep}.`,
      );
    }
    this.checkpoint = checkpoint;
    this.directory = directory;
    this.#options = options;
  }

  /** The path of the newest checkpoint; undefined in an empty folder. */
  get latestCheckpoint(): Promise<string | undefined> {
    return this.#folder().then(({ latest }) => latest);
  }

  /** The checkpoints that the manager may delete one day, the oldest first. */
  get checkpoints(): Promise<string[]> {
    return this.#folder().then(({ active }) => [...active.keys()]);
  }

  /** Writes a checkpoint, names it in the state file, deletes what is too much. @returns its path. */
  async save(options: ManagerSaveOptions | Session): Promise<string> {
    const { session, checkpointNumber, ...rest } =
      options instanceof Session ? { session: options } : options;
    const state = await this.#folder();
    const count = this.checkpoint.count(session);
    const number = numberOf(checkpointNumber, session) ?? count;
    const prefix = joinPath(this.directory, this.#options.checkpointName ?? 'ckpt');
    const path = await this.checkpoint.write(`${prefix}-${number}`, { session, ...rest });
    state.active.delete(path);
    state.active.set(path, now());
    state.latest = path;
    // The state file is right before anything is deleted, and again afterwards.
    await this.#record(state);
    await this.#sweep(state);
    await this.#record(state);
    return path;
  }

  #folder(): Promise<FolderState> {
    this.#state ??= recover(this.directory).catch((error: unknown) => {
      this.#state = undefined;
      throw error;
    });
    return this.#state;
  }

  async #record({ latest, active, lastPreserved }: FolderState): Promise<void> {
    await updateCheckpointState(this.directory, latest!, {
      allModelCheckpointPaths: [...active.keys()],
      allModelCheckpointTimestamps: [...active.values()],
      lastPreservedTimestamp: lastPreserved,
      saveRelativePaths: true,
    });
  }

  async #sweep(state: FolderState): Promise<void> {
    const { maxToKeep, keepCheckpointEveryNHours } = this.#options;
    if (maxToKeep === null) return;
    while (state.active.size > maxToKeep) {
      const [path, time] = state.active.entries().next().value as [string, number];
      state.active.delete(path);
      if (
        keepCheckpointEveryNHours &&
        time - keepCheckpointEveryNHours * SECONDS_PER_HOUR >= state.lastPreserved
      ) {
        state.lastPreserved = time;
        continue;
      }
      await removeFiles(path);
    }
  }
}

async function recover(directory: string): Promise<FolderState> {
  const found = await getCheckpointState(directory);
  const clock = now();
  const active = new Map<string, number>();
  // A little back, lest managers that follow each other quickly take the first checkpoint for a preserved one.
  if (found === undefined) return { latest: undefined, lastPreserved: clock - 1, active };
  let lastPreserved = found.lastPreservedTimestamp;
  if (clock < lastPreserved) {
    warn(
      `time.time() returned a value ${(lastPreserved - clock).toFixed(6)} seconds less than the last preserved ` +
        'checkpoint timestamp.',
    );
    lastPreserved = clock;
  }
  const times = found.allModelCheckpointTimestamps;
  found.allModelCheckpointPaths.forEach((path, i) => {
    const time = Math.min(times.length === 0 ? lastPreserved : times[i]!, clock);
    if (time > lastPreserved) active.set(path, time);
  });
  return { latest: found.modelCheckpointPath, lastPreserved, active };
}

// The index and the shards, together; a TensorFlow 2 checkpoint has no `.meta` file.
async function removeFiles(path: string): Promise<void> {
  const { files, name } = loadedEngine().host.storage.locate(path);
  const transaction = await beginTransaction(files);
  for (const info of await files.list()) {
    const rest = info.name.startsWith(name) ? info.name.slice(name.length) : '';
    if (rest === '.index' || /^\.data-.{5}-of-.{5}$/.test(rest)) transaction.remove(info.name);
  }
  await transaction.commit();
}

function numberOf(
  checkpointNumber: number | bigint | Variable | undefined,
  session: Session,
): bigint | undefined {
  if (checkpointNumber === undefined) return undefined;
  if (typeof checkpointNumber !== 'object') return BigInt(checkpointNumber);
  return BigInt(Number(session.run(checkpointNumber)));
}

function now(): number {
  return Date.now() / 1000;
}
