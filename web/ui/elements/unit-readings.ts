/**
 * `<jb-unit-readings>`: one unit's readings in doubt, judged one by one or by a stretch of time.
 * Knows the backend only as web/app/judgement.ts.
 */

import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { SumsRequest } from '../../../shared/contracts/judgement.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { Judgement } from '../../app/judgement.ts';
import { inPageWords } from '../../app/server-words.ts';
import { figure, plural } from '../format.ts';
import { adminStyles } from './admin-nav.ts';
import type { Doubted } from './doubts.ts';
import './doubts.ts';
import './notice.ts';
import './time-range.ts';
import { base, buttons } from './styles.ts';

/** Work that asks whether it is still wanted before it shows anything. */
type Work = (isLatest: () => boolean) => Promise<void>;

export class UnitReadings extends LitElement {
  static override styles = [base, buttons, adminStyles];
  static override properties = {
    judgement: { attribute: false },
    unit: {},
    doubts: { state: true },
    more: { state: true },
    busy: { state: true },
    done: { state: true },
    error: { state: true },
  };
  declare judgement: Judgement;
  declare unit: string;
  declare protected doubts: Doubted[] | null;
  /** Where the list goes on; null at its end. */
  declare protected more: string | null;
  declare busy: boolean;
  /** What was done last, as a sentence. */
  declare protected done: string;
  declare error: AppError | null;
  #run = 0;

  constructor() {
    super();
    this.unit = '';
    this.doubts = null;
    this.more = null;
    this.busy = false;
    this.done = '';
    this.error = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('unit')) return;
    this.doubts = null;
    this.done = '';
    this.more = null;
    void this.#begin((isLatest) => this.#load(null, isLatest));
  }

  protected override render(): TemplateResult {
    const older = html`<p><button aria-disabled=${this.busy} @click=${this.#showMore}
      >${msg('Show older')}</button></p>`;
    return html`<div class="page">
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.done ? html`<jb-notice tone="ok" headline=${this.done}></jb-notice>` : nothing}
      <section aria-labelledby="stretch-title">
        <h2 id="stretch-title">${msg('A stretch of time')}</h2>
        <p class="small muted">${msg(
          'For readings whose period begins in it. Sums are corrected at once, at Supabase within five minutes; what this unit sends of that time later is treated alike.',
        )}</p>
        <jb-time-range .unit=${this.unit} ?busy=${this.busy} @judge=${this.#judge}></jb-time-range>
      </section>
      <section aria-labelledby="doubts-title">
        <h2 id="doubts-title">${msg('In doubt, or taken out')}</h2>
        ${
          this.doubts
            ? html`<jb-doubts .readings=${this.doubts} ?busy=${this.busy} @judge=${this.#judge}
              ></jb-doubts>`
            : nothing
        }
        ${this.more ? older : nothing}
      </section>
    </div>`;
  }

  readonly #showMore = () => this.#attempt((isLatest) => this.#load(this.more, isLatest));

  readonly #judge = ({ detail }: CustomEvent<SumsRequest>) =>
    this.#attempt(async (isLatest) => {
      const { changed, counted } = await this.judgement.judge(this.unit, detail);
      if (!isLatest()) return;
      const n = figure(changed);
      this.done = counted
        ? plural(changed, {
            one: msg('1 reading put into the sums.'),
            other: msg(str`${n} readings put into the sums.`),
          })
        : plural(changed, {
            one: msg('1 reading taken out of the sums.'),
            other: msg(str`${n} readings taken out of the sums.`),
          });
      await this.#load(null, isLatest);
    });

  async #load(cursor: string | null, isLatest: () => boolean): Promise<void> {
    const { readings, next_cursor } = await this.judgement.doubts(this.unit, cursor);
    if (!isLatest()) return;
    this.doubts = cursor ? [...(this.doubts ?? []), ...readings] : readings;
    this.more = next_cursor;
  }

  async #attempt(work: Work): Promise<void> {
    if (!this.busy) await this.#begin(work);
  }

  /** The latest wins: what is answered late for the unit shown before is nobody's. */
  async #begin(work: Work): Promise<void> {
    const run = ++this.#run;
    const isLatest = () => run === this.#run;
    this.busy = true;
    this.error = null;
    try {
      await work(isLatest);
    } catch (cause) {
      if (!isLatest()) return;
      this.error = inPageWords(toAppError(cause, 'unavailable'));
      this.done = '';
    } finally {
      if (isLatest()) this.busy = false;
    }
  }
}

customElements.define('jb-unit-readings', UnitReadings);

declare global {
  interface HTMLElementTagNameMap {
    'jb-unit-readings': UnitReadings;
  }
}
