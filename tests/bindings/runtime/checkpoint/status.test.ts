// What tf.train.Checkpoint.restore tells: what was not restored, in TensorFlow 1.15's words, and what is restored later
// (engine/docs/object-checkpoints.md, "Restoring").

import assert from 'node:assert/strict';
import { test } from 'node:test';
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from 'tensorbundle';
import { float, inFolders, started } from './folder.js';

const fresh = inFolders();

const assertionError = (message: string | RegExp) => ({ name: 'AssertionError', message });

/** Writes a checkpoint of `parts`, and starts over. */
async function written(parts: () => Record<string, object>): Promise<string> {
  const checkpoint = new tf.train.Checkpoint(parts());
  using sess = started();
  const path = await checkpoint.write(await fresh(), sess);
  tf.resetDefaultGraph();
  return path;
}

test('the checkpoint has more than the program', async () => {
  const path = await written(() => ({ a: float(1), model: { b: float([2, 3], 'b') } }));
  const a = float(0);
  using sess = started();
  const status = await new tf.train.Checkpoint({ a }).read(path, { session: sess });
  assert.equal(sess.run(a).item(), 1);
  status.assertExistingObjectsMatched().assertNontrivialMatch().expectPartial();
  assert.throws(
    () => status.assertConsumed(),
    assertionError(
      'Unresolved object in checkpoint (root).model: children {\n  node_id: 3\n  local_name: "b"\n}\n',
    ),
  );
});

test('the program has more than the checkpoint', async () => {
  const path = await written(() => ({ a: float(1) }));
  const extra = float([0, 0], 'extra');
  const checkpoint = new tf.train.Checkpoint({ a: float(0), extra, empty: [], model: { extra } });
  const status = await checkpoint.read(path);
  const message =
    'Some Python objects were not bound to checkpointed values, likely due to changes in the Python program: ' +
    "[<tf.Variable 'extra:0' shape=(2,) dtype=float32_ref>, <Object>]";
  assert.throws(() => status.assertConsumed(), assertionError(message));
  assert.throws(() => status.assertExistingObjectsMatched(), assertionError(message));
  status.assertNontrivialMatch();
});

test('nothing but the root matches', async () => {
  const path = await written(() => ({ a: float(1) }));
  const other = await new tf.train.Checkpoint({ z: float(0, 'z') }).read(path);
  assert.throws(
    () => other.assertNontrivialMatch(),
    assertionError(/^Nothing except the root object matched a checkpointed value\. .*'z:0'.*\]$/),
  );
  const none = await new tf.train.Checkpoint().read(path);
  assert.throws(
    () => none.assertNontrivialMatch(),
    assertionError(/^Nothing to load\. No dependencies have been added to <.*> yet\.$/),
  );
});

