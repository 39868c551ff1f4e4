/**
 * `<jb-public-state>`: how a unit is, in words for whoever reads its label, and what to do then.
 * Knows the backend only as web/app/activation.ts.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { PublicState } from '../../../shared/contracts/provisioning.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { ActivationPortal } from '../../app/activation.ts';
import type { ServerClock } from '../../app/server-clock.ts';
import { inPageWords } from '../../app/server-words.ts';
import { ago } from '../format.ts';
import './notice.ts';
import { base, buttons } from './styles.ts';

export class PublicStateView extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      section {
        display: grid;
        gap: 4px;
        border-top: 2px solid var(--ink);
        padding-top: 16px;
        min-height: 96px;
        align-content: start;
      }
      strong {
        font-size: var(--size-20);
      }
    `,
  ];
  static override properties = {
    portal: { attribute: false },
    clock: { attribute: false },
    unit: {},
    state: { state: true },
    failure: { state: true },
  };
  declare portal: Pick<ActivationPortal, 'state'>;
  declare clock: ServerClock;
  /** Its id. */
  declare unit: string;
  declare protected state: PublicState | null;
  /** Why the state is not known. */
  declare protected failure: AppError | null;

  constructor() {
    super();
    this.unit = '';
    this.state = null;
    this.failure = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('unit')) return;
    this.state = null;
    void this.#look();
  }

  protected override render(): TemplateResult {
    return html`<section aria-live="polite">${this.#shown()}</section>`;
  }

  #shown(): TemplateResult {
    if (this.failure) {
      return html`<jb-notice .error=${this.failure}>
        <button class="small" @click=${() => this.#look()}>${msg('Try again')}</button>
      </jb-notice>`;
    }
    if (!this.state) return html`<p class="muted">${msg('Asking how it is …')}</p>`;
    const { last_seen_at } = this.state;
    const seen = last_seen_at && ago(Date.parse(last_seen_at), this.clock.now());
    return html`<p><strong>${word(this.state)}</strong></p>
      ${seen ? html`<p>${msg(str`Last heard: ${seen}`)}</p>` : nothing}
      <p class="muted">${advice(this.state)}</p>`;
  }

  async #look(): Promise<void> {
    const { unit } = this;
    this.failure = null;
    try {
      const state = await this.portal.state(unit);
      if (unit === this.unit) this.state = state;
    } catch (cause) {
      if (unit === this.unit) this.failure = inPageWords(toAppError(cause, 'unavailable'));
    }
  }
}

function word({ state }: PublicState): string {
  switch (state) {
    case 'online':
      return msg('Online');
    case 'late':
      return msg('Late');
    case 'silent':
      return msg('Silent');
    case 'new':
      return msg('Not heard yet');
  }
}

function advice({ state }: PublicState): string {
  switch (state) {
    case 'online':
      return msg('It reports as it should.');
    case 'late':
      return msg('Reports are missing. It may have a bad signal; it sends later what it counted.');
    case 'silent':
      return msg('Nothing for a day. Is its light on? Pull its plug, wait a moment, plug it in.');
    case 'new':
      return msg('Plug it in: when its light turns green, it is heard within ten minutes.');
  }
}

customElements.define('jb-public-state', PublicStateView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-public-state': PublicStateView;
  }
}
