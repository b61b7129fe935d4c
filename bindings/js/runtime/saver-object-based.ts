/** Restoring by names from a checkpoint of tf.train.Checkpoint or Keras: its object graph tells the names. */

import { CheckpointReader } from '../core/checkpoint-reader.js';
import { NotFoundError } from '../core/errors.js';
import { OBJECT_GRAPH_KEY, parseObjectGraph } from '../core/object-graph.js';
import type { OperationOptions } from '../core/types.js';
import type { Saveable, Selection } from './saver-variables.js';

/** The checkpoint's key for each name that a variable had when `path` was written; undefined for other checkpoints. */
export async function keysByFullName(
  path: string,
  options: OperationOptions,
): Promise<ReadonlyMap<string, string> | undefined> {
  using reader = await CheckpointReader.open(path, options);
  if (!reader.hasTensor(OBJECT_GRAPH_KEY)) return undefined;
  const value = await reader.getTensor(OBJECT_GRAPH_KEY, options);
  const keys = new Map<string, string>();
  for (const { attributes } of parseObjectGraph(value.item() as Uint8Array)) {
    for (const { fullName, checkpointKey } of attributes) keys.set(fullName, checkpointKey);
  }
  return keys;
}

/**
 * The variables of `selection` under the keys that the checkpoint has for them.
 * @throws {NotFoundError} when it has none for some of them: all names on both sides.
 */
export function underKeys(
  selection: Selection,
  keys: ReadonlyMap<string, string>,
): Map<string, Saveable> {
  const named = selection.byName();
  const missing = [...named.keys()].filter((name) => !keys.has(name)).sort();
  if (missing.length === 0) {
    return new Map([...named].map(([name, variable]) => [keys.get(name)!, variable]));
  }
  const extra = [...keys.keys()].filter((name) => !named.has(name)).sort();
  throw new NotFoundError(
    `\n\nExisting variables not in the checkpoint: ${missing.join(', ')}\n\n` +
      `Variables names when this checkpoint was written which don't exist now: ${extra.join(', ')}\n\n` +
      `(${named.size - missing.length} variable name(s) did match)\n\n` +
      'Could not find some variables in the checkpoint (see names above). Saver was attempting to load an ' +
      'object-based checkpoint (saved using tf.train.Checkpoint or tf.keras.Model.save_weights) using variable ' +
      "names. If the checkpoint was written with eager execution enabled, it's possible that variable names have " +
      "changed (for example missing a '_1' suffix). It's also possible that there are new variables which did not " +
      'exist when the checkpoint was written. You can construct a Saver(var_list=...) with only the variables which ' +
      'previously existed, and if variable names have changed you may need to make this a dictionary with the old ' +
      "names as keys. If you're using an Estimator, you'll need to return a tf.train.Saver inside a " +
      'tf.train.Scaffold from your model_fn.',
    { hint: 'tf.train.Checkpoint restores such checkpoints by their objects instead of by names.' },
  );
}
