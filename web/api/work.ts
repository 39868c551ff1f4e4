/** The portal’s routes of work orders, and of where work is. Fetched with their pages. */
import { FleetPage, type FleetUnit } from '../../shared/contracts/fleet.ts';
import { LocationDetail } from '../../shared/contracts/location.ts';
import { type Location, Locations } from '../../shared/contracts/portal.ts';
import {
  type CloseWorkOrder,
  type NewWorkOrder,
  WorkOrder,
  WorkOrdersPage,
} from '../../shared/contracts/work-order.ts';
import type { OwnWork, WorkOrders } from '../app/administration.ts';
import type { Http } from './http.ts';
import { listing } from './listing.ts';

const Api = '/api/v1';
const enc = encodeURIComponent;

export class WorkApi implements WorkOrders, OwnWork {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  orders(state: 'open' | 'all', cursor: string | null): Promise<WorkOrdersPage> {
    const path = listing('/work-orders', { state, cursor });
    return this.#http.send({ path, answer: WorkOrdersPage });
  }

  order(body: NewWorkOrder): Promise<WorkOrder> {
    return this.#http.send({ method: 'POST', path: `${Api}/work-orders`, body, answer: WorkOrder });
  }

  assign(id: string, user_id: string | null): Promise<WorkOrder> {
    const path = `${Api}/work-orders/${enc(id)}/assignee`;
    return this.#http.send({ method: 'PUT', path, body: { user_id }, answer: WorkOrder });
  }

  close(id: string, body: CloseWorkOrder): Promise<WorkOrder> {
    const path = `${Api}/work-orders/${enc(id)}/close`;
    return this.#http.send({ method: 'POST', path, body, answer: WorkOrder });
  }

  async unitsAt(location_id: string): Promise<FleetUnit[]> {
    const path = listing('/fleet', { location_id });
    return (await this.#http.send({ path, answer: FleetPage })).units;
  }

  async places(): Promise<Location[]> {
    return (await this.#http.send({ path: `${Api}/locations`, answer: Locations })).locations;
  }

  place(id: string): Promise<LocationDetail> {
    return this.#http.send({ path: `${Api}/locations/${enc(id)}`, answer: LocationDetail });
  }
}
