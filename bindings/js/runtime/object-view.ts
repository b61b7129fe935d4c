/** The objects below a root, numbered and named as a TensorFlow 2 checkpoint does (graph_view.py). */

import { UnimplementedError } from '../core/errors.js';
import type { SlotVariableReference, TrackableObject } from '../core/object-graph.js';
import { childrenOf, hasSlots } from './trackable.js';
import { Variable } from './variable.js';

/** A variable and the key of its value. */
export interface KeyedVariable {
  readonly key: string;
  readonly variable: Variable;
}

/** What {@link viewObjects} found. */
export interface ObjectView {
  /** Breadth first from the root, each once; slot variables last. The index is the node's number. */
  readonly objects: readonly object[];
  readonly nodes: readonly TrackableObject[];
  /** In the order of the nodes. */
  readonly variables: readonly KeyedVariable[];
}

const SLOTS = '.OPTIMIZER_SLOT';
const VARIABLE_VALUE = 'VARIABLE_VALUE';

/**
 * Everything that `root` leads to.
 * @throws {UnimplementedError} when a slot variable is also a part of another object.
 */
export function viewObjects(root: object): ObjectView {
  const paths = breadthFirst(root);
  const objects = [...paths.keys()];
  const ids = new Map(objects.map((object, id) => [object, id]));
  const slots = new Map<object, SlotVariableReference[]>();
  for (const owner of [...objects]) {
    if (hasSlots(owner)) slots.set(owner, addSlots(owner, objects, ids, paths));
  }
  const variables: KeyedVariable[] = [];
  const nodes = objects.map((object): TrackableObject => {
    const attributes = [];
    if (object instanceof Variable) {
      const key = `${paths.get(object)}/.ATTRIBUTES/${VARIABLE_VALUE}`;
      variables.push({ key, variable: object });
      attributes.push({
        name: VARIABLE_VALUE,
        fullName: object.op.name,
        checkpointKey: key,
        optionalRestore: false,
      });
    }
    return {
      children: childrenOf(object).map(([localName, child]) => ({
        nodeId: ids.get(child)!,
        localName,
      })),
      attributes,
      slotVariables: slots.get(object) ?? [],
    };
  });
  return { objects, nodes, variables };
}

/** Objects and their shortest paths; of several the first one found. */
function breadthFirst(root: object): Map<object, string> {
  const paths = new Map([[root, '']]);
  for (const [object, path] of paths) {
    for (const [name, child] of childrenOf(object)) {
      if (paths.has(child)) continue;
      paths.set(child, path === '' ? escaped(name) : `${path}/${escaped(name)}`);
    }
  }
  return paths;
}

/** Appends the variables that `owner` keeps for `objects`, and says which they are. */
function addSlots(
  owner: Parameters<typeof hasSlots>[0],
  objects: object[],
  ids: Map<object, number>,
  paths: Map<object, string>,
): SlotVariableReference[] {
  if (!hasSlots(owner)) return [];
  const references: SlotVariableReference[] = [];
  const variables = objects.filter((object) => object instanceof Variable);
  for (const slotName of owner.getSlotNames()) {
    for (const variable of variables) {
      const slot = owner.getSlot(variable, slotName);
      if (slot === null || slot === undefined) continue;
      if (ids.has(slot)) {
        throw new UnimplementedError(
          'A slot variable was re-used as a dependency of a Trackable object. This is not currently allowed. ' +
            'File a feature request if this limitation bothers you.',
        );
      }
      const path = `${paths.get(variable)}/${SLOTS}/${paths.get(owner)}/${escaped(slotName)}`;
      references.push({
        originalVariableNodeId: ids.get(variable)!,
        slotName,
        slotVariableNodeId: objects.length,
      });
      ids.set(slot, objects.length);
      paths.set(slot, path);
      objects.push(slot);
    }
  }
  return references;
}

// _escape_local_name, tensorflow/python/training/tracking/graph_view.py.
function escaped(name: string): string {
  return name.replaceAll('.', '..').replaceAll('/', '.S');
}
