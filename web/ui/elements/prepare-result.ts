/**
 * `<jb-prepare-result>`: how a preparation ended, in words, with the ways on. Fires `next`,
 * `retry`, `replace`, `erase`, `anew` and `measure`. Knows no flow; whoever shows it sees to it
 * that the chip on the cable is the one it speaks of.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { AppError } from '../../../shared/errors.ts';
import { describeError } from '../../app/error-messages.ts';
import type { DeliveryState } from '../../app/outbox-delivery.ts';
import { emptyAdvice, type HowDone, howDone } from '../../app/prepare-outcome.ts';
import type { PrepareState } from '../../app/prepare-state.ts';
import { whatToTouch } from '../../app/prepare-touch.ts';
import { signalWords } from '../../app/signal-words.ts';
import type { ReadingEvent } from '../../app/unit-state.ts';
import './notice.ts';
import { base, buttons } from './styles.ts';
import { touch } from './touch.ts';

const DONE_TONES: Record<HowDone, 'ok' | 'warn' | 'bad'> = {
  link: 'ok',
  firmware: 'ok',
  ready: 'ok',
  weak: 'warn',
  empty: 'warn',
  unseen: 'warn',
  waits: 'warn',
  delivered: 'ok',
  refused: 'bad',
  unknown: 'warn',
};

const DONE_TEXT: Record<HowDone, { headline: (id: string) => string; advice: () => string }> = {
  link: {
    headline: () => msg('The link works'),
    advice: () =>
      msg('The unit holds the test firmware only and counts nobody: prepare it before mounting.'),
  },
  firmware: {
    headline: (id) => msg(str`${id} has its firmware`),
    advice: () => msg('It keeps its identity and what it has counted, and reports by itself.'),
  },
  ready: {
    headline: (id) => msg(str`${id} is ready`),
    advice: () => msg('The server has heard from it and has its first reading. It can be mounted.'),
  },
  weak: {
    headline: (id) => msg(str`${id} reports, over a weak signal`),
    advice: () =>
      msg(
        'The server has its first reading. With so little signal, sending takes long and may fail in a bad hour. Try it nearer to a window or higher up and measure again; if there is no better place, it can be mounted as it is.',
      ),
  },
  empty: {
    headline: (id) => msg(str`${id} reports, but has counted nobody yet`),
    advice: () =>
      `${msg('The server has its first reading, which holds nobody.')} ${emptyAdvice()}`,
  },
  unseen: {
    headline: (id) => msg(str`${id} is registered, but was not heard`),
    advice: () =>
      msg(
        'The server could not be reached to say whether the unit’s readings arrive. Look again before you leave.',
      ),
  },
  refused: {
    headline: (id) => msg(str`${id} is not registered`),
    advice: () =>
      msg(
        'The server refused its registration and accepts nothing that this unit counts. See below why; then replace the other unit on purpose, or prepare this one with another id.',
      ),
  },
  unknown: {
    headline: (id) => msg(str`${id} may not be registered`),
    advice: () =>
      msg(
        'Its registration is no longer on this computer, and this page has not seen it delivered. Prepare the unit again if it does not report.',
      ),
  },
  waits: {
    headline: (id) => msg(str`${id} is prepared`),
    advice: () =>
      msg(
        'Its registration waits on this computer and is delivered when the server can be reached. Until then the unit keeps its readings.',
      ),
  },
  delivered: {
    headline: (id) => msg(str`${id} is registered`),
    advice: () => msg('Its registration was delivered. The unit sends what it has kept by itself.'),
  },
};

export class PrepareResultBox extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .wide {
        flex-basis: 100%;
      }
      .signal {
        flex-basis: 100%;
        max-width: none; /* a line of its own, whatever is wide enough to read */
        font-size: var(--size-14);
      }
    `,
  ];
  static override properties = {
    state: { attribute: false },
    delivery: { attribute: false },
    signalDbm: { attribute: false },
    readings: { attribute: false },
    busy: { type: Boolean },
  };
  declare state: PrepareState;
  declare delivery: DeliveryState;
  /** As the modem measured it last; null while unknown. */
  declare signalDbm: number | null;
  /** What the unit has reported since it runs. */
  declare readings: readonly ReadingEvent[];
  declare busy: boolean;

  protected override render(): TemplateResult | typeof nothing {
    const { result, error } = this.state;
    if (result === 'done') return this.#done();
    if (error && (result === 'failed' || result === 'cancelled')) return this.#failed(error);
    return nothing;
  }

  #done(): TemplateResult {
    const how = howDone(this.state, this.delivery, this.readings);
    const { headline, advice } = DONE_TEXT[how];
    if (this.state.action !== 'prepare')
      return html`<jb-notice data-testid="done" data-how=${how} tone=${DONE_TONES[how]}
        headline=${headline(this.state.deviceId)} advice=${advice()}>
        <button @click=${() => this.#fire('anew')}>${msg('Go on')}</button></jb-notice>`;
    const { signalDbm } = this;
    const signal = signalDbm === null ? msg('not known yet') : signalWords(signalDbm);
    return html`<jb-notice data-testid="done" data-how=${how} tone=${DONE_TONES[how]}
      headline=${headline(this.state.deviceId)} advice=${advice()}>
      <p class="signal" data-testid="signal">${msg(str`Signal: ${signal}`)}</p>
      <button class="primary" @click=${() => this.#fire('next')}>${msg('Next unit')}</button>
      <button class="small" aria-disabled=${this.busy}
        @click=${() => this.busy || this.#fire('measure')}
        >${msg('Measure again')}</button>
      <a class="button small" href="/labels?units=${this.state.deviceId}">${msg('Print its label')}</a>
      <button class="small" @click=${() => this.#fire('anew')}>${msg('Prepare again')}</button>
    </jb-notice>`;
  }

  #failed(error: AppError): TemplateResult {
    const { title, message } = describeError(error);
    const cancelled = this.state.result === 'cancelled';
    return html`<jb-notice data-testid="failure" .error=${error} tone=${cancelled ? 'warn' : 'bad'}
      headline=${cancelled ? title : message} advice=${this.state.advice}>
      ${touch(whatToTouch(this.state))}
      <button class="primary" @click=${() => this.#fire('retry')}>${msg('Try again')}</button>
      ${this.#wayOut(error)}
      <button @click=${() => this.#fire('anew')}>${msg('Change the id')}</button>
    </jb-notice>`;
  }

  #wayOut(error: AppError): TemplateResult | typeof nothing {
    if (error.code === 'conflict')
      return html`<button @click=${() => this.#fire('replace')}>${msg(
        'Replace the unit that has this id',
      )}</button>`;
    const { action } = describeError(error);
    if (action === 'erase')
      return html`<button @click=${() => this.#fire('erase')}>${msg('Erase the whole unit…')}</button>`;
    if (action === 'sign-in')
      return html`<a class="button" href="/sign-in?next=/bench">${msg('Sign in')}</a>`;
    if (action === 'reload')
      return html`<button @click=${() => location.reload()}>${msg('Reload the page')}</button>`;
    return nothing;
  }

  #fire(what: 'next' | 'retry' | 'replace' | 'erase' | 'anew' | 'measure'): void {
    this.dispatchEvent(new CustomEvent(what));
  }
}

customElements.define('jb-prepare-result', PrepareResultBox);

declare global {
  interface HTMLElementTagNameMap {
    'jb-prepare-result': PrepareResultBox;
  }
}
