/** The variable that counts the steps of training. */

import { int64 } from '../core/dtype.js';
import { LookupError, ValueError } from '../core/errors.js';
import { GraphKeys } from './collections.js';
import { type Graph, getDefaultGraph, nameScope, type Tensor, withGraph } from './graph.js';
import { zerosInitializer } from './initializers.js';
import type { Session } from './session.js';
import { Variable } from './variable.js';
import { getVariable } from './variable-scope.js';

const NAME = 'global_step';

/**
 * Makes the int64 variable `global_step`, in the collections `variables` and `global_step`:
 * `tf.train.create_global_step`.
 * @throws {ValueError} `"global_step" already exists.`
 */
export function createGlobalStep(graph: Graph = getDefaultGraph()): Variable {
  if (getGlobalStep(graph) !== null) throw new ValueError('"global_step" already exists.');
  return withGraph(graph, () =>
    nameScope(null, () =>
      getVariable(NAME, [], {
        dtype: int64,
        initializer: zerosInitializer(),
        trainable: false,
        collections: [GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
      }),
    ),
  );
}

/** The global step of `graph`, or null: `tf.train.get_global_step`. */
export function getGlobalStep(graph: Graph = getDefaultGraph()): Variable | Tensor | null {
  const found = graph.getCollection(GraphKeys.GLOBAL_STEP);
  if (found.length > 1) return null;
  let step: Variable | Tensor;
  if (found.length === 1) {
    step = found[0] as Variable | Tensor;
  } else {
    try {
      const tensor = graph.getTensorByName(`${NAME}:0`);
      const isStep = (item: unknown): item is Variable =>
        item instanceof Variable && item.op === tensor.op;
      step = graph.getCollection(GraphKeys.GLOBAL_VARIABLES).find(isStep) ?? tensor;
    } catch (error) {
      if (error instanceof LookupError) return null;
      throw error;
    }
  }
  assertGlobalStep(step);
  return step;
}

/** The global step of `graph`, made where there is none: `tf.train.get_or_create_global_step`. */
export function getOrCreateGlobalStep(graph: Graph = getDefaultGraph()): Variable | Tensor {
  return getGlobalStep(graph) ?? createGlobalStep(graph);
}

/**
 * @throws {TypeError} `Existing "global_step" does not have integer type: <dtype>`
 * @throws {TypeError} `Existing "global_step" is not scalar: <shape>`
 */
export function assertGlobalStep(step: Variable | Tensor): void {
  if (step.dtype.kind !== 'int') {
    throw new TypeError(
      `Existing "global_step" does not have integer type: <dtype: '${step.dtype.name}'>`,
    );
  }
  if (step.shape !== undefined && step.shape.length > 0) {
    throw new TypeError(`Existing "global_step" is not scalar: (${step.shape.join(', ')})`);
  }
}

/** The value of the global step in `session`: `tf.train.global_step(sess, tensor)`. */
export function globalStep(session: Session, step: Variable | Tensor): number {
  return Number(session.run(step as Tensor).item());
}
