/// The storages of the loaded engine's host.

import { engine } from './engine.js';
import type { StorageProvider } from './types.js';

/**
 * Adds a storage: from then on paths that begin with one of its schemes lead to it. One that names a known scheme
 * replaces what was there.
 */
export function registerStorage(provider: StorageProvider): void {
  engine().host.storage.register(provider);
}
