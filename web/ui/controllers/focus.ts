/**
 * Keeps the focus in a page that draws itself anew: when what had it is gone, what the page marks
 * with `data-focus` has it, else the heading, never the document's body. Knows no particular page.
 */
import type { LitElement, ReactiveController } from 'lit';

export class FocusController implements ReactiveController {
  readonly #host: LitElement;
  #had = false;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#had = this.#host.shadowRoot?.activeElement != null;
  }

  hostUpdated(): void {
    const root = this.#host.shadowRoot;
    if (!this.#had || !root || root.activeElement) return;
    const focusNext = () =>
      (root.querySelector<HTMLElement>('[data-focus]') ?? root.querySelector('h1'))?.focus();
    focusNext();
    // What stands in another element has no place before that one is drawn.
    if (!root.activeElement) setTimeout(() => root.activeElement || focusNext());
  }
}
