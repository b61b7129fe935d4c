/// The engine's heap. No other file touches HEAPU8: its views go stale whenever the heap grows.

import type { EngineModule } from './engine-module.js';
import { ResourceExhaustedError } from './errors.js';

/** Bytes that pass through the engine at a time: large enough for its fast paths, small enough to stay in cache. */
const WINDOW_SIZE = 1 << 20;

/** Allocation in the engine's heap, and copies in and out of it. */
export class Memory {
  readonly #module: EngineModule;
  #window = 0;

  constructor(module: EngineModule) {
    this.#module = module;
  }

  /**
   * Returns a pointer to `size` bytes; whoever asks also calls {@link free}.
   * @throws {ResourceExhaustedError} `OOM when allocating 123 bytes`
   */
  allocate(size: number): number {
    const pointer = this.#module._malloc(Math.max(size, 1)) >>> 0;
    if (pointer !== 0) return pointer;
    throw new ResourceExhaustedError(`OOM when allocating ${size} bytes`, {
      hint: 'The engine has 4 GiB of memory at most; close readers and sessions that are done.',
    });
  }

  free(pointer: number): void {
    this.#module._free(pointer);
  }

  /** Copies `bytes` to `pointer`. */
  write(pointer: number, bytes: Uint8Array): void {
    this.#module.HEAPU8.set(bytes, pointer);
  }

  /** Copies `target.length` bytes at `pointer` to `target`. */
  read(pointer: number, target: Uint8Array): void {
    target.set(this.#module.HEAPU8.subarray(pointer, pointer + target.length));
  }

  /** A copy of the `size` bytes at `pointer`. */
  copy(pointer: number, size: number): Uint8Array {
    return this.#module.HEAPU8.slice(pointer, pointer + size);
  }

  /** The `count` float64 numbers at `pointer`, a multiple of 8: a view to be read before the engine is called again. */
  numbers(pointer: number, count: number): Float64Array {
    return new Float64Array(this.#module.HEAPU8.buffer, pointer, count);
  }

  /** Lends `size` bytes to `use`. */
  withScratch<T>(size: number, use: (pointer: number) => T): T {
    const pointer = this.allocate(size);
    try {
      return use(pointer);
    } finally {
      this.free(pointer);
    }
  }

  /** Lends a copy of `bytes` to `use`. */
  withBytes<T>(bytes: Uint8Array, use: (pointer: number, size: number) => T): T {
    return this.withScratch(bytes.length, (pointer) => {
      this.write(pointer, bytes);
      return use(pointer, bytes.length);
    });
  }

  /** Shows `bytes` to `consume` piece by piece, through one window that stays allocated. */
  stream(bytes: Uint8Array, consume: (pointer: number, size: number) => void): void {
    if (this.#window === 0) this.#window = this.allocate(WINDOW_SIZE);
    for (let at = 0; at < bytes.length; at += WINDOW_SIZE) {
      const piece = bytes.subarray(at, at + WINDOW_SIZE);
      this.write(this.#window, piece);
      consume(this.#window, piece.length);
    }
  }
}
