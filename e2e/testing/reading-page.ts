/**
 * What a person reads on a page, through all shadow roots, and what does not fit where it stands.
 * Technical texts (code, a unit's own lines, what is marked as another language) are left out.
 */
import type { Page } from '@playwright/test';

/** Texts and spoken attributes that are shown, white space as one space. */
export function readTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said: string[] = [];
    const add = (text: string | null) => {
      const words = (text ?? '').replace(/\s+/g, ' ').trim();
      if (/\p{L}{2}/u.test(words)) said.push(words);
    };
    const walk = (node: Node): void => {
      if (node.nodeType === Node.TEXT_NODE) add(node.textContent);
      if (node instanceof Element) {
        if (node.matches('style, script, code, noscript, .mono, .lines, option[lang]')) return;
        if (!node.checkVisibility({ visibilityProperty: true })) return;
        for (const name of ['aria-label', 'title', 'alt']) add(node.getAttribute(name));
      }
      const root = node instanceof Element ? node.shadowRoot : null;
      if (root) for (const child of root.childNodes) walk(child);
      for (const child of node.childNodes) walk(child);
    };
    walk(document.body);
    return said;
  });
}

/** What is wider than its place, or reaches beyond the window, in words. */
export function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const width = document.documentElement.clientWidth;
    const name = (element: Element) =>
      `${element.localName}.${element.className} “${element.textContent?.trim().slice(0, 60)}”`;
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) walk(element.shadowRoot);
        if (
          !element.checkVisibility() ||
          element.closest('.visually-hidden, .scroll, .lines, .skip')
        )
          continue;
        if (
          element.matches('h1, h2, h3, p, a, button, label, dt, dd, li, legend, summary, select')
        ) {
          const box = element.getBoundingClientRect();
          if (box.right > width + 1) found.push(`beyond the window: ${name(element)}`);
          else if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
            found.push(`wider than its place: ${name(element)}`);
        }
      }
    };
    walk(document);
    return found;
  });
}

/** Opens whatever can be opened, through all shadow roots. */
export function openAll(page: Page): Promise<void> {
  return page.evaluate(() => {
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element instanceof HTMLDetailsElement) element.open = true;
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document);
  });
}
