// Genuine checkpoints come back through their own `.meta` files, and through what this package writes of those: every
// variable has the bytes that an independent parser found.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from 'tensorbundle';
import { corpus, foldersIn, readJson } from '../../../support/corpus.js';
import { sha256, useFolder } from './support.js';

useFolder();

interface Dump {
  readonly tensors: readonly {
    readonly name: string;
    readonly sha256?: string;
    readonly slices?: readonly { readonly sha256?: string }[];
  }[];
}

interface Genuine {
  readonly name: string;
  readonly meta: string;
  readonly prefix: string;
  readonly dump: Dump;
}

/** The checkpoints of a folder that have a `.meta` and their data. */
function genuine(folder: string): Genuine[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.meta'))
    .map((name) => name.slice(0, -'.meta'.length))
    .flatMap((name) => {
      const dumps = readJson<Record<string, Dump>>(join(folder, 'TENSORS.json'));
      const key = Object.keys(dumps).find((each) => each === name || each.startsWith(`${name}-0`));
      const prefix = join(folder, key ?? name);
      return key === undefined
        ? []
        : [{ name: prefix, meta: join(folder, `${name}.meta`), prefix, dump: dumps[key]! }];
    });
}

/** Restores `prefix` by the saver of `meta`, and compares each variable of its graph. Returns how many. */
async function restored(meta: string | Uint8Array, { prefix, dump }: Genuine): Promise<number> {
  tf.resetDefaultGraph();
  const saver = await tf.train.importMetaGraph(meta);
  assert.ok(saver !== undefined);
  using sess = new tf.Session();
  await saver.restore(sess, prefix);
  const facts = new Map(
    dump.tensors.map((each) => [each.name, each.sha256 ?? each.slices?.[0]?.sha256]),
  );
  let compared = 0;
  for (const variable of tf.globalVariables()) {
    const fact = facts.get(variable.saveSliceInfo?.fullName ?? variable.op.name);
    if (fact === undefined) continue;
    assert.equal(sha256(sess.run(variable).bytes()), fact, variable.name);
    ++compared;
  }
  return compared;
}

const shared = corpus();
const found =
  shared === undefined ? [] : foldersIn(join(shared, 'checkpoints'), /^v[12]-/).flatMap(genuine);

for (const one of found) {
  test(`${one.name.split('/').slice(-2).join('/')} through its own .meta, and through ours`, async () => {
    assert.ok(existsSync(one.meta));
    const count = await restored(one.meta, one);
    assert.ok(count > 0);
    const saver = await (async () => {
      tf.resetDefaultGraph();
      return tf.train.importMetaGraph(one.meta);
    })();
    const nodes = tf.getDefaultGraph().getOperations().length;
    const again = await tf.train.exportMetaGraph(null, { saverDef: saver!.asSaverDef() });
    assert.equal(await restored(again, one), count);
    assert.equal(tf.getDefaultGraph().getOperations().length, nodes);
  });
}

// The same with a checkpoint that TensorFlow's own writer made (bundle-format.md), in files of this package.
test('a graph of our own, restored through its .meta, has the bytes that were saved', async () => {
  const prefix = 'memory://corpus/model.ckpt';
  const values = tf.ndarray(
    Float32Array.from({ length: 6 }, (_, i) => i / 7),
    [2, 3],
  );
  const w = new tf.Variable(values, { name: 'w' });
  const parts = tf.getVariable('emb', [5, 2], {
    initializer: tf.onesInitializer(),
    partitioner: tf.fixedSizePartitioner(2),
  });
  tf.matMul(w.value(), tf.zeros([3, 1]), { name: 'y' });
  const saver = new tf.train.Saver();
  {
    using sess = new tf.Session();
    sess.run(tf.globalVariablesInitializer());
    parts.variables[1]!.load(tf.ndarray([1, 2, 3, 4], [2, 2], 'float32'), sess);
    await saver.save(sess, prefix);
  }
  tf.resetDefaultGraph();
  const importer = await tf.train.importMetaGraph(`${prefix}.meta`);
  using sess = new tf.Session();
  await importer!.restore(sess, prefix);
  assert.deepEqual(
    tf.globalVariables().map((variable) => [variable.op.name, String(sess.run(variable).tolist())]),
    [
      ['w', String(values.tolist())],
      ['emb/part_0', '1,1,1,1,1,1'],
      ['emb/part_1', '1,2,3,4'],
    ],
  );
});
