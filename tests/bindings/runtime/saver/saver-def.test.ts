// SaverDef: a saver by the names of its operations, deferred building, and the graphs in which they are found.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { fresh, inSession, lessonVariables, saveLesson, useFolder, WEIGHTS } from './support.js';

useFolder();

const DEF = {
  filenameTensorName: 'save/Const:0',
  saveTensorName: 'save/control_dependency:0',
  restoreOpName: 'save/restore_all',
  maxToKeep: 5,
  sharded: false,
  keepCheckpointEveryNHours: 10000,
  version: tf.train.SaverDef.V2,
};

test('asSaverDef says what the saver was made with', () => {
  lessonVariables();
  assert.deepEqual(new tf.train.Saver().asSaverDef(), DEF);
  assert.deepEqual(
    new tf.train.Saver(null, {
      name: 'other',
      maxToKeep: null,
      keepCheckpointEveryNHours: 0.1,
      writeVersion: tf.train.SaverDef.V1,
    }).asSaverDef(),
    {
      filenameTensorName: 'other/Const:0',
      saveTensorName: 'other/control_dependency:0',
      restoreOpName: 'other/restore_all',
      maxToKeep: 0,
      sharded: false,
      // The nearest float32.
      keepCheckpointEveryNHours: 0.10000000149011612,
      version: 1,
    },
  );
});

test('a saver of a SaverDef adds nothing, and saves and restores', async () => {
  const prefix = await fresh();
  lessonVariables();
  const def = new tf.train.Saver().asSaverDef();
  const before = tf.getDefaultGraph().getOperations().length;
  const saver = tf.train.Saver.fromProto(def);
  assert.equal(tf.getDefaultGraph().getOperations().length, before);
  await inSession(async (sess) => {
    assert.equal(await saver.save(sess, prefix), prefix);
    assert.deepEqual(saver.lastCheckpoints, [prefix]);
  });
  await tf.withSession(async (sess) => {
    await saver.restore(sess, prefix);
    const [weights] = sess.run(tf.globalVariables());
    assert.deepEqual(weights!.tolist(), tf.ndarray(WEIGHTS, undefined, 'float32').tolist());
  });
});

test('toProto and fromProto strip and prepend a scope', () => {
  tf.nameScope('a', () => {
    lessonVariables();
    new tf.train.Saver();
  });
  const scoped = tf.train.Saver.fromProto(DEF, { importScope: 'a' });
  assert.equal(scoped.asSaverDef().restoreOpName, 'a/save/restore_all');
  assert.equal(scoped.asSaverDef().saveTensorName, 'a/save/control_dependency:0');
  assert.deepEqual(scoped.toProto({ exportScope: 'a' }), DEF);
  assert.deepEqual(scoped.toProto({ exportScope: 'a/' }), DEF);
  assert.equal(scoped.toProto({ exportScope: 'b' }), undefined);
  assert.deepEqual(scoped.toProto(), scoped.asSaverDef());
});

test('a saver finds its operations by name in any graph', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  const saver = new tf.train.Saver();
  tf.resetDefaultGraph();
  lessonVariables();
  new tf.train.Saver();
  new tf.train.Saver();
  await tf.withSession(async (sess) => {
    await saver.restore(sess, prefix);
    assert.equal(sess.run(tf.globalVariables()[1]!).item(0), Math.fround(1.62978125));
  });
});

test('defs that are none', () => {
  const text =
    'filename_tensor_name: "save/Const:0"\nmax_to_keep: 5\nkeep_checkpoint_every_n_hours: 10000.0\nversion: V2\n';
  const facts: [unknown, string][] = [
    ['x', 'saver_def must be a saver_pb2.SaverDef: x'],
    [
      { ...DEF, saveTensorName: '' },
      `saver_def must specify the save_tensor_name: ${text.replace('max', 'restore_op_name: "save/restore_all"\nmax')}`,
    ],
    [
      { ...DEF, restoreOpName: '' },
      `saver_def must specify the restore_op_name: ${text.replace('max', 'save_tensor_name: "save/control_dependency:0"\nmax')}`,
    ],
  ];
  for (const [saverDef, message] of facts) {
    assert.throws(
      () => new tf.train.Saver(null, { saverDef: saverDef as never }),
      new tf.errors.ValueError(message),
    );
  }
});

test('the graph of the session lacks one of the operations', async () => {
  lessonVariables();
  const def = new tf.train.Saver().asSaverDef();
  const fails = (changed: object) =>
    inSession((sess) =>
      assert.rejects(tf.train.Saver.fromProto({ ...def, ...changed }).save(sess, 'm'), (error) => {
        const { name, message } = error as Error;
        assert.equal(`${name}: ${message}`, expected);
        return true;
      }),
    );
  let expected =
    "TypeError: Cannot interpret feed_dict key as Tensor: The name 'x/Const:0' refers to a Tensor which does not " +
    "exist. The operation, 'x/Const', does not exist in the graph.";
  await fails({ filenameTensorName: 'x/Const:0' });
  expected =
    "ValueError: Fetch argument 'x:0' cannot be interpreted as a Tensor. (\"The name 'x:0' refers to a Tensor which " +
    "does not exist. The operation, 'x', does not exist in the graph.\")";
  await fails({ saveTensorName: 'x:0' });
  expected =
    "ValueError: Fetch argument 'x' cannot be interpreted as a Tensor. (\"The name 'x' refers to an Operation not in " +
    'the graph.")';
  await fails({ restoreOpName: 'x' });
});

test('deferBuild', async () => {
  const { weights } = lessonVariables();
  const count = () => tf.getDefaultGraph().getOperations().length;
  const before = count();
  const saver = new tf.train.Saver(null, { deferBuild: true });
  assert.equal(count(), before);
  const late = new tf.Variable(1, { name: 'late' });
  const prefix = await fresh();
  await inSession(async (sess) => {
    await assert.rejects(
      saver.save(sess, prefix),
      new tf.errors.RuntimeError('`build()` should be called before save if defer_build==True'),
    );
    saver.build();
    const built = count();
    saver.build();
    assert.equal(count(), built);
    await saver.save(sess, prefix);
  });
  const reader = await tf.train.loadCheckpoint(prefix);
  assert.ok(reader.hasTensor(late.op.name));
  assert.throws(
    () => new tf.train.Saver([weights], { deferBuild: true }),
    new tf.errors.ValueError(
      'If `var_list` is provided then build cannot be deferred. Either set defer_build=False or var_list=None.',
    ),
  );
});

test('allowEmpty makes a saver that does nothing', async () => {
  const saver = new tf.train.Saver(null, { allowEmpty: true });
  const prefix = await fresh();
  const sess = new tf.Session();
  assert.equal(await saver.save(sess, prefix, { writeMetaGraph: false }), undefined);
  await saver.restore(sess, prefix);
  assert.deepEqual(saver.lastCheckpoints, []);
  assert.throws(() => saver.asSaverDef(), tf.errors.RuntimeError);
});
