/// readDataSets: MNIST, or any data set in files of its form, from a folder.

import { engine } from '../core/engine.js';
import { DataLossError, isCodedError, ValueError } from '../core/errors.js';
import { info } from '../core/logging.js';
import { joinPath } from '../core/paths.js';
import { fileSetOf, readFile } from '../core/sources.js';
import type { FileSet, OperationOptions } from '../core/types.js';
import { DataSet, type DataSetOptions, type Examples } from './data-set.js';
import { readIdx } from './idx.js';

const NUM_FILES = 4;

/** Where a data set is: a folder's path or URL, the files themselves, a folder handle, any `FileSet`. */
export type DataSource = string | URL | Iterable<File> | FileSystemDirectoryHandle | FileSet;

/** Options of {@link readDataSets}. */
export interface ReadDataSetsOptions extends DataSetOptions, OperationOptions {
  /** How many of the first training examples become the validation set. Default 5000. */
  readonly validationSize?: number | undefined;
}

/** The three parts of a data set. */
export interface DataSets {
  readonly train: DataSet;
  readonly validation: DataSet;
  readonly test: DataSet;
}

/**
 * Reads a data set: TensorFlow's `input_data.read_data_sets`, but for downloading. The folder has the files
 * `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, gzipped
 * (`.gz`) or not.
 *
 * @example
 * import { digits } from 'tensorbundle/digits';
 * const data = await tf.readDataSets(digits, { oneHot: true, validationSize: 200 });
 *
 * @throws {NotFoundError} when a file is missing.
 * @throws {ValueError} when a file is something else, a label no digit, or `validationSize` out of range.
 * @throws {DataLossError} when a file is damaged, or images and labels are not equally many.
 */
export async function readDataSets(
  source: DataSource,
  options: ReadDataSetsOptions = {},
): Promise<DataSets> {
  const { validationSize = 5000, signal, onProgress, ...look } = options;
  const reading: Reading = { files: folderOf(source), signal, onProgress, done: 0 };
  const train = await readExamples(reading, 'train');
  const test = await readExamples(reading, 't10k');
  const total = train.classes.length;
  if (!Number.isInteger(validationSize) || validationSize < 0 || validationSize > total) {
    throw new ValueError(
      `Validation size should be between 0 and ${total}. Received: ${validationSize}.`,
    );
  }
  return {
    train: new DataSet(part(train, validationSize, total), look),
    validation: new DataSet(part(train, 0, validationSize), look),
    test: new DataSet(test, look),
  };
}

function folderOf(source: DataSource): FileSet {
  if (typeof source !== 'string' && !(source instanceof URL)) return fileSetOf(source);
  return engine().host.storage.locate(joinPath(String(source), '')).files;
}

interface Reading extends OperationOptions {
  readonly files: FileSet;
  /** Files that have been read. */
  done: number;
}

async function readExamples(reading: Reading, name: string): Promise<Examples> {
  const images = await readArray(reading, `${name}-images-idx3-ubyte`, 'image');
  const labels = await readArray(reading, `${name}-labels-idx1-ubyte`, 'label');
  const [count, rows, columns] = images.shape as [number, number, number];
  if (labels.data.length !== count) {
    throw new DataLossError(`${name}: ${count} images, but ${labels.data.length} labels`);
  }
  const wrong = labels.data.find((label) => label > 9);
  if (wrong !== undefined) throw new ValueError(`${name}: ${wrong} is no digit from 0 to 9`);
  return { pixels: images.data, classes: labels.data, rows, columns };
}

async function readArray(reading: Reading, stem: string, kind: 'image' | 'label') {
  const { files, signal, onProgress } = reading;
  const { name, bytes } = await readEither(files, stem, { signal });
  info(`Extracting ${joinPath(files.label ?? '', name)}`);
  const array = await readIdx(bytes, { rank: kind === 'image' ? 3 : 1, kind, name });
  reading.done += 1;
  onProgress?.({ done: reading.done, total: NUM_FILES, phase: 'files' });
  return array;
}

// As the data sets are published, or as many tools unpack them.
async function readEither(
  files: FileSet,
  stem: string,
  options: OperationOptions,
): Promise<{ name: string; bytes: Uint8Array }> {
  const zipped = `${stem}.gz`;
  try {
    return { name: zipped, bytes: await readFile(files, zipped, options) };
  } catch (error) {
    if (!isCodedError(error) || error.code !== 'NOT_FOUND') throw error;
    return { name: stem, bytes: await readFile(files, stem, options) };
  }
}

function part({ pixels, classes, rows, columns }: Examples, begin: number, end: number): Examples {
  const size = rows * columns;
  return {
    pixels: pixels.subarray(begin * size, end * size),
    classes: classes.subarray(begin, end),
    rows,
    columns,
  };
}
