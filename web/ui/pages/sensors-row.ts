/** One sensor in the list of them: a link with how it is. Knows no state. */
import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import type { ChangeState } from '../../app/fleet.ts';
import { concernsOf } from '../../app/fleet-filter.ts';
import { signalWords } from '../../app/signal-words.ts';
import { signalBars } from '../elements/signal-bars.ts';
import { changeWord, concernWord, heardWords, statusWord } from '../sensor-words.ts';

/**
 * @param now Unix milliseconds by the backend's clock
 * @param changing what became of its changes; undefined: there are none
 */
export function sensorRow(unit: FleetUnit, now: number, changing?: ChangeState): TemplateResult {
  const { device_id, name, location_name, firmware, cell_rssi_dbm, status, state } = unit;
  const concerns = concernsOf(unit)
    .map(concernWord)
    .filter((word) => word !== null);
  const words = changing ? [changeWord(changing), ...concerns] : concerns;
  return html`<a href="/locations/${device_id}">
      <span class="who"><strong><bdi>${name ?? device_id}</bdi></strong>
        <span class="small muted"><bdi>${location_name ?? msg('at no place')}</bdi>${
          name ? html` · <span class="mono">${device_id}</span>` : nothing
        }</span></span>
      <span class="state ${state}"><span class="dot" aria-hidden="true"></span>${
        status === 'active' ? heardWords(unit, now) : statusWord(status)
      }</span>
      <span class="signal small">${signalBars(cell_rssi_dbm)}<span>${
        cell_rssi_dbm === null ? msg('no signal known') : signalWords(cell_rssi_dbm)
      }</span></span>
      <span class="firmware small muted"><bdi>${firmware ?? ''}</bdi></span>
      <span class="concerns">${words.map((word) => html`<span class="badge">${word}</span>`)}</span>
    </a>`;
}
