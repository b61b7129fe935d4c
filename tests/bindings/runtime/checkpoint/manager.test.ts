// tf.train.CheckpointManager: which checkpoints stay, and what the state file says of them (engine/docs/
// object-checkpoints.md, "Keeping and deleting").

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mock, test } from 'node:test';
import * as tf from 'tensorbundle';
import { float, inFolders, started } from './folder.js';

const fresh = inFolders();

const START = 1_600_000_000;
const HOUR = 3600;

/** The numbers of the checkpoints whose index is there. */
async function numbers(dir: string): Promise<number[]> {
  const files = await readdir(dir);
  return files
    .flatMap((name) => /^ckpt-(\d+)\.index$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Saves at the given hours with a clock of the test's own, and gives what is left after each save. */
async function saveAt(hours: readonly number[], options: tf.train.CheckpointManagerOptions) {
  const dir = dirname(await fresh());
  mock.timers.enable({ apis: ['Date'], now: START * 1000 });
  try {
    const checkpoint = new tf.train.Checkpoint({ v: float(1) });
    using sess = started();
    const manager = new tf.train.CheckpointManager(checkpoint, dir, options);
    await manager.checkpoints;
    const left: string[] = [];
    for (const hour of hours) {
      mock.timers.setTime((START + hour * HOUR) * 1000);
      await manager.save({ session: sess });
      left.push((await numbers(dir)).join(' '));
    }
    const names = (await manager.checkpoints).map((path) => path.slice(dir.length + 1));
    return { dir, left, names, manager };
  } finally {
    mock.timers.reset();
  }
}

test('the last three of seven', async () => {
  const { left, names, dir, manager } = await saveAt([1, 2, 3, 4, 5, 6, 7], { maxToKeep: 3 });
  assert.deepEqual(left, ['1', '1 2', '1 2 3', '2 3 4', '3 4 5', '4 5 6', '5 6 7']);
  assert.deepEqual(names, ['ckpt-5', 'ckpt-6', 'ckpt-7']);
  assert.equal(await manager.latestCheckpoint, join(dir, 'ckpt-7'));
  assert.deepEqual(
    (await readdir(dir)).filter((name) => name.includes('data')).sort(),
    [5, 6, 7].map((n) => `ckpt-${n}.data-00000-of-00001`),
  );
});

test('all of them', async () => {
  const { left, names } = await saveAt([1, 2, 3], { maxToKeep: null });
  assert.equal(left.at(-1), '1 2 3');
  assert.equal(names.length, 3);
});

test('one every two hours stays for ever, and is listed no more', async () => {
  // The clock starts a second before the manager: the first one kept is at least two hours after that.
  const { left, names, dir } = await saveAt([0.5, 1, 1.5, 2, 2.5, 3, 4, 4.5, 5], {
    maxToKeep: 1,
    keepCheckpointEveryNHours: 2,
  });
  assert.deepEqual(left, ['1', '2', '3', '4', '4 5', '4 6', '4 7', '4 7 8', '4 7 9']);
  assert.deepEqual(names, ['ckpt-9']);
  const state = await readFile(join(dir, 'checkpoint'), 'utf8');
  assert.equal(
    state,
    'model_checkpoint_path: "ckpt-9"\n' +
      'all_model_checkpoint_paths: "ckpt-9"\n' +
      `all_model_checkpoint_timestamps: ${START + 5 * HOUR}.0\n` +
      `last_preserved_timestamp: ${START + 4 * HOUR}.0\n`,
  );
});

test('a new manager continues where the last one ended', async () => {
  const { dir } = await saveAt([1, 2, 3], { maxToKeep: 2 });
  tf.resetDefaultGraph();
  const checkpoint = new tf.train.Checkpoint({ v: float(0) });
  using sess = new tf.Session();
  const manager = new tf.train.CheckpointManager(checkpoint, dir, { maxToKeep: 2 });
  assert.equal(await manager.latestCheckpoint, join(dir, 'ckpt-3'));
  await checkpoint.restore(manager.latestCheckpoint, { session: sess });
  assert.equal(await manager.save(sess), join(dir, 'ckpt-4'));
  assert.deepEqual(await numbers(dir), [3, 4]);
});

test('a state file without timestamps lists checkpoints that are kept', async () => {
  const prefix = await fresh();
  const dir = dirname(prefix);
  await writeFile(
    join(dir, 'checkpoint'),
    'model_checkpoint_path: "ckpt-9"\nall_model_checkpoint_paths: "ckpt-9"\n',
  );
  const checkpoint = new tf.train.Checkpoint({ v: float(1) });
  const manager = new tf.train.CheckpointManager(checkpoint, dir, { maxToKeep: 1 });
  assert.equal(await manager.latestCheckpoint, join(dir, 'ckpt-9'));
  assert.deepEqual(await manager.checkpoints, []);
});

test('numbers and names of the caller', async () => {
  const dir = dirname(await fresh());
  const checkpoint = new tf.train.Checkpoint({ v: float(1) });
  const step = new tf.Variable(500, { name: 'step' });
  using sess = started();
  const manager = new tf.train.CheckpointManager(checkpoint, dir, {
    maxToKeep: 5,
    checkpointName: 'model',
  });
  assert.equal(
    await manager.save({ session: sess, checkpointNumber: step }),
    join(dir, 'model-500'),
  );
  assert.equal(await manager.save({ session: sess, checkpointNumber: 7 }), join(dir, 'model-7'));
  assert.equal(
    await manager.save({ session: sess, checkpointNumber: 500n }),
    join(dir, 'model-500'),
  );
  assert.equal(await manager.save({ session: sess }), join(dir, 'model-4'));
  // The one that was written again counts as new.
  assert.deepEqual(
    (await manager.checkpoints).map((path) => path.slice(dir.length + 1)),
    ['model-7', 'model-500', 'model-4'],
  );
});

test('other files of the folder are left alone', async () => {
  const dir = dirname(await fresh());
  for (const name of [
    'ckpt-1.meta',
    'ckpt-1.index.txt',
    'ckpt-1.data-0000-of-00001',
    'ckpt-10.index',
  ]) {
    await writeFile(join(dir, name), 'mine');
  }
  const checkpoint = new tf.train.Checkpoint({ v: float(1) });
  using sess = started();
  const manager = new tf.train.CheckpointManager(checkpoint, dir, { maxToKeep: 1 });
  for (let i = 0; i < 3; i++) await manager.save(sess);
  assert.deepEqual((await readdir(dir)).sort(), [
    'checkpoint',
    'ckpt-1.data-0000-of-00001',
    'ckpt-1.index.txt',
    'ckpt-1.meta',
    'ckpt-10.index',
    'ckpt-3.data-00000-of-00001',
    'ckpt-3.index',
  ]);
});

test('a number to keep that is none', () => {
  for (const maxToKeep of [0, -1]) {
    assert.throws(
      () => new tf.train.CheckpointManager(new tf.train.Checkpoint(), '.', { maxToKeep }),
      {
        name: 'ValueError',
        message: `Expected a positive integer or \`None\` for \`max_to_max_to_keep\`, got ${maxToKeep}.`,
      },
    );
  }
});
