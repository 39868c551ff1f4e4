/**
 * `<jb-sign-in-page>`: sign in, with the code of a second factor where there is one, or who is
 * signed in. Leads to a new password, and to an account of one's own where that is allowed. Knows
 * the session only through web/app/session.ts.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { Session } from '../../app/session.ts';
import { FocusController } from '../controllers/focus.ts';
import { ObservableController } from '../controllers/observable.ts';
import type { DeviceParts } from '../elements/device-card.ts';
import { codeField, digits, field, newPasswordFields, typed } from '../elements/form.ts';
import '../elements/notice.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import { figure, plural } from '../format.ts';
import { type Go, nextPath } from '../router.ts';
import type { RouteParts } from '../routes.ts';

/** How long to wait for the backend to say whose page to open; a guess is better than a wait. */
const ROLE_WAIT_MS = 3000;

type View = 'sign-in' | 'code' | 'forgotten' | 'sign-up' | 'mailed' | 'confirm';

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
        max-width: 25rem;
        margin: 0 auto;
        padding-top: 16px;
      }
      /* Its parts come one by one; what is below must not jump while they do. */
      .mine {
        min-height: 100svh;
        align-content: start;
      }
      jb-account:not(:defined) {
        display: block;
        min-height: 27rem;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
      }
      .ways button {
        padding: 8px 0;
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
    account: { attribute: false },
    device: { attribute: false },
    settings: { attribute: false },
    waiting: { attribute: false },
    left: { state: true },
    go: { attribute: false },
    view: { state: true },
    canSignUp: { state: true },
    busy: { state: true },
    error: { state: true },
    isGone: { state: true },
    parts: { state: true },
  };
  declare session: Session;
  /** Fetched when first needed. */
  declare account: RouteParts['account'];
  /** What JamBench is on this device. */
  declare device: () => Promise<DeviceParts>;
  declare settings: () => Promise<{ sign_up?: boolean | undefined }>;
  /** What is not sent yet (web/app/waiting.ts). */
  declare waiting: RouteParts['waiting'];
  declare go: Go;
  /** Changes that somebody left behind, whose session ended. */
  declare protected left: number;
  declare protected view: View;
  declare protected canSignUp: boolean;
  declare protected busy: boolean;
  declare protected error: AppError | null;
  /** The code of the account cannot be had. */
  declare protected isGone: boolean;
  declare protected parts: DeviceParts | null;

  #enterCode: ((code: string) => Promise<void>) | null = null;

  constructor() {
    super();
    this.left = 0;
    this.view = 'sign-in';
    this.canSignUp = false;
    this.busy = false;
    this.error = null;
    this.isGone = false;
    this.parts = null;
    new FocusController(this);
    new ObservableController(this, () => this.session?.state);
  }

  protected override firstUpdated(): void {
    void this.#askLeft();
    this.settings().then(
      ({ sign_up }) => {
        this.canSignUp = sign_up ?? false;
      },
      () => {}, // without the settings nobody signs in either, and the page says so then
    );
  }

  async #askLeft(): Promise<void> {
    if (this.session.state.value.user) return;
    this.left = await this.waiting.count().catch(() => 0);
  }

  protected override render(): TemplateResult {
    const { user } = this.session.state.value;
    if (user && this.view !== 'code') {
      this.#loadAccount();
      if (this.isGone) return html`<div class="page">${partGone()}</div>`;
      return html`<div class="page mine"><jb-account .session=${this.session}
        .account=${this.account} .waiting=${this.waiting}
        @signed-out=${() => this.#toHeading()}></jb-account>
        ${this.parts ? deviceCard(this.parts) : nothing}</div>`;
    }
    return html`<div class="page">${this.#view()}</div>`;
  }

  #loadAccount(): void {
    import('../elements/account.ts').catch(() => {
      this.isGone = true;
    });
    if (this.parts) return;
    Promise.all([this.device(), import('../elements/device-card.ts')]).then(
      ([parts]) => {
        this.parts = parts;
      },
      // The account is there without; the shell says that a part is gone.
      () => undefined,
    );
  }

  #view(): TemplateResult {
    switch (this.view) {
      case 'code':
        return this.#code();
      case 'forgotten':
        return this.#forgotten();
      case 'sign-up':
        return this.#signUp();
      case 'mailed':
        return notice(msg('Look into your mail'), [
          msg('If there is an account with this address, a link is on its way to it.'),
          msg('It works once, for an hour. Nothing there? Look into the spam folder, too.'),
        ]);
      case 'confirm':
        return notice(msg('Confirm your address'), [
          msg('A link is on its way to you. Open it, then sign in.'),
          msg('An administrator then gives your account what it may do here.'),
        ]);
      default:
        return this.#signIn();
    }
  }

  #signIn(): TemplateResult {
    const wrong = this.error?.code === 'unauthenticated';
    return html`<h1 tabindex="-1">${msg('Sign in')}</h1>
      ${
        this.session.state.value.expired && !this.error
          ? html`<jb-notice tone="warn" headline=${msg('Your session has ended')}
            advice=${msg('Sign in again to go on.')}></jb-notice>`
          : nothing
      }
      ${this.#leftBehind()}
      ${this.#refused()}
      <form @submit=${this.#submit}>
        ${field('email', msg('E-mail'), { type: 'email', autocomplete: 'username', wrong })}
        ${field('password', msg('Password'), {
          type: 'password',
          autocomplete: 'current-password',
          wrong,
        })}
        ${this.#button(msg('Sign in'), msg('Signing in…'))}
      </form>
      <p class="ways">
        <button class="quiet" @click=${() => this.#show('forgotten')}
          >${msg('Forgotten your password?')}</button>
        ${
          this.canSignUp
            ? html`<button class="quiet" @click=${() => this.#show('sign-up')}
              >${msg('Make an account')}</button>`
            : nothing
        }
      </p>`;
  }

  /** Says how many, and nothing of whose or what. */
  #leftBehind(): TemplateResult | typeof nothing {
    if (this.left === 0) return nothing;
    const n = figure(this.left);
    const wait = plural(this.left, {
      one: msg('One change on this device is not sent yet.'),
      other: msg(str`${n} changes on this device are not sent yet.`),
    });
    return html`<jb-notice tone="warn" headline=${wait} advice=${msg(
      'They are sent when the same person signs in again, and removed when somebody else does.',
    )}></jb-notice>`;
  }

  #code(): TemplateResult {
    return html`<h1 tabindex="-1">${msg('One more step')}</h1>
      <p>${msg('Your password is right. Your account has a second factor.')}</p>
      ${this.#refused()}
      <form @submit=${this.#submitCode}>
        ${codeField(this.error !== null)}
        ${this.#button(msg('Sign in'), msg('Signing in…'))}
      </form>
      ${this.#back()}
      <p class="small muted">${msg(
        'Lost your phone? An administrator can take the second factor off.',
      )}</p>`;
  }

  #forgotten(): TemplateResult {
    return html`<h1 tabindex="-1">${msg('A new password')}</h1>
      <p>${msg('We send you a link with which you choose a new one.')}</p>
      ${this.#refused()}
      <form @submit=${this.#submitForgotten}>
        ${field('email', msg('E-mail'), { type: 'email', autocomplete: 'username' })}
        ${this.#button(msg('Send the link'), msg('Sending…'))}
      </form>
      ${this.#back()}`;
  }

  #signUp(): TemplateResult {
    return html`<h1 tabindex="-1">${msg('Make an account')}</h1>
      <p>${msg('An administrator then gives it what it may do here.')}</p>
      ${this.#refused()}
      <form @submit=${this.#submitSignUp}>
        ${field('email', msg('E-mail'), { type: 'email', autocomplete: 'username' })}
        ${newPasswordFields(false)}
        ${this.#button(msg('Make an account'), msg('Making it…'))}
      </form>
      ${this.#back()}`;
  }

  #refused(): TemplateResult | typeof nothing {
    return this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing;
  }

  #button(label: string, busy: string): TemplateResult {
    return html`<button class="primary" aria-disabled=${this.busy}
      >${this.busy ? busy : label}</button>`;
  }

  #back(): TemplateResult {
    return html`<p class="ways"><button class="quiet" @click=${() => this.#show('sign-in')}
      >${msg('Back to sign-in')}</button></p>`;
  }

  readonly #submit = (event: SubmitEvent): Promise<void> => {
    const { email = '', password = '' } = typed(event);
    return this.#attempt(async () => {
      this.#enterCode = await this.session.signIn(email, password);
      if (this.#enterCode) await this.#show('code');
      else await this.#leave();
    });
  };

  readonly #submitCode = (event: SubmitEvent): Promise<void> => {
    const { code = '' } = typed(event);
    return this.#attempt(async () => {
      await this.#enterCode?.(digits(code));
      this.view = 'sign-in';
      await this.#leave();
    });
  };

  readonly #submitForgotten = (event: SubmitEvent): Promise<void> => {
    const { email = '' } = typed(event);
    return this.#attempt(async () => {
      await (await this.account()).port.requestPassword(email);
      await this.#show('mailed');
    });
  };

  readonly #submitSignUp = (event: SubmitEvent): Promise<void> => {
    const { email = '', password = '', again = '' } = typed(event);
    return this.#attempt(async () => {
      const { checkPasswords } = await import('../../app/account.ts');
      checkPasswords(password, again);
      const session = await (await this.account()).port.signUp(email, password);
      if (session) await this.session.adopt(session);
      else await this.#show('confirm');
    });
  };

  /** The button stays in the order of focus meanwhile; pressing it again does nothing. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      await work();
    } catch (error) {
      this.error = toAppError(error, 'unavailable');
      if (this.error.code === 'unauthenticated') await this.#correctPassword();
    } finally {
      this.busy = false;
    }
  }

  async #show(view: View): Promise<void> {
    this.view = view;
    this.error = null;
    await this.#toHeading();
  }

  async #leave(): Promise<void> {
    const next = nextPath(location.search, location.origin);
    this.go(next ?? (await homeOf(this.session)), { replace: true });
  }

  /** What was pressed is gone; the heading says what is here now. */
  async #toHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector('h1')?.focus();
  }

  /** Where the eye should be, with what is there ready to be typed over. */
  async #correctPassword(): Promise<void> {
    await this.updateComplete;
    const field = this.renderRoot.querySelector<HTMLInputElement>('#password');
    field?.focus();
    field?.select();
  }
}

const deviceCard = (parts: DeviceParts) => html`<jb-device-card .parts=${parts}></jb-device-card>`;

function partGone(): TemplateResult {
  return notice(msg('This page could not be loaded'), [
    msg(
      'Its code is not on this device and could not be fetched: there is no connection, or a new version was published meanwhile. Check your connection, then try again.',
    ),
  ]);
}

function notice(headline: string, sentences: readonly string[]): TemplateResult {
  return html`<h1 tabindex="-1">${headline}</h1>${sentences.map((s) => html`<p>${s}</p>`)}`;
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
