/** While today says next to nothing yesterday is in front, and this is said of it. No state. */
import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { Insights } from '../../../shared/contracts/insights.ts';
import { ALL_SHOPS } from '../../app/insights.ts';
import { figure, plural, timeOfDay } from '../format.ts';

/**
 * Today says next to nothing yet, so yesterday is in front.
 * @param nowMs by the server's clock; null while that was not heard
 */
export function early(
  today: Insights,
  nowMs: number | null,
  showToday: () => void,
): TemplateResult {
  const opens = nowMs !== null && nowMs < Date.parse(today.opens_at ?? '');
  return html`<div class="early" role="status" data-testid="early">
    <p>${opens ? closed(today) : soFar(today)} ${msg('Until there is more, this is yesterday.')}</p>
    <button class="small" @click=${showToday}>${msg('Show today')}</button>
  </div>`;
}

function closed({ location, opens_at }: Insights): string {
  if (location.id === ALL_SHOPS) return msg('None of your shops has opened yet.');
  const time = timeOfDay(opens_at ?? '', location.time_zone);
  return msg(str`Today the shop opens at ${time}.`);
}

function soFar({ visitors }: Insights): string {
  if (visitors === null) return msg('Today nothing has been counted yet.');
  const n = figure(visitors);
  return plural(visitors, {
    one: msg('Today has only just begun: one visitor so far.'),
    other: msg(str`Today has only just begun: ${n} visitors so far.`),
  });
}
