/**
 * `<jb-confirm>`: a button that asks before it does: the first click shows the question with what
 * will happen, the second does it. Fires `confirm`. The question goes in the slot. Knows no
 * use-case.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { base, buttons } from './styles.ts';

export class Confirm extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .box {
        display: grid;
        gap: 8px;
        padding: 12px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--warn-soft);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];
  static override properties = {
    label: {},
    confirmLabel: { attribute: 'confirm-label' },
    busy: { type: Boolean },
    open: { state: true },
  };
  /** What the button says. */
  declare label: string;
  /** What the button that does it says. */
  declare confirmLabel: string;
  declare busy: boolean;
  declare protected open: boolean;

  constructor() {
    super();
    this.label = '';
    this.confirmLabel = '';
    this.busy = false;
    this.open = false;
  }

  protected override render(): TemplateResult {
    if (!this.open) {
      return html`<button class="small" aria-disabled=${this.busy} @click=${this.#open}
        >${this.label}</button>`;
    }
    return html`<div class="box" role="group" aria-label=${this.label}>
      <p class="small"><slot></slot></p>
      <div class="actions">
        <button class="small primary" aria-disabled=${this.busy} @click=${this.#confirm}
          >${this.confirmLabel}</button>
        <button class="small" @click=${this.#close}>${msg('Cancel')}</button>
      </div>
    </div>`;
  }

  readonly #open = async (): Promise<void> => {
    if (this.busy) return;
    this.open = true;
    await this.updateComplete;
    // the safe one first: whoever presses Enter twice has changed nothing
    this.renderRoot.querySelector<HTMLElement>('button:not(.primary)')?.focus();
  };

  readonly #confirm = async (): Promise<void> => {
    if (this.busy) return;
    this.open = false;
    this.dispatchEvent(new CustomEvent('confirm'));
    await this.updateComplete;
    // the button that had the focus is gone; whoever listens may have moved it meanwhile
    if (document.activeElement === document.body) this.#focus();
  };

  readonly #close = async (): Promise<void> => {
    this.open = false;
    await this.updateComplete;
    this.#focus();
  };

  #focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }
}

customElements.define('jb-confirm', Confirm);

declare global {
  interface HTMLElementTagNameMap {
    'jb-confirm': Confirm;
  }
}
