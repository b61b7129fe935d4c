/**
 * Which checkpoints a saver keeps: Saver._RecordLastCheckpoint and Saver._MaybeDeleteOldCheckpoints of
 * tensorflow/python/training/saver.py. Bookkeeping alone, no I/O.
 */

import { AssertionError } from '../core/errors.js';

/** A checkpoint and when it was saved, in seconds since 1970. */
export type TimedCheckpoint = readonly [path: string, time: number];

/** What a save does to the lists. */
export interface Recorded {
  /** The last checkpoints, the new one at the end. */
  readonly last: readonly TimedCheckpoint[];
  /** The checkpoint that the new one pushed out. */
  readonly pushedOut: TimedCheckpoint | undefined;
}

/** The checkpoints of one saver. */
export class Retention {
  readonly #maxToKeep: number;
  readonly #keepSeconds: number;
  #nextCheckpointTime = Infinity;
  #last: readonly TimedCheckpoint[] = [];
  readonly #toBeDeleted: TimedCheckpoint[] = [];

  /** `maxToKeep` 0: nothing is listed and nothing is deleted. */
  constructor(maxToKeep: number, keepCheckpointEveryNHours: number) {
    this.#maxToKeep = maxToKeep;
    // A float32, as the SaverDef has it.
    this.#keepSeconds = Math.fround(keepCheckpointEveryNHours) * 3600;
  }

  /** Starts the clock of the hours at the time `now`. */
  start(now: number): void {
    this.#nextCheckpointTime = now + this.#keepSeconds;
  }

  /** The last checkpoints, the oldest first. A copy. */
  get paths(): string[] {
    return this.#last.map(([path]) => path);
  }

  /** @throws {AssertionError} when it is no list. */
  set(checkpoints: readonly TimedCheckpoint[]): void {
    if (!Array.isArray(checkpoints)) throw new AssertionError('');
    this.#last = [...checkpoints];
  }

  /** What saving `path` at the time `now` will do; `commit` makes it so. */
  record(path: string, now: number): Recorded {
    if (this.#maxToKeep === 0) return { last: [], pushedOut: undefined };
    const last = [...this.#last];
    const before = last.findIndex(([other]) => other === path);
    if (before !== -1) last.splice(before, 1);
    last.push([path, now]);
    // One a save, even when the list was set to more.
    const pushedOut = last.length > this.#maxToKeep ? last.shift() : undefined;
    return { last, pushedOut };
  }

  /** To be called when the checkpoint is safe. */
  commit({ last, pushedOut }: Recorded): void {
    if (this.#maxToKeep === 0) return;
    this.#last = last;
    if (pushedOut !== undefined) this.#toBeDeleted.push(pushedOut);
  }

  /** The checkpoint whose files are to be deleted now, if any; it is asked for once a save. */
  takeDoomed(): string | undefined {
    const oldest = this.#toBeDeleted.shift();
    if (oldest === undefined) return undefined;
    const [path, time] = oldest;
    if (time > this.#nextCheckpointTime) {
      this.#nextCheckpointTime += this.#keepSeconds;
      return undefined;
    }
    return path;
  }
}
