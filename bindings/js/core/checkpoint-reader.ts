/// tf.train.NewCheckpointReader and the functions of tf.train that read single variables.

import { BundleReader } from './bundle-reader.js';
import type { DType } from './dtype.js';
import { engine } from './engine.js';
import { ValueError } from './errors.js';
import type { NDArray } from './ndarray.js';
import { openAsV1 } from './open-as-v1.js';
import { type CheckpointSource, fileExists, locateSource, type OpenOptions } from './sources.js';
import { latestCheckpoint } from './state.js';
import type { OperationOptions } from './types.js';

/** Names, shapes, types and values of a checkpoint's variables. */
export class CheckpointReader {
  readonly #reader: BundleReader;

  private constructor(reader: BundleReader) {
    this.#reader = reader;
  }

  /**
   * Opens the checkpoint with the prefix `source`.
   * @throws {NotFoundError} `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for <path>`
   * @throws {DataLossError} when the index is damaged, or `source` is another kind of file.
   * @throws {UnimplementedError} for checkpoints of the V1 format, in this version.
   */
  static async open(
    source: CheckpointSource,
    options: OpenOptions = {},
  ): Promise<CheckpointReader> {
    const location = await locateSource(source, options);
    if (!(await fileExists(location.files, `${location.name}.index`, options))) {
      return openAsV1(location, options);
    }
    return new CheckpointReader(await BundleReader.openAt(location, options));
  }

  hasTensor(name: string): boolean {
    return this.#reader.contains(name);
  }

  /**
   * The value of a variable.
   * @throws {NotFoundError} `Key <name> not found in checkpoint`
   */
  getTensor(name: string, options: OperationOptions = {}): Promise<NDArray> {
    return this.#reader.lookup(name, options);
  }

  getVariableToShapeMap(): Map<string, readonly number[]> {
    return new Map(this.#variables().map(({ key, shape }) => [key, shape]));
  }

  getVariableToDtypeMap(): Map<string, DType> {
    return new Map(this.#variables().map(({ key, dtype }) => [key, dtype]));
  }

  /** One line a tensor: `Variable (DT_FLOAT) [2,3]`. */
  debugString(): string {
    return this.#reader
      .entries()
      .filter(({ slices }) => slices.length === 0)
      .map(({ key, dtype, shape }) => `${key} (${protoName(dtype)}) [${shape}]\n`)
      .join('');
  }

  close(): void {
    this.#reader.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #variables() {
    return this.#reader.entries().filter(({ key }) => !key.startsWith('\0'));
  }
}

/**
 * A reader for the checkpoint `source`; of a folder its latest one.
 * @throws {ValueError} `Couldn't find 'checkpoint' file or checkpoints in given directory <d>`
 */
export async function loadCheckpoint(
  source: CheckpointSource,
  options: OpenOptions = {},
): Promise<CheckpointReader> {
  if (typeof source !== 'string' || !(await engine().host.storage.isDirectory(source))) {
    return CheckpointReader.open(source, options);
  }
  const latest = await latestCheckpoint(source, undefined, options);
  if (latest === undefined) {
    throw new ValueError(
      `Couldn't find 'checkpoint' file or checkpoints in given directory ${source}`,
    );
  }
  return CheckpointReader.open(latest, options);
}

/** Names and shapes of all variables of a checkpoint, sorted by name. */
export async function listVariables(
  source: CheckpointSource,
  options: OpenOptions = {},
): Promise<[name: string, shape: readonly number[]][]> {
  const reader = await loadCheckpoint(source, options);
  try {
    return [...reader.getVariableToShapeMap()];
  } finally {
    reader.close();
  }
}

/** The value of one variable of a checkpoint; `name` may end in `:0`. */
export async function loadVariable(
  source: CheckpointSource,
  name: string,
  options: OpenOptions = {},
): Promise<NDArray> {
  const reader = await loadCheckpoint(source, options);
  try {
    return await reader.getTensor(name.replace(/:0$/, ''), options);
  } finally {
    reader.close();
  }
}

const PROTO_NAMES: Readonly<Record<string, string>> = {
  float16: 'HALF',
  float32: 'FLOAT',
  float64: 'DOUBLE',
};

function protoName({ name, kind, asDatatypeEnum }: DType): string {
  if (kind === 'opaque' && name.startsWith('unknown')) return String(asDatatypeEnum);
  return `DT_${PROTO_NAMES[name] ?? name.toUpperCase()}`;
}
