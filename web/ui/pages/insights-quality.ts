/**
 * The badge of numbers that are late or not whole: what it means, and since when. The classes are
 * those of shared/metrics/quality.ts. No element, no state.
 */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { QualityRun } from '../../../shared/contracts/insights.ts';
import { isolated } from '../../app/isolated.ts';
import type { Dated } from './insights-known.ts';
import { moment } from './insights-missing.ts';

/** More stretches than these say nothing more. */
const SHOWN_MAX = 3;

/** The worst first: what is not whole and goes on, what is late, what was not whole. */
const rank = ({ quality, to }: QualityRun) => (to !== null ? 2 : quality === 'DEGRADED' ? 0 : 1);

export function qualityBadge(
  runs: readonly QualityRun[],
  of: Dated,
  isOnly: boolean,
): TemplateResult | typeof nothing {
  const shown = [...runs].sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN_MAX);
  const worst = shown[0];
  if (!worst) return nothing;
  return html`<div class="quality" role="status" data-testid="quality">
    <span class="badge">${worst.quality === 'DEGRADED' ? msg('Incomplete') : msg('Late')}</span>
    <div>${shown.map((run) => html`<p class="small">${sentence(run, of, isOnly)}</p>`)}</div>
  </div>`;
}

function sentence({ device_id, name, quality, from, to }: QualityRun, of: Dated, isOnly: boolean) {
  const unit = name ?? device_id;
  const who = isOnly ? msg('your sensor') : msg(str`the sensor ${isolated(unit)}`);
  const since = moment(from, of);
  if (quality === 'CATCHING UP') {
    const late = msg(str`Since ${since} the numbers from ${who} come late.`);
    return `${late} ${msg('They still grow; nothing is lost.')}`;
  }
  const low = msg('It heard more phones than it can keep, or could not send.');
  if (to === null) return `${msg(str`Since ${since} the numbers from ${who} are too low.`)} ${low}`;
  const end = moment(to, of);
  return `${msg(str`From ${since} to ${end} the numbers from ${who} are too low.`)} ${low}`;
}
