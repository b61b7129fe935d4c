// Shards, slices, reshaping, strings and the V1 format.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { fresh, inSession, lessonVariables, logged, sha256, useFolder } from './support.js';

useFolder();

async function filesBeside(prefix: string): Promise<string[]> {
  return (await readdir(join(prefix, '..'))).sort();
}

/** Two variables on two devices, and one on none. */
function placed(): tf.Variable[] {
  const on = (name: string, where: string, values: number[]) =>
    tf.device(where, () => new tf.Variable(values, { name }));
  return [
    on('b', '/cpu:0', [1, 2]),
    on('a', '/job:ps/task:1', [3]),
    new tf.Variable([4, 5, 6], { name: 'c' }),
  ];
}

test('devices are merged and have one spelling', () => {
  const deviceOf = (body: () => tf.Variable) => body().op.device;
  assert.equal(
    deviceOf(() => tf.device('/cpu:0', () => new tf.Variable(1))),
    '/device:CPU:0',
  );
  assert.equal(
    deviceOf(() => tf.device('/job:ps', () => tf.device('/gpu:1', () => new tf.Variable(1)))),
    '/job:ps/device:GPU:1',
  );
  assert.equal(
    deviceOf(() => tf.device('/cpu:0', () => tf.device(null, () => new tf.Variable(1)))),
    '',
  );
  assert.throws(
    () => tf.device('/x:0', () => 0),
    new tf.errors.ValueError("Unknown attribute: 'x' in '/x:0'"),
  );
});

test('version 1: one file, with the warning, and what reads it', async () => {
  const prefix = await fresh();
  const { weights, bias } = lessonVariables();
  const saver = new tf.train.Saver(null, { writeVersion: tf.train.SaverDef.V1, maxToKeep: 1 });
  await inSession(async (sess) => {
    const lines = await logged(() => saver.save(sess, prefix, { globalStep: 1 }));
    assert.deepEqual(lines, [
      `WARNING:tensorflow:${'*'.repeat(55)}`,
      "WARNING:tensorflow:TensorFlow's V1 checkpoint format has been deprecated.",
      'WARNING:tensorflow:Consider switching to the more efficient V2 format:',
      'WARNING:tensorflow:   `tf.train.Saver(write_version=tf.train.SaverDef.V2)`',
      'WARNING:tensorflow:now on by default.',
      `WARNING:tensorflow:${'*'.repeat(55)}`,
    ]);
    await saver.save(sess, prefix, { globalStep: 2 });
    assert.deepEqual(await filesBeside(prefix), [
      'checkpoint',
      'model.ckpt-2',
      'model.ckpt-2.meta',
    ]);
    const values = sess.run([weights, bias]).map(String);
    sess.run([
      weights.assign([
        [0, 0, 0],
        [0, 0, 0],
      ]),
      bias.assign([0, 0, 0]),
    ]);
    await saver.restore(sess, `${prefix}-2`);
    assert.deepEqual(sess.run([weights, bias]).map(String), values);
  });
  assert.equal(await tf.train.latestCheckpoint(join(prefix, '..')), `${prefix}-2`);
});

test('version 1, sharded: the prefix is a pattern', async () => {
  const prefix = await fresh();
  placed();
  const saver = new tf.train.Saver(null, { writeVersion: 1, sharded: true, maxToKeep: 1 });
  assert.equal(saver.asSaverDef().saveTensorName, 'save/ShardedFilespec:0');
  await inSession(async (sess) => {
    const path = `${prefix}-1-?????-of-00003`;
    assert.equal(await saver.save(sess, prefix, { globalStep: 1 }), path);
    assert.equal(await tf.train.latestCheckpoint(join(prefix, '..')), path);
    assert.deepEqual(await filesBeside(prefix), [
      'checkpoint',
      'model.ckpt-1-00000-of-00003',
      'model.ckpt-1-00001-of-00003',
      'model.ckpt-1-00002-of-00003',
      'model.ckpt-1.meta',
    ]);
    for (const variable of tf.globalVariables()) {
      variable.load(new Array(variable.shape![0]!).fill(0), sess);
    }
    await saver.restore(sess, path);
    assert.deepEqual(sess.run(['a:0', 'b:0']).map(String), ['[3]', '[1 2]']);
    await saver.save(sess, prefix, { globalStep: 2 });
  });
  assert.ok((await filesBeside(prefix)).every((name) => !name.startsWith('model.ckpt-1')));
});

test('a partitioned variable is slices of one name, and other partitions read them', async () => {
  const prefix = await fresh();
  const make = (parts: number) =>
    tf.getVariable('w', {
      shape: [5, 2],
      partitioner: tf.fixedSizePartitioner(parts),
    }) as Iterable<tf.Variable>;
  const before = make(2);
  const values = [
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
    [8, 9],
  ];
  await tf.withSession(async (sess) => {
    let row = 0;
    for (const part of before) {
      const rows = part.shape![0]!;
      part.load(values.slice(row, row + rows), sess);
      row += rows;
    }
    await new tf.train.Saver().save(sess, prefix);
  });
  const reader = await tf.train.loadCheckpoint(prefix);
  assert.deepEqual([...reader.getVariableToShapeMap()], [['w', [5, 2]]]);
  assert.deepEqual((await reader.getTensor('w')).tolist(), values);
  for (const parts of [1, 3, 5]) {
    tf.resetDefaultGraph();
    const after =
      parts === 1
        ? [new tf.Variable(tf.ndarray(values, undefined, 'float32'), { name: 'w' })]
        : [...make(parts)];
    await tf.withSession(async (sess) => {
      await new tf.train.Saver(parts === 1 ? null : { w: after }).restore(sess, prefix);
      assert.deepEqual(
        after.flatMap((part) => sess.run(part).tolist()),
        values,
      );
    });
  }
});

