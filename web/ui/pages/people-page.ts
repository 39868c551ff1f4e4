/**
 * `<jb-people-page>`: who may do what here. An administrator invites people, gives them other
 * roles, ends their sessions, takes a lost second factor off, dismisses them. Knows the backend
 * only as web/app/people.ts.
 */

import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Location } from '../../../shared/contracts/portal.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import { type AnswerCache, keptThenFresh, PEOPLE } from '../../app/answers.ts';
import type { GivenRole, People, Person, PersonPlacesRequest } from '../../app/people.ts';
import type { Session } from '../../app/session.ts';
import { ObservableController } from '../controllers/observable.ts';
import { adminNav, adminStyles, asOfLine, rows, signInFirst } from '../elements/admin-nav.ts';
import { attempt, field, isolated, roleName } from '../elements/form.ts';
import '../elements/person-places.ts';
import { otherRoles, ROLES } from '../elements/role-choices.ts';
import { base, buttons, fields } from '../elements/styles.ts';

export class PeoplePage extends LitElement {
  static override styles = [base, buttons, fields, adminStyles];
  static override properties = {
    people: { attribute: false },
    session: { attribute: false },
    locations: { attribute: false },
    answers: { attribute: false },
    all: { state: true },
    asOf: { state: true },
    places: { state: true },
    invited: { state: true },
    busy: { state: true },
    done: { state: true },
    error: { state: true },
  };
  declare people: People;
  declare session: Session;
  declare locations: () => Promise<Location[]>;
  declare answers: AnswerCache;
  declare protected all: Person[] | null;
  /** Of the list, Unix milliseconds; null: just now. */
  declare protected asOf: number | null;
  declare protected places: Location[];
  /** Role of the person who is about to be invited. */
  declare protected invited: GivenRole;
  declare busy: boolean;
  /** What was done last, as a sentence. */
  declare protected done: string;
  declare error: AppError | null;

  constructor() {
    super();
    this.all = null;
    this.asOf = null;
    this.places = [];
    this.invited = 'owner';
    this.busy = false;
    this.done = '';
    this.error = null;
    new ObservableController(this, () => this.session?.state);
  }

