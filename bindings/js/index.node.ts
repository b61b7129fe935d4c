/// The entry point for Node: plain paths are files of the system.

import { type Host, load, type ReadyOptions } from './core/engine.js';
import { StorageRegistry } from './core/paths.js';
import { BlobFiles } from './storage/blob.js';
import { HttpStorage } from './storage/http.js';
import { MemoryStorage } from './storage/memory.js';
import { NodeStorage } from './storage/node-fs.js';

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
    storage: new StorageRegistry(new NodeStorage(), [new MemoryStorage(), new HttpStorage()]),
    wasm: new URL('./engine.wasm', import.meta.url),
    fetchWasm,
    workingDirectory: () => process.cwd(),
    fileSet: (source) => (isFiles(source) ? new BlobFiles(source) : undefined),
    log: (line) => process.stderr.write(`${line}\n`),
  };
}

async function fetchWasm(address: string | URL | Request): Promise<Response | BufferSource> {
  const text =
    typeof address === 'string' ? address : address instanceof URL ? address.href : address.url;
  if (/^(https?|data|blob):/.test(text)) return fetch(address);
  const { readFile } = await import('node:fs/promises');
  return readFile(text.startsWith('file:') ? new URL(text) : text);
}

function isFiles(source: object): source is Iterable<File> {
  return (
    Symbol.iterator in source &&
    [...(source as Iterable<unknown>)].every((file) => file instanceof Blob)
  );
}
