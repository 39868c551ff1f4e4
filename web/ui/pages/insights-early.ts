/** While today says next to nothing yesterday is in front, and this is said of it. No state. */
import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { Insights } from '../../../shared/contracts/insights.ts';
import { figure, plural } from '../format.ts';

/** Today says next to nothing yet, so yesterday is in front. */
export function early(today: Insights, showToday: () => void): TemplateResult {
  const { visitors } = today;
  const n = figure(visitors ?? 0);
  const soFar =
    visitors === null
      ? msg('Today nothing has been counted yet.')
      : plural(visitors, {
          one: msg('Today has only just begun: one visitor so far.'),
          other: msg(str`Today has only just begun: ${n} visitors so far.`),
        });
  return html`<div class="early" role="status" data-testid="early">
    <p>${soFar} ${msg('Until there is more, this is yesterday.')}</p>
    <button class="small" @click=${showToday}>${msg('Show today')}</button>
  </div>`;
}
