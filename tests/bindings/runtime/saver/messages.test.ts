// Every message of tf.train.Saver and the functions around it, word for word, and the advice that goes with it.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { fresh, inRoot, inSession, lessonVariables, saveLesson, useFolder } from './support.js';

useFolder();

type Make = (v: tf.Variable, w: tf.Variable) => unknown;

const CONSTRUCTOR: [name: string, make: Make, error: string][] = [
  ['an empty list', () => new tf.train.Saver([]), 'ValueError: No variables to save'],
  ['an empty map', () => new tf.train.Saver({}), 'ValueError: No variables to save'],
  [
    'a number',
    () => new tf.train.Saver(3 as never),
    'TypeError: Variables to save should be passed in a dict or a list: 3',
  ],
  [
    'a variable',
    (v) => new tf.train.Saver(v as never),
    "TypeError: Variables to save should be passed in a dict or a list: <tf.Variable 'v:0' shape=(2,) dtype=int32_ref>",
  ],
  [
    'a tensor in the list',
    () => new tf.train.Saver([tf.constant([1, 2])] as never),
    'TypeError: Variable to save is not a Variable: Tensor("Const:0", shape=(2,), dtype=int32)',
  ],
  [
    'a tensor in the map',
    () => new tf.train.Saver({ a: tf.constant([1, 2]) } as never),
    'TypeError: names_to_saveables must be a dict mapping string names to Tensors/Variables. Not a variable: ' +
      'Tensor("Const:0", shape=(2,), dtype=int32)',
  ],
  [
    'a key that is no string',
    (v) => new tf.train.Saver(new Map([[5, v]]) as never),
    'TypeError: names_to_saveables must be a dict mapping string names to trackable operations. Name is not a string: 5',
  ],
  [
    'a variable twice',
    (v) => new tf.train.Saver([v, v]),
    'ValueError: At least two variables have the same name: v',
  ],
  [
    'two names',
    (v) => new tf.train.Saver({ a: v, b: v }),
    'ValueError: The same saveable will be restored with two names: b',
  ],
  [
    'slices that are no variables',
    () => new tf.train.Saver({ a: [3] } as never),
    'ValueError: Slices must all be Variables: 3',
  ],
  [
    'slices that are none',
    (v, w) => new tf.train.Saver({ a: [v, w] }),
    "ValueError: Slices must all be slices: <tf.Variable 'v:0' shape=(2,) dtype=int32_ref>",
  ],
  [
    'slices of two tensors',
    () => {
      const [a, b] = ['a', 'b'].map((name) =>
        tf.getVariable(name, { shape: [4], partitioner: tf.fixedSizePartitioner(2) }),
      ) as Iterable<tf.Variable>[];
      return new tf.train.Saver({ a: [[...a!][0]!, [...b!][0]!] });
    },
    'ValueError: Slices must all be from the same tensor: a != b',
  ],
  [
    'an option that there is not',
    () => new tf.train.Saver(null, { max_to_keep: 3 } as never),
    "TypeError: __init__() got an unexpected keyword argument 'max_to_keep'",
  ],
  [
    'a format that there is not',
    () => new tf.train.Saver(null, { writeVersion: 3 }),
    'RuntimeError: Unexpected write_version: 3',
  ],
];

for (const [name, make, text] of CONSTRUCTOR) {
  test(`new Saver: ${name}`, () => {
    const v = new tf.Variable([1, 2], { name: 'v' });
    const w = new tf.Variable([1, 2], { name: 'w' });
    assert.throws(
      () => make(v, w),
      (error: Error) => {
        assert.equal(`${error.name}: ${error.message}`, text);
        if (!/keyword|write_version/.test(text)) assert.ok(tf.errors.hintOf(error));
        assert.ok(!error.message.includes(tf.errors.hintOf(error) ?? '\0'));
        return true;
      },
    );
  });
}

const STEPS: [step: unknown, error: string][] = [
  [
    3.5,
    "TypeError: Fetch argument 3.5 has invalid type <class 'float'>, must be a string or Tensor. (Can not convert a " +
      'float into a Tensor or Operation.)',
  ],
  [
    'nope',
    "ValueError: Fetch argument 'nope' cannot be interpreted as a Tensor. (\"The name 'nope' refers to an Operation not " +
      'in the graph.")',
  ],
  ['Variable:0', 'TypeError: only size-1 arrays can be converted to Python scalars'],
];

