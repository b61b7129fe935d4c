/// Text in both languages, one of which theme.css hides.

/** Escapes text for HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Plain text with `code` in backquotes, as HTML. */
function inline(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** Both texts as inline elements. */
export function bilingual(en: string, zh: string): string {
  if (en === zh) return inline(en);
  return `<span data-lang="en" lang="en">${inline(en)}</span><span data-lang="zh" lang="zh-CN">${inline(zh)}</span>`;
}

/** Both pieces of HTML as blocks of class `name`. */
export function bilingualBlocks(name: string, en: string, zh: string): string {
  return (
    `<div class="${name}" data-lang="en" lang="en">\n${en}</div>\n` +
    `<div class="${name}" data-lang="zh" lang="zh-CN">\n${zh}</div>\n`
  );
}
