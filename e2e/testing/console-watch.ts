/**
 * Watches a browser context for what must never happen: errors on the console, exceptions, what
 * the security policy refused. Knows no page.
 */
import type { BrowserContext, Page } from '@playwright/test';

/** What Chromium itself writes when a request gets no answer or a status over 399. */
const FAILED_REQUEST = /^Failed to load resource: /;

export class Watch {
  readonly #problems: string[] = [];
  #tolerant = false;

  constructor(context: BrowserContext) {
    for (const page of context.pages()) this.#watch(page);
    context.on('page', (page) => this.#watch(page));
  }

  /** Requests may fail while `during` runs: the network or the backend is taken away on purpose. */
  async withoutBackend<T>(during: () => Promise<T>): Promise<T> {
    this.#tolerant = true;
    try {
      return await during();
    } finally {
      this.#tolerant = false;
    }
  }

  /** All so far, and forgets them. */
  take(): string[] {
    return this.#problems.splice(0);
  }

  #watch(page: Page): void {
    page.on('pageerror', (error) => this.#problems.push(`exception: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const text = message.text();
      if (this.#tolerant && FAILED_REQUEST.test(text)) return;
      this.#problems.push(`console: ${text} (${message.location().url})`);
    });
  }
}
