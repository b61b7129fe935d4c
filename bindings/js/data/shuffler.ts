/// Permutations that repeat: an order by random keys, which are TensorFlow's random numbers for a seed.

import { Graph, getDefaultGraph, type Tensor, withGraph } from '../runtime/graph.js';
import { randomUniform } from '../runtime/random.js';
import { Session } from '../runtime/session.js';

/**
 * A sequence of permutations of 0 ... `size` - 1. The same seed gives the same sequence. Without one the default
 * graph's decides, and where it has none either, the sequence is fresh.
 */
export class Shuffler {
  readonly #keys: Tensor;
  readonly #session: Session;

  /** `size` is at least 1. */
  constructor(size: number, seed: number | undefined) {
    const graph = new Graph();
    graph.setSeed(getDefaultGraph().seed);
    this.#keys = withGraph(graph, () => randomUniform([size], { dtype: 'float64', seed }));
    this.#session = new Session({ graph });
  }

  /** The next permutation. */
  next(): Uint32Array {
    const keys = this.#session.run(this.#keys).data as Float64Array;
    // Equal keys stay in order, for Array's and TypedArray's sort is stable.
    return Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!);
  }
}
