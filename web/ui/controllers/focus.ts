/**
 * Keeps the focus in a page that draws itself anew: when what had it is gone, the heading has it,
 * never the document's body. Knows no particular page.
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
    if (!this.#had || this.#host.shadowRoot?.activeElement) return;
    this.#host.shadowRoot?.querySelector('h1')?.focus();
  }
}
