/// The way of a tensor's bytes: from the data file through the engine's check to the user.

import type { BundleReader } from './bundle-reader.js';
import type { TensorDecoderObject } from './codec-module.js';
import { engine } from './engine.js';
import type { BundleEntry } from './entry-records.js';
import { fromEngine } from './error-mapping.js';
import { OutOfRangeError } from './errors.js';
import { explainTensor } from './hints.js';
import { encodeName } from './names.js';
import { codec, readExactly } from './operation.js';
import type { ByteSource, OperationOptions } from './types.js';

/** Long tensors are fetched in pieces of this size. A multiple of every element's size. */
export const PIECE: number = 8 << 20;

/** Checks the bytes of one tensor, piece by piece. Close it when done. */
export class TensorCheck {
  readonly #decoder: TensorDecoderObject = new (codec().TensorDecoder)();

  /** Call first; may fail, or need bytes of the index. */
  async begin(reader: BundleReader, key: string, options: OperationOptions): Promise<void> {
    const { object, files } = reader;
    const name = encodeName(key);
    await files.run(() => this.#decoder.begin(object, name), options);
  }

  /** Bytes of the tensor. */
  get size(): number {
    return this.#decoder.size();
  }

  /** Takes the next bytes; makes them little endian where they lie. */
  update(bytes: Uint8Array): void {
    const { memory } = engine();
    const swaps = this.#decoder.swaps();
    let at = 0;
    memory.stream(bytes, (pointer, size) => {
      engine().check(() => this.#decoder.update(pointer, size));
      if (swaps) memory.read(pointer, bytes.subarray(at, at + size));
      at += size;
    });
  }

  /** @throws {DataLossError} when the checksum differs. */
  finish(): void {
    if (engine().run(() => this.#decoder.finish()) !== 0) throw fromEngine(codec().lastError());
  }

  close(): void {
    this.#decoder.delete();
  }
}

/** Reads the whole tensor of `entry`. */
export async function readTensor(
  reader: BundleReader,
  entry: BundleEntry,
  options: OperationOptions,
): Promise<Uint8Array> {
  const check = new TensorCheck();
  try {
    await check.begin(reader, entry.key, options);
    const file = reader.dataFile(entry.shardId);
    const source = await reader.files.source(file, options);
    requireWithin(source, file, entry.offset, check.size);
    const bytes = await readChecked(check, source, file, entry.offset, options);
    check.finish();
    return bytes;
  } catch (error) {
    throw explainTensor(error);
  } finally {
    check.close();
  }
}

/** @throws {OutOfRangeError} when the file ends before `offset + length`. */
export function requireWithin(
  source: ByteSource,
  file: string,
  offset: number,
  length: number,
): void {
  if (offset + length <= source.size) return;
  throw new OutOfRangeError('Read less bytes than requested', {
    details: { file, offset, length },
    hint: `${file} has ${source.size} bytes, but its index tells of ${offset + length}: it was not copied completely.`,
  });
}

async function readChecked(
  check: TensorCheck,
  source: ByteSource,
  file: string,
  offset: number,
  options: OperationOptions,
): Promise<Uint8Array> {
  const total = check.size;
  const piece = (at: number) =>
    readExactly(source, file, offset + at, Math.min(PIECE, total - at), options);
  if (total <= PIECE) {
    const bytes = await piece(0);
    check.update(bytes);
    options.onProgress?.({ done: total, total, phase: 'read' });
    return bytes;
  }
  const bytes = new Uint8Array(total);
  let next = piece(0);
  for (let at = 0; at < total; at += PIECE) {
    const chunk = await next;
    // The next piece is on its way while this one is checked.
    next = at + PIECE < total ? piece(at + PIECE) : next;
    next.catch(() => {});
    check.update(chunk);
    bytes.set(chunk, at);
    options.onProgress?.({ done: at + chunk.length, total, phase: 'read' });
  }
  return bytes;
}
