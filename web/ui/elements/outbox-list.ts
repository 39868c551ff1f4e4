/**
 * `<jb-outbox-list>`: registrations that wait to be delivered, and those the backend refused, with
 * the reason. Fires `deliver`, and `discard` and `replace` with the entry's id. Knows no storage.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { AppError } from '../../../shared/errors.ts';
import { errorWords } from '../../app/error-words.ts';
import type { DeliveryState } from '../../app/outbox-delivery.ts';
import type { OutboxEntry } from '../../app/ports.ts';
import { ago } from '../format.ts';
import { base, buttons } from './styles.ts';

export class OutboxList extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .head {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 12px;
      }
      ul {
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: center;
        gap: 4px 16px;
        padding: 8px 0;
        border-bottom: 1px solid var(--line);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .refused {
        flex-basis: 100%;
        color: var(--bad);
        font-size: var(--size-14);
      }
    `,
  ];
  static override properties = { state: { attribute: false } };
  declare state: DeliveryState;

  protected override render(): TemplateResult | typeof nothing {
    const { entries, delivering, stopped } = this.state;
    if (entries.length === 0) return nothing;
    const waits = entries.some((e) => e.refused === null);
    return html`<div class="head">
        <h2>${msg('Waiting to be delivered')}</h2>
        ${
          waits
            ? html`<button class="small" aria-disabled=${delivering}
              @click=${() => delivering || this.#fire('deliver')}
              >${delivering ? msg('Delivering…') : msg('Deliver now')}</button>`
            : nothing
        }
      </div>
      <p class="small muted">${msg(
        'Units the server does not know yet. They are delivered by themselves when the server can be reached and someone is signed in.',
      )}</p>
      <ul>${entries.map((e) => this.#entry(e))}</ul>
      ${
        stopped
          ? html`<p class="small" role="status">${msg(str`Delivery waits: ${wordsOf(stopped)}`)}</p>`
          : nothing
      }`;
  }

  #entry(entry: OutboxEntry): TemplateResult {
    const when = ago(entry.queuedAt, Date.now());
    return html`<li>
      <span><strong class="mono">${entry.request.device_id}</strong>
        <span class="small muted">${msg(str`${entry.request.mac}, prepared ${when}`)}
        </span></span>
      ${
        entry.refused === null
          ? html`<span class="small">${msg('waiting')}</span>`
          : this.#refused(entry, entry.refused)
      }
    </li>`;
  }

  #refused({ id, request }: OutboxEntry, why: string): TemplateResult {
    const replace = html`<button class="small" @click=${() => this.#fire('replace', id)}
      >${msg('Replace the other unit')}</button>`;
    return html`<span class="buttons">${request.replace ? nothing : replace}
        <button class="small" @click=${() => this.#fire('discard', id)}>${msg('Discard')}</button></span>
      <span class="refused">${msg(str`Refused: ${why}`)}</span>`;
  }

  #fire(what: 'deliver' | 'discard' | 'replace', id?: number): void {
    this.dispatchEvent(new CustomEvent(what, { detail: id }));
  }
}

function wordsOf(error: AppError): string {
  const { what, next } = errorWords(error);
  return `${what} ${next}`;
}

customElements.define('jb-outbox-list', OutboxList);

declare global {
  interface HTMLElementTagNameMap {
    'jb-outbox-list': OutboxList;
  }
}
