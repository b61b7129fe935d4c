/// The lesson as HTML: content/en/NN-name.md and content/zh/NN-name.md side by side, cells from cells/.
///
/// A part is a file. It begins with `# Title {#id}`, its sections with `### Title {#id}`. A fence
/// ```js cell=name``` stands for cells/NN-name.js, a fence ```files``` for the panel of files.
/// Both languages must have the same sections, cells and panels in the same order.

import { readdirSync, readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';
import { bilingual, bilingualBlocks, escapeHtml } from '../../build/bilingual.js';
import { highlight } from '../../build/highlight.js';

type Block =
  | { readonly kind: 'prose'; readonly html: string }
  | { readonly kind: 'part' | 'section'; readonly id: string; readonly title: string }
  | { readonly kind: 'cell'; readonly name: string }
  | { readonly kind: 'files' };

const md = new MarkdownIt({
  html: false,
  typographer: false,
  highlight: (code, language) => (language === 'js' ? highlight(code) : escapeHtml(code)),
});

/** Splits a lesson file at its headings, cells and panels. */
function parse(source: string, file: string): Block[] {
  const tokens = md.parse(source, {});
  const blocks: Block[] = [];
  let prose: typeof tokens = [];
  const flush = () => {
    if (prose.length > 0)
      blocks.push({ kind: 'prose', html: md.renderer.render(prose, md.options, {}) });
    prose = [];
  };
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i]!;
    const cell = token.type === 'fence' && /^js cell=([\w-]+)$/.exec(token.info);
    if (token.type === 'heading_open') {
      flush();
      const [, title, id] = /^(.*?)\s*\{#([\w-]+)\}$/.exec(tokens[i + 1]?.content ?? '') ?? [];
      if (!title || !id)
        throw new Error(`${file}: a heading without {#id}: ${tokens[i + 1]?.content}`);
      blocks.push({ kind: token.tag === 'h1' ? 'part' : 'section', id, title });
      i += 2;
    } else if (cell) {
      flush();
      blocks.push({ kind: 'cell', name: cell[1]! });
    } else if (token.type === 'fence' && token.info === 'files') {
      flush();
      blocks.push({ kind: 'files' });
    } else {
      prose.push(token);
    }
  }
  flush();
  return blocks;
}

function cellHtml(folder: string, name: string): string {
  const file = readdirSync(`${folder}cells`).find(
    (entry) => entry.replace(/^\d+-/, '') === `${name}.js`,
  );
  if (!file) throw new Error(`cells/NN-${name}.js does not exist`);
  const code = readFileSync(`${folder}cells/${file}`, 'utf8').trimEnd();
  return (
    `<figure class="cell" data-cell="${name}" data-file="${file}">\n` +
    `<div class="cell-bar"><span class="cell-name">${file}</span></div>\n` +
    `<div class="cell-code"><pre tabindex="0"><code>${highlight(code)}</code></pre></div>\n` +
    '<div class="cell-output"></div>\n</figure>\n'
  );
}

function blockHtml(folder: string, number: number, en: Block, zh: Block): string {
  if (en.kind === 'prose' && zh.kind === 'prose') return bilingualBlocks('prose', en.html, zh.html);
  if (en.kind === 'cell') return cellHtml(folder, en.name);
  if (en.kind === 'files') return '<div class="files-panel" data-files></div>\n';
  if (en.kind === 'prose' || zh.kind === 'prose' || zh.kind === 'cell' || zh.kind === 'files')
    return '';
  const title = bilingual(en.title, zh.title);
  if (en.kind === 'section') return `<h3 id="${en.id}">${title}</h3>\n`;
  return `<h2 id="${en.id}"><span class="part-number">${number}</span>${title}</h2>\n`;
}

function sameShape(en: Block, zh: Block | undefined): boolean {
  const named = (block: Block) => ('id' in block ? block.id : 'name' in block ? block.name : '');
  return zh !== undefined && en.kind === zh.kind && named(en) === named(zh);
}

interface Part {
  readonly en: readonly Block[];
  readonly zh: readonly Block[];
}

function readParts(folder: string): Part[] {
  return readdirSync(`${folder}content/en`)
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => {
      const read = (language: string) =>
        parse(readFileSync(`${folder}content/${language}/${file}`, 'utf8'), `${language}/${file}`);
      const [en, zh] = [read('en'), read('zh')];
      const differ = en.findIndex((block, i) => !sameShape(block, zh[i]));
      if (differ >= 0 || en.length !== zh.length) {
        throw new Error(
          `${file}: the languages differ at block ${differ < 0 ? en.length : differ}`,
        );
      }
      return { en, zh };
    });
}

function contentsHtml(parts: readonly Part[]): string {
  const link = (en: Block, zh: Block) =>
    'title' in en && 'title' in zh
      ? `<a href="#${en.id}">${bilingual(en.title, zh.title)}</a>`
      : '';
  const items = parts.map(({ en, zh }) => {
    const links = en.flatMap((block, i) => ('title' in block ? [link(block, zh[i]!)] : []));
    const [first, ...rest] = links;
    return `<li>${first}<ol>${rest.map((item) => `<li>${item}</li>`).join('')}</ol></li>`;
  });
  return `<ol>${items.join('\n')}</ol>`;
}

/** The table of contents and all parts of the lesson in `folder` (which ends with a slash). */
export function lessonHtml(folder: string): string {
  const parts = readParts(folder);
  const body = parts.map(({ en, zh }, i) => {
    const blocks = en.map((block, k) => blockHtml(folder, i + 1, block, zh[k]!));
    return `<section class="part">\n${blocks.join('')}</section>\n`;
  });
  return (
    `<nav class="contents" aria-labelledby="contents-title"><p id="contents-title">{{lesson.contents}}</p>\n` +
    `${contentsHtml(parts)}\n<div data-storage-note></div></nav>\n` +
    `<article class="lesson">\n<!-- slot:lesson-intro -->\n${body.join('')}</article>\n`
  );
}
