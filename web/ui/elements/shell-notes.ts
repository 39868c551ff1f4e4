/**
 * `<jb-shell-notes>`: what the page says beside its pages once they are there: that a new version
 * waits, and what a reload would lose. Knows no page.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Observable } from '../../app/observable.ts';
import { ObservableController } from '../controllers/observable.ts';
import type { Offer } from '../sw-update.ts';
import { SAVED } from '../unsaved.ts';
import { base, buttons } from './styles.ts';

export { FocusMemory } from '../focus-memory.ts';

export interface NoteParts {
  /** Set when a new version waits. */
  version: Observable<Offer | null>;
  /** What the fields are called whose text is not saved. */
  unsaved: () => readonly string[];
}

export class ShellNotes extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .note {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px 12px;
        margin-bottom: 16px;
        padding: 8px 16px;
        border-radius: var(--radius-small);
        background: var(--accent-soft);
        font-size: var(--size-14);
      }
      .note p {
        flex: 1 1 200px;
        min-width: 0;
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];
  static override properties = {
    parts: { attribute: false },
    lost: { state: true },
  };
  declare parts: NoteParts;
  /** Fields whose text a reload would lose, said before it does. */
  declare protected lost: readonly string[];

  constructor() {
    super();
    this.lost = [];
    new ObservableController(this, () => this.parts?.version);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener(SAVED, this.#saved);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener(SAVED, this.#saved);
  }

  protected override render(): TemplateResult {
    return html`<div role="status">${this.#version(this.parts.version.value)}</div>`;
  }

  /** The first press says what would be lost, the second loses it. */
  #version(offer: Offer | null): TemplateResult | typeof nothing {
    if (!offer) return nothing;
    const isAsked = this.lost.length > 0;
    const press = () => {
      this.lost = isAsked ? [] : this.parts.unsaved();
      if (this.lost.length === 0) offer.reload();
    };
    const fields = this.lost.join(', ');
    const words = isAsked
      ? msg(str`Not saved yet, and lost if you reload: ${fields}. Save it first, or copy it.`)
      : offer.why === 'new'
        ? msg('A new version is ready.')
        : msg('A part of this page is gone: a new version was published.');
    return html`<div class="note"><p>${words}</p>
      <button class="small" @click=${press}
        >${isAsked ? msg('Reload all the same') : msg('Reload')}</button></div>`;
  }

  readonly #saved = () => {
    this.lost = [];
  };
}

customElements.define('jb-shell-notes', ShellNotes);

declare global {
  interface HTMLElementTagNameMap {
    'jb-shell-notes': ShellNotes;
  }
}
