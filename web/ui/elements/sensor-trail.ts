/**
 * `<jb-sensor-trail>`: who changed what about a sensor, newest first, a page at a time. Knows it
 * only through web/app/sensor-past.ts.
 */

import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { UnitTrail } from '../../../shared/contracts/history.ts';
import type { SensorPast } from '../../app/sensor-past.ts';
import { PagedList } from '../controllers/paged-list.ts';
import { dateTime } from '../format.ts';
import { actorWords, changeWords, factWords } from '../trail-words.ts';
import { pagedRows } from './paged-rows.ts';
import { base, buttons } from './styles.ts';

type Entry = UnitTrail['changes'][number];

export class SensorTrail extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }
      ul {
        list-style: none;
        display: grid;
        gap: 12px;
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = {
    past: { attribute: false },
    device: {},
    version: { attribute: false },
    timeZone: { attribute: false },
    places: { attribute: false },
  };
  declare past: SensorPast;
  declare device: string;
  /** Another one: something has changed, the list is asked for anew. */
  declare version: unknown;
  /** IANA name. */
  declare timeZone: string;
  /** Names of locations by their ids, as far as the reader may know them. */
  declare places: ReadonlyMap<string, string>;

  readonly #list = new PagedList<Entry>(this, async (cursor) => {
    const { changes, next_cursor } = await this.past.trail(this.device, cursor);
    return { rows: changes, next_cursor };
  });

  constructor() {
    super();
    this.device = '';
    this.timeZone = 'UTC';
    this.places = new Map();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('device') || changed.has('version')) void this.#list.load();
  }

  protected override render(): TemplateResult {
    return html`${pagedRows(this.#list, {
      keyOf: ({ id }) => String(id),
      row: (entry) => this.#entry(entry),
      empty: msg('Nobody has changed anything yet.'),
    })}`;
  }

  #entry({ at, by, action, before, after }: Entry): TemplateResult {
    const facts = factWords(before, after, this.places);
    const when = dateTime(Date.parse(at), this.timeZone);
    return html`<li>
      <p>${changeWords(action)}</p>
      ${
        facts.length === 0
          ? nothing
          : html`<p class="small">${facts.map((words) => html`<bdi>${words}</bdi> `)}</p>`
      }
      <p class="small muted">${actorWords(by)} · ${when}</p>
    </li>`;
  }
}

customElements.define('jb-sensor-trail', SensorTrail);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sensor-trail': SensorTrail;
  }
}
