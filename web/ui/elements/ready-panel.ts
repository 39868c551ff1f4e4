/**
 * `<jb-ready-panel>`: makes this device ready for where there is no network, and says until when it
 * is and what is missing. Fetched by the bench; knows no adapter.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import { IDS_WANTED, type Ready, type ReadyLine } from '../../app/ready.ts';
import { ObservableController } from '../controllers/observable.ts';
import { dateTime } from '../format.ts';
import './notice.ts';
import { base, buttons, fields } from './styles.ts';
import { statedRows } from './styles-parts.ts';

/** As many as the backend holds for one browser. */
const IDS_MAX = 50;

export class ReadyPanel extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    statedRows,
    css`
      section,
      form {
        display: grid;
        gap: 12px;
      }
      form {
        grid-template-columns: minmax(0, 12rem);
      }
      .missing span {
        color: var(--bad);
      }
      .until {
        font-weight: 600;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];
  static override properties = {
    ready: { attribute: false },
    signedIn: { type: Boolean },
    error: { state: true },
  };
  declare ready: Ready;
  declare signedIn: boolean;
  declare error: AppError | null;

  constructor() {
    super();
    this.error = null;
    new ObservableController(this, () => this.ready?.state);
    this.signedIn = false;
  }

  protected override firstUpdated(): void {
    void this.ready.look();
  }

  protected override render(): TemplateResult {
    const { at, lines, working } = this.ready.state.value;
    return html`<section aria-labelledby="ready">
      <h2 id="ready">${msg('Before you leave')}</h2>
      <p class="small muted">${msg(
        'Where there is no network, units are prepared with what is on this device. Make it ready while it is connected.',
      )}</p>
      <p class="until" role="status" data-testid="ready-until">${this.#until()}</p>
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.signedIn ? this.#form() : this.#signIn()}
      ${
        lines.length === 0
          ? nothing
          : html`<details ?open=${working || lines.some(({ state }) => state === 'missing')}>
            <summary>${summary(at)}</summary>
            <ul>${lines.map(row)}${this.#who()}</ul></details>`
      }
    </section>`;
  }

  #until(): string {
    const { working, until, at, ids, lines } = this.ready.state.value;
    if (working) return msg('Making this device ready …');
    const { left } = ids;
    if (until !== null) {
      const end = dateTime(until);
      return msg(str`Ready to work without a network until ${end}. Ids left: ${left}.`);
    }
    if (at === null) return msg('This device has not been made ready yet.');
    if (left === 0 && !lines.some(({ state }) => state === 'missing'))
      return msg('No id is left: make this device ready again.');
    return msg('Not ready: something is missing.');
  }

  #form(): TemplateResult {
    const { working, ids } = this.ready.state.value;
    return html`<form novalidate @submit=${this.#make}>
      <div class="field">
        <label for="count">${msg('Units to prepare')}</label>
        <input id="count" name="count" type="number" inputmode="numeric" min="1" max=${IDS_MAX}
          .value=${String(IDS_WANTED)}>
      </div>
      <div class="buttons"><button aria-disabled=${working}>${msg('Make this device ready')}</button>
      ${
        ids.left > 0
          ? html`<button type="button" class="quiet"
              aria-disabled=${working} @click=${this.#giveBack}
            >${msg('Give the ids back')}</button>`
          : nothing
      }</div></form>`;
  }

  #signIn(): TemplateResult {
    const words = msg('Sign in as an installer first: ids are held for you.');
    return html`<p class="small"><a href="/sign-in?next=/bench">${words}</a></p>`;
  }

  /** The sign-in does not end while it is not used here; what waits needs it to be renewed. */
  #who(): TemplateResult {
    const words = this.signedIn
      ? msg(
          'You stay signed in without a network. With it the sign-in is renewed by itself; if it was ended meanwhile, sign in again: what waits is kept.',
        )
      : msg('Nobody is signed in: nothing can be registered until somebody is.');
    return html`<li class=${this.signedIn ? 'ready' : 'missing'} data-part="sign-in">
      <strong>${msg('Sign-in')}</strong><span>${words}</span></li>`;
  }

  readonly #make = (event: SubmitEvent): void => {
    event.preventDefault();
    const typed = Number(new FormData(event.target as HTMLFormElement).get('count'));
    const count = Number.isInteger(typed) ? Math.min(Math.max(typed, 1), IDS_MAX) : IDS_WANTED;
    void this.ready.make(count);
  };

  readonly #giveBack = (): void => {
    if (this.ready.state.value.working) return;
    this.error = null;
    this.ready.giveBack().catch((cause: unknown) => {
      this.error = toAppError(cause);
    });
  };
}

function summary(at: number | null): string {
  if (at === null) return msg('What is on this device');
  const time = dateTime(at);
  return msg(str`What was on this device on ${time}`);
}

function row({ part, state, words }: ReadyLine): TemplateResult {
  return html`<li class=${state} data-part=${part} data-state=${state}>
    <strong>${partName(part)}</strong>
    <span>${state === 'missing' ? msg(str`Missing: ${words}`) : words || stateName(state)}</span></li>`;
}

function partName(part: ReadyLine['part']): string {
  switch (part) {
    case 'page':
      return msg('This page');
    case 'settings':
      return msg('Settings');
    case 'firmware':
      return msg('Firmware');
    case 'ids':
      return msg('Ids');
    case 'orders':
      return msg('Work orders');
    case 'storage':
      return msg('Storage');
  }
}

const stateName = (state: ReadyLine['state']) =>
  state === 'running' ? msg('Fetching …') : msg('waiting');

customElements.define('jb-ready-panel', ReadyPanel);

declare global {
  interface HTMLElementTagNameMap {
    'jb-ready-panel': ReadyPanel;
  }
}
