/**
 * `<jb-doubts>`: one unit's readings that break a rule or were taken out by hand, each with what is
 * wrong with it and whether it counts. Fires `judge` with a SumsRequest for one of them, after a
 * second click. Knows no backend.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { DoubtsPage, SumsRequest } from '../../../shared/contracts/judgement.ts';
import { onlyThat } from '../../app/judgement.ts';
import { serverWords } from '../../app/server-words.ts';
import { figure } from '../format.ts';
import { utcText } from '../format-technical.ts';
import { adminStyles, rows } from './admin-nav.ts';
import './confirm.ts';
import { base, buttons } from './styles.ts';

export type Doubted = DoubtsPage['readings'][number];

export class Doubts extends LitElement {
  static override styles = [
    base,
    buttons,
    adminStyles,
    css`
      .state {
        font-weight: 600;
      }
      .out {
        color: var(--bad);
      }
    `,
  ];
  static override properties = { readings: { attribute: false }, busy: { type: Boolean } };
  declare readings: readonly Doubted[];
  declare busy: boolean;

  constructor() {
    super();
    this.readings = [];
    this.busy = false;
  }

  protected override render(): TemplateResult {
    if (this.readings.length === 0)
      return html`<p>${msg('Every reading of this unit counts.')}</p>`;
    return rows(this.readings, keyOf, (reading) => this.#reading(reading));
  }

  #reading(reading: Doubted): TemplateResult {
    const { period_start, received_at, doubt, counted, judged_at } = reading;
    const { impressions, device_minutes, visits } = reading;
    const label = counted ? msg('Leave it out') : msg('Count it');
    const received = utcText(received_at);
    const times = judged_at
      ? msg(str`received ${received}, judged ${utcText(judged_at)}`)
      : msg(str`received ${received}`);
    const why = doubt === null ? msg('taken out by hand') : serverWords(doubt);
    return html`<li>
      <p><strong>${utcText(period_start)}</strong>
        <span class="state ${counted ? '' : 'out'}"
          >${counted ? msg('counted') : msg('not counted')}</span></p>
      <p class="small">${msg(
        str`${why}: ${figure(visits)} visits, ${figure(device_minutes)} device-minutes, ${figure(impressions)} impressions`,
      )}
        <span class="muted">${times}</span></p>
      <div class="actions">
        <jb-confirm .label=${label} .confirmLabel=${label} ?busy=${this.busy}
          @confirm=${() => this.#judge({ ...onlyThat(period_start), counted: !counted })}>${
            counted
              ? msg('It counts no more, here and at Supabase.')
              : msg('It counts from now on, here and at Supabase.')
          }</jb-confirm>
      </div>
    </li>`;
  }

  #judge(detail: SumsRequest): void {
    this.dispatchEvent(new CustomEvent('judge', { detail }));
  }
}

/** A period may have two readings, received at different moments. */
const keyOf = ({ period_start, received_at }: Doubted) => `${period_start} ${received_at}`;

customElements.define('jb-doubts', Doubts);

declare global {
  interface HTMLElementTagNameMap {
    'jb-doubts': Doubts;
  }
}
