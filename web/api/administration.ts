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
import type { Administration, Staff, TrailFilter } from '../app/administration.ts';
import type { Http } from './http.ts';
import { listing } from './listing.ts';

const Api = '/api/v1';
/** Supabase makes the account and hands the mail over meanwhile. */
const INVITE_TIMEOUT_MS = 25_000;

const enc = encodeURIComponent;
const place = (id: string) => `${Api}/locations/${enc(id)}`;

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
