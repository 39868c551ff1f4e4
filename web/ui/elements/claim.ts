/**
 * `<jb-claim>`: for an owner who holds a unit's label: takes it to one of his locations. For who
 * looks after units: lets PINs be tried again. For anybody else: the way to the sign-in. Knows the
 * backend only as web/app/activation.ts.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Location } from '../../../shared/contracts/portal.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { Activation } from '../../app/activation.ts';
import type { Session } from '../../app/session.ts';
import { ObservableController } from '../controllers/observable.ts';
import { signInPath } from '../router.ts';
import './confirm.ts';
import { attempt, field, typed } from './form.ts';
import './notice.ts';
import { isolated } from '../../app/isolated.ts';
import { base, buttons, fields } from './styles.ts';

export class Claim extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      .parts,
      form,
      section {
        display: grid;
        gap: 16px;
      }
      .parts {
        gap: 32px;
      }
      input[name='pin'] {
        max-width: 8ch;
        letter-spacing: 0.2em;
      }
    `,
  ];
  static override properties = {
    activation: { attribute: false },
    session: { attribute: false },
    unit: {},
    places: { state: true },
    busy: { state: true },
    error: { state: true },
    done: { state: true },
    home: { state: true },
  };
  declare activation: Activation;
  declare session: Session;
  /** Its id. */
  declare unit: string;
  /** null: not known yet. */
  declare protected places: Location[] | null;
  declare busy: boolean;
  declare error: AppError | null;
  declare protected done: string;
  /** Where it stands now, after it was taken there. */
  declare protected home: Location | null;

  /** Whose places are shown. */
  #askedFor = '';

  constructor() {
    super();
    this.unit = '';
    this.places = null;
    this.busy = false;
    this.error = null;
    this.done = '';
    this.home = null;
    new ObservableController(this, () => this.session?.state);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('unit')) {
      this.home = null;
      this.done = '';
      this.error = null;
    }
    const userId = this.session.state.value.user?.id ?? '';
    if (userId === this.#askedFor) return;
    this.#askedFor = userId;
    this.places = null;
    if (userId !== '') void this.#loadPlaces();
  }

  protected override render(): TemplateResult {
    return html`<div class="parts">
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.done ? html`<jb-notice tone="ok" headline=${this.done}></jb-notice>` : nothing}
      ${this.home ? this.#atHome(this.home) : this.#forWhom(this.unit)}
    </div>`;
  }

  #forWhom(id: string): TemplateResult {
    const { user, role } = this.session.state.value;
    if (!user) {
      const href = signInPath(`/activate/${id}`);
      return html`<section aria-labelledby="claim-title">
        <h2 id="claim-title">${msg('Is it yours?')}</h2>
        <p>${msg('Sign in and take it to your location. Have the label at hand.')}</p>
        <p><a class="button primary" href=${href}>${msg('Sign in')}</a></p>
      </section>`;
    }
    return html`${role === 'installer' ? nothing : this.#claim(id)}
      ${role === 'installer' || role === 'admin' ? this.#unlock(id) : nothing}`;
  }

  #claim(id: string): TemplateResult {
    const { places } = this;
    return html`<section aria-labelledby="claim-title">
      <h2 id="claim-title">${msg('Take it to your location')}</h2>
      ${
        places?.length === 0
          ? html`<p>${msg(
              'You have no location yet. Ask an administrator to give you one, then come back.',
            )}</p>`
          : nothing
      }
      ${places && places.length > 0 ? this.#form(id, places) : nothing}
      ${
        places === null && this.error === null
          ? html`<p class="muted">${msg('Fetching your locations …')}</p>`
          : nothing
      }
    </section>`;
  }

  #form(id: string, places: readonly Location[]): TemplateResult {
    const scanned = this.activation.hasSecret(id);
    return html`<form @submit=${this.#submit}>
      <div class="field">
        <label for="place">${msg('Location')}</label>
        <select id="place" name="place" required>
          ${places.map(({ id: value, name }) => html`<option value=${value}>${name}</option>`)}
        </select>
      </div>
      ${
        scanned
          ? html`<p class="help">${msg('Scanned from the label: no PIN is needed.')}</p>`
          : field('pin', msg('PIN'), {
              autocomplete: 'off',
              inputmode: 'numeric',
              pattern: '[0-9]{4}',
              help: msg('The four digits on its label.'),
              wrong: this.error?.code === 'invalid',
            })
      }
      <p><button class="primary" aria-disabled=${this.busy}>${msg('Take it there')}</button></p>
    </form>`;
  }

  #atHome({ id, name }: Location): TemplateResult {
    return html`<section>
      <p>${msg(str`It counts for ${isolated(name)} from now on; what it counted before stays where it was.`)}</p>
      <p><a class="button primary" href="/store/${id}">${msg('See my store')}</a></p>
    </section>`;
  }

  #unlock(id: string): TemplateResult {
    return html`<section aria-labelledby="unlock-title">
      <h2 id="unlock-title">${msg('Locked by wrong PINs?')}</h2>
      <p>${msg(
        'After sixty wrong PINs in a day, by whomever, no more are looked at. The owner gets in by the QR code of the label, or once you unlock it.',
      )}</p>
      <div><jb-confirm label=${msg('Unlock PIN')} confirm-label=${msg('Unlock PIN')}
        ?busy=${this.busy} @confirm=${() => this.#doUnlock(id)}
        >${msg('Make sure that whoever asks has the label in the hand.')}</jb-confirm></div>
    </section>`;
  }

  readonly #submit = (event: SubmitEvent): Promise<unknown> => {
    const { place = '', pin = '' } = typed(event);
    const id = this.unit;
    const home = this.places?.find((one) => one.id === place) ?? null;
    if (this.busy || !home) return Promise.resolve();
    this.done = '';
    return attempt(this, async () => {
      await this.activation.activate(id, place, pin);
      this.home = home;
      this.done = msg(str`${id} is at ${isolated(home.name)} now.`);
    });
  };

  #doUnlock(id: string): Promise<unknown> {
    this.done = '';
    return attempt(this, async () => {
      await this.activation.portal.unlockPin(id);
      this.done = msg(str`The PIN of ${id} can be tried again.`);
    });
  }

  #loadPlaces(): Promise<unknown> {
    return attempt(this, async () => {
      this.places = await this.activation.portal.locations();
    });
  }
}

customElements.define('jb-claim', Claim);

declare global {
  interface HTMLElementTagNameMap {
    'jb-claim': Claim;
  }
}
