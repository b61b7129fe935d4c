/// Loads the engine once, and stands between every call and its module.

import createModule from '../engine.js';
import type { EngineModule } from './engine-module.js';
import { fromEngine } from './error-mapping.js';
import { FailedPreconditionError, InternalError } from './errors.js';
import { Memory } from './memory.js';
import type { StorageRegistry } from './paths.js';
import type { FileSet } from './types.js';
import { VERSION } from './version.js';
import { compile, type WasmSource } from './wasm-source.js';

/** What an entry point knows of the place it runs in. */
export interface Host {
  /** The storages that paths may name here. */
  readonly storage: StorageRegistry;
  /** Receives log lines until `tf.logging` is told otherwise. */
  log?(line: string, level: string): void;
  /** What relative paths are relative to: absolute, with `/`. */
  workingDirectory(): string;
  /** The files a user hands over as objects: a list of files, a folder handle. Undefined for anything else. */
  fileSet(source: object): FileSet | undefined;
  /** Where engine.wasm lies unless `ready` is told. */
  readonly wasm: URL;
  /** Reads a wasm file that is given by its address. */
  fetchWasm(address: string | URL | Request): Promise<Response | BufferSource>;
}

/** Options of `tf.ready`. */
export interface ReadyOptions {
  /** The engine's wasm: an address, an HTTP response, its bytes, or the compiled module. */
  readonly wasm?: WasmSource | undefined;
}

/** The loaded engine. */
export class Engine {
  readonly module: EngineModule;
  readonly memory: Memory;
  readonly host: Host;
  #poison: unknown;

  constructor(module: EngineModule, host: Host) {
    this.module = module;
    this.memory = new Memory(module);
    this.host = host;
  }

  /**
   * Runs `call`, which returns a code of the engine, and throws the error that a code other than 0 stands for.
   * `hint` becomes the error's hint.
   */
  check(call: () => number, hint?: string): void {
    if (this.run(call) !== 0) throw fromEngine(this.module.lastError(), hint);
  }

  /**
   * Runs `call`. A trap in it leaves the engine in an unknown state: that and every later call fail.
   * @throws {InternalError}
   */
  run<T>(call: () => T): T {
    this.requireSound();
    try {
      return call();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.#poison = error;
      return this.requireSound() as never;
    }
  }

  /** @throws {InternalError} after a trap. */
  requireSound(): void {
    if (this.#poison === undefined) return;
    throw new InternalError(`The engine stopped at a fault of its own: ${this.#poison}`, {
      hint: 'Please report this with the checkpoint or the code that led to it. Reload to go on.',
      cause: this.#poison,
    });
  }
}

let loaded: Engine | undefined;
let loading: { readonly wasm: WasmSource | undefined; readonly promise: Promise<void> } | undefined;

/**
 * Loads the engine for `host`. Calls after the first wait for the same load; after a failure one may try again.
 * @throws {FailedPreconditionError} when asked for another wasm than before, and when the wasm is of no use.
 */
export function load(options: ReadyOptions, host: Host): Promise<void> {
  const { wasm } = options;
  if (loading === undefined) {
    const promise = instantiate(wasm, host).then(
      (engine) => {
        loaded = engine;
      },
      (error) => {
        loading = undefined;
        throw error;
      },
    );
    loading = { wasm, promise };
  } else if (wasm !== undefined && wasm !== loading.wasm) {
    return Promise.reject(
      new FailedPreconditionError(
        'ready() was called before with another wasm; one engine serves the whole program',
      ),
    );
  }
  return loading.promise;
}

/**
 * The loaded engine.
 * @throws {FailedPreconditionError} before `ready()` has resolved.
 */
export function engine(): Engine {
  if (loaded === undefined) {
    throw new FailedPreconditionError(
      'The engine is not loaded yet: call `await tf.ready()` once before anything else.',
    );
  }
  loaded.requireSound();
  return loaded;
}

async function instantiate(wasm: WasmSource | undefined, host: Host): Promise<Engine> {
  const compiled = await compile(wasm ?? host.wasm, (address) => host.fetchWasm(address));
  // The glue does not tell when instantiating fails, so the promise is settled here.
  const module = await new Promise<EngineModule>((resolve, reject) => {
    createModule({
      instantiateWasm: (imports, done) => {
        WebAssembly.instantiate(compiled, imports)
          .then((instance) => done(instance, compiled))
          .catch(reject);
        return {};
      },
    }).then(resolve, reject);
  }).catch((error: unknown) => {
    throw skew(String(error), error);
  });
  const version = module.version();
  if (version !== VERSION) throw skew(`engine.wasm is of version ${version}`);
  return new Engine(module, host);
}

function skew(what: string, cause?: unknown): FailedPreconditionError {
  return new FailedPreconditionError(
    `engine.wasm does not belong to this copy of tensorbundle ${VERSION}: ${what}`,
    {
      hint: 'Serve the engine.wasm of the same version: node_modules/tensorbundle/dist/engine.wasm.',
      cause,
    },
  );
}
