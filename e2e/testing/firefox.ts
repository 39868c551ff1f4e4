/**
 * Debian's Firefox ESR over WebDriver BiDi. Playwright's own Firefox is a build of its own; this is
 * the one that people have. Knows no page: elements are found by what they say, shadow roots too.
 */
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

export const FIREFOX = '/usr/bin/firefox-esr';

export function launchFirefox(): Promise<Browser> {
  return puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true });
}

/** The first element that matches `selector` and says `text`, whatever shadow root it is in. */
async function find(page: Page, selector: string, text: string) {
  const handle = await page.evaluateHandle(
    (wanted, words) => {
      const roots: (Document | ShadowRoot)[] = [document];
      for (let root = roots.shift(); root; root = roots.shift()) {
        for (const element of root.querySelectorAll('*')) {
          if (element.shadowRoot) roots.push(element.shadowRoot);
          const said = (element.textContent ?? '').replace(/\s+/g, ' ').trim();
          if (element.matches(wanted) && (words === '' || said.includes(words))) return element;
        }
      }
      return null;
    },
    selector,
    text,
  );
  return handle.asElement();
}

/** Waits until it is there. */
export async function found(page: Page, selector: string, text = '', limitMs = 15_000) {
  for (const end = Date.now() + limitMs; Date.now() < end; ) {
    const element = await find(page, selector, text);
    if (element) return element;
    await new Promise((next) => setTimeout(next, 200));
  }
  throw new Error(`no ${selector} that says "${text}" within ${limitMs} ms`);
}

export async function press(page: Page, text: string): Promise<void> {
  const button = await found(page, 'button', text);
  await button.evaluate((element) => (element as HTMLElement).click());
}

/** Types as a person does: the element hears of it. */
export async function fill(page: Page, selector: string, value: string): Promise<void> {
  const field = await found(page, selector);
  await field.evaluate((element, text) => {
    (element as HTMLInputElement).value = text;
    element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  }, value);
}
