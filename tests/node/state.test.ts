/// The `checkpoint` state file: what TensorFlow writes, and what its readers make of it.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from 'tensorbundle/node';

let folder = '';

before(async () => {
  await tf.ready();
  folder = await mkdtemp(join(tmpdir(), 'tensorbundle-'));
});
after(() => rm(folder, { recursive: true }));

test('a state is written as TensorFlow writes it, and read back', async () => {
  await tf.train.updateCheckpointState(folder, join(folder, 'm-2'), {
    allModelCheckpointPaths: [join(folder, 'm-1')],
    allModelCheckpointTimestamps: [1571165245.1539788, 1571165246],
    lastPreservedTimestamp: 1.5,
  });
  assert.equal(
    await readFile(join(folder, 'checkpoint'), 'utf8'),
    `model_checkpoint_path: "${folder}/m-2"\n` +
      `all_model_checkpoint_paths: "${folder}/m-1"\n` +
      `all_model_checkpoint_paths: "${folder}/m-2"\n` +
      'all_model_checkpoint_timestamps: 1571165245.1539788\n' +
      'all_model_checkpoint_timestamps: 1571165246.0\n' +
      'last_preserved_timestamp: 1.5\n',
  );
  assert.deepEqual(await tf.train.getCheckpointState(folder), {
    modelCheckpointPath: `${folder}/m-2`,
    allModelCheckpointPaths: [`${folder}/m-1`, `${folder}/m-2`],
    allModelCheckpointTimestamps: [1571165245.1539788, 1571165246],
    lastPreservedTimestamp: 1.5,
  });
});

test('relative paths are relative to the folder of the state', async () => {
  await tf.train.updateCheckpointState('memory://state', 'memory://state/model.ckpt');
  const state = await tf.train.getCheckpointState('memory://state');
  assert.equal(state!.modelCheckpointPath, 'memory://state/model.ckpt');
  const home = join(folder, 'relative');
  await mkdir(home);
  await writeFile(join(home, 'checkpoint'), "# by hand\r\nmodel_checkpoint_path: 'sub' '/m'\r\n");
  assert.equal((await tf.train.getCheckpointState(home))!.modelCheckpointPath, `${home}/sub/m`);
});

test('the latest checkpoint counts only with its files', async () => {
  const home = join(folder, 'latest');
  await mkdir(home);
  assert.equal(await tf.train.latestCheckpoint(home), undefined);
  await writeFile(join(home, 'checkpoint'), 'model_checkpoint_path: "m"\n');
  assert.equal(await tf.train.latestCheckpoint(home), undefined);
  const writer = new tf.BundleWriter(join(home, 'm'));
  await writer.finish();
  assert.equal(await tf.train.latestCheckpoint(home), join(home, 'm'));
  assert.equal(await tf.train.checkpointExists(join(home, 'm')), true);
  assert.equal(await tf.train.checkpointExists(join(home, 'm.index')), true);
  assert.equal(await tf.train.checkpointExists(join(home, '?')), true);
  assert.equal(await tf.train.checkpointExists(join(home, 'n')), false);
});

test('a state that cannot be read is passed over, one without a path is an error', async () => {
  const home = join(folder, 'bad');
  await mkdir(home);
  await writeFile(join(home, 'checkpoint'), 'unknown_field: 1\n');
  assert.equal(await tf.train.getCheckpointState(home), undefined);
  await writeFile(join(home, 'checkpoint'), '');
  await assert.rejects(tf.train.getCheckpointState(home), {
    code: 'VALUE_ERROR',
    message: `Invalid checkpoint state loaded from ${home}`,
  });
});

test('a checkpoint cannot be called as its state file is', async () => {
  await assert.rejects(tf.train.updateCheckpointState(folder, join(folder, 'checkpoint')), {
    code: 'RUNTIME_ERROR',
    message: `Save path '${folder}/checkpoint' conflicts with path used for checkpoint state.  Please use a different save path.`,
  });
});
