// How the pages look, as far as a machine can see it: every page, both languages, both themes, phone and desktop.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'puppeteer-core';
import type { Served } from '#tools/serve.mjs';
import { BROWSERS, type Launched, launchBrowser, openPage, serveAll } from './support/browser.js';

const PAGES = ['', 'tutorial/', 'inspector/'];
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1440, height: 900 };

/** Texts whose contrast with what is behind them is below WCAG's 4.5. Runs in the page. */
function faintTexts(): string[] {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: readonly number[]) => {
    const [r, g, b] = color.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const behind = (element: Element | null): number[] => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      const parts = channels(color);
      if (/^rgb/.test(color) && (parts[3] ?? 1) === 1) return parts;
    }
    return [255, 255, 255];
  };
  const found: string[] = [];
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === 3 && node.textContent?.trim(),
    );
    // Zeros that only fill are meant to be faint, and are hidden from readers of the page's text.
    if (!own || element.closest('.zero, [aria-hidden="true"], svg') || !element.checkVisibility())
      continue;
    const [dark, light] = [
      luminance(channels(getComputedStyle(element).color)),
      luminance(behind(element)),
    ].sort((a, b) => a - b) as [number, number];
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5)
      found.push(
        `${contrast.toFixed(2)} ${element.className} ${element.textContent?.slice(0, 30)}`,
      );
  }
  return found;
}

/** What a screen reader or a keyboard would stumble over. Runs in the page. */
function stumblingBlocks(): string[] {
  const found: string[] = [];
  const named = (element: Element) =>
    Boolean(element.getAttribute('aria-label') || (element as HTMLElement).innerText.trim());
  for (const element of document.querySelectorAll(
    'a[href], button, [role="textbox"], [role="tree"]',
  )) {
    if (element.checkVisibility() && !named(element))
      found.push(`no name: ${element.outerHTML.slice(0, 80)}`);
  }
  for (const element of document.querySelectorAll(
    'svg:not([aria-hidden="true"]), img:not([alt])',
  )) {
    found.push(`neither name nor decoration: ${element.outerHTML.slice(0, 80)}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`twice: #${id}`);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')) {
    if (!document.getElementById(link.hash.slice(1))) found.push(`leads nowhere: ${link.hash}`);
  }
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const next = Number(heading.tagName.slice(1));
    if (next > level + 1) found.push(`${heading.tagName} after H${level}`);
    level = next;
  }
  if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
  if (document.querySelectorAll('main').length !== 1) found.push('not one main');
  return found;
}

async function setTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(async (value) => {
    document.documentElement.dataset.theme = value;
    await new Promise(requestAnimationFrame);
    const transitions = document.getAnimations().filter((it) => it instanceof CSSTransition);
    await Promise.allSettled(transitions.map((it) => it.finished));
  }, theme);
}

for (const kind of BROWSERS) {
  describe(`the pages in ${kind}`, () => {
    let launched: Launched;
    let site: Served;
    before(async () => {
      site = await serveAll();
      launched = await launchBrowser(kind);
    });
    after(async () => {
      await launched?.close();
      await site?.close();
    });

    for (const path of PAGES) {
      for (const language of ['en', 'zh'] as const) {
        test(`/${path} in ${language}: names, contrast, width`, async () => {
          const { page, errors } = await openPage(
            launched.browser,
            `${site.url}${path}?lang=${language}`,
          );
          await page.waitForSelector('.theme-switch');
          for (const viewport of [DESKTOP, PHONE]) {
            await page.setViewport(viewport);
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(width <= viewport.width, `${width} px wide on ${viewport.width}`);
            for (const theme of ['light', 'dark'] as const) {
              await setTheme(page, theme);
              assert.deepEqual(await page.evaluate(faintTexts), [], theme);
            }
          }
          assert.deepEqual(await page.evaluate(stumblingBlocks), []);
          assert.deepEqual(errors, []);
          await page.close();
        });
      }

      test(`/${path}: every link leads to a page`, async () => {
        const { page } = await openPage(launched.browser, `${site.url}${path}`);
        const links = await page.$$eval('a[href]', (all) =>
          all.map((link) => (link as HTMLAnchorElement).href),
        );
        for (const link of new Set(links)) {
          assert.equal((await fetch(link)).status, 200, link);
        }
        await page.close();
      });
    }

    test('the theme is the system’s until one is chosen, and then it stays', async () => {
      const { page } = await openPage(launched.browser, site.url);
      await page.waitForSelector('.theme-switch');
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const first = await background();
      await page.click('.theme-switch');
      const second = await background();
      assert.notEqual(second, first);
      await page.goto(`${site.url}tutorial/`);
      assert.equal(await background(), second);
      await page.close();
    });
  });
}

test('the text of the lesson is in the page before any script runs, in both languages', async () => {
  const site = await serveAll();
  try {
    const html = await (await fetch(`${site.url}tutorial/`)).text();
    for (const text of [
      'Why build the graph again?',
      '为什么还要再建一次图？',
      'truncatedNormal',
    ]) {
      assert.ok(html.includes(text), text);
    }
    assert.doesNotMatch(html, /\{\{|<!-- slot/);
  } finally {
    await site.close();
  }
});
