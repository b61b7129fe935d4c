/// The storages of the loaded engine's host.

import { engine } from './engine.js';
import type { Location, StorageProvider } from './types.js';

/**
 * Adds a storage: from then on paths that begin with one of its schemes lead to it. One that names a known scheme
 * replaces what was there.
 */
export function registerStorage(provider: StorageProvider): void {
  engine().host.storage.register(provider);
}

/**
 * The folder that a path leads to, and the rest of the name in it: `tf.locate('./model.ckpt').files.list()`. No I/O.
 * @throws {UnimplementedError} for a scheme that no storage has.
 */
export function locate(path: string): Location {
  return engine().host.storage.locate(path);
}
