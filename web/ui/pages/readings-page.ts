/**
 * `<jb-readings-page>`: an administrator's word on which readings count: the units that are flagged
 * and why, and one unit's readings. Knows the backend only as web/app/judgement.ts.
 */

import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { AppError } from '../../../shared/errors.ts';
import { type AnswerCache, FLAGGED, keptThenFresh } from '../../app/answers.ts';
import { type FlaggedUnit, type Judgement, unitOf } from '../../app/judgement.ts';
import { serverWords } from '../../app/server-words.ts';
import type { Session } from '../../app/session.ts';
import { ObservableController } from '../controllers/observable.ts';
import { adminNav, adminStyles, asOfLine, rows, signInFirst } from '../elements/admin-nav.ts';
import { attempt, field, typed } from '../elements/form.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import '../elements/unit-readings.ts';
import { utcText } from '../format-technical.ts';

export class ReadingsPage extends LitElement {
  static override styles = [base, buttons, fields, adminStyles];
  static override properties = {
    judgement: { attribute: false },
    session: { attribute: false },
    go: { attribute: false },
    answers: { attribute: false },
    unit: {},
    flagged: { state: true },
    asOf: { state: true },
    busy: { state: true },
    done: { state: true },
    error: { state: true },
  };
  declare judgement: Judgement;
  declare session: Session;
  declare go: (path: string) => void;
  /** Id of the unit that is looked at; empty: the flagged ones. */
  declare unit: string;
  declare answers: AnswerCache;
  declare protected flagged: FlaggedUnit[] | null;
  /** Of the list, Unix milliseconds; null: just now. */
  declare protected asOf: number | null;
  declare busy: boolean;
  declare protected done: string;
  declare error: AppError | null;

  constructor() {
    super();
    this.unit = '';
    this.flagged = null;
    this.asOf = null;
    this.busy = false;
    this.done = '';
    this.error = null;
    new ObservableController(this, () => this.session?.state);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('unit') || !this.session.state.value.user) return;
    this.done = '';
    this.error = null;
    if (this.unit === '') void this.#attempt(() => this.#load());
  }

  protected override render(): TemplateResult {
    const { user } = this.session.state.value;
    return html`<div class="page">
      <h1 tabindex="-1">${
        this.unit ? msg(str`Readings of ${this.unit}`) : msg('Readings in doubt')
      }</h1>
      ${adminNav('readings')}
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.done ? html`<jb-notice tone="ok" headline=${this.done}></jb-notice>` : nothing}
      ${user ? this.#shown() : signInFirst('/admin/readings')}
    </div>`;
  }

  #shown(): TemplateResult {
    if (this.unit === '') return this.#all();
    return html`<p class="small"><a href="/admin/readings">${msg('All flagged units')}</a></p>
      <jb-unit-readings .judgement=${this.judgement} .unit=${this.unit}></jb-unit-readings>`;
  }

  #all(): TemplateResult {
    const { flagged } = this;
    return html`<section aria-labelledby="flagged-title">
        <h2 id="flagged-title">${msg('Units to look at')}</h2>
        ${asOfLine(this.asOf)}
        ${flagged?.length === 0 ? html`<p>${msg('No unit is flagged.')}</p>` : nothing}
        ${rows(
          flagged ?? [],
          (unit) => unit.device_id,
          (unit) => this.#flagged(unit),
        )}
      </section>
      <form @submit=${this.#open}>
        <div class="row">
          ${field('id', msg('Another unit'), {
            autocomplete: 'off',
            help: msg('Its id, like JBNB0042.'),
          })}
          <button>${msg('Open')}</button>
        </div>
      </form>`;
  }

  #flagged({ device_id, name, location_name, anomaly }: FlaggedUnit): TemplateResult {
    const where = [name, location_name].filter(Boolean).join(', ');
    const since = anomaly && utcText(anomaly.since);
    return html`<li>
      <p><a class="mono" href="/admin/readings/${device_id}">${device_id}</a>
        <span class="small muted">${where}</span></p>
      <p class="small">${anomaly && serverWords(anomaly.reason)}
        <span class="muted">${since && msg(str`since ${since}`)}</span></p>
      <div class="actions">
        <jb-confirm label=${msg('Take the flag off')} confirm-label=${msg('Take it off')}
          ?busy=${this.busy} @confirm=${() => this.#clear(device_id)}
          >${msg(
            'You have looked. What happens next flags it again; readings left out of the sums stay out.',
          )}</jb-confirm>
      </div>
    </li>`;
  }

  readonly #open = (event: SubmitEvent): Promise<void> => {
    const { id = '' } = typed(event);
    return this.#attempt(async () => this.go(`/admin/readings/${unitOf(id)}`));
  };

  #clear(deviceId: string): Promise<void> {
    return this.#attempt(async () => {
      await this.judgement.clearFlag(deviceId);
      this.done = msg(str`${deviceId} is not flagged any more.`);
      await this.#load();
    });
  }

  async #load(): Promise<void> {
    await keptThenFresh(this.answers, FLAGGED, this.judgement.flagged(), (shown) => {
      this.flagged = shown.answer;
      this.asOf = shown.asOf;
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    if (!(await attempt(this, work))) this.done = '';
  }
}

customElements.define('jb-readings-page', ReadingsPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-readings-page': ReadingsPage;
  }
}
