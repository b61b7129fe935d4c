/// tf.mergeBundles: the shards of a save become one checkpoint, as TensorFlow's MergeBundles does it.

import { BundleReader } from './bundle-reader.js';
import { engine } from './engine.js';
import { fromHost } from './error-mapping.js';
import { beginTransaction } from './file-transaction.js';
import { decodeName } from './names.js';
import { codec, readExactly } from './operation.js';
import { unpackStrings } from './packed-strings.js';
import type { ByteSink, FileTransaction, Location, OperationOptions } from './types.js';

/** So much is copied at a time. */
const PIECE = 8 << 20;

interface Input {
  readonly location: Location;
  readonly reader: BundleReader;
}

/**
 * Makes one checkpoint with the prefix `output` of the bundles with the prefixes `inputs`, in the order of the shards.
 * Slices of one tensor are united. The data files keep their bytes and get new names; the inputs are gone afterwards.
 * The result appears as a whole; when the merge fails, the inputs are as they were.
 * @throws {InvalidArgumentError} `Duplicate tensor keyed by <key> encountered, when merging prefix: <prefix>`;
 *   `Merging bundles with conflicting endianness; inputs corrupted?`
 * @throws {NotFoundError} when an input has no index, or lacks a data file.
 * @throws {FailedPreconditionError} when there are no inputs.
 */
export async function mergeBundles(
  inputs: readonly string[],
  output: string,
  options: OperationOptions = {},
): Promise<void> {
  const { storage } = engine().host;
  const target = storage.locate(output);
  const opened: Input[] = [];
  try {
    for (const input of inputs) {
      const location = storage.locate(input);
      opened.push({ location, reader: await BundleReader.openAt(location, options) });
    }
    const { index, files } = await plan(opened, options);
    await storage.makeParent(target);
    const transaction = await beginTransaction(target.files);
    try {
      const written = await copy(opened, files, target, transaction, options);
      await writeFile(transaction, `${target.name}.index`, index, output, options);
      written.add(`${target.name}.index`);
      const elsewhere = removals(opened, target, written, transaction);
      options.signal?.throwIfAborted();
      await transaction.commit();
      for (const { files: set, name } of elsewhere) await set.remove?.(name);
    } catch (error) {
      await transaction.abort(error);
      throw error;
    }
  } finally {
    for (const { reader } of opened) reader.close();
  }
}

async function plan(
  inputs: readonly Input[],
  options: OperationOptions,
): Promise<{ index: Uint8Array; files: string[] }> {
  const merger = new (codec().BundleMerger)();
  try {
    for (const { reader } of inputs) {
      await reader.files.run(() => merger.add(reader.object), options);
    }
    const { memory } = engine();
    engine().check(() => merger.finish());
    return {
      index: memory.copy(merger.indexAddress(), merger.indexSize()),
      files: unpackStrings(memory.copy(merger.filesAddress(), merger.filesSize())).map(decodeName),
    };
  } finally {
    merger.delete();
  }
}

// Returns the names of the files that were made.
async function copy(
  inputs: readonly Input[],
  files: readonly string[],
  target: Location,
  transaction: FileTransaction,
  options: OperationOptions,
): Promise<Set<string>> {
  const written = new Set<string>();
  const digits = (n: number) => String(n).padStart(5, '0');
  for (const [shard, file] of files.entries()) {
    const { reader } = inputs.find(({ reader: { path } }) => file.startsWith(`${path}.data-`))!;
    const name = `${target.name}.data-${digits(shard)}-of-${digits(files.length)}`;
    const source = await reader.files.source(file, options);
    const sink = await transaction.create(name);
    for (let at = 0; at < source.size; at += PIECE) {
      const piece = await readExactly(source, file, at, Math.min(PIECE, source.size - at), options);
      await write(sink, piece, file, options);
      options.onProgress?.({ done: at + piece.length, total: source.size, phase: 'merge' });
    }
    await sink.close();
    written.add(name);
  }
  return written;
}

// The inputs' files: those of the target's folder go with the transaction, the others are returned.
function removals(
  inputs: readonly Input[],
  target: Location,
  written: ReadonlySet<string>,
  transaction: FileTransaction,
): Omit<Location, 'path'>[] {
  const elsewhere: Omit<Location, 'path'>[] = [];
  for (const { location, reader } of inputs) {
    const suffixes = Array.from({ length: reader.header.numShards }, (_, shard) =>
      reader.dataFile(shard).slice(location.path.length),
    );
    for (const suffix of ['.index', ...suffixes]) {
      const name = location.name + suffix;
      if (location.files.label !== target.files.label) {
        elsewhere.push({ files: location.files, name });
      } else if (!written.has(name)) {
        transaction.remove(name);
      }
    }
  }
  return elsewhere;
}

async function writeFile(
  transaction: FileTransaction,
  name: string,
  bytes: Uint8Array,
  path: string,
  options: OperationOptions,
): Promise<void> {
  const sink = await transaction.create(name);
  await write(sink, bytes, path, options);
  await sink.close();
}

async function write(
  sink: ByteSink,
  bytes: Uint8Array,
  path: string,
  options: OperationOptions,
): Promise<void> {
  try {
    await sink.write(bytes);
  } catch (error) {
    throw fromHost(error, path, options);
  }
}
