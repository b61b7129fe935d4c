/// The files that a checkpoint consists of: whether they are there, how old they are, and taking them away.

import { engine } from './engine.js';
import { beginTransaction } from './file-transaction.js';
import { listMatching, matchingFiles } from './glob.js';
import type { FileInfo, FileSet, OperationOptions } from './types.js';

/** True iff something is called `prefix` + `.index`, or `prefix` itself; a pattern stands for what it matches. */
export async function checkpointExists(
  prefix: string,
  options: OperationOptions = {},
): Promise<boolean> {
  const { storage } = engine().host;
  const location = storage.locate(prefix);
  return (
    (await exists(location.files, `${location.name}.index`, options)) ||
    (await exists(location.files, location.name, options)) ||
    (await storage.isDirectory(prefix))
  );
}

async function exists(files: FileSet, name: string, options: OperationOptions): Promise<boolean> {
  return (await matchingFiles(files, name, options)).length > 0;
}

/**
 * When the checkpoints were written, in seconds since 1970: of those among `prefixes` that exist, so the result may be
 * shorter.
 */
export async function getCheckpointMtimes(
  prefixes: readonly string[],
  options: OperationOptions = {},
): Promise<number[]> {
  const times: number[] = [];
  for (const prefix of prefixes) {
    const found = await firstFile(prefix, options);
    if (found !== undefined) times.push((found.mtimeMs ?? 0) / 1000);
  }
  return times;
}

// The index of a V2 checkpoint, else what a V1 checkpoint's prefix names.
async function firstFile(prefix: string, options: OperationOptions): Promise<FileInfo | undefined> {
  const { files, name } = engine().host.storage.locate(prefix);
  const [index] = await listMatching(files, [`${name}.index`], options);
  return index ?? (await listMatching(files, [name], options))[0];
}

/** Options of {@link removeCheckpoint}. */
export interface RemoveCheckpointOptions extends OperationOptions {
  /** What `prefix` names: 2 (the default), or 1 for a checkpoint of the older format. */
  readonly checkpointFormatVersion?: 1 | 2 | undefined;
  /** Default `meta`. */
  readonly metaGraphSuffix?: string | undefined;
}

/**
 * Deletes the files of the checkpoint `prefix`, its `.meta` file included: all of them or, when it fails, none. Files
 * that are missing are fine. As in TensorFlow, `*`, `?` and `[` in `prefix` match other names.
 */
export async function removeCheckpoint(
  prefix: string,
  options: RemoveCheckpointOptions = {},
): Promise<void> {
  const { checkpointFormatVersion = 2, metaGraphSuffix } = options;
  const { files, name } = engine().host.storage.locate(prefix);
  const patterns = [metaGraphFilename(name, metaGraphSuffix)];
  if (checkpointFormatVersion === 2) patterns.push(`${name}.index`, `${name}.data-?????-of-?????`);
  else patterns.push(name);
  const found = await listMatching(files, patterns, options);
  if (found.length === 0) return;
  const transaction = await beginTransaction(files);
  // The index first: without it nobody takes what is left for a checkpoint.
  const isIndex = (info: FileInfo) => Number(info.name.endsWith('.index'));
  for (const info of found.sort((a, b) => isIndex(b) - isIndex(a))) transaction.remove(info.name);
  await transaction.commit();
}

/** The name of the MetaGraphDef beside the checkpoint `checkpoint`, which may be that of a V1 shard. */
export function metaGraphFilename(checkpoint: string, suffix = 'meta'): string {
  return `${checkpoint.replace(/-[\d?]+-of-\d+$/, '')}.${suffix}`;
}
