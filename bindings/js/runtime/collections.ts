/** Collections: a graph's named lists. */

import type { Graph, Operation, Tensor } from './graph.js';
import { getDefaultGraph } from './graph.js';
import type { Variable } from './variable.js';

/** What a collection can hold. Whole numbers are stored as int64, others as float32, as in a MetaGraph. */
export type CollectionValue = Variable | Tensor | Operation | string | number;

/** The names of TensorFlow's own collections: `tf.GraphKeys`. */
export const GraphKeys = {
  /** What checkpoints hold. */
  GLOBAL_VARIABLES: 'variables',
  /** What optimizers change. */
  TRAINABLE_VARIABLES: 'trainable_variables',
  /** Variables of one process, in no checkpoint. */
  LOCAL_VARIABLES: 'local_variables',
  METRIC_VARIABLES: 'metric_variables',
  MODEL_VARIABLES: 'model_variables',
  SUMMARIES: 'summaries',
  QUEUE_RUNNERS: 'queue_runners',
  TABLE_INITIALIZERS: 'table_initializer',
  ASSET_FILEPATHS: 'asset_filepaths',
  MOVING_AVERAGE_VARIABLES: 'moving_average_variables',
  REGULARIZATION_LOSSES: 'regularization_losses',
  SAVERS: 'savers',
  LOSSES: 'losses',
  UPDATE_OPS: 'update_ops',
  SAVEABLE_OBJECTS: 'saveable_objects',
  RESOURCES: 'resources',
  INIT_OP: 'init_op',
  READY_OP: 'ready_op',
  LOCAL_INIT_OP: 'local_init_op',
  SUMMARY_OP: 'summary_op',
  GLOBAL_STEP: 'global_step',
  TRAIN_OP: 'train_op',
  COND_CONTEXT: 'cond_context',
  WHILE_CONTEXT: 'while_context',
} as const;

/** Appends `value` to the collection `name` of the default graph: `tf.add_to_collection`. */
export function addToCollection(name: string, value: CollectionValue): void {
  getDefaultGraph().addToCollection(name, value);
}

/** Appends `value` to several collections: `tf.add_to_collections`. A name given twice counts once. */
export function addToCollections(names: string | readonly string[], value: CollectionValue): void {
  getDefaultGraph().addToCollections(names, value);
}

/**
 * The items of the collection `key` of the default graph, in order; a copy. With `scope`, a regular expression, only
 * those with a name that begins with a match: `tf.get_collection`.
 */
export function getCollection(key: string, scope?: string | null): CollectionValue[] {
  return getDefaultGraph().getCollection(key, scope);
}

/** The items whose names begin with a match of `scope`. @internal */
export function inScope<T>(items: readonly T[], scope: string | null | undefined): T[] {
  if (scope === null || scope === undefined || scope === '') return [...items];
  const pattern = new RegExp(`^(?:${scope})`);
  return items.filter(
    (item) => typeof item === 'object' && pattern.test((item as { name: string }).name),
  );
}

/** Appends `value` to the collection `key` of `graph`. @internal */
export function append(graph: Graph, key: string, value: CollectionValue): void {
  const { state } = graph;
  if (typeof value === 'string') {
    state.addString(key, value);
  } else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) state.addInt(key, BigInt(value));
    else state.addFloat(key, value);
  } else if ('initializer' in value) {
    state.addVariable(key, value.op.id);
  } else if ('valueIndex' in value) {
    state.addTensor(key, value.op.id, value.valueIndex);
  } else {
    state.addNode(key, value.id);
  }
}
