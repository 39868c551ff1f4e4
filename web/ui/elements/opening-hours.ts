/**
 * `<jb-opening-hours>`: when a shop is open, weekday by weekday, up to twice a day. Knows the
 * shop's record; asks nobody else.
 */
import { msg, str } from '@lit/localize';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { OpeningTime } from '../../../shared/contracts/opening-hours.ts';
import type { Wish } from '../../app/wishes.ts';
import { weekday } from '../format.ts';
import { ChangeForm } from './change-form.ts';

/** A Monday: names of weekdays come from dates. */
const MONDAY = Date.UTC(2026, 0, 5);
const nameOf = (day: number) =>
  weekday(new Date(MONDAY + (day - 1) * 86_400_000).toISOString().slice(0, 10));
const USUAL = { opens: '09:00', closes: '18:00' };
const TIMES_MAX = 2;

type Times = { opens: string; closes: string }[];

class OpeningHoursForm extends ChangeForm {
  static override styles = [
    ChangeForm.styles,
    css`
      form {
        display: grid;
        gap: 8px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        min-height: 44px;
      }
      .row > label {
        display: flex;
        gap: 8px;
        align-items: center;
        width: 9.5em;
      }
      input[type='time'] {
        width: auto !important;
      }
      @media (max-width: 480px) {
        /* Both ends of the day side by side, whether or not the clock has AM and PM. */
        .row:has(input[type='time']) > label {
          width: 100%;
        }
      }
      .actions {
        margin-top: 8px;
      }
    `,
  ];
  static override properties = { times: { attribute: false }, typed: { state: true } };
  /** As they are stored, or wait. */
  declare times: readonly OpeningTime[];
  /** By weekday, Monday first. */
  declare protected typed: Times[];
  #filled = '';

  constructor() {
    super();
    this.times = [];
    this.typed = [];
  }

  protected override get subject(): string {
    return 'opening_hours';
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const stored = JSON.stringify([this.locationId, this.times]);
    if (stored === this.#filled) return;
    this.#filled = stored;
    this.restore();
  }

  protected override fill(): void {
    this.typed = [1, 2, 3, 4, 5, 6, 7].map((day) =>
      this.times
        .filter((t) => t.weekday === day)
        .map(({ opens, closes }) => ({ opens, closes: closes === '24:00' ? '00:00' : closes })),
    );
  }

  protected override draft(): string {
    return JSON.stringify(this.typed);
  }

  protected override takeDraft(draft: string): void {
    this.typed = JSON.parse(draft);
  }

  protected override words(wish: Wish): string {
    return wish.what === 'opening_hours' ? hoursWords(wish.times) : '';
  }

  protected override render(): TemplateResult {
    if (this.looks) return html`<p>${hoursWords(this.times)}</p>`;
    return html`<form @submit=${this.#save}>
      ${this.typed.map((times, i) => this.#row(times, i + 1))}
      <div class="actions">
        <button class="primary" aria-disabled=${this.busy}>${msg('Save opening hours')}</button>
      </div>
      ${this.status()}
    </form>`;
  }

  #row(times: Times, day: number): TemplateResult {
    const name = nameOf(day);
    const toggle = (event: Event) => {
      const { checked } = event.target as HTMLInputElement;
      this.#set(day, checked ? [this.typed.find((t) => t.length > 0)?.[0] ?? USUAL] : []);
    };
    const more = () => this.#set(day, [...times, { opens: '14:00', closes: '18:00' }]);
    return html`<div class="row" role="group" aria-label=${name}>
      <label><input type="checkbox" .checked=${times.length > 0} @change=${toggle}>${name}</label>
      ${
        times.length === 0
          ? html`<span class="muted">${msg('closed')}</span>`
          : times.map((time, i) => this.#time(time, day, i, times))
      }
      ${
        times.length > 0 && times.length < TIMES_MAX
          ? html`<button type="button" class="small quiet" @click=${more}>${msg('Add a break')}</button>`
          : nothing
      }
    </div>`;
  }

  #time(time: Times[number], day: number, i: number, times: Times): TemplateResult {
    const field = (end: 'opens' | 'closes', label: string) => html`<input type="time" required
      aria-label=${label} .value=${time[end]} @change=${(event: Event) => {
        const { value } = event.target as HTMLInputElement;
        this.#set(
          day,
          times.map((t, n) => (n === i ? { ...t, [end]: value } : t)),
        );
      }}>`;
    const dayName = nameOf(day);
    return html`${i > 0 ? html`<span class="muted">${msg('and')}</span>` : nothing}
      ${field('opens', msg(str`${dayName}, opens`))} <span class="muted">–</span>
      ${field('closes', msg(str`${dayName}, closes`))}`;
  }

  #set(day: number, times: Times): void {
    this.typed = this.typed.map((all, i) => (i === day - 1 ? times : all));
    this.touched();
  }

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const times = this.typed.flatMap((own, i) =>
      own.map(({ opens, closes }) => {
        return { weekday: i + 1, opens, closes: closes === '00:00' ? '24:00' : closes };
      }),
    );
    const { shop, locationId } = this;
    await this.save(() => shop.setOpeningHours(locationId, times));
  };
}

/** `Monday 09:00–12:00, 14:00–18:00; Tuesday …`. */
function hoursWords(times: readonly OpeningTime[]): string {
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => {
    const own = times.filter(({ weekday: of }) => of === day);
    return own.length === 0
      ? ''
      : `${nameOf(day)} ${own.map(({ opens, closes }) => `${opens}–${closes}`).join(', ')}`;
  });
  return days.filter((words) => words !== '').join('; ') || msg('nothing');
}

customElements.define('jb-opening-hours', OpeningHoursForm);

declare global {
  interface HTMLElementTagNameMap {
    'jb-opening-hours': OpeningHoursForm;
  }
}
