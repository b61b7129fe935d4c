// Scopes, partitioned variables and object checkpoints in Chromium and Firefox, where plain paths lie in IndexedDB: a
// program saves, the page is loaded anew, another program restores (engine/docs/object-checkpoints.md).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import type { Served } from '#tools/serve.mjs';
import { BROWSERS, type Launched, launchBrowser, openPage, serveAll } from './support/browser.js';

/** Runs `body`, the text of an async function of `tf`, in the page. */
function inPage<T>(page: Page, body: string): Promise<T> {
  const code = `(async () => {
    const tf = await import('/dist/index.web.js');
    await tf.ready({ wasm: '/dist/engine.wasm' });
    tf.setLogHandler(null);
    tf.resetDefaultGraph();
    ${body}
  })()`;
  return page.evaluate(code) as Promise<T>;
}

const SAVE = `
  const initializer = (_shape, dtype) => tf.constant([[1, 2], [3, 4]], { dtype });
  const kernel = tf.variableScope('layer', () => tf.getVariable('kernel', [4, 2], {
    initializer,
    partitioner: tf.fixedSizePartitioner(2),
  }));
  const model = { parts: [...kernel], step: new tf.Variable(7) };
  const sess = new tf.Session();
  sess.run(tf.globalVariablesInitializer());
  await new tf.train.Saver([...kernel]).save(sess, 'names/model.ckpt', { writeMetaGraph: false });
  const checkpoint = new tf.train.Checkpoint({ model });
  const manager = new tf.train.CheckpointManager(checkpoint, 'objects', { maxToKeep: 2 });
  for (let i = 0; i < 3; i++) {
    sess.run(model.step.assignAdd(1));
    await manager.save({ session: sess });
  }
  sess.close();
  return manager.checkpoints;`;

const RESTORE = `
  const kernel = tf.variableScope('layer', () => tf.getVariable('kernel', [4, 2]));
  const parts = [0, 1].map((i) => tf.getVariable('part' + i, [2, 2]));
  const step = tf.getVariable('count', { initializer: 0 });
  const sess = new tf.Session();
  await tf.train.initFromCheckpoint('names/model.ckpt', { 'layer/': 'layer/' });
  const checkpoint = new tf.train.Checkpoint({ model: { step, parts } });
  const latest = await tf.train.latestCheckpoint('objects');
  const status = await checkpoint.restore(latest);
  await status.assertConsumed().initializeOrRestore(sess);
  sess.run(kernel.initializer);
  const { files } = tf.locate('objects/ckpt');
  const names = (await files.list()).map(({ name }) => name).filter((name) => name.endsWith('.index'));
  const values = sess.run([kernel, ...parts, step]).map((value) => String(value.tolist()));
  sess.close();
  return [...values, latest, names.join()];`;

for (const kind of BROWSERS) {
  describe(kind, () => {
    let launched: Launched;
    let site: Served;
    let page: Page;
    let errors: string[];
    before(async () => {
      site = await serveAll();
      launched = await launchBrowser(kind);
      ({ page, errors } = await openPage(launched.browser, `${site.url}blank`));
    });
    after(async () => {
      await launched?.close();
      await site?.close();
    });

    test('what one page saves the next one restores, by name and by object', async () => {
      assert.deepEqual(await inPage(page, SAVE), ['objects/ckpt-2', 'objects/ckpt-3']);
      await page.reload();
      assert.deepEqual(await inPage(page, RESTORE), [
        '1,2,3,4,1,2,3,4',
        '1,2,3,4',
        '1,2,3,4',
        '10',
        'objects/ckpt-3',
        'ckpt-2.index,ckpt-3.index',
      ]);
      assert.deepEqual(errors, []);
    });
  });
}
