/**
 * `<jb-shell-notes>`: what the page says beside its pages once they are there: that changes wait to
 * be sent; that a new version waits, and what a reload would lose; that it could be an app. Knows
 * pages by their tabs only.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { StorageTrouble } from '../../app/storage-trouble.ts';
import { ObservableController } from '../controllers/observable.ts';
import type { NoteParts } from '../note-parts.ts';
import type { Offer } from '../sw-update.ts';
import { SAVED } from '../unsaved.ts';
import { clockWords, installWords, troubleWords, unsentWords } from './note-words.ts';
import { base, buttons } from './styles.ts';

export { FocusMemory } from '../focus-memory.ts';
export type { NoteParts } from '../note-parts.ts';
export { browserNotifier } from '../notifier.ts';

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
        margin-top: 16px;
        padding: 8px 16px;
        border-radius: var(--radius-small);
        border: 1px solid var(--line);
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
    tab: {},
    lost: { state: true },
    read: { state: true },
  };
  declare parts: NoteParts;
  /** Of the page that is shown. */
  declare tab: string | null;
  /** Fields whose text a reload would lose, said before it does. */
  declare protected lost: readonly string[];
  /** The trouble that the person has read of. */
  declare protected read: StorageTrouble | null;

  constructor() {
    super();
    this.lost = [];
    this.read = null;
    this.tab = null;
    new ObservableController(this, () => this.parts?.version);
    new ObservableController(this, () => this.parts?.install.way);
    new ObservableController(this, () => this.parts?.install.isLater);
    new ObservableController(this, () => this.parts?.session.state);
    new ObservableController(this, () => this.parts?.numbers);
    new ObservableController(this, () => this.parts?.waiting);
    new ObservableController(this, () => this.parts?.trouble);
    new ObservableController(this, () => this.parts?.clock.state);
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
    const { version, waiting, clock } = this.parts;
    const { offMs } = clock.state.value;
    return html`<div role="status">
        ${offMs === 0 ? nothing : html`<p class="note">${clockWords(offMs)}</p>`}
        ${
          waiting.value > 0
            ? html`<p class="note" data-testid="waiting">${unsentWords(waiting.value)}</p>`
            : nothing
        }
        ${this.#trouble()}${this.#version(version.value)}
      </div>
      ${this.#app()}`;
  }

  #trouble(): TemplateResult | typeof nothing {
    const { value } = this.parts.trouble;
    if (value === null || value === this.read) return nothing;
    const read = () => {
      this.read = value;
    };
    return html`<div class="note"><p>${troubleWords(value)}</p>
      <button class="small" @click=${read}>${msg('Hide this')}</button></div>`;
  }

  /** An owner who knows the page and has numbers in front of them; never on the bench. */
  #app(): TemplateResult | typeof nothing {
    const { install, session, numbers } = this.parts;
    const { insights, week } = numbers.value;
    const isAtHome = this.tab === 'store' && session.state.value.role === 'owner';
    if (!isAtHome || !(insights ?? week) || !install.mayAsk()) return nothing;
    const way = install.way.value;
    return html`<section class="note" aria-label=${msg('As an app')}>
      <p>${installWords(way)}</p>
      ${
        way === 'prompt'
          ? html`<button class="small primary" @click=${() => void install.ask()}
            >${msg('Install JamBench')}</button>`
          : nothing
      }
      <button class="small" @click=${() => install.later()}>${msg('Not now')}</button>
    </section>`;
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
