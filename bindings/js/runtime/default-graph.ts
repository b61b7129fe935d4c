/// The stack of default graphs, as `ops.get_default_graph` of TensorFlow 1.15.

import { AssertionError } from '../core/errors.js';
import { Graph } from './graph.js';

const stack: Graph[] = [];
let globalDefault: Graph | undefined;

/** The graph that operations are added to: the innermost entered one, else the global one. */
export function getDefaultGraph(): Graph {
  const entered = stack.at(-1);
  if (entered !== undefined) return entered;
  globalDefault ??= new Graph();
  return globalDefault;
}

/**
 * Replaces the global default graph by an empty one. Tensors and sessions of the old graph stay usable.
 * @throws {AssertionError} inside `withGraph`.
 */
export function resetDefaultGraph(): void {
  if (stack.length > 0) {
    throw new AssertionError(
      'Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared graph, ' +
        'exit the nesting and create a new graph.',
    );
  }
  globalDefault = undefined;
}

/**
 * Runs `body` with `graph` as the default graph: Python's `with graph.as_default():`.
 * `body` is synchronous, so that no other code can meet a foreign default graph.
 */
export function withGraph<T>(graph: Graph, body: () => T): T {
  stack.push(graph);
  try {
    return body();
  } finally {
    stack.pop();
  }
}
