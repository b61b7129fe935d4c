/// Handle: the one JavaScript owner of an object in the engine.

import { type Engine, engine } from './engine.js';
import type { EngineObject } from './engine-module.js';
import { fromEngine } from './error-mapping.js';
import { FailedPreconditionError } from './errors.js';

interface Held {
  object: EngineObject | undefined;
}

let live = 0;
let registry: FinalizationRegistry<Held> | undefined;

/** How many engine objects have not been closed. For tests. */
export function liveHandles(): number {
  return live;
}

/**
 * Owns an engine object until `close()`. The garbage collector closes what was forgotten, some time.
 * Using a closed handle throws FailedPreconditionError `<what> is closed`.
 */
export class Handle<T extends EngineObject> {
  readonly engine: Engine;
  readonly #what: string;
  readonly #held: Held;

  /** `what` names the owner in messages, e.g. `The BundleReader`. */
  constructor(object: T, what: string) {
    this.engine = engine();
    this.#what = what;
    this.#held = { object };
    live += 1;
    registry ??= new FinalizationRegistry(release);
    registry.register(this, this.#held, this.#held);
  }

  get closed(): boolean {
    return this.#held.object === undefined;
  }

  /** @throws {FailedPreconditionError} when closed. */
  get object(): T {
    const { object } = this.#held;
    if (object === undefined) throw new FailedPreconditionError(`${this.#what} is closed`);
    return object as T;
  }

  /** Calls a method that returns a code, and throws what a code other than 0 stands for. */
  check(call: (object: T) => number, hint?: string): void {
    const { object } = this;
    this.engine.check(() => call(object), hint);
  }

  /** Calls a method that cannot fail. */
  run<R>(call: (object: T) => R): R {
    const { object } = this;
    return this.engine.run(() => call(object));
  }

  /** The error that the last failed call of this engine stands for. */
  lastError(hint?: string): Error {
    return fromEngine(this.engine.module.lastError(), hint);
  }

  /** Ends the object's life. Calling it again is fine. */
  close(): void {
    registry?.unregister(this.#held);
    release(this.#held);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function release(held: Held): void {
  if (held.object === undefined) return;
  held.object.delete();
  held.object = undefined;
  live -= 1;
}
