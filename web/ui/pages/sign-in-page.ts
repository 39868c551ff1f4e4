/**
 * `<jb-sign-in-page>`: sign in, or who is signed in and the way out. Knows the session only through
 * web/app/session.ts.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { Session } from '../../app/session.ts';
import { KeepFocus } from '../controllers/keep-focus.ts';
import { Observe } from '../controllers/observe.ts';
import '../elements/notice.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import { type Go, nextPath } from '../router.ts';

/** How long to wait for the backend to say whose page to open; a guess is better than a wait. */
const ROLE_WAIT_MS = 3000;

export class SignInPage extends LitElement {
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
        max-width: 400px;
        margin: 0 auto;
        padding-top: 16px;
      }
      @media (min-width: 720px) {
        .page {
          padding-top: 64px;
        }
      }
    `,
  ];
  static override properties = {
    session: { attribute: false },
    go: { attribute: false },
    busy: { state: true },
    error: { state: true },
  };
  declare session: Session;
  declare go: Go;
  declare protected busy: boolean;
  declare protected error: AppError | null;

  constructor() {
    super();
    this.busy = false;
    this.error = null;
    new KeepFocus(this);
    new Observe(this, () => this.session?.state);
  }

  protected override render(): TemplateResult {
    const { user } = this.session.state.value;
    return html`<div class="page">${user ? this.#account(user.email) : this.#form()}</div>`;
  }

  #account(email: string): TemplateResult {
    const { role } = this.session.state.value;
    return html`<h1 tabindex="-1">Account</h1>
      <p>Signed in as <strong>${email}</strong>${role ? html` (${role})` : nothing}.</p>
      <p class="small muted">Signing out removes the numbers kept on this device.</p>
      <p><button aria-disabled=${this.busy} @click=${this.#signOut}>Sign out</button></p>`;
  }

  #form(): TemplateResult {
    const wrong = this.error?.code === 'unauthenticated';
    return html`<h1 tabindex="-1">Sign in</h1>
      ${
        this.session.state.value.expired && !this.error
          ? html`<jb-notice tone="warn" headline="Your session has ended"
            advice="Sign in again to go on."></jb-notice>`
          : nothing
      }
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      <form @submit=${this.#submit}>
        <div class="field">
          <label for="email">E-mail</label>
          <input id="email" name="email" type="email" autocomplete="username" required
            aria-invalid=${wrong}>
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input id="password" name="password" type="password" autocomplete="current-password"
            required aria-invalid=${wrong}>
        </div>
        <button class="primary" aria-disabled=${this.busy}
          >${this.busy ? 'Signing in…' : 'Sign in'}</button>
      </form>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    // The button stays in the order of focus meanwhile; pressing it again does nothing.
    if (this.busy) return;
    const data = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.error = null;
    try {
      await this.session.signIn(String(data.get('email')), String(data.get('password')));
      const next = nextPath(location.search, location.origin);
      this.go(next ?? (await homeOf(this.session)), { replace: true });
    } catch (error) {
      this.error = toAppError(error, 'unavailable');
      if (this.error.code === 'unauthenticated') await this.#correctPassword();
    } finally {
      this.busy = false;
    }
  };

  readonly #signOut = async (): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    await this.session.signOut();
    this.busy = false;
  };

  /** Where the eye should be, with what is there ready to be typed over. */
  async #correctPassword(): Promise<void> {
    await this.updateComplete;
    const field = this.renderRoot.querySelector<HTMLInputElement>('#password');
    field?.focus();
    field?.select();
  }
}

/** Where a person's work is: installers see no visitor numbers, so the store is not for them. */
async function homeOf(session: Session): Promise<string> {
  const role = await session.roleWithin(ROLE_WAIT_MS);
  return role === 'installer' ? '/bench' : '/store';
}

customElements.define('jb-sign-in-page', SignInPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sign-in-page': SignInPage;
  }
}
