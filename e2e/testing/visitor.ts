/**
 * A person with a browser, the same in Chromium and Firefox: opens, reads, presses, types. Each has
 * a profile of their own and a phone's window. Over WebDriver BiDi and CDP, by puppeteer.
 */
import { existsSync } from 'node:fs';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import type { DemoRole } from '../../scripts/start/secrets.ts';
import { CHROMIUM, CHROMIUM_ARGS } from './browser.ts';
import { FIREFOX, fill, found, launchFirefox, press } from './firefox.ts';
import { signIn } from './stack.ts';

export type BrowserName = 'chromium' | 'firefox';

const PHONE = { width: 390, height: 844 };

/** Where people read words. */
const TEXTS = 'p, span, h1, h2, dt, dd, strong, a, button, div';

export const isThere = (name: BrowserName) => existsSync(name === 'firefox' ? FIREFOX : CHROMIUM);

export function launchBrowser(name: BrowserName): Promise<Browser> {
  if (name === 'firefox') return launchFirefox();
  const args = [...CHROMIUM_ARGS, '--lang=en-GB'];
  return puppeteer.launch({ browser: 'chrome', executablePath: CHROMIUM, headless: true, args });
}

export class Visitor {
  readonly #origin: string;
  readonly #context: BrowserContext;
  #page: Page;

  private constructor(origin: string, context: BrowserContext, page: Page) {
    this.#origin = origin;
    this.#context = context;
    this.#page = page;
  }

  static async come(browser: Browser, origin: string): Promise<Visitor> {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport(PHONE);
    return new Visitor(origin, context, page);
  }

  async open(path: string): Promise<void> {
    await this.#page.goto(this.#origin + path, { waitUntil: 'domcontentloaded' });
  }

  /** Another tab, the first one is left. */
  async newTab(): Promise<void> {
    this.#page = await this.#context.newPage();
    await this.#page.setViewport(PHONE);
  }

  async reads(text: string, limitMs?: number): Promise<void> {
    await found(this.#page, TEXTS, text, limitMs);
  }

  press(text: string): Promise<void> {
    return press(this.#page, text);
  }

  async signIn(role: DemoRole, next = '/store', password = signIn(role).password): Promise<void> {
    await this.open(`/sign-in?next=${next}`);
    await fill(this.#page, 'input[type=email]', signIn(role).email);
    await fill(this.#page, 'input[type=password]', password);
    await this.press('Sign in');
  }

  /** Runs before the page's own code in whatever is opened from now on. */
  async before(script: (arg: number) => void, arg = 0): Promise<void> {
    await this.#page.evaluateOnNewDocument(script, arg);
  }

  async run(script: () => unknown): Promise<void> {
    await this.#page.evaluate(script);
  }

  /** The service worker holds the page from now on. */
  async keptByBrowser(): Promise<void> {
    await this.#page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const { serviceWorker } = navigator;
      if (serviceWorker.controller) return;
      await new Promise((done) => serviceWorker.addEventListener('controllerchange', done));
    });
  }

  /** What the window shows. */
  async picture(file: `${string}.png`): Promise<void> {
    await new Promise((painted) => setTimeout(painted, 500));
    await this.#page.screenshot({ path: file });
  }

  leave(): Promise<void> {
    return this.#context.close();
  }
}
