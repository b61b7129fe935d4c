/// Vite plugin: fills the pages' HTML at build time, so that they read well before any script runs.
///
///   {{key}}            the message in both languages; theme.css shows the one of the document
///   %up%               the way to the site's root from this page ("./" or "../")
///   <!-- slot:name -->  shared/name.html, or the text a function gives

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Plugin } from 'vite';
import { en } from '../shared/messages.en.js';
import { zh } from '../shared/messages.zh.js';
import { bilingual } from './bilingual.js';

export interface FragmentOptions {
  /** The folder of the pages, with a slash at its end. */
  readonly root: string;
  /** Slots filled by a function; every other one is a file of shared/. */
  readonly slots: Readonly<Record<string, () => string>>;
  /** Path prefixes, relative to root, whose change reloads the page. */
  readonly watch: readonly string[];
}

function isKey(key: string): key is keyof typeof en {
  return Object.hasOwn(en, key);
}

/** Makes the plugin. */
export function fragments({ root, slots, watch }: FragmentOptions): Plugin {
  const fill = (html: string): string =>
    html.replace(/<!-- slot:([\w-]+) -->/g, (_, name: string) =>
      fill(slots[name]?.() ?? readFileSync(`${root}shared/${name}.html`, 'utf8')),
    );
  return {
    name: 'tensorbundle:fragments',
    transformIndexHtml: {
      order: 'pre',
      handler(html, { filename }) {
        const folders = relative(root, filename).split('/').slice(0, -1);
        const here = `href="%up%${folders.join('/')}/"`;
        return fill(html)
          .replaceAll(here, `${here} aria-current="page"`)
          .replaceAll('%up%', folders.length === 0 ? './' : '../'.repeat(folders.length))
          .replace(/\{\{([\w.]+)\}\}/g, (_, key: string) => {
            if (!isKey(key)) throw new Error(`${filename}: no message is called ${key}`);
            return bilingual(en[key], zh[key]);
          });
      },
    },
    configureServer(server) {
      server.watcher.on('change', (path) => {
        const name = relative(root, path);
        if (name.endsWith('.html') || watch.some((prefix) => name.startsWith(prefix))) {
          server.hot.send({ type: 'full-reload' });
        }
      });
    },
  };
}
