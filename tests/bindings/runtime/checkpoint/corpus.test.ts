// Genuine TensorFlow 2 checkpoints: their objects, rebuilt and written again, give the same keys, the same object graph
// and the same data (engine/docs/object-checkpoints.md).

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import {
  OBJECT_GRAPH_KEY,
  parseObjectGraph,
  serializeObjectGraph,
  type TrackableObject,
} from '#dist/core/object-graph.js';
import { corpus } from '../../../support/corpus.js';
import { inFolders, started } from './folder.js';

const fresh = inFolders();

const CHECKPOINTS = [
  'v2-gpflux-empty-prefix-float64/',
  'v2-gpflux-odd-file-name/OrthDGP(layers:3,units:1,lik.:HetGaussian)',
  'v2-keras-lso-tf22-2shards/ckpt',
  'v2-keras-tuner-iris/checkpoint',
  'v2-rust-keras-savedmodel/variables/variables',
  'v2-tf-optimizer-slots-snappy/variables/variables',
  'v2-tfjs-int64-multiply/variables/variables',
];

const shared = corpus();

/** Objects with the children, values and slots of `nodes`; the root is a Checkpoint. */
async function rebuilt(nodes: readonly TrackableObject[], reader: tf.BundleReader) {
  const objects: object[] = [];
  for (const [id, node] of nodes.entries()) {
    const key = node.attributes[0]?.checkpointKey;
    objects.push(
      id === 0
        ? new tf.train.Checkpoint()
        : key === undefined
          ? new Group(node, objects)
          : new tf.Variable(tf.constant(await reader.lookup(key)), { trainable: false }),
    );
  }
  const root = objects[0] as tf.train.Checkpoint;
  for (const { localName, nodeId } of nodes[0]!.children) {
    Object.defineProperty(root, localName, { value: objects[nodeId], enumerable: true });
  }
  return { root, objects };
}

class Group implements tf.Trackable, tf.SlotOwner {
  readonly #node: TrackableObject;
  readonly #objects: readonly object[];

  constructor(node: TrackableObject, objects: readonly object[]) {
    this.#node = node;
    this.#objects = objects;
  }

  *trackableChildren(): Iterable<readonly [string, object]> {
    for (const { localName, nodeId } of this.#node.children) {
      yield [localName, this.#objects[nodeId]!];
    }
  }

  getSlotNames() {
    return new Set(this.#node.slotVariables.map(({ slotName }) => slotName));
  }

  getSlot(variable: tf.Variable, name: string) {
    const slot = this.#node.slotVariables.find(
      ({ slotName, originalVariableNodeId }) =>
        slotName === name && this.#objects[originalVariableNodeId] === variable,
    );
    return slot && (this.#objects[slot.slotVariableNodeId] as tf.Variable);
  }
}

if (shared !== undefined) {
  for (const name of CHECKPOINTS) {
    test(`${name} is written again as it was`, async () => {
      const reader = await tf.BundleReader.open(join(shared, 'checkpoints', name));
      const bytes = (await reader.lookup(OBJECT_GRAPH_KEY)).item() as Uint8Array;
      const nodes = parseObjectGraph(bytes);
      const { root, objects } = await rebuilt(nodes, reader);
      using sess = started();
      const path = await root.write(await fresh(), { session: sess });
      const again = await tf.BundleReader.open(path);
      assert.deepEqual(again.keys(), reader.keys());
      // Names of variables are this program's; all else is TensorFlow's.
      const expected = nodes.map((node, id) => ({
        ...node,
        attributes: node.attributes.map((attribute) => ({
          ...attribute,
          fullName: (objects[id] as tf.Variable).op.name,
        })),
      }));
      const written = (await again.lookup(OBJECT_GRAPH_KEY)).item() as Uint8Array;
      assert.deepEqual(written, serializeObjectGraph(expected));
      for (const key of reader.keys()) {
        if (key === OBJECT_GRAPH_KEY) continue;
        const [own, theirs] = [again.entry(key), reader.entry(key)];
        assert.equal(own.crc32c, theirs.crc32c, key);
        if (reader.header.numShards === 1) assert.equal(own.offset, theirs.offset, key);
      }
      const status = await root.read(path, { session: sess });
      status.assertConsumed();
      again.close();
      reader.close();
    });
  }
}
