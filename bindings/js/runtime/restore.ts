/** One restore: from the files of a checkpoint to the variables' memory. */

import { codeOfNumber, isCodedError, makeError } from '../core/errors.js';
import { explainTensor } from '../core/hints.js';
import { openAnyFormat } from '../core/open-checkpoint.js';
import { readExactly } from '../core/operation.js';
import type { TensorReader } from '../core/tensor-reader.js';
import type { OperationOptions } from '../core/types.js';
import type { RestoreOperationHandle, SaverHandle } from './engine-types.js';
import { check, loadedEngine, runtime } from './host.js';
import type { Session } from './session.js';

/** Bytes fetched at a time. */
const PIECE = 8 << 20;

/** Sets the variables of `saver` in `session` to what the checkpoint `path` has, all of them or none. */
export async function restoreCheckpoint(
  session: Session,
  saver: SaverHandle,
  path: string,
  options: OperationOptions,
): Promise<void> {
  const reader = await open(saver, path, options);
  try {
    await restoreVariables(session, saver, reader, options);
  } finally {
    reader.close();
  }
}

async function open(
  saver: SaverHandle,
  path: string,
  options: OperationOptions,
): Promise<TensorReader> {
  const location = loadedEngine().host.storage.locate(path);
  try {
    return await openAnyFormat(location, options, saver.firstKey());
  } catch (error) {
    if (!isCodedError(error)) throw error;
    saver.explainFailure(error.codeNumber, error.message);
    const { code, message, node } = runtime().lastError();
    const { hint, details } = error;
    throw makeError(codeOfNumber(code)!, message, { node, hint, details, cause: error });
  }
}

async function restoreVariables(
  session: Session,
  saver: SaverHandle,
  reader: TensorReader,
  options: OperationOptions,
): Promise<void> {
  const operation = new (runtime().RestoreOperation)(session.handle, saver, reader.object);
  try {
    await reader.files.run(() => operation.prepare(), options);
    const reads = Array.from({ length: operation.numReads() }, (_, i) => i);
    const total = reads.reduce((sum, i) => sum + operation.readLength(i), 0);
    let done = 0;
    for (const i of reads) {
      for await (const piece of pieces(reader, operation, i, options)) {
        supply(operation, i, piece);
        done += piece.length;
        options.onProgress?.({ done, total, phase: 'restore' });
      }
    }
    options.signal?.throwIfAborted();
    check(() => operation.finish());
  } catch (error) {
    throw explainTensor(error);
  } finally {
    operation.delete();
  }
}

function supply(operation: RestoreOperationHandle, i: number, piece: Uint8Array): void {
  const consume = (pointer: number, size: number) =>
    check(() => operation.supply(i, pointer, size));
  if (piece.length === 0) consume(0, 0);
  else loadedEngine().memory.stream(piece, consume);
}

async function* pieces(
  reader: TensorReader,
  operation: RestoreOperationHandle,
  i: number,
  options: OperationOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const file = reader.dataFile(operation.readShard(i));
  const offset = operation.readOffset(i);
  const length = operation.readLength(i);
  const source = await reader.files.source(file, options);
  let at = 0;
  do {
    const size = Math.min(PIECE, length - at);
    yield await readExactly(source, file, offset + at, size, options);
    at += size;
  } while (at < length);
}
