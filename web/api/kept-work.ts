/**
 * Work orders with what this device saw last of them, the first page, and of where they are. Knows
 * no element.
 */
import { FleetPage } from '../../shared/contracts/fleet.ts';
import { LocationDetail } from '../../shared/contracts/location.ts';
import { Locations } from '../../shared/contracts/portal.ts';
import { WorkOrdersPage } from '../../shared/contracts/work-order.ts';
import type { SeenBefore } from '../app/seen-before.ts';
import type { Http } from './http.ts';
import { WorkApi } from './work.ts';

export class KeptWork extends WorkApi {
  readonly #seen: SeenBefore;

  constructor(http: Http, seen: SeenBefore) {
    super(http);
    this.#seen = seen;
  }

  override orders(state: 'open' | 'all', cursor: string | null) {
    const name = cursor === null ? `orders ${state}` : null;
    return this.#seen.read(name, WorkOrdersPage, super.orders(state, cursor));
  }

  override unitsAt(id: string) {
    return this.#seen.read(`units at ${id}`, FleetPage.entries.units, super.unitsAt(id));
  }

  override places() {
    return this.#seen.read('places', Locations.entries.locations, super.places());
  }

  override place(id: string) {
    return this.#seen.read(`place ${id}`, LocationDetail, super.place(id));
  }
}
