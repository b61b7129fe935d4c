/** MetaGraphDefs in protobuf's text format. */

import { check, loadedEngine, runtime } from './host.js';

/** The text of a MetaGraphDef, as bytes. */
export function printMetaGraph(message: Uint8Array): Uint8Array {
  return convert('print', message);
}

/**
 * The MetaGraphDef of such a text.
 * @throws {InvalidArgumentError} `1:4 : Message type "tensorflow.MetaGraphDef" has no field named "nodes".`
 */
export function parseMetaGraph(text: Uint8Array): Uint8Array {
  return convert('parse', text);
}

function convert(method: 'print' | 'parse', bytes: Uint8Array): Uint8Array {
  const { memory } = loadedEngine();
  const converter = new (runtime().MetaGraphText)();
  try {
    memory.withBytes(bytes, (pointer, size) => check(() => converter[method](pointer, size)));
    return memory.copy(converter.address(), converter.size());
  } finally {
    converter.delete();
  }
}
