/// The language of the page: chosen before the first paint by boot.js, switched here.

import { computed, signal } from '@preact/signals';
import { en } from './messages.en.js';
import { zh } from './messages.zh.js';

export type Language = 'en' | 'zh';
export type MessageKey = keyof typeof en;

const TAGS = { en: 'en', zh: 'zh-CN' } as const;
const MESSAGES = { en, zh } as const;

/** The current language; starts as what boot.js put on the document. */
export const language = signal<Language>(
  document.documentElement.lang.startsWith('zh') ? 'zh' : 'en',
);

/** The BCP 47 tag of the current language, for `Intl`. */
export const languageTag = computed(() => TAGS[language.value]);

/** The text of `key` in the current language, `{name}` replaced from `values`. Reactive. */
export function t(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  const text: string = MESSAGES[language.value][key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Switches the page and remembers the choice. */
export function setLanguage(next: Language): void {
  language.value = next;
  document.documentElement.lang = TAGS[next];
  try {
    localStorage.setItem('tensorbundle.language', next);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
  const url = new URL(location.href);
  if (url.searchParams.has('lang')) {
    url.searchParams.set('lang', next);
    history.replaceState(history.state, '', url);
  }
}
