/**
 * Choosing several sensors of the list: the ticks of its rows, the bar above it, and what is said
 * of an action that is not dismissed. Keeps no sensor.
 */
import { msg, str } from '@lit/localize';
import { html, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import type { FleetActionState } from '../../app/fleet-actions.ts';
import { countRun, type FleetRun, isFinished } from '../../app/fleet-run.ts';
import {
  ALL_FOUND,
  chosenOf,
  isChosen,
  NONE_CHOSEN,
  type Selection,
  withTicks,
} from '../../app/fleet-selection.ts';
import type { FleetActionKind } from '../elements/fleet-bar.ts';
import { figure } from '../format.ts';
import type { RowTick } from './sensors-row.ts';

export type { FleetActionKind };

type Act = (kind: FleetActionKind, units: readonly FleetUnit[]) => void;

/** Which sensors are chosen on a page; redraws it when that changes. */
export class Choosing {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>;
  #selection: Selection | null = null;
  /** The tick that was set last: with Shift held, a range goes from there. */
  #anchor: string | null = null;

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>) {
    this.#host = host;
  }

  get isOn(): boolean {
    return this.#selection !== null;
  }

  begin(): void {
    this.#become(NONE_CHOSEN);
  }

  end(): void {
    this.#become(null);
  }

  /** @param found what the filter shows; all: the whole list */
  bar(found: readonly FleetUnit[], all: readonly FleetUnit[], act: Act): TemplateResult {
    const selection = this.#selection ?? NONE_CHOSEN;
    const chosen = chosenOf(selection, found, all);
    const seen = found.filter(({ device_id }) => isChosen(selection, device_id)).length;
    const choose = ({ detail }: CustomEvent<boolean>) =>
      this.#become(detail ? ALL_FOUND : NONE_CHOSEN);
    return html`<jb-fleet-bar .found=${found.length} .chosen=${chosen.length}
      .unseen=${chosen.length - seen} @all=${choose} @leave=${() => this.end()}
      @act=${({ detail }: CustomEvent<FleetActionKind>) => act(detail, chosen)}></jb-fleet-bar>`;
  }

  /** Of the row at this place of what is found; null while nobody chooses. */
  tick(found: readonly FleetUnit[], at: number): RowTick | null {
    const selection = this.#selection;
    const id = found[at]?.device_id;
    if (!selection || id === undefined) return null;
    const isOn = isChosen(selection, id);
    return { isOn, toggle: ({ shiftKey }) => this.#toggle(found, id, !isOn, shiftKey) };
  }

  #toggle(found: readonly FleetUnit[], id: string, on: boolean, isRange: boolean): void {
    const ids = found.map(({ device_id }) => device_id);
    const [from, to] = [this.#anchor ?? id, id]
      .map((one) => ids.indexOf(one))
      .sort((a, b) => a - b);
    const range =
      isRange && from !== undefined && from >= 0 ? ids.slice(from, (to ?? from) + 1) : [id];
    this.#anchor = id;
    this.#become(withTicks(this.#selection ?? NONE_CHOSEN, range, on));
  }

  #become(selection: Selection | null): void {
    this.#selection = selection;
    if (selection === null) this.#anchor = null;
    this.#host.requestUpdate();
  }
}

/** What is said of an action above the list, until it is dismissed. */
export function unfinished(
  run: FleetRun,
  phase: FleetActionState['phase'],
  show: () => void,
): TemplateResult {
  const { failed, ahead } = countRun(run);
  const [asked, all] = [figure(run.ids.length - ahead), figure(run.ids.length)];
  const words = !isFinished(run)
    ? phase === 'still'
      ? msg(str`A change of several sensors stopped after ${asked} of ${all}.`)
      : msg(str`Several sensors are being changed: ${asked} of ${all}.`)
    : failed > 0
      ? msg(str`A change of ${all} sensors is through; it did not reach ${figure(failed)}.`)
      : msg(str`A change of ${all} sensors is through.`);
  return html`<div class="unfinished"><p>${words}</p>
    <button class="small" @click=${show}>${msg('Show')}</button></div>`;
}
