/// The entry point for pages and workers: plain paths are in the browser's own storage.

import { type Host, load, type ReadyOptions } from './core/engine.js';
import { StorageRegistry } from './core/paths.js';
import { BlobFiles } from './storage/blob.js';
import { DirectoryFiles } from './storage/directory-handle.js';
import { DownloadStorage } from './storage/download.js';
import { HttpStorage } from './storage/http.js';
import { IndexedDbStorage } from './storage/indexeddb.js';
import { MemoryStorage } from './storage/memory.js';

export * from './api.js';

/**
 * Loads the engine. Call it once, before everything else.
 * @throws {FailedPreconditionError} when the wasm is of no use; the hint says what to do.
 */
export function ready(options: ReadyOptions = {}): Promise<void> {
  host ??= makeHost();
  return load(options, host);
}

let host: Host | undefined;

function makeHost(): Host {
  return {
    storage: new StorageRegistry(new IndexedDbStorage(), [
      new MemoryStorage(),
      new HttpStorage(),
      new DownloadStorage(),
    ]),
    wasm: new URL('./engine.wasm', import.meta.url),
    fetchWasm: (address) => fetch(address),
    workingDirectory: () => '/',
    fileSet,
    log: (line, level) => (level === 'INFO' ? console.info(line) : console.warn(line)),
  };
}

function fileSet(source: object): BlobFiles | DirectoryFiles | undefined {
  if ((source as { kind?: unknown }).kind === 'directory') {
    return new DirectoryFiles(source as FileSystemDirectoryHandle);
  }
  const isFiles =
    Symbol.iterator in source &&
    [...(source as Iterable<unknown>)].every((file) => file instanceof Blob);
  return isFiles ? new BlobFiles(source as Iterable<File>) : undefined;
}
