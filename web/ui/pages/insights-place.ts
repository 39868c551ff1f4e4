/**
 * The Store page of a place as one template from first to last, so that its heading and pickers
 * keep the focus: what is shown for what the view knows. No state, no element.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { InsightsViewState } from '../../app/insights.ts';
import { dayName } from '../format.ts';
import { early as earlyNotice } from './insights-early.ts';
import { asOf, type Seen } from './insights-known.ts';
import * as parts from './insights-parts.ts';
import { failed, notRefreshed, skeleton } from './insights-states.ts';
import type { WeekOptions } from './insights-week-chart.ts';

export type { Seen } from './insights-known.ts';
export type { Later } from './insights-parts.ts';
export { forOwners, noLocations } from './insights-states.ts';

/** What the page has beside the view's state. */
export interface PlaceOptions {
  name: string;
  pickers: TemplateResult | typeof nothing;
  /** What was asked for last is not shown yet. */
  isBusy: boolean;
  /** Whether the browser thinks there is a network. */
  isOnline: boolean;
  again(): void;
  showToday(): void;
  later: parts.Later | null;
  /** What the owner said of it; null until it is there. */
  own: OwnParts | null;
}

/** What the owner said of the place, where it stands, and more below the numbers. */
export interface OwnParts {
  day: Omit<parts.DayOptions, 'later'>;
  week: WeekOptions;
  panels: TemplateResult | typeof nothing;
}

export function place(state: InsightsViewState, seen: Seen, show: PlaceOptions): TemplateResult {
  const { insights, week: shownWeek, loading, error } = state;
  const { name, pickers, isBusy, isOnline, again } = show;
  const period = insights ? dayName(insights.day) : shownWeek ? weekName(shownWeek) : '';
  return html`<div class="page" aria-busy=${isBusy}>
    ${parts.heading(name, period, insights && asOf(insights, seen), pickers)}
    ${
      insights || shownWeek
        ? numbers(state, seen, show)
        : error
          ? failed(error, isOnline, { again, isRunning: loading })
          : skeleton()
    }
  </div>`;
}

const NO_DAYS = { shopDays: [] };
const NOTHING_SAID = { openingHours: [], note: null } as const;

function numbers(
  { insights, week: shown, early, error }: InsightsViewState,
  seen: Seen,
  show: PlaceOptions,
): TemplateResult | typeof nothing {
  const { later, own } = show;
  if (shown) {
    const days = later?.week(shown, seen, own?.week ?? NO_DAYS) ?? skeleton();
    return html`${notRefreshed(error)}${days}${own?.panels}`;
  }
  if (!insights) return nothing;
  return html`${early ? earlyNotice(early, seen.nowMs, show.showToday) : nothing}
    ${parts.day(insights, seen, error, { later, ...(own?.day ?? NOTHING_SAID) })}${own?.panels}`;
}

/** `Monday 19 January – Sunday 25 January`. */
const weekName = ({ from, to }: { from: string; to: string }) =>
  `${dayName(from)} – ${dayName(to)}`;
