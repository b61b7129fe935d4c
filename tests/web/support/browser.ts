// The browsers and the server of the browser tests.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { type BrowserKind, browserAdvice, findBrowser } from '#tools/browsers.mjs';
import { type Served, serve } from '#tools/serve.mjs';

export type { BrowserKind } from '#tools/browsers.mjs';

export const BROWSERS: readonly BrowserKind[] = ['chromium', 'firefox'];

/** The repository: compiled tests lie in build/tests-js/web/support/. */
export const ROOT: string = new URL('../../../..', import.meta.url).pathname;

/** Headless, quiet, and without connections of their own. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const FIREFOX_PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.unified': false,
};

/** A browser with an empty profile, and what ends both. */
export interface Launched {
  readonly browser: Browser;
  close(): Promise<void>;
}

const BLANK = `<!doctype html><html lang="en"><meta charset="utf-8"><title>blank</title>
<link rel="icon" href="data:,"></html>`;

/** Starts a browser; says what to install when there is none. */
export async function launchBrowser(kind: BrowserKind): Promise<Launched> {
  const executablePath = findBrowser(kind);
  if (executablePath === undefined) throw new Error(browserAdvice(kind));
  // Not in /tmp, which a browser from a snap sees as another folder.
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const userDataDir = mkdtempSync(join(ROOT, 'build', `profile-${kind}-`));
  const browser = await launch({
    browser: kind === 'firefox' ? 'firefox' : 'chrome',
    executablePath,
    userDataDir,
    headless: true,
    args: kind === 'firefox' ? [] : CHROMIUM_FLAGS,
    extraPrefsFirefox: FIREFOX_PREFERENCES,
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A page and what went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  /** Uncaught errors and everything logged as an error, a refused script included. */
  readonly errors: string[];
}

/** Opens `url` in a new tab. */
export async function openPage(browser: Browser, url: string): Promise<OpenedPage> {
  const page = await browser.newPage();
  // A hang is a failure, a busy machine is none.
  page.setDefaultTimeout(120_000);
  page.setDefaultNavigationTimeout(120_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}

/**
 * The built site at `/`, the package at `/dist/`, the compiled tests at `/tests/`, an empty page at `/blank`; `more`
 * names further folders.
 */
export function serveAll(more: Readonly<Record<string, string>> = {}): Promise<Served> {
  return serve({
    mounts: {
      '/': join(ROOT, 'build/site'),
      '/dist/': join(ROOT, 'dist'),
      '/tests/': join(ROOT, 'build/tests-js'),
      ...more,
    },
    pages: { '/blank': BLANK },
  });
}
