// The lesson's third part and what follows it: training, testing, names, fine-tuning, resuming. In Node and in pages.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Served } from '#tools/serve.mjs';
import { BROWSERS, type Launched, launchBrowser, ROOT, serveAll } from './support/browser.js';
import { idxFiles } from './support/idx-files.js';
import { Lesson } from './support/lesson.js';

const CELLS = join(ROOT, 'web/tutorial/cells');

/** The accuracies that a training printed, in order. */
function accuracies(output: string): number[] {
  return [...output.matchAll(/Accuracy: ([\d.]+)/g)].map(([, value]) => Number(value));
}

/** The losses by epoch; a training that was resumed has two for an epoch. */
function losses(output: string): [number, string][] {
  return [...output.matchAll(/^Epoch (\d+)\S*\s+- Loss: (\S+)/gm)].map(([, epoch, loss]) => [
    Number(epoch),
    loss!,
  ]);
}

/** What every run of the lesson's programs must show, wherever it happens. */
const EXPECT = {
  train(output: string): void {
    assert.match(output, /^Training for 100 epochs\n/);
    assert.match(output, /\nEpoch 0 {3}- Loss: [\d.]+ - Validation Accuracy: [\d.]+\n/);
    assert.match(output, /\nTrained Model Saved\.$/);
    const found = accuracies(output);
    assert.equal(found.length, 11);
    assert.ok(found[0]! < 0.5 && found.at(-1)! > 0.8, `${found}`);
  },
  test(output: string): void {
    const [accuracy] = accuracies(output);
    assert.ok(accuracy! > 0.75, output);
  },
  names(output: string): void {
    assert.match(
      output,
      /Save Weights: Variable:0\nSave Bias: Variable_1:0\nLoad Weights: Variable_1:0\nLoad Bias: Variable:0/,
    );
    assert.match(
      output,
      /Assign requires shapes of both tensors to match\. lhs shape= \[3\] rhs shape= \[2,3\]/,
    );
  },
  named(output: string): void {
    assert.match(
      output,
      /^Save Weights: weights_0:0\nSave Bias: bias_0:0\nLoad Weights: weights_0:0\nLoad Bias: bias_0:0\n/,
    );
    assert.match(output, /Loaded Weights and Bias successfully\.$/);
  },
  finetune(output: string, tested: string): void {
    const [before, ...rest] = accuracies(output);
    // The new model begins exactly where the old one ended.
    assert.equal(before, accuracies(tested)[0]);
    assert.ok(rest.at(-1)! > Math.max(0.88, before!), output);
    // 41 epochs of 11 batches.
    assert.match(output, /Saved \.\/finetuned\.ckpt-451$/);
  },
  lenet(output: string): void {
    assert.match(output, /Saved \.\/lenet\.ckpt-80\n/);
    assert.match(output, /Restored \.\/lenet\.ckpt-80, global step 80\n/);
    assert.match(output, /The same loss, bit for bit\.$/);
    const found = losses(output);
    assert.equal(found.length, 24);
    for (const [epoch, loss] of found.slice(16)) {
      assert.ok(found.some(([other, same]) => other === epoch && same === loss));
    }
    assert.ok(accuracies(output).at(-1)! > 0.85, output);
  },
};

const withoutLog = (output: string) => output.replace(/^INFO:tensorflow:.*\n/gm, '').trim();

