// The parameters of Saver, exportMetaGraph and importMetaGraph that no other file of tests is about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { fresh, inSession, lessonVariables, useFolder } from './support.js';

useFolder();

const nodes = () => tf.getDefaultGraph().getOperations();
const namesIn = (scope: string) =>
  nodes()
    .map(({ name }) => name)
    .filter((name) => name.startsWith(scope));

test('filename is the default of the filename tensor', async () => {
  lessonVariables();
  const saver = new tf.train.Saver(null, { filename: 'weights/last' });
  new tf.train.Saver(null, { name: 'other' });
  using sess = new tf.Session();
  const text = (name: string) => new TextDecoder().decode(sess.run(name).item() as Uint8Array);
  assert.equal(text('save/Const:0'), 'weights/last');
  assert.equal(text('other/Const:0'), 'model');
  // A path that is given goes before it.
  const prefix = await fresh();
  sess.run(tf.globalVariablesInitializer());
  assert.equal(await saver.save(sess, prefix), prefix);
});

test('name is the scope of everything that is added', () => {
  lessonVariables();
  const before = nodes().length;
  new tf.train.Saver(null, { name: 'keep/here' });
  const added = nodes().slice(before);
  assert.equal(added.length, 13);
  assert.ok(added.every(({ name }) => name.startsWith('keep/here/')));
});

test('restoreSequentially changes nothing, as since 1.6', async () => {
  const prefix = await fresh();
  const { weights } = lessonVariables();
  const plain = new tf.train.Saver();
  const sequential = new tf.train.Saver(null, { restoreSequentially: true });
  const inputs = (scope: string) =>
    namesIn(scope).map((name) =>
      tf
        .getDefaultGraph()
        .getOperationByName(name)
        .inputNames.map((input) => input.replace(scope, '')),
    );
  assert.deepEqual(inputs('save_1/'), inputs('save/'));
  await inSession(async (sess) => {
    await plain.save(sess, prefix);
    const before = String(sess.run(weights));
    sess.run(weights.assign(tf.zeros([2, 3])));
    await sequential.restore(sess, prefix);
    assert.equal(String(sess.run(weights)), before);
  });
});

test('a set of variables, as Python takes one', async () => {
  const prefix = await fresh();
  const { bias } = lessonVariables();
  await inSession((sess) => new tf.train.Saver(new Set([bias]) as never).save(sess, prefix));
  assert.deepEqual(await tf.train.listVariables(prefix), [['Variable_1', [3]]]);
});

test('exportMetaGraph leaves out devices, other savers and collections', async () => {
  tf.device('/job:ps/task:1', () => new tf.Variable([1, 2], { name: 'v' }));
  tf.addToCollection('mine', 1);
  tf.addToCollection('yours', 2);
  const saver = new tf.train.Saver();
  const own = await saver.exportMetaGraph(null, {
    clearExtraneousSavers: true,
    clearDevices: true,
  });
  new tf.train.Saver(null, { name: 'extra' });
  const extra = await saver.exportMetaGraph(null, {
    clearExtraneousSavers: true,
    clearDevices: true,
  });
  const all = await saver.exportMetaGraph(null, { collectionList: ['yours', 'variables'] });
  const kinds = async (bytes: Uint8Array) => {
    tf.resetDefaultGraph();
    await tf.train.importMetaGraph(bytes);
    return {
      savers: new Set(nodes().map(({ name }) => name.split('/')[0]!)),
      devices: new Set(nodes().map(({ device }) => device)),
      mine: tf.getCollection('mine').length,
      yours: tf.getCollection('yours').length,
    };
  };
  assert.deepEqual(extra, own);
  assert.deepEqual(await kinds(extra), {
    savers: new Set(['v', 'save']),
    devices: new Set(['']),
    mine: 1,
    yours: 1,
  });
  const found = await kinds(all);
  assert.deepEqual(found.savers, new Set(['v', 'save', 'extra']));
  assert.ok(found.devices.has('/job:ps/task:1'));
  assert.deepEqual([found.mine, found.yours], [0, 1]);
});

test('exportMetaGraph: attributes that have their defaults', async () => {
  lessonVariables();
  const saver = new tf.train.Saver();
  const [whole, stripped] = [
    await saver.exportMetaGraph(),
    await saver.exportMetaGraph(null, { stripDefaultAttrs: true }),
  ];
  assert.ok(stripped.length < whole.length);
  // They come back with the graph.
  tf.resetDefaultGraph();
  const again = await tf.train.importMetaGraph(stripped);
  const rewritten = await again!.exportMetaGraph();
  tf.resetDefaultGraph();
  const first = await tf.train.importMetaGraph(whole);
  assert.deepEqual(rewritten, await first!.exportMetaGraph());
});

test('importMetaGraph leaves devices out', async () => {
  tf.device('/cpu:0', () => new tf.Variable([1, 2], { name: 'v' }));
  const bytes = await new tf.train.Saver().exportMetaGraph();
  tf.resetDefaultGraph();
  await tf.train.importMetaGraph(bytes, { clearDevices: true });
  assert.deepEqual(new Set(nodes().map(({ device }) => device)), new Set(['']));
});

test('asText is what a binary file says, and is read as well', async () => {
  lessonVariables();
  const saver = new tf.train.Saver();
  const path = await fresh('model.pbtxt');
  const bytes = await saver.exportMetaGraph(path, { asText: true });
  tf.resetDefaultGraph();
  const again = await tf.train.importMetaGraph(path);
  assert.deepEqual(await again!.exportMetaGraph(), bytes);
});
