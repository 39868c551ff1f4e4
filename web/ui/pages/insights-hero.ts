/** Figures beside the Store page's big number: inside now, passers-by. No state, no element. */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Insights } from '../../../shared/contracts/insights.ts';
import { captureRate } from '../../../shared/metrics/passers-by.ts';
import { ago, percent, timeOfDay } from '../format.ts';
import { about } from './insights-about.ts';
import { isToday, type Seen } from './insights-known.ts';

export function heroMore(insights: Insights, seen: Seen): TemplateResult {
  return html`${nowInside(insights, seen)}${passing(insights.visitors, insights.passers_by)}`;
}

/** How many are inside, and as of when; nothing for a day that is over. */
function nowInside(insights: Insights, seen: Seen): TemplateResult | typeof nothing {
  const { now_inside: inside, location } = insights;
  if (!inside || !isToday(insights, seen)) return nothing;
  const at = Date.parse(inside.at);
  const time = timeOfDay(inside.at, location.time_zone);
  const age = seen.nowMs === null ? '' : ago(at, seen.nowMs);
  return html`<div>
    <dt>${msg('Inside now')}</dt>
    <dd class="middle" data-testid="inside">${about(inside.people)}</dd>
    <dd class="small muted">${age ? msg(str`as of ${time}, ${age}`) : msg(str`as of ${time}`)}</dd>
  </div>`;
}

/** People who passed, and the share that came in. */
export function passing(
  visitors: number | null,
  passersBy: number | null,
): TemplateResult | typeof nothing {
  if (passersBy === null) return nothing;
  return html`<div>
    <dt>${msg('Passers-by')}</dt>
    <dd class="middle" data-testid="passers-by">${about(passersBy)}</dd>
    <dd class="small muted">${captured(visitors, passersBy)}</dd>
  </div>`;
}

/** `about 24 % of all who came by came in`; empty when nobody can tell. */
function captured(visitors: number | null, passing: number | null): string {
  const rate = captureRate(visitors, passing);
  if (rate === null) return '';
  if (rate === 0) return msg('nobody of them came in');
  const share = percent(rate, 1);
  return msg(str`about ${share} of all who came by came in`);
}
