// The lesson's page as its tests use it: programs by their names, the panel of files, what a reader sees.

import type { Browser, Page } from 'puppeteer-core';
import { openPage } from './browser.js';

const RUN_TIMEOUT_MS = 30_000;

/** What a program printed and how it ended. */
export interface RunResult {
  readonly status: 'done' | 'failed';
  readonly output: string;
}

/** The lesson in a browser tab. */
export class Lesson {
  readonly page: Page;
  readonly errors: readonly string[];
  /** The addresses of everything that was asked for. */
  readonly requests: string[];

  private constructor(page: Page, errors: readonly string[], requests: string[]) {
    this.page = page;
    this.errors = errors;
    this.requests = requests;
  }

  /** Opens the lesson with nothing stored. */
  static async open(browser: Browser, site: string, query = '?lang=en'): Promise<Lesson> {
    const { page, errors } = await openPage(browser, `${site}blank`);
    await page.evaluate(async () => {
      localStorage.clear();
      for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name);
    });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(`${site}tutorial/${query}`);
    await page.waitForSelector('[data-cell] .run-button');
    return new Lesson(page, errors, requests);
  }

  /** Reloads the page, as a reader would. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.waitForSelector('[data-cell] .run-button');
  }

  /** Presses Run and waits for the end. */
  async run(cell: string): Promise<RunResult> {
    await this.press(cell);
    return this.outcome(cell);
  }

  /** Presses Run, or Stop. As readers do, it first scrolls the button out from under the bar at the top. */
  async press(cell: string): Promise<void> {
    const button = `[data-cell="${cell}"] .run-button`;
    await this.page.$eval(button, (element) =>
      element.scrollIntoView({ block: 'center', behavior: 'instant' }),
    );
    await this.page.click(button);
  }

  /** Waits for the end of a run that has been started. */
  async outcome(cell: string): Promise<RunResult> {
    const place = `[data-cell="${cell}"] .cell-status`;
    await this.page.waitForSelector(`${place}.done, ${place}.failed`, { timeout: RUN_TIMEOUT_MS });
    return this.page.$eval(`[data-cell="${cell}"]`, (figure) => ({
      status: figure.querySelector('.cell-status.done') ? ('done' as const) : ('failed' as const),
      output: [...figure.querySelectorAll('.cell-lines > pre')]
        .map((line) => line.textContent)
        .join('\n'),
    }));
  }

  /** The text of a program, as the reader sees it. */
  text(cell: string): Promise<string> {
    return this.page.$eval(`[data-cell="${cell}"] .cell-code`, (code) => {
      const lines = [...code.querySelectorAll('.cm-line')].map((line) => line.textContent);
      return lines.length > 0 ? lines.join('\n') : code.textContent.trim();
    });
  }

  /** Clicks into a program, waits for the editor and puts the cursor at an end of the text. */
  async edit(cell: string, end: 'Home' | 'End'): Promise<void> {
    await this.page.click(`[data-cell="${cell}"] .cell-code`);
    await this.page.waitForSelector(`[data-cell="${cell}"] .cm-content`);
    await this.page.keyboard.down('Control');
    await this.page.keyboard.press(end);
    await this.page.keyboard.up('Control');
  }

  /** Replaces the text of a program by typing. */
  async type(cell: string, text: string): Promise<void> {
    await this.edit(cell, 'End');
    await this.page.keyboard.down('Control');
    await this.page.keyboard.press('a');
    await this.page.keyboard.up('Control');
    await this.page.keyboard.press('Backspace');
    await this.page.keyboard.type(text);
  }

  /** The names and sizes that the panel lists. */
  async files(): Promise<Record<string, string>> {
    const rows = await this.page.$$eval('.file', (items) =>
      items.map((item) => [
        item.querySelector('.file-name')?.textContent ?? '',
        item.querySelector('.file-size')?.textContent ?? '',
      ]),
    );
    return Object.fromEntries(rows) as Record<string, string>;
  }

  /** Waits until the panel lists `count` files. */
  async waitForFiles(count: number): Promise<void> {
    const wanted = (n: number) => document.querySelectorAll('.file').length === n;
    await this.page.waitForFunction(wanted, { timeout: RUN_TIMEOUT_MS }, count);
  }

  /** Opens a file in the panel and waits for what is in it. */
  async openFile(name: string, content: string): Promise<void> {
    await this.page.evaluate((wanted) => {
      const rows = [...document.querySelectorAll('.file')];
      const row = rows.find((item) => item.querySelector('.file-name')?.textContent === wanted);
      row?.querySelector<HTMLElement>('.file-open')?.click();
    }, name);
    await this.page.waitForSelector(content, { timeout: RUN_TIMEOUT_MS });
  }
}
