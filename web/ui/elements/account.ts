/**
 * `<jb-account>`: who is signed in, the ways out (here, everywhere), and the second factor. Fires
 * `signed-out`. Knows the account only through web/app/account.ts.
 */

import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Role } from '../../../shared/contracts/portal.ts';
import type { AppError } from '../../../shared/errors.ts';
import { type Account, refusal } from '../../app/account.ts';
import type { Session } from '../../app/session.ts';
import { ObservableController } from '../controllers/observable.ts';
import './confirm.ts';
import { attempt, codeField, digits, roleName, typed } from './form.ts';
import './notice.ts';
import { base, buttons, fields } from './styles.ts';

type Factor = 'asking' | 'unknown' | 'off' | 'on';
type Started = Awaited<ReturnType<Account['startSecondFactor']>>;

export class AccountCard extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host,
      section,
      form {
        display: grid;
        gap: 16px;
      }
      section {
        border-top: 1px solid var(--line);
        padding-top: 16px;
      }
      img {
        background: #fff;
        padding: 12px;
        width: 220px;
        height: 220px;
        border-radius: var(--radius-small);
      }
      .mono {
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = {
    session: { attribute: false },
    account: { attribute: false },
    factor: { state: true },
    started: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare session: Session;
  declare account: () => Promise<Account>;
  declare protected factor: Factor;
  declare protected started: Started | null;
  declare busy: boolean;
  declare error: AppError | null;

  constructor() {
    super();
    this.factor = 'asking';
    this.started = null;
    this.busy = false;
    this.error = null;
    new ObservableController(this, () => this.session?.state);
  }

  protected override firstUpdated(): void {
    void this.#ask();
  }

  /** Nobody has pressed anything yet: without a network it is not known, and that is all. */
  async #ask(): Promise<void> {
    try {
      this.factor = (await (await this.account()).hasSecondFactor()) ? 'on' : 'off';
    } catch (error) {
      console.debug('Whether there is a second factor is not known.', error);
      this.factor = 'unknown';
    }
  }

  protected override render(): TemplateResult {
    const { user, role } = this.session.state.value;
    return html`<h1 tabindex="-1">${msg('Account')}</h1>
      <p>${msg(html`Signed in as <strong>${user?.email}</strong>${asRole(role)}.`)}</p>
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      <p class="small muted">${msg('Signing out removes the numbers kept on this device.')}</p>
      <p><button aria-disabled=${this.busy} @click=${this.#signOut}>${msg('Sign out')}</button></p>
      <jb-confirm label=${msg('Sign out everywhere')} confirm-label=${msg('Sign out everywhere')}
        ?busy=${this.busy} @confirm=${this.#signOutEverywhere}
        >${msg(
          'Every browser and phone that is signed in as you has to sign in again, this one as well.',
        )}</jb-confirm>
      <section aria-labelledby="factor-title">
        <h2 id="factor-title">${msg('Second factor')}</h2>
        ${this.#factor()}
      </section>`;
  }

  #factor(): TemplateResult {
    if (this.started) return this.#setUp(this.started);
    switch (this.factor) {
      case 'asking':
        return html`<p class="small muted">${msg('Looking…')}</p>`;
      case 'unknown':
        return html`<p class="small muted">${msg('Not known right now.')}</p>`;
      case 'on':
        return html`<p>${msg('On: signing in takes a code of your authenticator app.')}</p>
          <jb-confirm label=${msg('Turn it off')} confirm-label=${msg('Turn it off')}
            ?busy=${this.busy} @confirm=${this.#turnOff}
            >${msg('Your password alone opens your account then.')}</jb-confirm>`;
      case 'off':
        return html`<p>${msg(
          'Off. With it, a stolen password alone does not open your account: signing in also takes a code of an app on your phone.',
        )}</p>
          <p><button aria-disabled=${this.busy} @click=${this.#turnOn}>${msg('Set it up')}</button></p>`;
    }
  }

  #setUp({ picture, secret }: Started): TemplateResult {
    return html`<p>${msg(
      'Scan this with an authenticator app on your phone, then enter the code that it shows.',
    )}</p>
      <img src=${picture} alt=${msg('QR code for the authenticator app')}>
      <p class="small">${msg('Cannot scan? Enter this key in the app:')}
        <span class="mono">${secret}</span></p>
      <form @submit=${this.#confirm}>
        ${codeField(this.error !== null)}
        <button class="primary" aria-disabled=${this.busy}>${msg('Turn it on')}</button>
      </form>
      <p><button class="quiet" @click=${this.#cancel}>${msg('Cancel')}</button></p>`;
  }

  readonly #signOut = async (): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    await this.session.signOut();
    this.busy = false;
    this.dispatchEvent(new CustomEvent('signed-out'));
  };

  readonly #signOutEverywhere = () =>
    this.#attempt(async () => {
      await (await this.account()).signOutEverywhere();
      this.dispatchEvent(new CustomEvent('signed-out'));
    });

  readonly #turnOn = () =>
    this.#attempt(async () => {
      this.started = await (await this.account()).startSecondFactor();
    });

  readonly #confirm = (event: SubmitEvent) => {
    const { code = '' } = typed(event);
    return this.#attempt(async () => {
      await this.started?.confirm(digits(code));
      this.started = null;
      this.factor = 'on';
    });
  };

  readonly #turnOff = () =>
    this.#attempt(async () => {
      await (await this.account()).removeSecondFactor();
      this.factor = 'off';
    });

  readonly #cancel = (): void => {
    this.started = null;
    this.error = null;
  };

  async #attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    await attempt(this, work, refusal);
  }
}

const asRole = (role: Role | null): string => (role ? ` (${roleName(role)})` : '');

customElements.define('jb-account', AccountCard);

declare global {
  interface HTMLElementTagNameMap {
    'jb-account': AccountCard;
  }
}
