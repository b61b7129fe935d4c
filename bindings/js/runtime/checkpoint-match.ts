/** Which objects of a program correspond to which of a checkpoint. */

import { warn } from '../core/logging.js';
import type { TrackableObject } from '../core/object-graph.js';
import type { KeyedVariable } from './object-view.js';
import { childrenOf, hasSlots } from './trackable.js';
import { Variable } from './variable.js';

/** The object that stands for each node of the checkpoint, if any. */
export type Matches = ReadonlyMap<number, object>;

/**
 * Follows equal names from `root` and node 0, breadth first; slot variables follow from their optimizer and variable.
 * Objects that a program has and the checkpoint has not are left out, and the other way round.
 */
export function matchObjects(nodes: readonly TrackableObject[], root: object): Matches {
  const matches = new Map<number, object>();
  const bind = (id: number, object: object): void => {
    const before = matches.get(id);
    if (before === undefined) matches.set(id, object);
    else if (before !== object) warnInconsistent(before, object);
  };
  bind(0, root);
  for (const [id, object] of matches) {
    const children = new Map(childrenOf(object));
    for (const { nodeId, localName } of nodes[id]?.children ?? []) {
      const child = children.get(localName);
      if (child !== undefined) bind(nodeId, child);
    }
  }
  for (const [id, owner] of [...matches]) {
    if (!hasSlots(owner)) continue;
    const names = new Set(owner.getSlotNames());
    for (const slot of nodes[id]!.slotVariables) {
      const variable = matches.get(slot.originalVariableNodeId);
      if (!(variable instanceof Variable) || !names.has(slot.slotName)) continue;
      const kept = owner.getSlot(variable, slot.slotName);
      if (kept) bind(slot.slotVariableNodeId, kept);
    }
  }
  return matches;
}

/** The variables that get a value, and the keys of the values. */
export function matchedVariables(
  nodes: readonly TrackableObject[],
  matches: Matches,
): KeyedVariable[] {
  const variables: KeyedVariable[] = [];
  for (const [id, object] of matches) {
    const value = nodes[id]!.attributes.find(({ name }) => name === 'VARIABLE_VALUE');
    if (object instanceof Variable && value !== undefined) {
      variables.push({ key: value.checkpointKey, variable: object });
    }
  }
  return variables;
}

/** Names for people: `(root).model.kernel`, `(root).optimizer's state 'm' for (root).model.kernel`. */
export function nodeNames(nodes: readonly TrackableObject[]): string[] {
  const names = new Map([[0, '(root)']]);
  for (const [id, name] of names) {
    for (const { nodeId, localName } of nodes[id]?.children ?? []) {
      if (!names.has(nodeId)) names.set(nodeId, `${name}.${localName}`);
    }
  }
  nodes.forEach(({ slotVariables }, id) => {
    for (const slot of slotVariables) {
      const original = names.get(slot.originalVariableNodeId);
      names.set(
        slot.slotVariableNodeId,
        `${names.get(id)}'s state '${slot.slotName}' for ${original}`,
      );
    }
  });
  return nodes.map((_node, id) => names.get(id) ?? `node ${id}`);
}

/** `object` in a message. */
export function objectName(object: object): string {
  return object instanceof Variable ? String(object) : `<${object.constructor?.name ?? 'Object'}>`;
}

function warnInconsistent(first: object, second: object): void {
  warn(
    'Inconsistent references when loading the checkpoint into this object graph. Either the Trackable object ' +
      'references in the Python program have changed in an incompatible way, or the checkpoint was generated in an ' +
      'incompatible program.\n\nTwo checkpoint references resolved to different objects ' +
      `(${objectName(first)} and ${objectName(second)}).`,
  );
}
