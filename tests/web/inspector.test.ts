// The inspector in real browsers: files dropped and chosen, whole and damaged, many and hostile.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { ElementHandle, Page } from 'puppeteer-core';
import * as tf from 'tensorbundle/node';
import type { Served } from '#tools/serve.mjs';
import {
  BROWSERS,
  type Launched,
  launchBrowser,
  type OpenedPage,
  openPage,
  serveAll,
} from './support/browser.js';

const HOSTILE = '<img src=x onerror="document.title=1">';
const MANY = 20_000;

let folder = '';

/** Writes `tensors` as a checkpoint called `name`. */
async function write(name: string, tensors: Record<string, tf.NDArray>): Promise<void> {
  const writer = new tf.BundleWriter(join(folder, name));
  for (const key of Object.keys(tensors).sort()) await writer.add(key, tensors[key]!);
  await writer.finish();
}

function filesOf(name: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.`))
    .map((file) => join(folder, file));
}

before(async () => {
  await tf.ready();
  folder = mkdtempSync(join(tmpdir(), 'inspector-'));
  await write('good', {
    [HOSTILE]: tf.ndarray([1, 2, 3], undefined, 'int32'),
    'dense/bias': tf.ndarray([0, 0, -1.5, 4.5], undefined, 'float32'),
    'dense/kernel': tf.ndarray([
      [1, 2],
      [3, 4],
    ]),
    words: new tf.NDArray('string', [2], [Uint8Array.of(97), Uint8Array.of(98, 99)]),
  });
  await write('bad', {
    first: tf.ndarray([1, 2, 3], undefined, 'int32'),
    second: tf.ndarray([4, 5, 6], undefined, 'int32'),
  });
  const data = filesOf('bad').find((file) => file.includes('.data-'))!;
  const bytes = readFileSync(data);
  bytes[14]! ^= 1;
  writeFileSync(data, bytes);
  const many = new tf.BundleWriter(join(folder, 'many'));
  for (let i = 0; i < MANY; i += 1) {
    await many.add(`layer_${String(i).padStart(5, '0')}`, tf.ndarray(i, [], 'int32'));
  }
  await many.finish();
});
after(() => rmSync(folder, { recursive: true }));

async function choose(page: Page, paths: readonly string[]): Promise<void> {
  const input = (await page.waitForSelector('.pick input')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(...paths);
}

/** The texts of the cells of the rows that are drawn. */
function table(page: Page): Promise<string[][]> {
  return page.$$eval('.table-box tbody tr:not(.table-gap)', (rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim())),
  );
}

for (const kind of BROWSERS) {
  describe(`the inspector in ${kind}`, () => {
    let launched: Launched;
    let site: Served;
    let opened: OpenedPage;
    before(async () => {
      site = await serveAll();
      launched = await launchBrowser(kind);
    });
    after(async () => {
      await launched?.close();
      await site?.close();
    });
    beforeEach(async () => {
      await opened?.page.close();
      opened = await openPage(launched.browser, `${site.url}inspector/?lang=en`);
      await opened.page.setViewport({ width: 1280, height: 900 });
    });

    test('chosen files: the table, a tensor closely, every byte checked', async () => {
      const { page, errors } = opened;
      await choose(page, filesOf('good'));
      await page.waitForSelector('.table-box tbody tr');
      assert.deepEqual(await table(page), [
        [HOSTILE, 'int32', '[3]', '12 bytes'],
        ['dense/bias', 'float32', '[4]', '16 bytes'],
        ['dense/kernel', 'int32', '[2, 2]', '16 bytes'],
        ['words', 'string', '[2]', '9 bytes'],
      ]);
      await page.click('tbody tr:nth-of-type(2) button');
      await page.waitForSelector('.values');
      assert.equal(
        await page.$eval('.values', (text) => text.textContent),
        '[ 0.   0.  -1.5  4.5]',
      );
      const facts = await page.$$eval('.look .facts dd', (all) => all.map((it) => it.textContent));
      assert.deepEqual(facts, ['0.75', '2.25', '2', '0']);
      await page.click('.card .run-button');
      await page.waitForSelector('.verdict.good');
      assert.match(
        await page.$eval('.verdict', (text) => text.textContent),
        /Whole: 4 tensors, 53 bytes/,
      );
      // The name stayed a text.
      assert.notEqual(await page.title(), '1');
      assert.deepEqual(errors, []);
    });

    test('dropped files', async () => {
      const { page } = opened;
      const contents = filesOf('good').map((path): [string, number[]] => [
        path.slice(folder.length + 1),
        [...readFileSync(path)],
      ]);
      await page.waitForSelector('.drop');
      await page.evaluate((files) => {
        const transfer = new DataTransfer();
        for (const [name, bytes] of files)
          transfer.items.add(new File([Uint8Array.from(bytes)], name));
        document
          .querySelector('.drop')!
          .dispatchEvent(
            new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
          );
      }, contents);
      await page.waitForSelector('.table-box tbody tr');
      assert.equal((await table(page)).length, 4);
    });

    test('a flipped bit: which tensor, in TensorFlow’s words; the others still open', async () => {
      const { page } = opened;
      await choose(page, filesOf('bad'));
      await page.waitForSelector('.table-box tbody tr');
      await page.click('.card .run-button');
      await page.waitForSelector('.verdict.bad');
      const verdict = await page.$eval('.verdict', (text) => text.textContent);
      assert.match(verdict, /1 tensors cannot be read, 1 are intact/);
      assert.match(verdict, /second.*Data loss: Checksum does not match/s);
      assert.equal((await page.$$('tr[data-bad="true"]')).length, 1);
      await page.click('tr[data-bad="true"] button');
      await page.waitForSelector('.look .problem');
      await page.click('tr[data-bad="false"] button');
      await page.waitForSelector('.values');
      assert.equal(await page.$eval('.values', (text) => text.textContent), '[1 2 3]');
    });

    test('several checkpoints: one is asked for', async () => {
      const { page } = opened;
      await choose(page, [...filesOf('good'), ...filesOf('bad')]);
      await page.waitForSelector('.stored-name');
      const names = await page.$$eval('.stored-name', (all) => all.map((it) => it.textContent));
      assert.deepEqual(names.sort(), ['bad', 'good']);
      await page.click('.stored-name');
      await page.waitForSelector('.table-box tbody tr');
    });

    test('what is no checkpoint, and an index without its data', async () => {
      const { page } = opened;
      const other = join(folder, 'notes.txt');
      writeFileSync(other, 'nothing');
      await choose(page, [other]);
      await page.waitForSelector('.problem');
      assert.match(await page.$eval('.problem', (text) => text.textContent), /Error/);
      await choose(page, [filesOf('good').find((file) => file.endsWith('.index'))!]);
      await page.waitForSelector('.table-box tbody tr');
      await page.click('tbody button');
      await page.waitForSelector('.look .problem');
      assert.match(
        await page.$eval('.look .problem', (text) => text.textContent),
        /NotFoundError.*good\.data-00000-of-00001/s,
      );
    });

    test('twenty thousand tensors: few rows are drawn, any is found', async () => {
      const { page } = opened;
      await choose(page, filesOf('many'));
      await page.waitForSelector('.table-box tbody tr');
      assert.ok((await table(page)).length < 100);
      await page.$eval('.table-box', (box) => box.scrollTo(0, box.scrollHeight));
      await page.waitForFunction(
        (last) =>
          [...document.querySelectorAll('.row-name')].some((it) => it.textContent.trim() === last),
        {},
        `layer_${MANY - 1}`,
      );
      await page.type('.filter', '12345');
      await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
      await page.click('tbody button');
      await page.waitForSelector('.values');
      assert.equal(await page.$eval('.values', (text) => text.textContent), '12345');
    });

    test('a checkpoint of the lesson, out of the browser’s own storage', async () => {
      const { page } = opened;
      await page.goto(`${site.url}tutorial/?lang=en`);
      await page.waitForSelector('[data-cell="save"] .run-button');
      await page.click('[data-cell="save"] .run-button');
      await page.waitForSelector('[data-cell="save"] .cell-status.done');
      await page.goto(`${site.url}inspector/?lang=en`);
      await page.waitForSelector('.stored-name');
      await page.click('.stored-name');
      await page.waitForSelector('.table-box tbody tr');
      assert.deepEqual(
        (await table(page)).map(([name]) => name),
        ['Variable', 'Variable_1'],
      );
    });
  });
}
