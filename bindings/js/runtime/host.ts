/** How the runtime reaches the engine module: one place for the cast and for the safety net. */

import { type Engine, engine } from '../core/engine.js';
import type { EngineModule, EngineObject } from '../core/engine-module.js';
import type { RuntimeModule } from './engine-types.js';

/** The engine's constructors. @throws {FailedPreconditionError} before `tf.ready()`. */
export function runtime(): EngineModule & RuntimeModule {
  return engine().module as EngineModule & RuntimeModule;
}

/** Runs `call` and throws what a code other than 0 stands for. */
export function check(call: () => number): void {
  engine().check(call);
}

/** The loaded engine. */
export function loadedEngine(): Engine {
  return engine();
}

let registry: FinalizationRegistry<EngineObject> | undefined;

/**
 * Frees `handle` some time after `owner` was garbage-collected. For objects that TensorFlow's users never close:
 * graphs, and what a closed session leaves.
 */
export function collect(owner: object, handle: EngineObject): void {
  registry ??= new FinalizationRegistry((forgotten) => forgotten.delete());
  registry.register(owner, handle);
}
