/// The same program in Python and in JavaScript.

import { readFileSync } from 'node:fs';
import { escapeHtml } from '../../build/bilingual.js';
import { highlight } from '../../build/highlight.js';

function example(file: string, title: string, show: (code: string) => string): string {
  const code = readFileSync(file, 'utf8').trimEnd();
  return `<figure class="example"><figcaption>${title}</figcaption><pre tabindex="0"><code>${show(code)}</code></pre></figure>`;
}

/** `folder` ends with a slash. */
export function pythonExample(folder: string): string {
  return example(`${folder}example.py`, 'Python, TensorFlow 1.x', escapeHtml);
}

/** `folder` ends with a slash. */
export function scriptExample(folder: string): string {
  return example(`${folder}example.js`, 'JavaScript, tensorbundle', highlight);
}
