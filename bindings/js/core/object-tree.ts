/// The objects of a TensorFlow 2 checkpoint as a tree: what a program was made of, and which keys hold its values.

import { NotFoundError, ResourceExhaustedError } from './errors.js';
import { OBJECT_GRAPH_KEY, parseObjectGraph, type TrackableObject } from './object-graph.js';
import type { TensorReader } from './tensor-reader.js';
import type { OperationOptions } from './types.js';

/** An object of the program that saved. */
export interface ObjectNode {
  /** Its number in the checkpoint; the root is 0. */
  readonly id: number;
  /** What the object above calls it; empty for the root. */
  readonly name: string;
  /** From the root, `model/layer-1/kernel`. */
  readonly path: string;
  readonly attributes: readonly ObjectAttribute[];
  /** Variables that an optimizer keeps for others. */
  readonly slots: readonly ObjectSlot[];
  readonly children: readonly ObjectNode[];
  /** True where the object was met before, nearer to the root: its parts are there. */
  readonly isReference: boolean;
}

/** A value of an object. */
export interface ObjectAttribute {
  /** `VARIABLE_VALUE` for variables. */
  readonly name: string;
  /** What the variable was called in its graph. */
  readonly fullName: string;
  readonly key: string;
  /** False when the checkpoint does not have the key. */
  readonly isStored: boolean;
}

/** A slot variable: for which object, under which name. */
export interface ObjectSlot {
  readonly slotName: string;
  readonly originalPath: string;
  readonly keys: readonly string[];
}

/** What {@link readObjects} found. */
export interface ObjectTree {
  readonly root: ObjectNode;
  readonly numObjects: number;
  /** Keys that objects have and the checkpoint has not. */
  readonly missingKeys: readonly string[];
  /** Keys of the checkpoint that no object has. */
  readonly extraKeys: readonly string[];
}

/**
 * Reads the object graph of an object-based checkpoint.
 * @throws {NotFoundError} `Key _CHECKPOINTABLE_OBJECT_GRAPH not found in checkpoint`
 * @throws {DataLossError} when it is damaged.
 * @throws {ResourceExhaustedError} when objects are nested more than 1000 deep.
 */
export async function readObjects(
  reader: TensorReader,
  options: OperationOptions = {},
): Promise<ObjectTree> {
  if (!reader.contains(OBJECT_GRAPH_KEY)) {
    throw new NotFoundError(`Key ${OBJECT_GRAPH_KEY} not found in checkpoint`, {
      hint: 'It was written by tf.train.Saver: its keys are names of variables, not of objects.',
    });
  }
  const value = (await reader.lookup(OBJECT_GRAPH_KEY, options)).bytes(0);
  const nodes = parseObjectGraph(value);
  const paths = breadthFirst(nodes);
  const stored = new StoredKeys(reader.keys());
  const tree = new TreeBuilder(stored, nodes, paths);
  const root = tree.build();
  const known = new Set(
    nodes.flatMap(({ attributes }) => attributes.map((it) => it.checkpointKey)),
  );
  return {
    root,
    numObjects: nodes.length,
    missingKeys: [...known].filter((key) => stored.of(key).length === 0),
    extraKeys: stored.others(known),
  };
}

/** Deeper than any program nests its objects; paths of a chain grow with the square of its length. */
const MAX_DEPTH = 1000;

/**
 * The shortest way to every object, as TensorFlow names them (graph_view.py).
 * @throws {ResourceExhaustedError} when there is one of more than 1000 steps.
 */
function breadthFirst(nodes: readonly TrackableObject[]): Map<number, string> {
  const paths = new Map<number, string>();
  let level = nodes.length > 0 ? [0] : [];
  if (level.length > 0) paths.set(0, '');
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) {
      throw new ResourceExhaustedError(`Objects are nested more than ${MAX_DEPTH} deep`);
    }
    const next: number[] = [];
    for (const id of level) {
      for (const { nodeId, localName } of nodes[id]!.children) {
        if (paths.has(nodeId)) continue;
        const path = paths.get(id)!;
        paths.set(nodeId, path === '' ? localName : `${path}/${localName}`);
        next.push(nodeId);
      }
    }
    level = next;
  }
  return paths;
}

