/// Object graphs of any bytes: an error that says so, or a tree; never more work than the bytes are worth.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import * as tf from 'tensorbundle/node';
import {
  parseObjectGraph,
  serializeObjectGraph,
  type TrackableObject,
} from '#dist/core/object-graph.js';

before(() => tf.ready());

const name = fc.string({ unit: 'grapheme', maxLength: 12 });

const PLAIN = { noNullPrototype: true } as const;

const objects: fc.Arbitrary<TrackableObject[]> = fc.integer({ min: 1, max: 8 }).chain((count) => {
  const id = fc.nat({ max: count - 1 });
  const child = fc.record({ nodeId: id, localName: name }, PLAIN);
  const attribute = fc.record(
    { name, fullName: name, checkpointKey: name, optionalRestore: fc.boolean() },
    PLAIN,
  );
  const slot = fc.record(
    { originalVariableNodeId: id, slotName: name, slotVariableNodeId: id },
    PLAIN,
  );
  const object = fc.record(
    {
      children: fc.array(child, { maxLength: 4 }),
      attributes: fc.array(attribute, { maxLength: 2 }),
      slotVariables: fc.array(slot, { maxLength: 2 }),
    },
    PLAIN,
  );
  return fc.array(object, { minLength: count, maxLength: count });
});

/** A change of some bytes: others in their place, none, or twice as many. */
type Change = readonly [at: number, length: number, kind: 'replace' | 'cut' | 'repeat', Uint8Array];
const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.tuple(
    fc.nat({ max: 400 }),
    fc.nat({ max: 20 }),
    fc.constantFrom('replace' as const, 'cut' as const, 'repeat' as const),
    fc.uint8Array({ maxLength: 12 }),
  ),
  { maxLength: 4 },
);

function change(bytes: Uint8Array, [at, length, kind, others]: Change): Uint8Array {
  const begin = bytes.length === 0 ? 0 : at % bytes.length;
  const end = Math.min(bytes.length, begin + length);
  const middle = {
    replace: [others],
    cut: [],
    repeat: [bytes.subarray(begin, end), bytes.subarray(begin, end)],
  }[kind];
  return Buffer.concat([bytes.subarray(0, begin), ...middle, bytes.subarray(end)]);
}

// A reader of a checkpoint that has this object graph and no values.
function readerOf(graph: Uint8Array): tf.TensorReader {
  const reader: Partial<tf.TensorReader> = {
    contains: () => true,
    keys: () => ['model/w', 'a-keys'],
    lookup: async () => new tf.NDArray('string', [], [graph]),
  };
  return reader as tf.TensorReader;
}

test('what is written is read', () => {
  fc.assert(
    fc.property(objects, (nodes) => {
      assert.deepEqual(parseObjectGraph(serializeObjectGraph(nodes)), nodes);
    }),
  );
});

test('any bytes are an error or a tree', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(objects, changes)
      .map(([nodes, list]) => list.reduce(change, serializeObjectGraph(nodes))),
  );
  let trees = 0;
  await fc.assert(
    fc.asyncProperty(bytes, async (graph) => {
      try {
        const tree = await tf.readObjects(readerOf(graph));
        trees += 1;
        // Every object that can be reached is opened once.
        const opened = new Set<number>();
        const waiting = [tree.root];
        for (const node of waiting) {
          if (node.isReference) assert.deepEqual(node.children, []);
          else assert.ok(!opened.has(node.id) && opened.add(node.id));
          waiting.push(...node.children);
        }
        assert.ok(opened.size <= Math.max(tree.numObjects, 1));
      } catch (error) {
        assert.ok(error instanceof tf.errors.DataLossError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
  assert.ok(trees > 100);
});

test('an object that many others know is described once', async () => {
  const few = 20_000;
  const root = Array.from({ length: few }, () => ({ nodeId: 1, localName: '' }));
  const attribute = { name: '', fullName: '', checkpointKey: '', optionalRestore: false };
  const slot = { originalVariableNodeId: 0, slotName: '', slotVariableNodeId: 1 };
  const graph = serializeObjectGraph([
    { children: root, attributes: [], slotVariables: Array.from({ length: few }, () => slot) },
    { children: [], attributes: Array.from({ length: few }, () => attribute), slotVariables: [] },
  ]);
  const tree = await tf.readObjects(readerOf(graph));
  assert.equal(tree.root.children.length, few);
  assert.equal(tree.root.children.at(-1)!.attributes.length, few);
  assert.equal(tree.root.slots.at(-1)!.keys.length, few);
});

test('a chain of a million objects is refused', async () => {
  const nodes = Array.from({ length: 1_000_000 }, (_, i) => ({
    children: i < 999_999 ? [{ nodeId: i + 1, localName: 'next' }] : [],
    attributes: [],
    slotVariables: [],
  }));
  await assert.rejects(tf.readObjects(readerOf(serializeObjectGraph(nodes))), {
    code: 'RESOURCE_EXHAUSTED',
    message: 'Objects are nested more than 1000 deep',
  });
});
