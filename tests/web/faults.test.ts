// Saves, retention and removals in the real IndexedDB of Chromium and Firefox, with a fault at each request in turn.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import type { Served } from '#tools/serve.mjs';
import { FAULT_CASES } from '../bindings/runtime/saver/fault-cases.js';
import { BROWSERS, type Launched, launchBrowser, openPage, serveAll } from './support/browser.js';

for (const kind of BROWSERS) {
  describe(kind, () => {
    let launched: Launched;
    let site: Served;
    let page: Page;
    before(async () => {
      site = await serveAll();
      launched = await launchBrowser(kind);
      ({ page } = await openPage(launched.browser, `${site.url}blank`));
    });
    after(async () => {
      await launched?.close();
      await site?.close();
    });
    const inPage = (call: string) =>
      page.evaluate(`import('/tests/web/faults-page.js').then((it) => it.${call})`);

    for (const name of FAULT_CASES) {
      test(`${name}: any request of IndexedDB`, async () => {
        assert.ok(Number(await inPage(`runFaults('${name}')`)) >= 5);
      });
    }

    test('retention and the naming error', async () => {
      assert.deepEqual(await inPage('runLesson()'), [
        'checkpoint m-2.data-00000-of-00001 m-2.index m-2.meta m-3.data-00000-of-00001 m-3.index m-3.meta',
        'folder/m-3',
        'Assign requires shapes of both tensors to match. lhs shape= [3] rhs shape= [2,3]\n\t [[{{node save/Assign}}]]',
      ]);
    });
  });
}
