/** Which sensors of the list are shown, each way with how many there are. Knows no state. */
import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import { countFleet, FLEET_STATES, type FleetStateFilter } from '../../app/fleet-filter.ts';
import { figure } from '../format.ts';
import { filterWord } from '../sensor-words.ts';

/** @param text what is searched for: the counts are of those that have it */
export function filterChips(
  units: readonly FleetUnit[],
  text: string,
  only: FleetStateFilter,
  choose: (state: FleetStateFilter) => void,
): TemplateResult {
  const counts = countFleet(units, text);
  const shown = FLEET_STATES.filter((state) => {
    return state === 'all' || counts[state] > 0 || state === only;
  });
  return html`<div class="chips" role="group" aria-label=${msg('Which sensors')}>${shown.map(
    (state) => html`<button class="small" aria-pressed=${state === only}
      @click=${() => choose(state)}>${filterWord(state)}
      <span class="figure muted">${figure(counts[state])}</span></button>`,
  )}</div>`;
}
