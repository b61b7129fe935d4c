// Runs before the first paint: the language and the theme of the last visit, or the reader's own.
(() => {
  const root = document.documentElement;
  let stored = {};
  try {
    stored = {
      language: localStorage.getItem('tensorbundle.language'),
      theme: localStorage.getItem('tensorbundle.theme'),
    };
  } catch {
    // Storage may be forbidden.
  }
  const asked = new URLSearchParams(location.search).get('lang');
  const known = (tag) => /^(zh|en)\b/i.exec(tag ?? '')?.[1]?.toLowerCase();
  const language =
    known(asked) ?? known(stored.language) ?? navigator.languages.map(known).find(Boolean) ?? 'en';
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  if (stored.theme === 'light' || stored.theme === 'dark') root.dataset.theme = stored.theme;
  root.classList.add('js');
})();
