/// How a transaction becomes durable on a file system:
///
///   write   <name>.tempstate<u64>          every file, then fsync
///   keep    <name> -> <name>.tempstate<u64>   a second link to each old file
///   rename  temporary -> <name>            in the order of the changes
///   fsync   the folders
///   unlink  the second links
///
/// When any step fails, the old files are renamed back and the temporaries go.

import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { dirname as nativeDirname, resolve } from 'node:path';
import { fromHost } from '../core/error-mapping.js';
import type { FileChange, Stage } from '../core/file-transaction.js';
import { joinPath } from '../core/paths.js';
import type { ByteSink } from '../core/types.js';

/** Commits of this process, folder by folder: two saves to one prefix must not interleave. */
const commits = new Map<string, Promise<unknown>>();

/** What undoes one step of a commit. */
type Undo = () => Promise<void>;

/** Stages files beside their final names, as TensorFlow does. */
export class NodeStage implements Stage {
  readonly #label: string;
  readonly #folder: string;
  /** Final name -> temporary path. */
  readonly #temporaries = new Map<string, string>();
  readonly #madeFolders: string[] = [];

  constructor(label: string, folder: string) {
    this.#label = label;
    this.#folder = folder;
  }

  async create(name: string): Promise<ByteSink> {
    const path = joinPath(this.#label, name);
    try {
      await this.#makeFoldersOf(name);
      const temporary = temporaryOf(joinPath(this.#folder, name));
      const handle = await open(temporary, 'wx');
      this.#temporaries.set(name, temporary);
      return new NodeSink(path, handle);
    } catch (error) {
      throw fromHost(error, path);
    }
  }

  async commit(changes: readonly FileChange[]): Promise<void> {
    const folder = resolve(this.#folder);
    const before = commits.get(folder) ?? Promise.resolve();
    const mine = before.then(() => this.#commit(changes));
    const settled = mine.catch(() => {});
    commits.set(folder, settled);
    try {
      await mine;
    } finally {
      if (commits.get(folder) === settled) commits.delete(folder);
    }
  }

  async discard(): Promise<void> {
    for (const temporary of this.#temporaries.values()) await rm(temporary, { force: true });
    // Only folders that are empty again go.
    for (const folder of this.#madeFolders.reverse()) await rmdir(folder).catch(() => {});
  }

  async #commit(changes: readonly FileChange[]): Promise<void> {
    const undo: Undo[] = [];
    const kept: string[] = [];
    const folders = new Set<string>();
    let name = '';
    try {
      for (const change of changes) {
        name = change.name;
        const target = joinPath(this.#folder, name);
        folders.add(nativeDirname(target));
        const old = await keepOld(target, undo);
        if (old !== undefined) kept.push(old);
        if (change.kind === 'create') {
          if (old === undefined) undo.push(() => rm(target, { force: true }));
          await rename(this.#temporaries.get(name)!, target);
          this.#temporaries.delete(name);
        } else if (old !== undefined) {
          await rm(target);
        }
      }
      for (const folder of folders) await syncFolder(folder);
    } catch (error) {
      for (const step of undo.reverse()) await step().catch(() => {});
      throw fromHost(error, joinPath(this.#label, name));
    }
    for (const old of kept) await rm(old, { force: true }).catch(() => {});
  }

  async #makeFoldersOf(name: string): Promise<void> {
    if (!name.includes('/')) return;
    const folder = nativeDirname(joinPath(this.#folder, name));
    const made = await mkdir(folder, { recursive: true });
    if (made === undefined) return;
    for (let at = folder; at.length >= made.length; at = nativeDirname(at)) {
      this.#madeFolders.unshift(at);
      if (at === made) break;
    }
  }
}

/**
 * Gives the file at `target` a second name and pushes what brings it back.
 * Returns that name, or undefined when there is no such file.
 */
async function keepOld(target: string, undo: Undo[]): Promise<string | undefined> {
  let stats: Awaited<ReturnType<typeof lstat>>;
  try {
    stats = await lstat(target);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  if (stats.isDirectory()) throw directoryError();
  const kept = temporaryOf(target);
  try {
    await link(target, kept);
  } catch {
    // A file system without hard links: the old file is away for a moment.
    await rename(target, kept);
  }
  undo.push(async () => {
    await rename(kept, target);
    // Renaming onto another link of the same file does nothing, by POSIX.
    await rm(kept, { force: true });
  });
  return kept;
}

/** The `code` of what a Node file function rejected with, e.g. `ENOENT`. */
export function errnoOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code);
}

/** What the system says of a folder that is opened as a file. */
export function directoryError(): Error {
  return Object.assign(new Error('illegal operation on a directory'), { code: 'EISDIR' });
}

/** A file being written under its temporary name. */
class NodeSink implements ByteSink {
  readonly #path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < chunk.length; ) {
        done += (await this.#handle.write(chunk, done, chunk.length - done)).bytesWritten;
      }
    } catch (error) {
      throw fromHost(error, this.#path);
    }
  }

  async close(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
    } catch (error) {
      throw fromHost(error, this.#path);
    }
  }

  async abort(): Promise<void> {
    await this.#handle.close().catch(() => {});
  }
}

function temporaryOf(path: string): string {
  return `${path}.tempstate${randomBytes(8).readBigUInt64LE()}`;
}

/** Makes the renames in a folder durable, where folders can be synced. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    // Windows and some network file systems know no such thing.
    if (!['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'].includes(errnoOf(error))) throw error;
  } finally {
    await handle?.close();
  }
}
