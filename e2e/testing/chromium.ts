/** Debian's Chromium by puppeteer, as benches and pictures use it. Knows no page. */
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core';
import { CHROMIUM, CHROMIUM_ARGS } from './browser.ts';

/** Without a window, in English as it is written in Britain. */
export function launchChromium(more: LaunchOptions = {}): Promise<Browser> {
  return puppeteer.launch({
    browser: 'chrome',
    executablePath: CHROMIUM,
    headless: true,
    args: [...CHROMIUM_ARGS, '--lang=en-GB'],
    ...more,
  });
}
