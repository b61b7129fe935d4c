// tf.train.exportMetaGraph and importMetaGraph: a model rebuilt from its files alone.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import * as tf from 'tensorbundle';

before(() => tf.ready());
beforeEach(() => tf.resetDefaultGraph());

const FOLDER = 'memory://meta-graph';

// The lesson's graph: its saver, its initializer, and an output that somebody will look for by name.
function makeLesson() {
  const weights = new tf.Variable(tf.truncatedNormal([2, 3], { seed: 3 }), { name: 'weights' });
  const biases = new tf.Variable(tf.truncatedNormal([3], { seed: 4 }), { name: 'biases' });
  const output = tf.add(weights, biases, { name: 'output' });
  const saver = new tf.train.Saver();
  return { output, saver, init: tf.globalVariablesInitializer() };
}

async function readBack(path: string, body: (saver: tf.train.Saver) => Promise<void>) {
  tf.resetDefaultGraph();
  const saver = await tf.train.importMetaGraph(path);
  assert.ok(saver !== undefined);
  await body(saver);
}

test('a model comes back from its files', async () => {
  const { output, saver, init } = makeLesson();
  const sess = new tf.Session();
  sess.run(init);
  const before = sess.run(output);
  const path = `${FOLDER}/a/model.ckpt`;
  await saver.save(sess, path);
  await tf.train.exportMetaGraph(`${path}.meta`, { saverDef: saver.asSaverDef() });

  await readBack(`${path}.meta`, async (restorer) => {
    const again = new tf.Session();
    await restorer.restore(again, path);
    const found = tf.getDefaultGraph().getTensorByName('output:0');
    assert.deepEqual(again.run(found), before);
    assert.deepEqual(
      tf.trainableVariables().map((variable) => variable.name),
      ['weights:0', 'biases:0'],
    );
    assert.equal(tf.globalVariables()[0]!.initialValue.name, 'truncated_normal:0');
  });
});

test('text and bytes say the same', async () => {
  const { saver } = makeLesson();
  const path = `${FOLDER}/b/model.meta`;
  const saverDef = saver.asSaverDef();
  const bytes = await tf.train.exportMetaGraph(path, { saverDef, asText: true });
  await readBack(path, async (restorer) => {
    assert.deepEqual(restorer.asSaverDef(), saverDef);
    assert.deepEqual(await tf.train.exportMetaGraph(null, { saverDef }), bytes);
  });
});

test('a scope holds a second model', async () => {
  const { saver } = makeLesson();
  const bytes = await tf.train.exportMetaGraph(null, { saverDef: saver.asSaverDef() });
  const second = await tf.train.importMetaGraph(bytes, { importScope: 'second' });
  assert.equal(second!.asSaverDef().restoreOpName, 'second/save/restore_all');
  assert.deepEqual(
    tf.globalVariables().map((variable) => variable.name),
    ['weights:0', 'biases:0', 'second/weights:0', 'second/biases:0'],
  );
});

test('inputs from outside are given by name', async () => {
  const x = tf.placeholder('float32', [], { name: 'x' });
  tf.nameScope('part', () => tf.add(x, 1, { name: 'y' }));
  const bytes = await tf.train.exportMetaGraph(null, { exportScope: 'part' });
  tf.resetDefaultGraph();
  await assert.rejects(tf.train.importMetaGraph(bytes), {
    name: 'ValueError',
    message:
      "Graph contains unbound inputs: ['$unbound_inputs_x']. Must provide these inputs through input_map.",
  });
  const three = tf.constant(3, { dtype: 'float32' });
  await tf.train.importMetaGraph(bytes, { inputMap: { $unbound_inputs_x: three } });
  const sess = new tf.Session();
  assert.equal(sess.run('y:0').item(), 4);
});

test('a graph without variables has no saver', async () => {
  tf.constant(1);
  const bytes = await tf.train.exportMetaGraph();
  tf.resetDefaultGraph();
  assert.equal(await tf.train.importMetaGraph(bytes), undefined);
});

test('files that are no meta graphs', async () => {
  await assert.rejects(tf.train.importMetaGraph(`${FOLDER}/gone.meta`), {
    name: 'NotFoundError',
    message: `File ${FOLDER}/gone.meta does not exist.`,
  });
  await assert.rejects(tf.train.importMetaGraph(new Uint8Array([0x12, 5, 0])), {
    name: 'InvalidArgumentError',
    message: 'Error parsing message',
  });
});
