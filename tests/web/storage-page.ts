// The storage contract inside a browser: loaded from /tests/ by a page or a worker, the package from /dist/.

import type { FileSet, StorageProvider } from '#dist/core/types.js';
import { type ContractCase, storageContract } from '../storage/contract.js';
import { failingPut } from '../storage/indexeddb-fault.js';

/** The provider itself, for tests of their own. */
export async function makeStorage(): Promise<StorageProvider> {
  const url = '/dist/storage/indexeddb.js';
  const { IndexedDbStorage }: { IndexedDbStorage: new () => StorageProvider } = await import(url);
  return new IndexedDbStorage();
}

/** The contract's cases. Folders are new for every page. */
export function indexedDbCases(): ContractCase[] {
  const session = Math.random().toString(36).slice(2);
  let folders = 0;
  const open = async (path: string): Promise<FileSet> => (await makeStorage()).locate(path).files;
  return storageContract({
    folder: () => open(`indexeddb://${session}-${folders++}/x`),
    reopen: (files) => open(`${files.label}/x`),
    failCommit: async (files, name) => failingPut(`${files.label}/${name}`),
    replaced: 'fails',
    atomic: true,
  });
}

/** Runs one case; the result is its error, or an empty string. */
export async function runCase(name: string): Promise<string> {
  try {
    await indexedDbCases()
      .find((one) => one.name === name)!
      .run();
    return '';
  } catch (error) {
    return String((error as Error).stack ?? error);
  }
}
