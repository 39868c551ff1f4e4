/** The portal's routes of administrators, and of an owner's staff. Fetched with their pages. */
import { Alert, AlertsPage } from '../../shared/contracts/alert.ts';
import { AuditPage } from '../../shared/contracts/audit.ts';
import {
  type LocationChange,
  LocationDetail,
  type NewLocation,
} from '../../shared/contracts/location.ts';
import { NoticesPage } from '../../shared/contracts/notice.ts';
import { OpeningHours, type OpeningTime } from '../../shared/contracts/opening-hours.ts';
import { Done, Invited } from '../../shared/contracts/people.ts';
import { type Location, Locations } from '../../shared/contracts/portal.ts';
import { StaffList } from '../../shared/contracts/staff.ts';
import { BackendStatus } from '../../shared/contracts/status.ts';
import {
  type CloseWorkOrder,
  type NewWorkOrder,
  WorkOrder,
  WorkOrdersPage,
} from '../../shared/contracts/work-order.ts';
import type { Administration, Staff, TrailFilter } from '../app/administration.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';
/** Rows that a page shows at once. */
const ROWS = '50';
/** Supabase makes the account and hands the mail over meanwhile. */
const INVITE_TIMEOUT_MS = 25_000;

const enc = encodeURIComponent;
const place = (id: string) => `${Api}/locations/${enc(id)}`;

/** A list's address: what is asked for, and where it goes on. */
function listing(path: string, asked: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams({ limit: ROWS });
  for (const [name, value] of Object.entries(asked)) if (value) query.set(name, value);
  return `${Api}${path}?${query}`;
}

export class AdministrationApi implements Administration, Staff {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  changes(filter: TrailFilter, cursor: string | null): Promise<AuditPage> {
    const path = listing('/audit', { ...filter, cursor });
    return this.#http.send({ path, answer: AuditPage });
  }

  alerts(state: 'open' | 'all', cursor: string | null): Promise<AlertsPage> {
    const path = listing('/alerts', { state, cursor });
    return this.#http.send({ path, answer: AlertsPage });
  }

  acknowledge({ device_id, kind, started }: Alert): Promise<Alert> {
    const path = `${Api}/alerts/${enc(device_id)}/${kind}/${started}/acknowledge`;
    return this.#http.send({ method: 'POST', path, answer: Alert });
  }

  notices(cursor: string | null): Promise<NoticesPage> {
    return this.#http.send({ path: listing('/notices', { cursor }), answer: NoticesPage });
  }

  status(): Promise<BackendStatus> {
    return this.#http.send({ path: `${Api}/status`, answer: BackendStatus });
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

  async places(): Promise<Location[]> {
    return (await this.#http.send({ path: `${Api}/locations`, answer: Locations })).locations;
  }

  place(id: string): Promise<LocationDetail> {
    return this.#http.send({ path: place(id), answer: LocationDetail });
  }

  create(body: NewLocation): Promise<LocationDetail> {
    const path = `${Api}/locations`;
    return this.#http.send({ method: 'POST', path, body, answer: LocationDetail });
  }

  change(id: string, body: LocationChange): Promise<LocationDetail> {
    return this.#http.send({ method: 'PUT', path: place(id), body, answer: LocationDetail });
  }

  async openingHours(id: string): Promise<OpeningTime[]> {
    const path = `${place(id)}/opening-hours`;
    return (await this.#http.send({ path, answer: OpeningHours })).opening_hours;
  }

  async setOpeningHours(id: string, times: readonly OpeningTime[]): Promise<OpeningTime[]> {
    const path = `${place(id)}/opening-hours`;
    const body = { opening_hours: times };
    const answer = await this.#http.send({ method: 'PUT', path, body, answer: OpeningHours });
    return answer.opening_hours;
  }

  async staff(id: string): Promise<StaffList['staff']> {
    return (await this.#http.send({ path: `${place(id)}/staff`, answer: StaffList })).staff;
  }

  letLook(id: string, email: string): Promise<Invited> {
    const path = `${place(id)}/staff`;
    const timeoutMs = INVITE_TIMEOUT_MS;
    return this.#http.send({ method: 'POST', path, body: { email }, answer: Invited, timeoutMs });
  }

  endLook(id: string, userId: string): Promise<unknown> {
    const path = `${place(id)}/staff/${enc(userId)}`;
    return this.#http.send({ method: 'DELETE', path, answer: Done });
  }
}
