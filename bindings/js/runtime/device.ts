/** tf.device: where operations lie. Everything runs in one place here; shards of a checkpoint go by it. */

import { getDefaultGraph } from './graph.js';
import { check } from './host.js';

/**
 * Runs `body`; what it adds to the default graph lies on `name`: `with tf.device('/cpu:0'):`. What `name` leaves open,
 * the scopes around this one say; null hides those.
 * @throws {ValueError} `Unknown attribute: 'x' in '/x:0'`
 */
export function device<T>(name: string | null, body: () => T): T {
  const { state } = getDefaultGraph();
  if (name === null) state.pushNoDevice();
  else check(() => state.pushDevice(name));
  try {
    return body();
  } finally {
    state.popDevice();
  }
}