/**
 * The keys of a checkpoint. Most values are one tensor under their own key; one of several, such as a lookup table, has
 * a tensor under `key-keys` and another under `key-values`.
 */
class StoredKeys {
  readonly #keys: ReadonlySet<string>;
  /** What stands before the last hyphen of a key. */
  readonly #parts = new Map<string, string[]>();

  constructor(keys: readonly string[]) {
    this.#keys = new Set(keys);
    for (const key of keys) {
      const cut = key.lastIndexOf('-');
      if (cut < 0) continue;
      const stem = key.slice(0, cut);
      const parts = this.#parts.get(stem);
      if (parts === undefined) this.#parts.set(stem, [key]);
      else parts.push(key);
    }
  }

  /** The keys that hold the value of `key`; none when it is missing. */
  of(key: string): readonly string[] {
    return this.#keys.has(key) ? [key] : (this.#parts.get(key) ?? []);
  }

  /** The keys that hold no value of `known`. */
  others(known: ReadonlySet<string>): string[] {
    const used = new Set([...known].flatMap((key) => this.of(key)));
    return [...this.#keys].filter(
      (key) => key !== OBJECT_GRAPH_KEY && !used.has(key) && !key.startsWith('\u0000'),
    );
  }
}

/** Objects may form cycles, and trees be deep: each object is opened once, without recursion. */
class TreeBuilder {
  readonly #stored: StoredKeys;
  readonly #nodes: readonly TrackableObject[];
  readonly #paths: ReadonlyMap<number, string>;
  // An edge takes four bytes of a file, an attribute two: what every edge to an object shows is made once.
  readonly #parts = new Map<number, Parts>();
  readonly #keys = new Map<number, readonly string[]>();

  constructor(
    stored: StoredKeys,
    nodes: readonly TrackableObject[],
    paths: ReadonlyMap<number, string>,
  ) {
    this.#stored = stored;
    this.#nodes = nodes;
    this.#paths = paths;
  }

  build(): ObjectNode {
    const root = this.#node(0, '', '');
    const opened = new Set([0]);
    const queue: { node: Mutable; id: number }[] = [{ node: root, id: 0 }];
    for (const { node, id } of queue) {
      for (const { nodeId, localName } of this.#nodes[id]?.children ?? []) {
        const path = node.path === '' ? localName : `${node.path}/${localName}`;
        const child = this.#node(nodeId, localName, path);
        node.children.push(child);
        // The parts of an object hang where it is met first: nearest to the root.
        if (opened.has(nodeId)) {
          child.isReference = true;
          continue;
        }
        opened.add(nodeId);
        queue.push({ node: child, id: nodeId });
      }
    }
    return root;
  }

  #node(id: number, name: string, path: string): Mutable {
    const { attributes, slots } = this.#partsOf(id);
    return { id, name, path, attributes, slots, children: [], isReference: false };
  }

  #partsOf(id: number): Parts {
    const known = this.#parts.get(id);
    if (known !== undefined) return known;
    const { attributes = [], slotVariables = [] } = this.#nodes[id] ?? {};
    const parts = {
      attributes: attributes.map((attribute) => ({
        name: attribute.name,
        fullName: attribute.fullName,
        key: attribute.checkpointKey,
        isStored: this.#stored.of(attribute.checkpointKey).length > 0,
      })),
      slots: slotVariables.map((slot) => ({
        slotName: slot.slotName,
        originalPath: this.#paths.get(slot.originalVariableNodeId) ?? '',
        keys: this.#keysOf(slot.slotVariableNodeId),
      })),
    };
    this.#parts.set(id, parts);
    return parts;
  }

  #keysOf(id: number): readonly string[] {
    let keys = this.#keys.get(id);
    if (keys === undefined) {
      keys = this.#nodes[id]!.attributes.map(({ checkpointKey }) => checkpointKey);
      this.#keys.set(id, keys);
    }
    return keys;
  }
}

type Parts = Pick<ObjectNode, 'attributes' | 'slots'>;

interface Mutable extends Omit<ObjectNode, 'children' | 'isReference'> {
  readonly children: Mutable[];
  isReference: boolean;
}
