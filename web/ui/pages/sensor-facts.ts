/** How a sensor is, in the head of its page: facts, doubts, alerts. Pure templates. */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Alert } from '../../../shared/contracts/alert.ts';
import type { UnitDetail } from '../../../shared/contracts/fleet.ts';
import type { KnownSensor } from '../../app/sensor.ts';
import { serverWords } from '../../app/server-words.ts';
import { signalWords } from '../../app/signal-words.ts';
import { signalBars } from '../elements/signal-bars.ts';
import { ago } from '../format.ts';
import { alertWord, heardWords, statusWord } from '../sensor-words.ts';

/** @param now Unix milliseconds by the backend's clock */
export function sensorFacts(
  { detail, asOf }: KnownSensor,
  now: number,
  reload: () => void,
): TemplateResult {
  const { device_id, location_name, state, status, firmware, cell_rssi_dbm } = detail;
  const heard = status === 'active' ? heardWords(detail, now) : statusWord(status);
  return html`<ul class="facts">
    <li class="state ${state}"><span class="dot" aria-hidden="true"></span>${heard}</li>
    <li><bdi>${location_name ?? msg('at no place')}</bdi></li>
    <li class="mono">${device_id}</li>
    <li>${signalBars(cell_rssi_dbm)} ${
      cell_rssi_dbm === null ? msg('no signal known') : signalWords(cell_rssi_dbm)
    }</li>
    ${firmware ? html`<li>${msg('Firmware')} <bdi>${firmware}</bdi></li>` : nothing}
    <li class="muted">${msg(str`as of ${ago(asOf, now)}`)}
      <button class="small quiet" @click=${reload}>${msg('Refresh')}</button></li>
  </ul>`;
}

/** @param clear takes the flag off; null for who may not */
export function sensorDoubt(
  { anomaly }: UnitDetail,
  now: number,
  busy: boolean,
  clear: (() => void) | null,
): TemplateResult | typeof nothing {
  if (!anomaly) return nothing;
  const since = ago(Date.parse(anomaly.since), now);
  const headline = msg(
    str`Its numbers are in doubt since ${since}: ${serverWords(anomaly.reason)}`,
  );
  const button = clear
    ? html`<jb-confirm label=${msg('Take the flag off')} confirm-label=${msg('Take it off')}
        ?busy=${busy} @confirm=${clear}>${msg(
          'You have looked. What happens next flags it again; readings left out of the sums stay out.',
        )}</jb-confirm>`
    : nothing;
  return html`<jb-notice tone="warn" headline=${headline}>${button}</jb-notice>`;
}

/** @param know says that somebody knows; null for who may only look */
export function sensorAlert(
  alert: Alert,
  now: number,
  busy: boolean,
  know: (() => void) | null,
): TemplateResult {
  const since = ago(Date.parse(alert.started_at), now);
  const headline = msg(str`${alertWord(alert.kind)}, since ${since}`);
  if (!alert.acknowledged_at && !know) {
    return html`<jb-notice tone="warn" headline=${headline}></jb-notice>`;
  }
  return html`<jb-notice tone="warn" headline=${headline}>${
    alert.acknowledged_at
      ? html`<span class="small">${msg('Somebody knows.')}</span>`
      : html`<button class="small" aria-disabled=${busy} @click=${know}>${msg('I know')}</button>`
  }</jb-notice>`;
}
