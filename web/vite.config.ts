/// The pages: static HTML in two languages, with small scripts that bring cells and panels to life.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { fragments } from './build/fragments.js';
import { pythonExample, scriptExample } from './home/build/examples.js';
import { specimenHtml } from './home/build/specimen.js';
import { lessonHtml } from './tutorial/build/markdown.js';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root,
  base: './',
  plugins: [
    fragments({
      root,
      slots: {
        lesson: () => lessonHtml(`${root}tutorial/`),
        specimen: specimenHtml,
        'example-python': () => pythonExample(`${root}home/`),
        'example-js': () => scriptExample(`${root}home/`),
      },
      watch: ['home/example', 'tutorial/content/', 'tutorial/cells/', 'shared/messages.'],
    }),
  ],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: '../build/site',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        home: `${root}index.html`,
        tutorial: `${root}tutorial/index.html`,
        inspector: `${root}inspector/index.html`,
      },
    },
  },
});
