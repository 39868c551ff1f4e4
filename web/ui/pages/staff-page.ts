/**
 * `<jb-staff-page>`: whom an owner lets look at his locations. They see numbers and sensors, not
 * the till, and change nothing. Knows the backend only as web/app/administration.ts.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Location } from '../../../shared/contracts/portal.ts';
import type { StaffList } from '../../../shared/contracts/staff.ts';
import type { Staff } from '../../app/administration.ts';
import type { Session } from '../../app/session.ts';
import { adminStyles, rows } from '../elements/admin-nav.ts';
import '../elements/confirm.ts';
import { type Attempting, attempt, field, isolated, typed } from '../elements/form.ts';
import { notForYou } from '../elements/not-for-you.ts';
import '../elements/notice.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import { signInPath } from '../router.ts';

interface Place extends Location {
  staff: StaffList['staff'];
}

export class StaffPageView extends LitElement {
  static override styles = [base, buttons, fields, adminStyles];
  static override properties = {
    keeper: { attribute: false },
    session: { attribute: false },
    places: { state: true },
    busy: { state: true },
    done: { state: true },
    error: { state: true },
  };
  declare keeper: Staff;
  declare session: Session;
  declare protected places: Place[] | null;
  declare busy: boolean;
  declare protected done: string;
  declare error: Attempting['error'];

  constructor() {
    super();
    this.places = null;
    this.busy = false;
    this.done = '';
    this.error = null;
  }

  protected override firstUpdated(): void {
    if (this.session.state.value.user && !notForYou(this.session, 'owner'))
      void attempt(this, () => this.#load());
  }

  protected override render(): TemplateResult {
    const { user } = this.session.state.value;
    const refusal = notForYou(this.session, 'owner');
    if (refusal) return refusal;
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Staff')}</h1>
      <p>${msg('Whoever you name here sees the numbers and the sensors of a location, and changes nothing. Your till and your notes stay yours.')}</p>
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.done ? html`<jb-notice tone="ok" headline=${this.done}></jb-notice>` : nothing}
      ${
        user
          ? this.#all()
          : html`<p><a class="button primary" href=${signInPath('/staff')}
          >${msg('Sign in')}</a></p>`
      }
    </div>`;
  }

  #all(): TemplateResult {
    const { places } = this;
    if (!places)
      return html`${this.busy ? html`<p class="muted">${msg('Fetching …')}</p>` : nothing}`;
    if (places.length === 0) return html`<p>${msg('You have no location yet.')}</p>`;
    return html`<form @submit=${this.#submit}>
        <div class="row">
          ${field('email', msg('E-mail'), { type: 'email', autocomplete: 'off' })}
          <div class="field">
            <label for="place">${msg('Location')}</label>
            <select id="place" name="place">${places.map(
              ({ id, name }) => html`<option value=${id}>${name}</option>`,
            )}</select>
          </div>
        </div>
        <p><button class="primary" aria-disabled=${this.busy}>${msg('Let look')}</button></p>
      </form>
      ${places.map((place) => this.#place(place))}`;
  }

  #place({ id, name, staff }: Place): TemplateResult {
    return html`<section aria-labelledby="at-${id}">
      <h2 id="at-${id}">${name}</h2>
      ${staff.length === 0 ? html`<p class="muted">${msg('Nobody looks but you.')}</p>` : nothing}
      ${rows(
        staff,
        ({ user_id }) => user_id,
        ({ user_id, email }) => html`<li>
          <p class="who">${email || user_id}</p>
          <div class="actions"><jb-confirm label=${msg('Take off')} confirm-label=${msg('Take off')}
            ?busy=${this.busy} @confirm=${() =>
              this.#do(msg(str`${isolated(email)} does not see ${isolated(name)} any more.`), () =>
                this.keeper.endLook(id, user_id),
              )}>${msg(str`${isolated(email)} sees nothing of ${isolated(name)} from now on.`)}</jb-confirm></div>
        </li>`,
      )}
    </section>`;
  }

  readonly #submit = (event: SubmitEvent): Promise<void> => {
    const form = event.target as HTMLFormElement;
    const { email = '', place = '' } = typed(event);
    return this.#do('', async () => {
      const { mailed, email: invited } = await this.keeper.letLook(place, email);
      form.reset();
      this.done = mailed
        ? msg(str`A mail with a link is on its way to ${isolated(invited)}.`)
        : msg(str`${isolated(invited)} had an account already and may look now; no mail was sent.`);
    });
  };

  async #do(done: string, work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.done = '';
    await attempt(this, async () => {
      await work();
      if (done) this.done = done;
      await this.#load();
    });
  }

  async #load(): Promise<void> {
    const places = await this.keeper.places();
    const staff = await Promise.all(places.map(({ id }) => this.keeper.staff(id)));
    this.places = places.map((place, i) => ({ ...place, staff: staff[i] ?? [] }));
  }
}

customElements.define('jb-staff-page', StaffPageView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-staff-page': StaffPageView;
  }
}
