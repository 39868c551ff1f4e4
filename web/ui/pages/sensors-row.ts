/** The list of sensors, and one of them in it: a link with how it is. Knows no state. */
import { msg, str } from '@lit/localize';
import { virtualize } from '@lit-labs/virtualizer/virtualize.js';
import { html, nothing, type TemplateResult } from 'lit';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import type { ChangeState } from '../../app/fleet.ts';
import { concernsOf } from '../../app/fleet-filter.ts';
import { isolated } from '../../app/isolated.ts';
import { signalWords } from '../../app/signal-words.ts';
import { signalBars } from '../elements/signal-bars.ts';
import { changeWord, concernWord, heardWords, statusWord } from '../sensor-words.ts';

/** Whether a sensor is chosen, and what a click on its tick does. */
export interface RowTick {
  isOn: boolean;
  toggle: (event: MouseEvent) => void;
}

/** Who chooses among them. */
export interface Ticks {
  readonly isOn: boolean;
  /** Of the row at this place; null while nobody chooses. */
  tick(items: readonly FleetUnit[], at: number): RowTick | null;
}

/** What rows show beside their sensors. */
export interface ListFacts {
  /** Unix milliseconds by the backend's clock. */
  now: number;
  /** By id: what became of changes that are not through. */
  changing: ReadonlyMap<string, ChangeState>;
  ticks: Ticks;
}

interface RowFacts {
  now: number;
  changing: ChangeState | undefined;
  /** null: nobody is choosing. */
  tick: RowTick | null;
}

/** As many rows as the window shows. */
export function sensorList(
  items: FleetUnit[],
  { now, changing, ticks }: ListFacts,
): TemplateResult {
  const renderItem = (unit: FleetUnit, at: number) => {
    const facts = { now, changing: changing.get(unit.device_id), tick: ticks.tick(items, at) };
    return html`<div role="listitem" class="row" aria-setsize=${items.length}
      aria-posinset=${at + 1}
      >${sensorRow(unit, facts)}</div>`;
  };
  const keyFunction = ({ device_id }: FleetUnit) => device_id;
  const name = ticks.isOn ? 'list choosing' : 'list';
  return html`<div role="list" class=${name} aria-label=${msg('Sensors')}>${virtualize({
    ...{ items, renderItem, keyFunction },
  })}</div>`;
}

function sensorRow(unit: FleetUnit, { now, changing, tick }: RowFacts): TemplateResult {
  const { device_id, name, location_name, firmware, cell_rssi_dbm, status, state } = unit;
  const concerns = concernsOf(unit)
    .map(concernWord)
    .filter((word) => word !== null);
  const words = changing ? [changeWord(changing), ...concerns] : concerns;
  return html`${
    tick
      ? html`<label class="tick"><input type="checkbox" .checked=${tick.isOn} @click=${tick.toggle}
          aria-label=${msg(str`Choose ${isolated(name ?? device_id)}`)}></label>`
      : nothing
  }<a href="/locations/${device_id}">
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
