/// The switches in the header: language and theme.

import { effect } from '@preact/signals';
import { render, type VNode } from 'preact';
import type { MessageKey } from './i18n.js';
import { type Language, language, setLanguage, t } from './i18n.js';
import { Icon } from './icons.js';
import { setTheme, theme } from './theme.js';

const NAMES: Readonly<Record<Language, { short: string; tag: string }>> = {
  en: { short: 'EN', tag: 'en' },
  zh: { short: '中文', tag: 'zh-CN' },
};

function LanguageSwitch(): VNode {
  return (
    <fieldset class="segmented">
      <legend class="visually-hidden">{t('site.language')}</legend>
      {(['en', 'zh'] as const).map((code) => (
        <button
          key={code}
          type="button"
          lang={NAMES[code].tag}
          aria-pressed={language.value === code}
          onClick={() => setLanguage(code)}
        >
          {NAMES[code].short}
        </button>
      ))}
    </fieldset>
  );
}

function ThemeSwitch(): VNode {
  const dark = theme.value === 'dark';
  const label = t(dark ? 'site.toLight' : 'site.toDark');
  return (
    <button
      type="button"
      class="icon-button theme-switch"
      aria-label={label}
      title={label}
      onClick={() => setTheme(dark ? 'light' : 'dark')}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  );
}

function Controls(): VNode {
  return (
    <>
      <LanguageSwitch />
      <ThemeSwitch />
    </>
  );
}

/** Puts the switches into the header and keeps the document's title in the reader's language. */
export function startPage(title: MessageKey): void {
  const place = document.querySelector('[data-controls]');
  if (place) render(<Controls />, place);
  effect(() => {
    document.title = t(title);
  });
}
