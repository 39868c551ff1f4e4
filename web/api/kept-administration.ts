/**
 * The administrators' lists with what this device saw last of each: the first page, unfiltered.
 * Knows no element.
 */
import * as v from 'valibot';
import { type Alert, AlertsPage } from '../../shared/contracts/alert.ts';
import { AuditPage } from '../../shared/contracts/audit.ts';
import { LocationDetail } from '../../shared/contracts/location.ts';
import { NoticesPage } from '../../shared/contracts/notice.ts';
import { OpeningHours } from '../../shared/contracts/opening-hours.ts';
import { Locations } from '../../shared/contracts/portal.ts';
import { BackendStatus } from '../../shared/contracts/status.ts';
import type { TrailFilter } from '../app/administration.ts';
import type { SeenBefore } from '../app/seen-before.ts';
import { AdministrationApi } from './administration.ts';
import type { Http } from './http.ts';

const first = (name: string, cursor: string | null) => (cursor === null ? name : null);
const LocationList = Locations.entries.locations;
const Times = v.array(OpeningHours.entries.opening_hours.item);

export class KeptAdministration extends AdministrationApi {
  readonly #seen: SeenBefore;
  readonly #know: (alert: Alert) => Promise<Alert>;

  /** @param know says that somebody knows of an alert, which may wait for a network */
  constructor(http: Http, seen: SeenBefore, know: (alert: Alert) => Promise<Alert>) {
    super(http);
    this.#seen = seen;
    this.#know = know;
  }

  override changes(filter: TrailFilter, cursor: string | null) {
    const isAll = Object.values(filter).every((one) => !one);
    const name = isAll ? first('audit', cursor) : null;
    return this.#seen.read(name, AuditPage, super.changes(filter, cursor));
  }

  override alerts(state: 'open' | 'all', cursor: string | null) {
    const name = first(`alerts ${state}`, cursor);
    return this.#seen.read(name, AlertsPage, super.alerts(state, cursor));
  }

  override acknowledge(alert: Alert): Promise<Alert> {
    return this.#know(alert);
  }

  override notices(cursor: string | null) {
    return this.#seen.read(first('notices', cursor), NoticesPage, super.notices(cursor));
  }

  override status() {
    return this.#seen.read('status', BackendStatus, super.status());
  }

  override places() {
    return this.#seen.read('places', LocationList, super.places());
  }

  override place(id: string) {
    return this.#seen.read(`place ${id}`, LocationDetail, super.place(id));
  }

  override openingHours(id: string) {
    return this.#seen.read(`place ${id} hours`, Times, super.openingHours(id));
  }
}
