/** Whom a wish reaches and whom not, before it is sent. Knows no state. */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import { type FleetPlan, type FleetWish, LEFT_OUT } from '../../app/fleet-plan.ts';
import { leftOutWords, sensorsWords } from '../fleet-words.ts';
import { figure, plural } from '../format.ts';
import { settingLabel } from '../setting-words.ts';

/** Lines of a list that nobody reads to its end; the file has all of them. */
export const SHOWN = 50;

export interface PreviewOptions {
  wish: FleetWish;
  plan: FleetPlan;
  /** Those in whom another command waits are left out. */
  sparing: boolean;
  spare: (event: Event) => void;
  save: () => void;
}

export function fleetPreview({ wish, plan, sparing, spare, save }: PreviewOptions): TemplateResult {
  const { reached, replacing, partly, left, places } = plan;
  const isAnyLeft = LEFT_OUT.some((why) => left[why].length > 0);
  return html`<div class="preview">
    <p role="status"><strong>${reachWords(reached.length, places.length)}</strong></p>
    ${places.length > 1 ? placeList(places) : nothing}
    ${
      partly.length > 0
        ? html`<p class="small">${msg(
            str`Firmware 5 does not know “${settingLabel('heartbeat_interval_ms')}”. Only the other settings reach: ${sensorsWords(partly.length)}.`,
          )}</p>`
        : nothing
    }
    ${
      replacing.length > 0
        ? html`<label class="tick"><input type="checkbox" .checked=${sparing} @change=${spare}>
          ${msg(
            str`Leave out those in which another command waits, which this one would replace: ${sensorsWords(replacing.length)}`,
          )}</label>`
        : nothing
    }
    ${
      isAnyLeft
        ? html`<p class="small">${msg('Left out:')}</p>
          <ul>${LEFT_OUT.map((why) => leftOut(leftOutWords(why, wish), left[why]))}</ul>
          <button type="button" class="small quiet" @click=${save}
            >${msg('Save who is left out as a file (CSV)')}</button>`
        : nothing
    }
  </div>`;
}

function reachWords(sensors: number, places: number): string {
  if (sensors === 0) return msg('This reaches no sensor.');
  const [who, many] = [sensorsWords(sensors), figure(places)];
  return plural(places, {
    one: msg(str`This reaches ${who} at one place.`),
    other: msg(str`This reaches ${who} at ${many} places.`),
  });
}

function placeList(places: FleetPlan['places']): TemplateResult {
  return html`<details class="small"><summary>${msg('At which places')}</summary><ul>${places
    .slice(0, SHOWN)
    .map(
      ({ name, sensors }) =>
        html`<li><bdi>${name ?? msg('at no place')}</bdi>: ${sensorsWords(sensors)}</li>`,
    )}${more(places.length)}</ul></details>`;
}

function leftOut(words: string, units: readonly FleetUnit[]) {
  if (units.length === 0) return nothing;
  return html`<li><details><summary>${words}: ${sensorsWords(units.length)}</summary>
    ${unitList(units)}</details></li>`;
}

function unitList(units: readonly FleetUnit[]): TemplateResult {
  return html`<ul class="small">${units
    .slice(0, SHOWN)
    .map((unit) => html`<li>${unitName(unit)}</li>`)}${more(units.length)}</ul>`;
}

/** Name, id and place, as far as it has them. */
export function unitName({ device_id, name, location_name }: FleetUnit): TemplateResult {
  const place = location_name ?? msg('at no place');
  return html`<bdi>${name ?? device_id}</bdi> <span class="muted"><bdi>${place}</bdi>${
    name ? html` · <span class="mono">${device_id}</span>` : nothing
  }</span>`;
}

/** How many a list of {@link SHOWN} lines leaves unsaid. */
export function more(all: number): TemplateResult | typeof nothing {
  if (all <= SHOWN) return nothing;
  const rest = figure(all - SHOWN);
  return html`<li class="muted">${msg(str`and ${rest} more`)}</li>`;
}
