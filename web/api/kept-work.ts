/** Work orders with what this device saw last of them: the first page. Knows no element. */
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
}
