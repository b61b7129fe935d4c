/// What every part of the package sees of the engine module (bindings/embind/module.cc). Interfaces only.

import type { EngineError } from './error-mapping.js';

/** An object on the C++ side. */
export interface EngineObject {
  /** Ends the object's life; using it afterwards is an error. */
  delete(): void;
}

/** The Emscripten module: memory, and the functions that stand in module.cc. */
export interface EngineModule {
  /** The heap as it is now; replaced when it grows. Only memory.ts may read it. */
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  /** The package version the module was built from. */
  version(): string;
  /** What the last call that returned a code other than 0 had to say. */
  lastError(): EngineError;
  /** The CRC-32C of [pointer, pointer + size), continuing from `crc`. */
  crc32c(crc: number, pointer: number, size: number): number;
}

/** What the glue is told when it makes a module. */
export interface EngineModuleOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  print?(text: string): void;
  printErr?(text: string): void;
}

/** The default export of the glue, engine.js. */
export type EngineModuleFactory = (options: EngineModuleOptions) => Promise<EngineModule>;
