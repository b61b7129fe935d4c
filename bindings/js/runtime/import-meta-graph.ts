/** tf.train.importMetaGraph: a graph out of a `.meta` file. */

import { DataLossError, InvalidArgumentError, NotFoundError } from '../core/errors.js';
import { info } from '../core/logging.js';
import { fileExists, readFile } from '../core/sources.js';
import type { OperationOptions } from '../core/types.js';
import { type Graph, getDefaultGraph, type Tensor } from './graph.js';
import { check, loadedEngine, runtime } from './host.js';
import { parseMetaGraph } from './meta-graph-text.js';
import { Saver } from './saver.js';
import type { SaverDef } from './saver-def.js';

/** Options of {@link importMetaGraph}. */
export interface ImportMetaGraphOptions extends OperationOptions {
  /** Forget the devices that operations were placed on. Default false. */
  readonly clearDevices?: boolean | undefined;
  /** The name scope to import into. Default: the root. */
  readonly importScope?: string | undefined;
  /** Tensors of the default graph that take the place of inputs, by the inputs' names in the file. */
  readonly inputMap?: Readonly<Record<string, Tensor>> | undefined;
}

/**
 * Adds the operations, variables and collections of a `.meta` file to the default graph. Operations of kinds that this
 * engine lacks are kept, and can be exported again, but not run.
 *
 * `source`: the path of a file, binary or text, or the bytes of a MetaGraphDef.
 *
 * @returns a saver that restores the graph's checkpoints; undefined when there are no variables.
 *
 * @example
 * const saver = await tf.train.importMetaGraph('./model.ckpt.meta');
 * await saver.restore(sess, './model.ckpt');
 *
 * @throws {NotFoundError} `File ./model.ckpt.meta does not exist.`
 * @throws {DataLossError} `Cannot parse file ./model.ckpt.meta: Error parsing message.`
 * @throws {ValueError} when the file contradicts itself, or inputs are missing.
 * @throws {RuntimeError} `Graph is finalized and cannot be modified.`
 */
export async function importMetaGraph(
  source: string | Uint8Array,
  options: ImportMetaGraphOptions = {},
): Promise<Saver | undefined> {
  const graph = getDefaultGraph();
  const bytes = typeof source === 'string' ? await read(source, options) : source;
  try {
    return graph.asDefault(() => importBytes(graph, bytes, options));
  } catch (error) {
    if (typeof source !== 'string' || !(error instanceof InvalidArgumentError)) throw error;
    throw cannotParse(source, error);
  }
}

function importBytes(
  graph: Graph,
  bytes: Uint8Array,
  { importScope = '', clearDevices = false, inputMap = {} }: ImportMetaGraphOptions,
): Saver | undefined {
  const running = new (runtime().MetaGraphImport)(graph.handle);
  try {
    for (const [name, tensor] of Object.entries(inputMap)) {
      running.mapInput(name, tensor.op.id, tensor.valueIndex);
    }
    loadedEngine().memory.withBytes(bytes, (pointer, size) =>
      check(() => running.run(pointer, size, importScope, clearDevices)),
    );
    const def = running.saverDef();
    if (def !== '') {
      const saverDef = JSON.parse(def) as SaverDef;
      return Saver.fromProto(saverDef, { importScope: running.scope() });
    }
    if (graph.getCollection('variables').length > 0) return new Saver();
    info('Saver not created because there are no variables in the graph to restore');
    return undefined;
  } finally {
    running.delete();
  }
}

// tensorflow/python/framework/meta_graph.py: read_meta_graph_file.
async function read(path: string, options: OperationOptions): Promise<Uint8Array> {
  const location = loadedEngine().host.storage.locate(path);
  if (!(await fileExists(location.files, location.name, options))) {
    throw new NotFoundError(`File ${path} does not exist.`);
  }
  const bytes = await readFile(location.files, location.name, options);
  if (!isText(bytes)) return bytes;
  try {
    return parseMetaGraph(bytes);
  } catch (error) {
    throw cannotParse(path, error);
  }
}

// No field of the message has a tag that is a small letter or "#", with one of which every text begins.
function isText(bytes: Uint8Array): boolean {
  return /^[a-z#]/.test(String.fromCharCode(...bytes.subarray(0, 1)));
}

function cannotParse(path: string, cause: unknown): DataLossError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DataLossError(`Cannot parse file ${path}: ${why}.`, { cause });
}
