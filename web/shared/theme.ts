/// Light or dark: the system's choice until the reader makes one.

import { signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');

function chosen(): Theme | undefined {
  const value = document.documentElement.dataset.theme;
  return value === 'light' || value === 'dark' ? value : undefined;
}

/** What is on the screen now. */
export const theme = signal<Theme>(chosen() ?? (system.matches ? 'dark' : 'light'));

system.addEventListener('change', () => {
  if (chosen() === undefined) theme.value = system.matches ? 'dark' : 'light';
});

/** Switches the page and remembers the choice. */
export function setTheme(next: Theme): void {
  theme.value = next;
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem('tensorbundle.theme', next);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}
