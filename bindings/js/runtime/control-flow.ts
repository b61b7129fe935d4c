/** What runs before what. */

import { composite, type NameOption } from './apply.js';
import type { TensorLike } from './arguments.js';
import { getDefaultGraph, Tensor } from './graph.js';
import { runtime } from './host.js';
import { type ControlInput, nodeOf } from './nodes.js';
import { identity, noOp } from './ops.js';

/**
 * Operations that `body` adds wait for `inputs`: `with tf.control_dependencies(inputs):`. With `null` they no longer
 * wait for what the scopes around say.
 */
export function controlDependencies<T>(inputs: readonly ControlInput[] | null, body: () => T): T {
  const graph = inputs?.[0]?.graph ?? getDefaultGraph();
  const call = new (runtime().GraphCall)(graph.handle);
  for (const input of inputs ?? []) call.addNode(nodeOf(input));
  call.pushControl(inputs === null);
  call.delete();
  try {
    return body();
  } finally {
    graph.handle.popControl();
  }
}

/** The tensors, each once all of them are there: `tf.tuple`. */
export function tuple(
  tensors: readonly TensorLike[],
  options: NameOption & { readonly controlInputs?: readonly ControlInput[] | undefined } = {},
): Tensor[] {
  return composite(tensors, options, 'tuple', () => {
    const list = tensors.map((each) => (each instanceof Tensor ? each : identity(each)));
    const gate = controlDependencies([...list, ...(options.controlInputs ?? [])], () =>
      noOp({ name: 'group_deps' }),
    );
    return list.map((each) =>
      controlDependencies([gate], () => identity(each, { name: 'control_dependency' })),
    );
  });
}