test('in Node: train, test, fine-tune, resume', () => {
  const folder = mkdtempSync(join(tmpdir(), 'training-'));
  const run = (file: string) =>
    withoutLog(
      execFileSync(process.execPath, [join(CELLS, file)], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  try {
    EXPECT.train(run('03-train.js'));
    const tested = run('04-test.js');
    EXPECT.test(tested);
    assert.equal(run('04-test.js'), tested);
    EXPECT.named(run('06-named.js'));
    EXPECT.finetune(run('07-finetune.js'), tested);
    EXPECT.lenet(run('08-lenet.js'));
    assert.throws(() => run('05-names.js'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const kind of BROWSERS) {
  describe(`training in ${kind}`, () => {
    let launched: Launched;
    let site: Served;
    let lesson: Lesson;
    before(async () => {
      site = await serveAll();
      launched = await launchBrowser(kind);
    });
    after(async () => {
      await launched?.close();
      await site?.close();
    });
    beforeEach(async () => {
      await lesson?.page.close();
      lesson = await Lesson.open(launched.browser, site.url);
    });

    test('train, reload, test, fine-tune', async () => {
      const trained = await lesson.run('train');
      assert.equal(trained.status, 'done', trained.output);
      EXPECT.train(withoutLog(trained.output));
      assert.deepEqual(
        await lesson.page.$$eval('[data-cell="train"] .curve figcaption span', (names) =>
          names.map((name) => name.textContent),
        ),
        ['Loss', 'Validation Accuracy'],
      );
      const points = await lesson.page.$$eval('[data-cell="train"] .curve polyline', (lines) =>
        lines.map((line) => line.getAttribute('points')!.split(' ').length),
      );
      assert.deepEqual(points, [11, 11]);
      await lesson.reload();
      const tested = withoutLog((await lesson.run('test')).output);
      EXPECT.test(tested);
      EXPECT.finetune(withoutLog((await lesson.run('finetune')).output), tested);
      assert.deepEqual(lesson.errors, []);
    });

    test('the order of creation decides names, and a name ends it', async () => {
      const { status } = await lesson.run('names');
      assert.equal(status, 'failed');
      EXPECT.names(
        await lesson.page.$eval('[data-cell="names"] .cell-lines', (lines) =>
          [...lines.querySelectorAll('pre')].map((line) => line.textContent).join('\n'),
        ),
      );
      EXPECT.named(withoutLog((await lesson.run('named')).output));
    });

    test('a training that stops in the middle goes on as though it had not', async () => {
      EXPECT.lenet(withoutLog((await lesson.run('lenet')).output));
      const runs = await lesson.page.$$eval('[data-cell="lenet"] .curve', (curves) =>
        curves.map((curve) => curve.querySelectorAll('polyline').length),
      );
      assert.deepEqual(runs, [2, 2]);
    });

    test('a training shows how far it is, leaves the page free, and can be stopped', async () => {
      await lesson.type('train', LONG);
      await lesson.press('train');
      await lesson.page.waitForSelector('[data-cell="train"] .course-progress progress');
      // The page answers while the program computes.
      const waited = await lesson.page.evaluate(async () => {
        const start = performance.now();
        for (let i = 0; i < 10; i += 1) await new Promise(requestAnimationFrame);
        return performance.now() - start;
      });
      assert.ok(waited < 5000, `${waited} ms for ten frames`);
      const { max, value } = await lesson.page.$eval('.course-progress progress', (bar) => ({
        max: (bar as HTMLProgressElement).max,
        value: (bar as HTMLProgressElement).value,
      }));
      assert.equal(max, 1_000_000);
      assert.ok(value > 0);
      await lesson.page.waitForSelector('[data-cell="train"] .run-button.stop');
      await lesson.press('train');
      await lesson.page.waitForSelector('[data-cell="train"] .run-button:not(.stop)');
      assert.equal(await lesson.page.$('[data-cell="train"] .course-progress'), null);
    });

    test('files of the reader’s own: MNIST’s form, dropped and read', async () => {
      await lesson.page.waitForSelector('.files-add input');
      await lesson.page.evaluate((contents) => {
        const transfer = new DataTransfer();
        for (const [name, bytes] of contents)
          transfer.items.add(new File([Uint8Array.from(bytes)], name));
        document
          .querySelector('.files')!
          .dispatchEvent(
            new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
          );
      }, idxFiles);
      await lesson.waitForFiles(4);
      await lesson.type('save', READ_OWN);
      const { output } = await lesson.run('save');
      assert.equal(withoutLog(output), '3 1 [7 0]');
    });
  });
}

const LONG = `import * as tf from 'tensorbundle';
await tf.ready();
const v = new tf.Variable(0);
const step = tf.assignAdd(v, 1);
using sess = new tf.Session();
sess.run(tf.globalVariablesInitializer());
for (let i = 1; i <= 1000000; i += 1) {
sess.run(step);
if (i % 1000 === 0) console.log(\`Step \${i}/1000000 - Loss: \${1 / i}\`);
}`;

const READ_OWN = `import * as tf from 'tensorbundle';
await tf.ready();
const data = await tf.readDataSets('.', { validationSize: 1 });
const labels = data.train.labels;
console.log(data.train.numExamples, data.test.numExamples, String(tf.ndarray(labels.tolist().slice(0, 2))));`;
