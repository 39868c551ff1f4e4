/**
 * `<jb-notice>`: what happened, why, and what to do; details behind a disclosure. Takes an AppError
 * or a sentence; buttons go in the slot. Knows no use-case.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { AppError } from '../../../shared/errors.ts';
import { errorWords } from '../../app/error-words.ts';
import { icon } from './icons.ts';
import { base } from './styles.ts';

export class Notice extends LitElement {
  static override styles = [
    base,
    css`
      .box {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 4px 12px;
        padding: 12px 16px;
        border-radius: var(--radius-small);
        background: var(--bad-soft);
      }
      :host([tone='warn']) .box {
        background: var(--warn-soft);
      }
      :host([tone='ok']) .box {
        background: var(--ok-soft);
      }
      svg {
        color: var(--bad);
        margin-top: 2px;
      }
      :host([tone='warn']) svg {
        color: var(--warn);
      }
      :host([tone='ok']) svg {
        color: var(--ok);
      }
      .text {
        display: grid;
        gap: 4px;
        min-width: 0;
      }
      strong {
        font-weight: 600;
      }
      details {
        font-size: var(--size-14);
        color: var(--muted);
      }
      code {
        font-family: var(--mono);
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      ::slotted(*) {
        margin-top: 8px;
      }
    `,
  ];
  static override properties = {
    error: { attribute: false },
    headline: {},
    advice: {},
    tone: { reflect: true },
  };
  declare error: AppError | null;
  /** Instead of the error's own message. */
  declare headline: string;
  /** Instead of the error's own hint. */
  declare advice: string;
  declare tone: 'bad' | 'warn' | 'ok';

  constructor() {
    super();
    this.error = null;
    this.headline = '';
    this.advice = '';
    this.tone = 'bad';
  }

  protected override render(): TemplateResult {
    const words = this.error && errorWords(this.error);
    const what = this.headline || (words?.what ?? '');
    const next = this.advice || (words?.next ?? '');
    return html`<div class="box" role=${this.tone === 'bad' ? 'alert' : 'status'}>
      ${icon(this.tone === 'ok' ? 'check' : 'warning')}
      <div class="text">
        <p><strong>${what}</strong></p>
        ${next ? html`<p>${next}</p>` : nothing}
        ${this.#details(what)}
        <div class="actions"><slot></slot></div>
      </div>
    </div>`;
  }

  #details(shown: string): TemplateResult | typeof nothing {
    const { error } = this;
    if (!error) return nothing;
    const cause = error.cause instanceof Error ? error.cause.message : '';
    const more = [error.message === shown ? '' : error.message, cause].filter((s) => s !== '');
    return html`<details><summary>${msg('Details')}</summary>
      <code>${[error.code, ...more].join(' · ')}</code></details>`;
  }
}

customElements.define('jb-notice', Notice);

declare global {
  interface HTMLElementTagNameMap {
    'jb-notice': Notice;
  }
}
