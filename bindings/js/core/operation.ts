/// The one loop in which the synchronous engine and asynchronous storage meet: an operation of the engine says what
/// it misses, the storage is asked for it, and the operation starts again (engine/docs/decisions/0001).

import type { CodecModule, HostFilesObject } from './codec-module.js';
import { engine } from './engine.js';
import { fromEngine, fromHost } from './error-mapping.js';
import { CodedError, OutOfRangeError } from './errors.js';
import { Handle } from './handle.js';
import type { ByteSource, FileSet, OperationOptions } from './types.js';

const NEED_BYTES = 100;
const NEED_FILE = 1;

/** A file up to this size is read whole at the first touch. */
const WHOLE_FILE = 4 << 20;
/** Of a larger one the end is read in one piece: footer, index block and often the last data block. */
const TAIL = 64 << 10;
/** What is smaller than this comes with its surroundings: a file may consist of a million blocks. */
const CELL = 64 << 10;

/** Finds the file that the engine calls `name`. */
export type FileResolver = (name: string) => { readonly files: FileSet; readonly name: string };

/** The module, typed for the codec. */
export function codec(): CodecModule {
  return engine().module as CodecModule;
}

/** The files of one reader: opened once each, closed together. */
export class OperationFiles {
  readonly #handle: Handle<HostFilesObject>;
  readonly #resolve: FileResolver;
  readonly #sources = new Map<string, Promise<ByteSource>>();

  constructor(resolve: FileResolver) {
    this.#handle = new Handle(new (codec().HostFiles)(), 'The reader');
    this.#resolve = resolve;
  }

  /** What readers in the engine are made with. */
  get object(): HostFilesObject {
    return this.#handle.object;
  }

  /**
   * Calls `step` until it needs nothing more, supplying what it asks for.
   * @throws what the code it ends with stands for; the storage's own error when a file could not be opened; the
   *   signal's reason.
   */
  async run(step: () => number, options: OperationOptions = {}): Promise<void> {
    const failures = new Map<string, CodedError>();
    for (;;) {
      options.signal?.throwIfAborted();
      const code = this.#handle.engine.run(step);
      if (code === 0) return;
      if (code === NEED_BYTES) {
        await this.#supply(options, failures);
        continue;
      }
      const error = fromEngine(codec().lastError());
      // The engine knows code and text alone; the storage's error also has a cause and a hint.
      throw failures.get(error.message) ?? error;
    }
  }

  /** The source of the file that the engine calls `name`; opened at the first call. */
  source(name: string, options: OperationOptions = {}): Promise<ByteSource> {
    let source = this.#sources.get(name);
    if (source === undefined) {
      const target = this.#resolve(name);
      source = target.files.open(target.name, options).catch((error: unknown) => {
        this.#sources.delete(name);
        throw fromHost(error, name, options);
      });
      this.#sources.set(name, source);
    }
    return source;
  }

  /** Lets the engine forget what it has read, when that is more than `maxBytes`. For between operations. */
  trim(maxBytes: number): void {
    if (!this.#handle.closed) this.#handle.run((files) => files.trim(maxBytes));
  }

  /** Closes every file. */
  async close(): Promise<void> {
    this.#handle.close();
    const sources = [...this.#sources.values()];
    this.#sources.clear();
    for (const source of sources) await source.then((opened) => opened.close?.()).catch(() => {});
  }

  async #supply(options: OperationOptions, failures: Map<string, CodedError>): Promise<void> {
    const { object } = this;
    const file = object.needFile();
    if (object.needKind() === NEED_FILE) {
      try {
        const { size } = await this.source(file, options);
        this.object.addFile(file, size);
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        failures.set(error.message, error);
        this.object.addError(file, error.codeNumber, error.message);
      }
      return;
    }
    // Another operation on the same files may need something else by the time the file is open.
    const [neededOffset, neededLength] = [object.needOffset(), object.needLength()];
    const source = await this.source(file, options);
    const { offset, length } = widen(neededOffset, neededLength, source.size);
    const bytes = await readExactly(source, file, offset, length, options);
    options.onProgress?.({ done: bytes.length, total: source.size, phase: 'index' });
    const address = this.object.reserve(file, offset, length);
    if (address === 0) throw fromEngine(codec().lastError());
    this.#handle.engine.memory.write(address, bytes);
    this.#handle.check((files) => files.commit(file, offset, length));
  }
}

/** `source.read`, with the errors of the host turned into ours. With a `target`, the bytes are there. */
export async function readExactly(
  source: ByteSource,
  path: string,
  offset: number,
  length: number,
  options: OperationOptions = {},
  target?: Uint8Array,
): Promise<Uint8Array> {
  try {
    options.signal?.throwIfAborted();
    if (target !== undefined && source.readInto !== undefined) {
      await source.readInto(offset, target, options.signal);
      return target;
    }
    const bytes = await source.read(offset, length, options.signal);
    if (bytes.length === length) {
      if (target === undefined) return bytes;
      target.set(bytes);
      return target;
    }
  } catch (error) {
    throw fromHost(error, path, options);
  }
  throw new OutOfRangeError('Read less bytes than requested', {
    details: { file: path, offset, length },
  });
}

function widen(offset: number, length: number, size: number): { offset: number; length: number } {
  if (size <= WHOLE_FILE) return { offset: 0, length: size };
  const tail = size - TAIL;
  if (offset >= tail) return { offset: tail, length: TAIL };
  if (length >= CELL) return { offset, length };
  const begin = offset - (offset % CELL);
  const end = Math.min(size, Math.ceil((offset + length) / CELL) * CELL);
  return { offset: begin, length: end - begin };
}
