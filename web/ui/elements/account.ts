/**
 * `<jb-account>`: who is signed in, the ways out (here, everywhere), and the second factor. Fires
 * `signed-out`. Knows the account only through web/app/account.ts.
 */

import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Role } from '../../../shared/contracts/portal.ts';
import { AppError } from '../../../shared/errors.ts';
import { type Account, refusal } from '../../app/account.ts';
import type { Session } from '../../app/session.ts';
import type { Waiting } from '../../app/waiting.ts';
import { ObservableController } from '../controllers/observable.ts';
import { dateTime, figure, plural } from '../format.ts';
import './confirm.ts';
import { attempt, codeField, digits, roleName, typed } from './form.ts';
import './notice.ts';
import { base, buttons, fields } from './styles.ts';

type Factor = 'asking' | 'unknown' | 'off' | 'on';
/** What signing out would take away, and which way out it was. */
interface Unsent {
  everywhere: boolean;
  /** Changes. */
  count: number;
  /** That a change for many has not reached yet. */
  sensors: number;
}
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
      .unsent {
        display: grid;
        gap: 12px;
        padding: 16px;
        border-radius: var(--radius-small);
        background: var(--warn-soft);
      }
      .choice {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      /* As high as the button that may come. */
      .asking {
        min-height: 44px;
      }
      .mono {
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = {
    session: { attribute: false },
    account: { attribute: false },
    waiting: { attribute: false },
    unsent: { state: true },
    factor: { state: true },
    factorAsOf: { state: true },
    started: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare session: Session;
  declare account: () => Promise<Account>;
  declare waiting: Waiting;
  /** What is asked about before signing out: how, and how many changes are not sent. */
  declare protected unsent: Unsent | null;
  declare protected factor: Factor;
  /** When it was known so; null: just now. */
  declare protected factorAsOf: number | null;
  declare protected started: Started | null;
  declare busy: boolean;
  declare error: AppError | null;

  constructor() {
    super();
    this.unsent = null;
    this.factor = 'asking';
    this.factorAsOf = null;
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
      const { answer, asOf } = await (await this.account()).shownSecondFactor();
      this.factor = answer ? 'on' : 'off';
      this.factorAsOf = asOf;
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
      ${
        role === 'owner'
          ? html`<p><a href="/staff">${msg('Staff: who may look at your locations')}</a></p>`
          : nothing
      }
      <p class="small muted">${msg('Signing out removes the numbers kept on this device.')}</p>
      <p><button aria-disabled=${this.busy} @click=${() => this.#leave(false)}>${msg(
        'Sign out',
      )}</button></p>
      ${this.unsent ? this.#unsent(this.unsent) : nothing}
      <jb-confirm label=${msg('Sign out everywhere')} confirm-label=${msg('Sign out everywhere')}
        ?busy=${this.busy} @confirm=${() => this.#leave(true)}
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
    if (this.factorAsOf !== null) return remembered(this.factor, this.factorAsOf);
    switch (this.factor) {
      case 'asking':
        return html`<p class="small muted">${msg('Looking…')}</p>${whatFor()}
          <p class="asking"></p>`;
      case 'unknown':
        return html`<p class="small muted">${msg('Not known right now.')}</p>`;
      case 'on':
        return html`<p>${msg('On: signing in takes a code of your authenticator app.')}</p>
          <jb-confirm label=${msg('Turn it off')} confirm-label=${msg('Turn it off')}
            ?busy=${this.busy} @confirm=${this.#turnOff}
            >${msg('Your password alone opens your account then.')}</jb-confirm>`;
      case 'off':
        return html`<p>${msg('Off.')}</p>${whatFor()}
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

  /** What is not sent would be gone with the session: nobody else may find it here. */
  #unsent({ count, sensors }: Unsent): TemplateResult {
    return html`<div class="unsent" role="alertdialog" aria-labelledby="unsent">
      <div id="unsent" tabindex="-1">
        ${count > 0 ? html`<p><b>${unsentWords(count)}</b></p>` : nothing}
        ${sensors > 0 ? html`<p><b>${aheadWords(sensors)}</b> ${goOnThere()}</p>` : nothing}
        <p>${msg('Signing out removes from this device what is not sent.')}</p>
      </div>
      <p class="choice">
        ${
          count > 0
            ? html`<button class="primary" aria-disabled=${this.busy}
                @click=${this.#sendFirst}>${msg('Send, then sign out')}</button>`
            : nothing
        }
        <button aria-disabled=${this.busy} @click=${this.#signOut}>${
          count > 0 ? msg('Sign out without them') : msg('Sign out and end it')
        }</button>
        <button @click=${() => {
          this.unsent = null;
        }}>${msg('Stay signed in')}</button>
      </p></div>`;
  }

  async #leave(everywhere: boolean): Promise<void> {
    if (this.busy) return;
    const [count, sensors] = await Promise.all([
      this.waiting.count().catch(() => 0),
      this.waiting.sensors(),
    ]);
    this.unsent = { everywhere, count, sensors };
    if (count + sensors === 0) return await this.#signOut();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#unsent')?.focus();
  }

  readonly #sendFirst = () =>
    this.#attempt(async () => {
      await this.waiting.deliver();
      const [count, sensors] = [await this.waiting.count(), await this.waiting.sensors()];
      if (count + sensors === 0) return await this.#end();
      this.unsent = { everywhere: this.unsent?.everywhere ?? false, count, sensors };
      // What can be sent is: the rest of a change for many sensors is begun on its own page.
      if (count === 0) return;
      throw new AppError('unavailable', msg('Not everything could be sent.'), {
        hint: msg('Beside each change its page says why. Try again when there is a connection.'),
      });
    });

  readonly #signOut = () => this.#attempt(() => this.#end());

  async #end(): Promise<void> {
    if (this.unsent?.everywhere) await (await this.account()).signOutEverywhere();
    else await this.session.signOut();
    this.unsent = null;
    this.dispatchEvent(new CustomEvent('signed-out'));
  }

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

function unsentWords(count: number): string {
  const n = figure(count);
  return plural(count, {
    one: msg('One change is not sent yet.'),
    other: msg(str`${n} changes are not sent yet.`),
  });
}

function aheadWords(sensors: number): string {
  const n = figure(sensors);
  return plural(sensors, {
    one: msg('A change for many sensors has not reached one of them yet.'),
    other: msg(str`A change for many sensors has not reached ${n} of them yet.`),
  });
}

const goOnThere = () => html`<a href="/locations">${msg('Go on with it on My locations')}</a>`;

/** What this device remembers of the second factor; without the services nothing changes it. */
function remembered(factor: Factor, at: number): TemplateResult {
  const time = dateTime(at);
  const words =
    factor === 'on'
      ? msg('On: signing in takes a code of your authenticator app.')
      : msg('Off: a password alone opens your account.');
  return html`<p>${words}</p>
    <p class="small muted" data-testid="factor-as-of">${msg(
      str`As of ${time}. You can change it once there is a connection.`,
    )}</p>`;
}

const whatFor = () =>
  html`<p>${msg(
    'With it, a stolen password alone does not open your account: signing in also takes a code of an app on your phone.',
  )}</p>`;

const asRole = (role: Role | null): string => (role ? ` (${roleName(role)})` : '');

customElements.define('jb-account', AccountCard);

declare global {
  interface HTMLElementTagNameMap {
    'jb-account': AccountCard;
  }
}
