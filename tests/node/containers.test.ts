/// What surrounds tensors: the objects of TensorFlow 2, graphs, SavedModels.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from 'tensorbundle/node';
import { corpus } from '../support/corpus.js';

let folder = '';

before(async () => {
  await tf.ready();
  folder = await mkdtemp(join(tmpdir(), 'containers-'));
});
after(() => rm(folder, { recursive: true }));

/** A message of protobuf: field number and bytes, a number or text. */
function message(...fields: [number, Uint8Array | string | number][]): Uint8Array {
  const out: number[] = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') {
      out.push(number << 3, value);
      continue;
    }
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    assert.ok(bytes.length < 0x4000);
    out.push((number << 3) | 2, (bytes.length & 0x7f) | 0x80, bytes.length >> 7, ...bytes);
  }
  return Uint8Array.from(out);
}

const child = (id: number, name: string) => message([1, id], [2, name]);
const value = (key: string) => message([1, 'VARIABLE_VALUE'], [2, 'full'], [3, key]);

/** A checkpoint with these nodes as its object graph and these keys. */
async function objectBased(
  name: string,
  nodes: readonly Uint8Array[],
  keys: readonly string[],
): Promise<tf.BundleReader> {
  const path = join(folder, name);
  const graph = message(...nodes.map((node): [number, Uint8Array] => [1, node]));
  const writer = new tf.BundleWriter(path);
  await writer.add('_CHECKPOINTABLE_OBJECT_GRAPH', new tf.NDArray('string', [], [graph]));
  for (const key of [...keys].sort()) await writer.add(key, tf.ndarray(1, [], 'float32'));
  await writer.finish();
  return tf.BundleReader.open(path);
}

test('objects as a tree: paths, values, slots, missing and extra keys', async () => {
  const reader = await objectBased(
    'tree',
    [
      message([1, child(1, 'model')], [1, child(2, 'optimizer')]),
      message([1, child(3, 'kernel')], [1, child(0, 'owner')]),
      message([3, message([1, 3], [2, 'm'], [3, 4])]),
      message([2, value('model/kernel')]),
      message([2, value('model/kernel/m')]),
    ],
    ['model/kernel', 'left over'],
  );
  const tree = await tf.readObjects(reader);
  assert.equal(tree.numObjects, 5);
  assert.deepEqual(tree.missingKeys, ['model/kernel/m']);
  assert.deepEqual(tree.extraKeys, ['left over']);
  const [model, optimizer] = tree.root.children;
  assert.equal(model!.path, 'model');
  assert.deepEqual(
    model!.children.map(({ path, isReference }) => [path, isReference]),
    [
      ['model/kernel', false],
      ['model/owner', true],
    ],
  );
  assert.deepEqual(model!.children[0]!.attributes, [
    { name: 'VARIABLE_VALUE', fullName: 'full', key: 'model/kernel', isStored: true },
  ]);
  assert.deepEqual(optimizer!.slots, [
    { slotName: 'm', originalPath: 'model/kernel', keys: ['model/kernel/m'] },
  ]);
  reader.close();
});

test('objects in a circle, in a long chain, and none at all', async () => {
  const circle = await objectBased('circle', [message([1, child(0, 'self')])], []);
  const { root } = await tf.readObjects(circle);
  assert.deepEqual(
    root.children.map(({ isReference }) => isReference),
    [true],
  );
  circle.close();
  // Node numbers of one byte: 100 objects, each the only part of the one before.
  const chain = Array.from({ length: 100 }, (_, i) =>
    i < 99 ? message([1, child(i + 1, 'next')]) : message(),
  );
  const long = await objectBased('chain', chain, []);
  let depth = 0;
  for (let node = (await tf.readObjects(long)).root; node.children[0]; node = node.children[0]) {
    depth += 1;
  }
  assert.equal(depth, 99);
  long.close();
  const plain = new tf.BundleWriter(join(folder, 'plain'));
  await plain.add('v', tf.ndarray(1, [], 'float32'));
  await plain.finish();
  const reader = await tf.BundleReader.open(join(folder, 'plain'));
  await assert.rejects(tf.readObjects(reader), { name: 'NotFoundError' });
  reader.close();
});

test('the graph of a saved program', async () => {
  tf.resetDefaultGraph();
  new tf.Variable(tf.truncatedNormal([2, 3]));
  new tf.Variable(tf.truncatedNormal([3]));
  const saver = new tf.train.Saver();
  const path = join(folder, 'model.ckpt');
  await tf.withSession(async (sess) => {
    sess.run(tf.globalVariablesInitializer());
    await saver.save(sess, path);
  });
  for (const source of [path, `${path}.meta`]) {
    const [summary] = await tf.summarizeGraph(source);
    assert.equal(summary!.nodes, 32);
    assert.equal(summary!.ops.VariableV2, 2);
    assert.deepEqual(summary!.collections.variables, { kind: 'bytes_list', size: 2 });
    assert.equal(summary!.saver!.restoreOpName, 'save/restore_all');
    assert.equal(summary!.saver!.version, 2);
  }
  await assert.rejects(tf.summarizeGraph(join(folder, 'none')), { name: 'NotFoundError' });
  await assert.rejects(tf.summarizeGraph(`${path}.index`), { name: 'NotFoundError' });
});

const CORPUS = corpus();

test('graphs and objects of real checkpoints', { skip: CORPUS === undefined }, async () => {
  let graphs = 0;
  let trees = 0;
  const checkpoints = join(CORPUS!, 'checkpoints');
  for (const file of readdirSync(checkpoints, { recursive: true, encoding: 'utf8' })) {
    const path = join(checkpoints, file);
    if (/\.meta$|saved_model\.pb$/.test(file)) {
      const found = await tf.summarizeGraph(path);
      graphs += 1;
      assert.ok(found.length > 0, file);
      for (const summary of found) {
        const nodes = Object.values(summary.ops).reduce((sum, n) => sum + n, 0);
        assert.equal(nodes, summary.nodes, file);
        assert.ok(nodes > 0, file);
      }
    }
    if (!file.endsWith('.index')) continue;
    const reader = await tf.BundleReader.open(path.slice(0, -'.index'.length));
    if (reader.contains('_CHECKPOINTABLE_OBJECT_GRAPH')) {
      trees += 1;
      const tree = await tf.readObjects(reader);
      assert.ok(tree.numObjects > 1, file);
      assert.deepEqual(tree.missingKeys, [], file);
      assert.deepEqual(tree.extraKeys, [], file);
    }
    reader.close();
  }
  assert.ok(graphs > 0 && trees > 0, `${graphs} graphs, ${trees} trees`);
});