  protected override firstUpdated(): void {
    if (!this.session.state.value.user) return;
    void this.#attempt('', async () => {
      const list = keptThenFresh(this.answers, PEOPLE, this.people.list(), (shown) => {
        this.all = shown.answer;
        this.asOf = shown.asOf;
      });
      const places = this.locations().then((all) => {
        this.places = all;
      });
      await Promise.all([list, places]);
    });
  }

  protected override render(): TemplateResult {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('People')}</h1>
      ${adminNav('people')}
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.session.state.value.user ? this.#shown() : signInFirst('/admin/people')}
    </div>`;
  }

  #shown(): TemplateResult {
    return html`
      ${this.done ? html`<jb-notice tone="ok" headline=${this.done}></jb-notice>` : nothing}
      ${this.#invite()}
      <section aria-labelledby="list-title">
        <h2 id="list-title">${msg('Who is here')}</h2>
        ${asOfLine(this.asOf)}${this.all ? this.#list(this.all) : nothing}
      </section>`;
  }

  #invite(): TemplateResult {
    return html`<section aria-labelledby="invite-title">
      <h2 id="invite-title">${msg('Invite somebody')}</h2>
      <form @submit=${this.#submit}>
        <div class="row">
          ${field('email', msg('E-mail'), { type: 'email', autocomplete: 'off' })}
          <div class="field">
            <label for="role">${msg('Role')}</label>
            <select id="role" name="role" @change=${this.#choose}>
              ${ROLES.map(
                (role) => html`<option value=${role} ?selected=${role === this.invited}
                  >${roleName(role)}</option>`,
              )}
            </select>
          </div>
        </div>
        ${this.invited === 'owner' ? this.#places() : nothing}
        <p><button class="primary" aria-disabled=${this.busy}>${msg('Send invitation')}</button></p>
      </form>
    </section>`;
  }

  #places(): TemplateResult {
    return html`<fieldset>
      <legend>${msg('Whose numbers he or she sees')}</legend>
      ${this.places.map(
        ({ id, name }) => html`<label class="check">
          <input type="checkbox" name="place" value=${id}>${name}</label>`,
      )}
    </fieldset>`;
  }

  #list(all: readonly Person[]): TemplateResult {
    return rows(
      all,
      ({ user_id }) => user_id,
      (person) => this.#person(person),
    );
  }

  #person(person: Person): TemplateResult {
    const { user_id, email, role, second_factor } = person;
    const isMe = this.session.state.value.user?.id === user_id;
    const facts = [
      roleName(role),
      ...(second_factor ? [msg('second factor')] : []),
      ...(isMe ? [msg('you')] : []),
    ];
    return html`<li>
      <p class="who"><strong>${email || user_id}</strong>
        <span class="small muted">${facts.join(', ')}</span></p>
      ${role === 'owner' || role === 'staff' ? this.#placesOf(person) : nothing}
      ${isMe ? nothing : html`<div class="actions">${this.#actions(person)}</div>`}
    </li>`;
  }

  #placesOf(person: Person): TemplateResult {
    const change = ({ detail }: CustomEvent<PersonPlacesRequest>) =>
      this.#do(msg(str`The locations of ${isolated(person.email)} are stored.`), () =>
        this.people.setPlaces(person.user_id, detail),
      );
    return html`<jb-person-places .person=${person} .places=${this.places} ?busy=${this.busy}
      @places-changed=${change}></jb-person-places>`;
  }

  #actions(person: Person): TemplateResult {
    const { people } = this;
    const { user_id, email, second_factor } = person;
    return html`${otherRoles(person, this.busy, (role, done) =>
      this.#do(done, () => people.setRole(user_id, role)),
    )}
      <jb-confirm label=${msg('Sign out everywhere')} confirm-label=${msg('Sign out everywhere')}
        ?busy=${this.busy} @confirm=${() =>
          this.#do(msg(str`${isolated(email)} is signed out everywhere.`), () =>
            people.endSessions(user_id),
          )}
        >${msg(str`Every session of ${isolated(email)} ends at once.`)}</jb-confirm>
      ${
        second_factor
          ? html`<jb-confirm label=${msg('Take second factor off')} confirm-label=${msg('Take it off')}
              ?busy=${this.busy} @confirm=${() =>
                this.#do(msg(str`${isolated(email)} signs in with the password alone now.`), () =>
                  people.forgetSecondFactor(user_id),
                )}
              >${msg(
                str`For somebody who has lost the phone. Make sure that it is ${isolated(email)} who asks.`,
              )}</jb-confirm>`
          : nothing
      }
      <jb-confirm label=${msg('Dismiss')} confirm-label=${msg(str`Dismiss ${isolated(email)}`)}
        ?busy=${this.busy} @confirm=${() =>
          this.#do(msg(str`${isolated(email)} is dismissed.`), () => people.dismiss(user_id))}
        >${msg(
          'Role, places, work in hand and the account itself are gone at once, here and at Supabase. There is no way back but another invitation.',
        )}</jb-confirm>`;
  }

  readonly #choose = (event: Event): void => {
    this.invited = (event.target as HTMLSelectElement).value as GivenRole;
  };

  readonly #submit = (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const wanted = {
      email: String(data.get('email')),
      role: this.invited,
      location_ids: data.getAll('place').map(String),
    };
    return this.#attempt('', async () => {
      const { email, role, mailed } = await this.people.invite(wanted);
      this.done = mailed
        ? msg(str`A mail with a link is on its way to ${isolated(email)}.`)
        : msg(
            str`${isolated(email)} had an account already and is ${roleName(role)} now; no mail was sent.`,
          );
      form.reset();
      await this.#look();
    });
  };

  #do(done: string, work: () => Promise<unknown>): Promise<void> {
    return this.#attempt(done, async () => {
      try {
        await work();
      } catch (refusal) {
        // what somebody else made of it meanwhile stands beside the refusal
        if (toAppError(refusal, 'unavailable').code === 'conflict') await this.#look();
        throw refusal;
      }
      await this.#look();
    });
  }

  async #look(): Promise<void> {
    this.all = await this.people.list();
    this.asOf = null;
    await this.answers.put(PEOPLE.name, this.all);
  }

  async #attempt(done: string, work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.done = '';
    if (await attempt(this, work)) this.done = done || this.done;
  }
}

customElements.define('jb-people-page', PeoplePage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-people-page': PeoplePage;
  }
}