test('a variable where the checkpoint has a group, and a group where it has a variable', async () => {
  const path = await written(() => ({ a: float(1, 'a'), b: [float(2)] }));
  const asVariable = await new tf.train.Checkpoint({ a: float(0), b: float(0) }).read(path);
  assert.throws(
    () => asVariable.assertExistingObjectsMatched(),
    assertionError(/^Object not assigned a value from checkpoint: children \{/),
  );
  const asGroup = await new tf.train.Checkpoint({ a: {}, b: [float(0)] }).read(path);
  assert.throws(
    () => asGroup.assertConsumed(),
    assertionError(
      'Unused attributes in these objects (the attributes exist in the Python object but were not restored): ' +
        "[(<Object>, ['VARIABLE_VALUE'])]",
    ),
  );
});

test('what is attached later is restored later', async () => {
  const path = await written(() => ({ model: { w: float([1, 2]), b: float(3) } }));
  const model: Record<string, tf.Variable> = { w: float([0, 0]) };
  const checkpoint = new tf.train.Checkpoint({ model, fresh: float(7) });
  using sess = new tf.Session();
  const status = await checkpoint.read(path);
  assert.throws(() => status.assertConsumed(), tf.errors.AssertionError);
  assert.throws(() => sess.run(model.w!), tf.errors.FailedPreconditionError);
  model.b = float(0);
  await status.initializeOrRestore(sess);
  assert.deepEqual(
    [model.w!, model.b, checkpoint.fresh].map((variable) => sess.run(variable).tolist()),
    [[1, 2], 3, 7],
  );
  await status.expectPartial().runRestoreOps(sess);
});

test('slot variables follow from their optimizer and variable', async () => {
  const optimizer = (slots: [tf.Variable, tf.Variable][]) => ({
    trackableChildren: () => [],
    getSlotNames: () => ['m'],
    getSlot: (variable: tf.Variable) => new Map(slots).get(variable),
  });
  const path = await written(() => {
    const [v, w] = [float(1), float(2)];
    return {
      v,
      w,
      opt: optimizer([
        [v, float(10)],
        [w, float(20)],
      ]),
    };
  });
  const [v, w, m] = [float(0), float(0), float(0)];
  using sess = started();
  const checkpoint = new tf.train.Checkpoint({ v, w, opt: optimizer([[w, m]]) });
  const status = await checkpoint.read(path, { session: sess });
  assert.equal(sess.run(m).item(), 20);
  assert.throws(
    () => status.assertConsumed(),
    assertionError(
      /^Unresolved object in checkpoint \(root\)\.opt's state 'm' for \(root\)\.v: attributes \{\n {2}name: "VARIABLE_VALUE"\n {2}full_name: "Variable_2"\n {2}checkpoint_key: "v\/\.OPTIMIZER_SLOT\/opt\/m\/\.ATTRIBUTES\/VARIABLE_VALUE"\n\}\n$/,
    ),
  );
});

test('no checkpoint: only initialisation', async () => {
  const checkpoint = new tf.train.Checkpoint({ v: float(5) });
  using sess = new tf.Session();
  const status = await checkpoint.restore(Promise.resolve(undefined));
  for (const check of ['assertConsumed', 'assertExistingObjectsMatched'] as const) {
    assert.throws(
      () => status[check](),
      assertionError('No checkpoint specified (save_path=None); nothing is being restored.'),
    );
  }
  await assert.rejects(
    status.runRestoreOps(sess),
    assertionError(
      'No checkpoint specified, so no restore ops are available (save_path=None to Saver.restore).',
    ),
  );
  await status.expectPartial().initializeOrRestore(sess);
  assert.equal(sess.run(checkpoint.v).item(), 5);
  assert.equal(sess.run(checkpoint.saveCounter).item(), 0n);
});

test('a checkpoint of a Saver is read by the names of the variables', async () => {
  const path = await fresh();
  {
    const saver = new tf.train.Saver([float([1, 2], 'layer/w'), float(3, 'step')]);
    using sess = started();
    await saver.save(sess, path, { writeState: false });
  }
  tf.resetDefaultGraph();
  const model = { anything: float([0, 0], 'layer/w') };
  const checkpoint = new tf.train.Checkpoint({ model, other: float(0, 'step') });
  using sess = new tf.Session();
  const status = await checkpoint.restore(path);
  await status.initializeOrRestore(sess);
  assert.deepEqual(sess.run(model.anything).tolist(), [1, 2]);
  assert.equal(sess.run(checkpoint.other).item(), 3);
  assert.equal(sess.run(checkpoint.saveCounter).item(), 0n);
  const renamed = new tf.train.Checkpoint({ model, nowhere: float(0, 'nowhere') });
  const partial = await renamed.read(path);
  assert.throws(
    () => partial.assertConsumed(),
    assertionError(/^Object not restored: <tf\.Variable 'nowhere:0'/),
  );
  await assert.rejects(partial.runRestoreOps(sess), {
    name: 'NotFoundError',
    message: /Key nowhere not found in checkpoint/,
  });
});

test('two objects for one of the checkpoint are warned about', async () => {
  const path = await written(() => {
    const v = float(1);
    return { a: v, b: v };
  });
  const lines: string[] = [];
  tf.setLogHandler((line) => lines.push(line));
  const status = await new tf.train.Checkpoint({ a: float(0, 'x'), b: float(0, 'y') }).read(path);
  tf.setLogHandler(null);
  status.expectPartial();
  assert.match(
    lines.join('\n'),
    /WARNING:tensorflow:Inconsistent references .*\n\nTwo checkpoint references resolved to different objects \(.*'x:0'.* and .*'y:0'.*\)\./s,
  );
});

test('a status that is forgotten logs what was not used, unless that was expected', async () => {
  v8.setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const path = await written(() => ({ a: float(1), forgotten: float(2) }));
  const checkpoint = new tf.train.Checkpoint({ a: float(0) });
  const lines: string[] = [];
  // Statuses of earlier tests may be collected meanwhile.
  const mine = () => lines.filter((line) => line.includes('forgotten'));
  tf.setLogHandler((line) => lines.push(line));
  const forget = async (expected: boolean) => {
    const status = await checkpoint.read(path);
    if (expected) status.expectPartial();
  };
  const collected = async () => {
    for (let i = 0; i < 20 && mine().length === 0; i++) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await forget(true);
  await collected();
  assert.deepEqual(mine(), []);
  await forget(false);
  await collected();
  tf.setLogHandler(null);
  assert.deepEqual(mine(), [
    'WARNING:tensorflow:Unresolved object in checkpoint: (root).forgotten',
  ]);
  const next = lines[lines.indexOf(mine()[0]!) + 1]!;
  assert.match(next, /^WARNING:tensorflow:A checkpoint was restored .*Use expect_partial\(\)/);
});
