/**
 * Puts an element on the test's page, with the tokens that the page has, and takes it off
 * afterwards. Knows no particular element.
 */
import '../../styles/tokens.css';
import '../../styles/page.css';
import type { LitElement } from 'lit';
import { onTestFinished } from 'vitest';

/** An element of this tag with these properties, drawn; gone when the test ends. */
export async function mount<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> & Record<string, unknown> = {},
): Promise<HTMLElementTagNameMap[K]> {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  document.body.append(element);
  onTestFinished(() => element.remove());
  await drawn(element);
  return element;
}

/** Changes properties and waits until the element shows them. */
export async function change<T extends HTMLElement>(
  element: T,
  properties: Partial<T> & Record<string, unknown>,
): Promise<void> {
  Object.assign(element, properties);
  await drawn(element);
}

/** When nothing is left to draw, in the element and in what it holds. */
export async function drawn(element: Element): Promise<void> {
  const { updateComplete, shadowRoot } = element as LitElement;
  await updateComplete;
  const inner = [...(shadowRoot?.querySelectorAll('*') ?? [])];
  for (const part of inner) if (part.shadowRoot) await drawn(part);
}

/** When promises that are through have been drawn. */
export async function settled(element: Element): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  await drawn(element);
}

/** Details of every event of these types that the element fires, in order. */
export function fired(element: EventTarget, ...types: string[]): [type: string, detail: unknown][] {
  const events: [string, unknown][] = [];
  for (const type of types) {
    element.addEventListener(type, (event) => {
      events.push([type, (event as CustomEvent).detail]);
    });
  }
  return events;
}

/** What has the focus, through all shadow roots; null when it is the document's body. */
export function focused(): Element | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active === document.body ? null : active;
}

/** The text that a person reads: white space as one space, blocks apart. */
export function text(element: Element): string {
  let words = '';
  const walk = (node: Node): void => {
    if (node instanceof HTMLStyleElement) return;
    if (node.nodeType === Node.TEXT_NODE) words += node.textContent ?? '';
    const apart = node instanceof Element && !/^(inline|contents)/.test(displayOf(node)) ? ' ' : '';
    words += apart;
    const assigned = node instanceof HTMLSlotElement ? node.assignedNodes() : [];
    const root = node instanceof Element ? node.shadowRoot : null;
    (assigned.length > 0 ? assigned : (root ?? node).childNodes).forEach(walk);
    words += apart;
  };
  walk(element);
  return words.replace(/\s+/g, ' ').trim();
}

const displayOf = (element: Element): string => getComputedStyle(element).display;