test('the graph is written beside the checkpoint, and without its defaults', async () => {
  const prefix = await fresh();
  lessonVariables();
  const saver = new tf.train.Saver();
  await inSession(async (sess) => {
    await saver.save(sess, `${prefix}-1`);
    await saver.save(sess, `${prefix}-2`, { stripDefaultAttrs: true, metaGraphSuffix: 'graph' });
    await saver.save(sess, `${prefix}-3`, { writeMetaGraph: false });
  });
  const meta = await readFile(`${prefix}-1.meta`);
  assert.equal(sha256(meta), sha256(await saver.exportMetaGraph()));
  assert.ok((await readFile(`${prefix}-2.graph`)).length < meta.length);
  assert.ok(!(await filesBeside(prefix)).includes('model.ckpt-3.meta'));
});

test('an object-based checkpoint is restored by the names of its variables', async () => {
  const prefix = await fresh();
  const weights = new tf.Variable([[1, 2]], { name: 'dense/kernel' });
  const path = await inSession((sess) =>
    new tf.train.Checkpoint({ weights }).write(prefix, { session: sess }),
  );
  tf.resetDefaultGraph();
  const v = new tf.Variable([[0, 0]], { name: 'dense/kernel' });
  const saver = new tf.train.Saver();
  await tf.withSession(async (sess) => {
    const lines = await logged(() => saver.restore(sess, path));
    assert.match(
      lines[1]!,
      /^WARNING:tensorflow:Restoring an object-based checkpoint using a name-based saver\./,
    );
    assert.deepEqual(sess.run(v).tolist(), [[1, 2]]);
    const nodes = tf.getDefaultGraph().getOperations().length;
    await saver.restore(sess, path);
    assert.equal(tf.getDefaultGraph().getOperations().length, nodes);
  });
  tf.resetDefaultGraph();
  new tf.Variable([[0, 0]], { name: 'other' });
  await tf.withSession((sess) =>
    assert.rejects(new tf.train.Saver().restore(sess, path), (error: Error) => {
      assert.ok(error instanceof tf.errors.NotFoundError);
      assert.ok(
        error.message.startsWith(
          '\n\nExisting variables not in the checkpoint: other\n\n' +
            "Variables names when this checkpoint was written which don't exist now: dense/kernel\n\n" +
            '(0 variable name(s) did match)\n\nCould not find some variables in the checkpoint',
        ),
      );
      return true;
    }),
  );
});

test('sharded: one data file a device, in the order of the devices', async () => {
  const prefix = await fresh();
  placed();
  const saver = new tf.train.Saver(null, { sharded: true });
  assert.equal(saver.asSaverDef().saveTensorName, 'save/Identity:0');
  assert.equal(saver.asSaverDef().sharded, true);
  await inSession(async (sess) => {
    assert.equal(await saver.save(sess, prefix), prefix);
  });
  assert.deepEqual(await filesBeside(prefix), [
    'checkpoint',
    'model.ckpt.data-00000-of-00003',
    'model.ckpt.data-00001-of-00003',
    'model.ckpt.data-00002-of-00003',
    'model.ckpt.index',
    'model.ckpt.meta',
  ]);
  using reader = await tf.BundleReader.open(prefix);
  assert.deepEqual(
    reader.entries().map(({ key, shardId, offset }) => [key, shardId, offset]),
    [
      ['a', 2, 0],
      ['b', 1, 0],
      ['c', 0, 0],
    ],
  );
  await tf.withSession(async (sess) => {
    await saver.restore(sess, prefix);
    assert.deepEqual(sess.run(['a:0', 'b:0', 'c:0']).map(String), ['[3]', '[1 2]', '[4 5 6]']);
  });
  await tf.train.removeCheckpoint(prefix);
  assert.deepEqual(await filesBeside(prefix), ['checkpoint']);
});

test('reshape restores other shapes of as many elements', async () => {
  const prefix = await fresh();
  new tf.Variable(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { name: 'v' },
  );
  await inSession((sess) => new tf.train.Saver().save(sess, prefix));
  tf.resetDefaultGraph();
  const v = new tf.Variable([0, 0, 0, 0, 0, 0], { name: 'v' });
  const saver = new tf.train.Saver(null, { reshape: true });
  await tf.withSession(async (sess) => {
    await saver.restore(sess, prefix);
    assert.deepEqual(sess.run(v).tolist(), [1, 2, 3, 4, 5, 6]);
  });
  tf.resetDefaultGraph();
  new tf.Variable([0, 0], { name: 'v' });
  await tf.withSession((sess) =>
    assert.rejects(
      new tf.train.Saver(null, { reshape: true }).restore(sess, prefix),
      (error: Error) => {
        assert.ok(error instanceof tf.errors.InvalidArgumentError);
        assert.match(
          error.message,
          /^Restoring from checkpoint failed\. .*Original error:\n\nInput to reshape is a tensor with 6 values, but the requested shape has 2\n\t \[\[\{\{node save\/Reshape\}\}\]\]$/s,
        );
        return true;
      },
    ),
  );
});
