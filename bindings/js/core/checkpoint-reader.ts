/// tf.train.NewCheckpointReader and the functions of tf.train that read single variables.

import type { DType } from './dtype.js';
import { engine } from './engine.js';
import { ValueError } from './errors.js';
import type { NDArray } from './ndarray.js';
import { findCheckpoint, openAnyFormat } from './open-checkpoint.js';
import { type CheckpointSource, locateSource, type OpenOptions } from './sources.js';
import { latestCheckpoint } from './state.js';
import type { TensorReader } from './tensor-reader.js';
import type { OperationOptions } from './types.js';

/** Names, shapes, types and values of a checkpoint's variables. */
export class CheckpointReader {
  readonly #reader: TensorReader;

  private constructor(reader: TensorReader) {
    this.#reader = reader;
  }

  /**
   * Opens the checkpoint with the prefix `source`, or the one in the files or the folder that `source` is.
   * @throws {NotFoundError} `Unsuccessful TensorSliceReader constructor: Failed to find any matching files for <path>`
   * @throws {DataLossError} when the index is damaged, or `source` is another kind of file.
   */
  static async open(
    source: CheckpointSource,
    options: OpenOptions = {},
  ): Promise<CheckpointReader> {
    const isPath = typeof source === 'string' || 'files' in source || options.prefix !== undefined;
    const location = await (isPath ? locateSource : findCheckpoint)(source, options);
    return new CheckpointReader(await openAnyFormat(location, options));
  }

  hasTensor(name: string): boolean {
    return this.#reader.contains(name);
  }

  /**
   * The value of a variable, joined if it was partitioned.
   * @throws {NotFoundError} `Key <name> not found in checkpoint`; for V1 `Tensor name "<name>" not found in checkpoint
   *   files <path>`
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

  /** One line a tensor: `Variable (DT_FLOAT) [2,3]`; of a partitioned one in a bundle, one line a slice. */
  debugString(): string {
    const { format } = this.#reader;
    return this.#reader
      .entries()
      .filter(({ slices }) => format === 'V1' || slices.length === 0)
      .map(({ key, dtype, shape, slices: { length } }) => {
        const parts = length === 0 ? '' : `, ${length} slices`;
        return `${key} (${protoName(dtype)}) [${shape}]${parts}\n`;
      })
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
