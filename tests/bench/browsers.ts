/// The benchmarks that need no Node, in Chromium and Firefox: each in a page of its own.

import { join } from 'node:path';
import { build } from 'esbuild';
import { serve } from '#tools/serve.mjs';
import { BROWSERS, launchBrowser, ROOT } from '../web/support/browser.js';

const NAMES = ['crc', 'list', 'random', 'memory', 'indexeddb'];

const FOLDER = join(ROOT, 'build/bench-web');

// A page has no `exports` and `imports` of a package.json, and its policy allows no import map.
await build({
  entryPoints: NAMES.map((name) => join(ROOT, `build/tests-js/bench/${name}.bench.js`)),
  outdir: FOLDER,
  bundle: true,
  format: 'esm',
  alias: { tensorbundle: '/dist/index.web.js', '#dist': '/dist' },
  external: ['/dist/*'],
});
const site = await serve({
  mounts: { '/dist/': join(ROOT, 'dist'), '/bench/': FOLDER },
  pages: {
    '/': `<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title>
<link rel="icon" href="data:,"></html>`,
  },
});
for (const kind of BROWSERS) {
  const { browser, close } = await launchBrowser(kind);
  console.log(`\n== ${await browser.version()}`);
  for (const name of NAMES) {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    page.on('console', (message) => console.log(message.text()));
    await page.goto(site.url);
    await page.evaluate(`import('/bench/${name}.bench.js').then(() => {})`);
    await page.close();
  }
  await close();
}
await site.close();
