/**
 * `<jb-password-page>`: opened by a link from a mail, an invitation or a forgotten password: choose
 * a password, and be signed in with it. The link is spent by the button, not by opening the page,
 * which mail scanners do as well. Knows the account only through web/app/account.ts.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { AppError } from '../../../shared/errors.ts';
import {
  type Account,
  checkPasswords,
  type PasswordLink,
  passwordLink,
  refusal,
} from '../../app/account.ts';
import { codeField, digits, newPasswordFields, typed } from '../elements/form.ts';
import '../elements/notice.ts';
import { base, buttons, fields } from '../elements/styles.ts';

export class PasswordPage extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      .page,
      form {
        display: grid;
        gap: 20px;
      }
      .page {
        max-width: 25rem;
        margin: 0 auto;
        padding-top: 16px;
      }
    `,
  ];
  static override properties = {
    account: { attribute: false },
    go: { attribute: false },
    needsCode: { state: true },
    isSet: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare account: () => Promise<Account>;
  declare go: (path: string) => void;
  declare protected needsCode: boolean;
  declare protected isSet: boolean;
  declare protected busy: boolean;
  declare protected error: AppError | null;

  readonly #link: PasswordLink | null = passwordLink(location);

  constructor() {
    super();
    this.needsCode = false;
    this.isSet = false;
    this.busy = false;
    this.error = null;
    // the link must not stay in the address, where a history or a screenshot keeps it
    if (this.#link) history.replaceState(history.state, '', '/password');
  }

  protected override render(): TemplateResult {
    return html`<div class="page">${this.#link ? this.#form(this.#link) : noLink()}</div>`;
  }

  #form(link: PasswordLink): TemplateResult {
    if (link.kind === 'refused') return spent();
    if (this.isSet) return isSet();
    const { invited } = link;
    return html`<h1 tabindex="-1">${invited ? msg('Welcome to JamBench') : msg('A new password')}</h1>
      <p>${
        invited
          ? msg('Choose the password with which you will sign in.')
          : msg(
              'Choose the password with which you will sign in. Wherever you are signed in now, you will have to sign in again.',
            )
      }</p>
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      <form @submit=${this.#submit}>
        ${newPasswordFields(this.error?.code === 'invalid' && !this.needsCode)}
        ${this.needsCode ? codeField(false) : nothing}
        <button class="primary" aria-disabled=${this.busy}
          >${this.busy ? msg('Setting it…') : msg('Set the password')}</button>
      </form>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    const { password = '', again = '', code } = typed(event);
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      checkPasswords(password, again);
      await this.#choose(password, code === undefined ? null : digits(code));
    } catch (error) {
      this.error = refusal(error);
    } finally {
      this.busy = false;
    }
  };

  async #choose(password: string, code: string | null): Promise<void> {
    if (!this.#link) return;
    const account = await this.account();
    const outcome = await account.choosePassword(this.#link, password, code);
    if (outcome === 'signed_in') this.go('/');
    if (outcome === 'sign_in') this.isSet = true;
    if (outcome === 'code_needed') this.needsCode = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(outcome === 'sign_in' ? 'h1' : '#code')?.focus();
  }
}

function noLink(): TemplateResult {
  return html`<h1 tabindex="-1">${msg('A new password')}</h1>
    <p>${msg(html`This page is opened by a link in a mail. To get one, go to
      <a href="/sign-in">Sign in</a> and choose “Forgotten your password?”.`)}</p>`;
}

function isSet(): TemplateResult {
  return html`<h1 tabindex="-1">${msg('Your password is set')}</h1>
    <p>${msg('Every session with the old one has ended.')}</p>
    <p><a class="button primary" href="/sign-in">${msg('Sign in')}</a></p>`;
}

function spent(): TemplateResult {
  return html`<h1 tabindex="-1">${msg('This link does not work any more')}</h1>
    <p>${msg(html`It has expired or was used already. To get another one, go to
      <a href="/sign-in">Sign in</a> and choose “Forgotten your password?”, or ask whoever
      invited you.`)}</p>`;
}

customElements.define('jb-password-page', PasswordPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-password-page': PasswordPage;
  }
}
