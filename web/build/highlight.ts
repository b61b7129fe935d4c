/// Syntax colours at build time, by the grammar and the class names the editor uses later: no flash.

import { classHighlighter, highlightCode } from '@lezer/highlight';
import { parser } from '@lezer/javascript';
import { escapeHtml } from './bilingual.js';

/** JavaScript as HTML with `tok-*` classes. */
export function highlight(code: string): string {
  let html = '';
  highlightCode(
    code,
    parser.parse(code),
    classHighlighter,
    (text, classes) => {
      const escaped = escapeHtml(text);
      html += classes ? `<span class="${classes}">${escaped}</span>` : escaped;
    },
    () => {
      html += '\n';
    },
  );
  return html;
}
