/** Where an operation lies. */

import { getDefaultGraph } from './graph.js';
import { type ControlInput, nodeOf } from './nodes.js';

/** Runs `body`; the operations it adds lie where `target` lies: `tf.colocate_with`. `body` must be synchronous. */
export function colocateWith<T>(target: ControlInput, body: () => T): T {
  const { state } = getDefaultGraph();
  state.pushColocation(nodeOf(target));
  try {
    return body();
  } finally {
    state.popColocation();
  }
}
