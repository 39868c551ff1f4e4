/**
 * How the Store page is asked for any date, and for what it is compared with. Only fields; what
 * they do is the page's. No state, no element.
 */
import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { addDays, civilDate, isoWeekday } from '../../../shared/metrics/time-zone.ts';
import type { Choice, InsightsViewState } from '../../app/insights.ts';

/** Sums are kept for so many days (retention of sums); earlier days have nothing to show. */
const DAYS_KEPT = 800;

export type Choose = (choice: Choice) => void;

/** Which day is shown, whoever chose it. */
const shownDay = ({ insights, week }: InsightsViewState): string | undefined =>
  insights?.day ?? week?.to;

/** Any date; in a week it means the week from Monday to Sunday that it lies in. */
export function datePicker(
  state: InsightsViewState,
  nowMs: number,
  choose: Choose,
): TemplateResult | typeof nothing {
  if (!state.location) return nothing;
  const today = civilDate(nowMs, state.location.time_zone);
  const { range } = state;
  const take = (event: Event) => {
    const field = event.target as HTMLInputElement;
    if (field.value === '' || !field.reportValidity()) return;
    const sunday = addDays(field.value, 7 - isoWeekday(field.value));
    choose({ day: range === 'week' ? sunday : field.value, against: null });
  };
  const day = shownDay(state) ?? today;
  // a week may end ahead of today
  const shown = [day, today].sort()[0] ?? today;
  return html`<input type="date" class="date" aria-label=${
    range === 'week' ? msg('A day of the week to show') : msg('Day to show')
  } min=${addDays(today, -DAYS_KEPT)} max=${today} .value=${shown}
    @change=${take}>`;
}

const dayBefore = (day: string, isSelected: boolean) =>
  html`<option value=${day} .selected=${isSelected}>${msg('the day before')}</option>`;

/** What the numbers are compared with: as usual, the day before, or any other. */
export function againstPicker(
  state: InsightsViewState,
  isAsking: boolean,
  ask: (isAsking: boolean) => void,
  choose: Choose,
): TemplateResult | typeof nothing {
  const { range, against } = state;
  const day = shownDay(state);
  if (!day) return nothing;
  const before = addDays(day, -1);
  const isWeek = range === 'week';
  const is = isAsking
    ? 'other'
    : against === null
      ? ''
      : !isWeek && against === before
        ? before
        : 'other';
  const take = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    ask(value === 'other');
    if (value !== 'other') choose({ against: value === '' ? null : value });
  };
  const takeDate = (event: Event) => {
    const field = event.target as HTMLInputElement;
    if (field.value === '' || !field.reportValidity()) return;
    ask(false);
    const sunday = addDays(field.value, 7 - isoWeekday(field.value));
    choose({ against: isWeek ? sunday : field.value });
  };
  return html`<div class="against">
    <label for="against">${msg('Compare with')}</label>
    <select id="against" @change=${take}>
      <option value="" .selected=${is === ''}>${
        isWeek ? msg('the week before') : msg('the same day a week before')
      }</option>
      ${isWeek ? nothing : dayBefore(before, is === before)}
      <option value="other" .selected=${is === 'other'}>${
        isWeek ? msg('another week') : msg('another day')
      }</option>
    </select>
    ${
      is === 'other'
        ? html`<input type="date" class="date" aria-label=${
            isWeek ? msg('A day of the other week') : msg('The other day')
          } min=${addDays(day, -DAYS_KEPT)} max=${day} .value=${against ?? ''} @change=${takeDate}>`
        : nothing
    }
  </div>`;
}
