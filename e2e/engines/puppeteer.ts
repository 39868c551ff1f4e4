/**
 * Debian's Chromium over CDP and Debian's Firefox ESR over WebDriver BiDi, both by puppeteer.
 * Playwright's own Firefox is a build of its own; these are the ones that people have.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type ConsoleMessage, type Page } from 'puppeteer-core';
import { CHROMIUM } from '../testing/browser.ts';
import { launchChromium } from '../testing/chromium.ts';
import type { Engine, EngineWindow, Json, Key, Lacking, Point } from './driver.ts';

const FIREFOX = '/usr/bin/firefox-esr';

export const lacksChromium = (): Lacking =>
  existsSync(CHROMIUM) ? null : `no ${CHROMIUM} (Debian package chromium)`;

export const lacksFirefox = (): Lacking =>
  existsSync(FIREFOX) ? null : `no ${FIREFOX} (Debian package firefox-esr)`;

export async function startChromium(): Promise<Engine> {
  const downloads = mkdtempSync(join(tmpdir(), 'jambench-downloads-'));
  const browser = await launchChromium({
    downloadBehavior: { policy: 'allow', downloadPath: downloads },
  });
  return engineOf(browser, downloads);
}

export async function startFirefox(): Promise<Engine> {
  const downloads = mkdtempSync(join(tmpdir(), 'jambench-downloads-'));
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    extraPrefsFirefox: {
      // its panel would take the keyboard away from the page
      'browser.download.alwaysOpenPanel': false,
      'browser.download.dir': downloads,
      'browser.download.folderList': 2,
      'intl.accept_languages': 'en-GB, en',
    },
  });
  return engineOf(browser, downloads);
}

async function engineOf(browser: Browser, downloads: string): Promise<Engine> {
  const page = await browser.newPage();
  const problems: Promise<string>[] = [];
  page.on('pageerror', (error) => problems.push(Promise.resolve(`exception: ${error}`)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(wordsOf(message));
  });
  return {
    window: windowOf(page),
    downloads,
    takeProblems: () => Promise.all(problems.splice(0)),
    close: async () => {
      await browser.close();
      rmSync(downloads, { recursive: true, force: true });
    },
  };
}

/** Firefox passes an error on as a handle, whose text says nothing of it. */
async function wordsOf(message: ConsoleMessage): Promise<string> {
  const parts = message.args().map((arg) => arg.evaluate((value) => String(value)));
  const words = await Promise.all(parts).catch(() => [message.text()]);
  return `console: ${words.length > 0 ? words.join(' ') : message.text()}`;
}

function windowOf(page: Page): EngineWindow {
  return {
    open: async (url) => {
      await page.goto(url, { waitUntil: 'domcontentloaded' });
    },
    run: <A extends readonly Json[], R>(script: (...args: A) => R, ...args: A) =>
      page.evaluate(script as never, ...(args as never)) as Promise<Awaited<R>>,
    click: ({ x, y }: Point) => page.mouse.click(x, y),
    type: (text: string | { key: Key }) =>
      typeof text === 'string' ? page.keyboard.type(text) : page.keyboard.press(text.key),
    resize: (width, height) => page.setViewport({ width, height }),
    picture: () => page.screenshot(),
  };
}
