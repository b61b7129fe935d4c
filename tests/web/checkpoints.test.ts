// Checkpoints of every age as File objects in Chromium and Firefox: those of the corpus, where it is, and a partitioned
// bundle and V1 shards that the page writes itself.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import type { Served } from '#tools/serve.mjs';
import { corpus, foldersIn, readJson } from '../support/corpus.js';
import type { SeenTensor, ServedFile } from './checkpoints-page.js';
import { BROWSERS, type Launched, launchBrowser, openPage, serveAll } from './support/browser.js';

const PAGE_MODULE = '/tests/web/checkpoints-page.js';
const CORPUS = corpus();
const CHECKPOINTS = CORPUS === undefined ? undefined : join(CORPUS, 'checkpoints');

interface Described {
  readonly tensors: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly size: number;
    readonly sha256?: string;
    readonly slices?: readonly { readonly sha256: string }[];
  }[];
}

// The files of a checkpoint's folder, by their own names: that is how a page gets them from a file chooser.
function servedFiles(folder: string): ServedFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile() && !/\.(json|meta|pb)$/.test(entry.name))
    .map(({ parentPath, name }) => ({
      url: join('/corpus', join(parentPath, name).slice(CHECKPOINTS!.length))
        .split('/')
        .map(encodeURIComponent)
        .join('/'),
      name,
    }));
}

for (const kind of BROWSERS) {
  describe(kind, () => {
    let launched: Launched;
    let site: Served;
    let page: Page;
    before(async () => {
      site = await serveAll(CHECKPOINTS === undefined ? {} : { '/corpus/': CHECKPOINTS });
      launched = await launchBrowser(kind);
      ({ page } = await openPage(launched.browser, `${site.url}blank`));
    });
    after(async () => {
      await launched?.close();
      await site?.close();
    });

    const call = <T>(code: string) =>
      page.evaluate(`import('${PAGE_MODULE}').then((it) => it.${code})`) as Promise<T>;

    test('slices and V1 shards that the page wrote', async () => {
      const [bundle, v1] = await call<SeenTensor[][]>('readWritten()');
      const row = ({ name, dtype, shape, status, sha256 }: SeenTensor) =>
        [name, dtype, shape, status, sha256] as const;
      const whole = bundle!.filter(({ name }) => !name.startsWith('\0')).map(row);
      assert.deepEqual(whole, v1!.map(row));
      assert.deepEqual(
        whole.map(([name, dtype, shape, status]) => [name, dtype, shape, status]),
        [
          ['s', 'string', [2], 'OK'],
          ['w', 'float16', [4], 'OK'],
        ],
      );
      // The bits of 1, 2, 3 and 4: 003c 0040 0042 0044.
      assert.equal(
        whole[1]![4],
        'df5841b1f3e41c4055420b2d3f7914bc17c897f83bdd649eb6437e2482ad6496',
      );
    });

    if (CHECKPOINTS === undefined) return;
    for (const folder of foldersIn(CHECKPOINTS, /./)) {
      const described = readJson<Record<string, Described>>(join(folder, 'TENSORS.json'));
      for (const [path, { tensors }] of Object.entries(described)) {
        test(`${basename(folder)} ${path}`, async () => {
          const prefix = path === '(empty)' ? '' : path.slice(path.lastIndexOf('/') + 1);
          const files = JSON.stringify(servedFiles(folder));
          const got = await call<SeenTensor[]>(`readServed(${files}, ${JSON.stringify(prefix)})`);
          const wanted = tensors.map(({ name, dtype, shape, size, sha256, slices }) => ({
            name,
            dtype,
            shape,
            size,
            sha256: sha256 ?? slices?.[0]?.sha256 ?? '',
          }));
          const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
          assert.deepEqual(got.map(({ status, ...row }) => row).sort(byName), wanted.sort(byName));
          // What has no hash lies in a shard that the corpus lacks.
          for (const { name, status, sha256 } of got) {
            assert.match(
              status,
              sha256 === '' ? /^Not found: .*data-00001-of-00002/ : /^OK$/,
              name,
            );
          }
        });
      }
    }
  });
}
