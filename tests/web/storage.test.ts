// The storage contract with the real IndexedDB of Chromium and Firefox: in a page, in a worker, with two tabs,
// across a reload and after a tab that died in the middle of a save.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import type { Served } from '#tools/serve.mjs';
import { indexedDbCases } from './storage-page.js';
import { BROWSERS, type Launched, launchBrowser, openPage, serveAll } from './support/browser.js';

const PAGE_MODULE = '/tests/web/storage-page.js';

/** Runs `body`, the text of an async function of `storage` (IndexedDB) and `chunk(bytes)`, in the page. */
function inPage<T>(page: Page, body: string): Promise<T> {
  const code = `(async () => {
    const { makeStorage } = await import('${PAGE_MODULE}');
    const storage = await makeStorage();
    ${body}
  })()`;
  return page.evaluate(code) as Promise<T>;
}

const SAVE = `async function save(path, names, size, value) {
    const transaction = await storage.locate(path).files.begin();
    for (const name of names) {
      const sink = await transaction.create(name);
      await sink.write(new Uint8Array(size).fill(value));
      await sink.close();
    }
    await transaction.commit();
  }`;

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

    describe('indexeddb in a page', () => {
      for (const { name } of indexedDbCases()) {
        test(name, async () => {
          const code = `import('${PAGE_MODULE}').then((it) => it.runCase(${JSON.stringify(name)}))`;
          assert.equal(await page.evaluate(code), '');
        });
      }
    });

    test('the whole contract holds in a worker', async () => {
      const code = `new Promise((resolve, reject) => {
        const worker = new Worker('/tests/web/storage-worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
      })`;
      assert.deepEqual(await page.evaluate(code), []);
    });

    test('a save survives a reload', async () => {
      await inPage(page, `${SAVE} await save('kept/m', ['m.data', 'm.index'], 5 << 20, 7);`);
      await page.reload();
      const read = `
        const { files } = storage.locate('indexeddb://kept/m');
        const source = await files.open('m.data');
        const last = await source.read(source.size - 1, 1);
        return [(await files.list()).map(({ name }) => name).join(), source.size, last[0]];`;
      assert.deepEqual(await inPage(page, read), ['m.data,m.index', 5 << 20, 7]);
    });

    test('two tabs that save one checkpoint over and over never mix it', async () => {
      const other = await openPage(launched.browser, `${site.url}blank`);
      const loop = (value: number): string => `${SAVE}
        for (let i = 0; i < 10; i++) await save('tabs/m', ['m.data', 'm.index'], 300_000, ${value});`;
      const read = `
        const seen = [];
        for (let i = 0; i < 40; i++) {
          const { files } = storage.locate('tabs/m');
          if ((await files.list()).length === 0) continue;
          const data = await files.open('m.data');
          await data.read(0, data.size).then(
            (bytes) => seen.push(new Set(bytes).size),
            (error) => seen.push(error.code),
          );
        }
        return seen.filter((it) => it !== 1 && it !== 'FAILED_PRECONDITION');`;
      const [, , odd] = await Promise.all([
        inPage(page, loop(1)),
        inPage(other.page, loop(2)),
        inPage(page, read),
      ]);
      assert.deepEqual(odd, []);
      const values = `
        const { files } = storage.locate('tabs/m');
        const values = [];
        for (const name of ['m.data', 'm.index']) values.push((await (await files.open(name)).read(9, 1))[0]);
        return new Set(values).size;`;
      assert.equal(await inPage(other.page, values), 1);
      await other.page.close();
    });

    test('what a tab left that died in the middle of a save is gone with the next save', async () => {
      const dying = await openPage(launched.browser, `${site.url}blank`);
      await inPage(
        dying.page,
        `const transaction = await storage.locate('dead/m').files.begin();
         const sink = await transaction.create('m.data');
         await sink.write(new Uint8Array(9 << 20));
         globalThis.keep = sink;`,
      );
      const count = `
        const database = await new Promise((resolve) => {
          indexedDB.open('tensorbundle').onsuccess = (event) => resolve(event.target.result);
        });
        const counts = await Promise.all(['pending', 'files'].map((store) => new Promise((resolve) => {
          database.transaction(store).objectStore(store).count().onsuccess = (event) => resolve(event.target.result);
        })));
        database.close();
        return counts[0];`;
      assert.equal(await inPage(page, `${SAVE} await save('x', ['x'], 1, 1); ${count}`), 1);
      await dying.page.close();
      // The browser gives the dead tab's lock back when it gets round to it.
      const saveUntilSwept = `${SAVE}
        for (let i = 0; i < 100; i++) {
          await save('x', ['x'], 1, 1);
          const pending = await (async () => { ${count} })();
          if (pending === 0) return i;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return -1;`;
      assert.notEqual(await inPage(page, saveUntilSwept), -1);
    });

    test('nothing was refused by the Content-Security-Policy or thrown past us', () => {
      assert.deepEqual(errors, []);
    });
  });
}
