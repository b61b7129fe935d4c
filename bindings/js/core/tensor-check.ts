/// The engine's check of a tensor's bytes, fed piece by piece; one form for numbers, one for strings.

import type { BundleReader } from './bundle-reader.js';
import type { StringDecoderObject, TensorDecoderObject } from './codec-module.js';
import { string, variant } from './dtype.js';
import { engine } from './engine.js';
import type { BundleEntry } from './entry-records.js';
import { encodeName } from './names.js';
import { codec } from './operation.js';
import { unpackStrings } from './packed-strings.js';
import type { OperationOptions } from './types.js';

/** What the bytes of one tensor pass. Close it when done. */
export interface TensorCheck {
  /** Comes first; may fail, or need bytes of the index. */
  begin(reader: BundleReader, key: string, options: OperationOptions): Promise<void>;
  /** How many bytes the tensor has in its data file. Valid after `begin`. */
  readonly size: number;
  /** Takes the next bytes; numbers become little endian where they lie. */
  update(bytes: Uint8Array): void;
  /** @throws {DataLossError} when the bytes are not those that were written. */
  finish(): void;
  close(): void;
}

/** The check for `entry`. */
export function checkFor(entry: BundleEntry): TensorCheck {
  const isPacked = entry.dtype === string || entry.dtype === variant;
  return isPacked && entry.slices.length === 0 ? new StringCheck() : new NumberCheck();
}

/** Numbers stream through; nothing is kept. */
class NumberCheck implements TensorCheck {
  readonly #decoder: TensorDecoderObject = new (codec().TensorDecoder)();

  async begin(reader: BundleReader, key: string, options: OperationOptions): Promise<void> {
    const { object, files } = reader;
    const name = encodeName(key);
    await files.run(() => this.#decoder.begin(object, name), options);
  }

  get size(): number {
    return this.#decoder.size();
  }

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

  finish(): void {
    engine().check(() => this.#decoder.finish());
  }

  close(): void {
    this.#decoder.delete();
  }
}

/** Strings and variants are decoded when all their bytes are there. */
export class StringCheck implements TensorCheck {
  readonly #decoder: StringDecoderObject = new (codec().StringDecoder)();
  readonly #pieces: Uint8Array[] = [];
  #strings: Uint8Array[] = [];

  async begin(reader: BundleReader, key: string, options: OperationOptions): Promise<void> {
    const { object, files } = reader;
    const name = encodeName(key);
    await files.run(() => this.#decoder.begin(object, name), options);
  }

  get size(): number {
    return this.#decoder.size();
  }

  update(bytes: Uint8Array): void {
    this.#pieces.push(bytes.slice());
  }

  finish(): void {
    const { memory } = engine();
    memory.withScratch(this.size, (pointer) => {
      let at = pointer;
      for (const piece of this.#pieces) {
        memory.write(at, piece);
        at += piece.length;
      }
      engine().check(() => this.#decoder.decode(pointer, at - pointer));
    });
    const decoder = this.#decoder;
    const packed = memory.copy(decoder.packedAddress(), decoder.packedSize());
    this.#strings = unpackStrings(packed);
  }

  /** The elements, after `finish`. */
  get strings(): readonly Uint8Array[] {
    return this.#strings;
  }

  close(): void {
    this.#decoder.delete();
  }
}
