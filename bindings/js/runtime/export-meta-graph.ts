/** tf.train.exportMetaGraph: a graph, its collections and its saver as the bytes of a `.meta` file. */

import { createAlone } from '../core/file-transaction.js';
import { warn } from '../core/logging.js';
import type { OperationOptions } from '../core/types.js';
import { type Graph, getDefaultGraph } from './graph.js';
import { loadedEngine, runtime } from './host.js';
import { printMetaGraph } from './meta-graph-text.js';
import type { SaverDef } from './saver-def.js';

/** What of a graph is written, and how. */
export interface MetaGraphOptions {
  /** The saver that belongs to the graph. */
  readonly saverDef?: SaverDef | undefined;
  /** The keys of the collections to write. Default: all. */
  readonly collectionList?: readonly string[] | undefined;
  /** Only what is in this name scope, as if it were the root. */
  readonly exportScope?: string | undefined;
  /** Leave the devices out. Default false. */
  readonly clearDevices?: boolean | undefined;
  /** Leave out the operations of savers other than `saverDef`. Default false. */
  readonly clearExtraneousSavers?: boolean | undefined;
  /** Leave out attributes that have their op's default. Default false. */
  readonly stripDefaultAttrs?: boolean | undefined;
}

/** Options of {@link exportMetaGraph}. */
export interface ExportMetaGraphOptions extends MetaGraphOptions, OperationOptions {
  /** Default: the default graph. */
  readonly graph?: Graph | undefined;
  /** Write the file in protobuf's text format. Default false. */
  readonly asText?: boolean | undefined;
}

/**
 * Writes `graph` to the file `filename`, from which {@link importMetaGraph} and TensorFlow rebuild it; without a name
 * nothing is written.
 *
 * @returns the MetaGraphDef: the bytes of a `.meta` file, never text.
 *
 * @example
 * await tf.train.exportMetaGraph('./model.meta', { saverDef: saver.asSaverDef() });
 */
export async function exportMetaGraph(
  filename?: string | null,
  options: ExportMetaGraphOptions = {},
): Promise<Uint8Array> {
  const bytes = metaGraphBytes(options.graph ?? getDefaultGraph(), options);
  if (filename !== undefined && filename !== null && filename !== '') {
    const contents = options.asText ? printMetaGraph(bytes) : bytes;
    await writeWhole(filename, contents, options);
  }
  return bytes;
}

/** The MetaGraphDef of `graph`. @internal */
export function metaGraphBytes(graph: Graph, options: MetaGraphOptions = {}): Uint8Array {
  const writer = new (runtime().MetaGraphWriter)(graph.handle);
  try {
    const { saverDef: def } = options;
    if (def !== undefined) {
      writer.setSaver(def.filenameTensorName, def.saveTensorName, def.restoreOpName);
      writer.setSaverOptions(
        def.maxToKeep,
        def.sharded,
        def.keepCheckpointEveryNHours,
        def.version,
      );
    }
    if (options.collectionList !== undefined) {
      writer.addCollection(''); // an empty list is not the default
      for (const key of options.collectionList) writer.addCollection(key);
    }
    writer.setScope(options.exportScope ?? '');
    writer.setFlags(
      options.clearDevices ?? false,
      options.stripDefaultAttrs ?? false,
      options.clearExtraneousSavers ?? false,
    );
    writer.write();
    for (const key of JSON.parse(writer.skipped()) as string[]) warnOfKinds(key);
    return loadedEngine().memory.copy(writer.address(), writer.size());
  } finally {
    writer.delete();
  }
}

async function writeWhole(
  filename: string,
  contents: Uint8Array,
  { signal }: OperationOptions,
): Promise<void> {
  const { storage } = loadedEngine().host;
  const location = storage.locate(filename);
  await storage.makeParent(location);
  const sink = await createAlone(location.files, location.name);
  try {
    await sink.write(contents);
    signal?.throwIfAborted();
    await sink.close();
  } catch (error) {
    await sink.abort(error);
    throw error;
  }
}

// tensorflow/python/framework/meta_graph.py: add_collection_def.
function warnOfKinds(key: string): void {
  warn(
    `Issue encountered when serializing ${key}.\nType is unsupported, or the types of the items don't match field ` +
      'type in CollectionDef. Note this is a warning and probably safe to ignore.',
  );
}