test('save: steps that are none', async () => {
  lessonVariables();
  const saver = new tf.train.Saver();
  await inSession(async (sess) => {
    for (const [globalStep, text] of STEPS) {
      await assert.rejects(
        saver.save(sess, inRoot('m'), { globalStep: globalStep as never }),
        (error: Error) => {
          assert.equal(`${error.name}: ${error.message}`, text);
          return true;
        },
      );
    }
  });
});

test('save: steps of every kind', async () => {
  const step = new tf.Variable(tf.ndarray([12], [], 'int64'), { name: 'step', trainable: false });
  const prefix = await fresh();
  const saver = new tf.train.Saver();
  await inSession(async (sess) => {
    const facts: [unknown, string][] = [
      [0, '0'],
      [-1, '-1'],
      [9007199254740993n, '9007199254740993'],
      [true, '1'],
      [step, '12'],
      ['step:0', '12'],
      [step.value(), '12'],
      [sess.run(step), '12'],
      [tf.constant(7.9), '7'],
    ];
    for (const [globalStep, suffix] of facts) {
      const options = { globalStep: globalStep as number, writeMetaGraph: false };
      assert.equal(await saver.save(sess, prefix, options), `${prefix}-${suffix}`);
    }
  });
});

test('save: a session that is none or is closed, and a path that collides', async () => {
  lessonVariables();
  const saver = new tf.train.Saver();
  const closed = new tf.Session();
  closed.close();
  await assert.rejects(saver.save(closed, inRoot('m')), {
    name: 'RuntimeError',
    message: 'Attempted to use a closed Session.',
  });
  await assert.rejects(saver.save('x' as never, inRoot('m')), {
    name: 'TypeError',
    message: "'sess' must be a Session; x",
  });
  await inSession((sess) =>
    assert.rejects(saver.save(sess, 'checkpoint'), {
      name: 'ValueError',
      message: "'latest_filename' collides with 'save_path': 'checkpoint' and 'checkpoint'",
    }),
  );
});

test('the functions around it', async () => {
  const folder = inRoot('empty');
  await mkdir(folder);
  await assert.rejects(tf.train.loadCheckpoint(folder), {
    name: 'ValueError',
    message: `Couldn't find 'checkpoint' file or checkpoints in given directory ${folder}`,
  });
  await writeFile(join(folder, 'checkpoint'), 'all_model_checkpoint_paths: "a"\n');
  await assert.rejects(tf.train.getCheckpointState(folder), {
    name: 'ValueError',
    message: `Invalid checkpoint state loaded from ${folder}`,
  });
  await assert.rejects(
    tf.train.updateCheckpointState(folder, join(folder, 'm-2'), {
      allModelCheckpointPaths: [join(folder, 'm-1'), join(folder, 'm-2')],
      allModelCheckpointTimestamps: [1.5],
    }),
    {
      name: 'ValueError',
      message:
        'Checkpoint timestamps, if provided, must match checkpoint paths (got paths ' +
        `['${folder}/m-1', '${folder}/m-2'] and timestamps [1.5])`,
    },
  );
  await assert.rejects(tf.train.updateCheckpointState(folder, join(folder, 'checkpoint')), {
    name: 'RuntimeError',
    message:
      `Save path '${folder}/checkpoint' conflicts with path used for checkpoint state.  ` +
      'Please use a different save path.',
  });
});

test('checkpointExists, getCheckpointMtimes, removeCheckpoint', async () => {
  const prefix = await fresh();
  await saveLesson(prefix);
  const exists = (path: string) => tf.train.checkpointExists(path);
  assert.deepEqual(
    await Promise.all(
      [
        prefix,
        `${prefix}.meta`,
        `${prefix}x`,
        `${prefix.slice(0, -1)}?`,
        `${prefix.slice(0, -1)}[a-s]`,
      ].map(exists),
    ),
    [true, true, false, true, false],
  );
  const [time, ...rest] = await tf.train.getCheckpointMtimes([`${prefix}x`, prefix]);
  assert.ok(Math.abs(time! - Date.now() / 1000) < 60);
  assert.deepEqual(rest, []);
  for (const name of ['.data-00000-of-00002', '.data', '.index2', '-1.index']) {
    await writeFile(prefix + name, '');
  }
  await tf.train.removeCheckpoint(prefix);
  const { files } = tf.locate(prefix);
  assert.deepEqual(
    (await files.list()).map(({ name }) => name),
    ['checkpoint', 'model.ckpt-1.index', 'model.ckpt.data', 'model.ckpt.index2'],
  );
  await tf.train.removeCheckpoint(prefix);
});
