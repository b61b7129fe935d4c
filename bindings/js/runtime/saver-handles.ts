/** The engine's side of one saver, in each graph in which it has its operations. */

import { RuntimeError } from '../core/errors.js';
import type { SaverHandle } from './engine-types.js';
import { type Graph, getDefaultGraph } from './graph.js';
import { check, collect, runtime } from './host.js';
import { SaverDef } from './saver-def.js';
import { maxToKeepOf, type SaverOptions } from './saver-options.js';
import type { Selection } from './saver-variables.js';

/** bindings/embind/saver_handle.cc: Flag */
const RESHAPE = 1;
const SHARDED = 2;
const WRITE_V1 = 4;

/** Engine savers by graph; they live as long as this. */
export class SaverHandles {
  readonly #byGraph = new WeakMap<Graph, SaverHandle>();

  /** Adds the operations of a saver for the variables of `selection`. @throws {ValueError} `No variables to save` */
  add(selection: Selection, options: SaverOptions): SaverDef {
    const graph = selection.graph ?? getDefaultGraph();
    const handle = this.#new(graph);
    selection.addTo(handle);
    check(() =>
      handle.build(
        options.name ?? '',
        options.filename ?? '',
        maxToKeepOf(options),
        options.keepCheckpointEveryNHours ?? 10000,
        flagsOf(options),
        shardToken(),
      ),
    );
    this.#byGraph.set(graph, handle);
    return JSON.parse(handle.def()) as SaverDef;
  }

  /**
   * The saver whose operations have the names of `def` in `graph`: Session.run finds them by their names, whichever
   * graph the saver was made in.
   * @throws {TypeError} `Cannot interpret feed_dict key as Tensor: ...` when the graph lacks them.
   * @throws {ValueError} `Fetch argument ... cannot be interpreted as a Tensor.` likewise.
   */
  find(graph: Graph, def: SaverDef): SaverHandle {
    const known = this.#byGraph.get(graph);
    if (known !== undefined) return known;
    const handle = this.#new(graph);
    const { filenameTensorName, saveTensorName, restoreOpName, version, sharded } = def;
    check(() => handle.find(filenameTensorName, saveTensorName, restoreOpName, version, sharded));
    this.#byGraph.set(graph, handle);
    return handle;
  }

  #new(graph: Graph): SaverHandle {
    const handle = new (runtime().Saver)(graph.handle);
    collect(this, handle);
    return handle;
  }
}

function flagsOf({ reshape, sharded, writeVersion = SaverDef.V2 }: SaverOptions): number {
  if (writeVersion !== SaverDef.V1 && writeVersion !== SaverDef.V2) {
    throw new RuntimeError(`Unexpected write_version: ${writeVersion}`);
  }
  return (
    (reshape ? RESHAPE : 0) |
    (sharded ? SHARDED : 0) |
    (writeVersion === SaverDef.V1 ? WRITE_V1 : 0)
  );
}

// uuid.uuid4().hex
function shardToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
