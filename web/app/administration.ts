/**
 * What administrators look at and keep, as their pages ask for it; and an owner's staff. Every
 * method rejects with AppError. Knows no HTTP and no element.
 */
import type { Alert, AlertsPage } from '../../shared/contracts/alert.ts';
import type { AuditPage } from '../../shared/contracts/audit.ts';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import type {
  LocationChange,
  LocationDetail,
  NewLocation,
} from '../../shared/contracts/location.ts';
import type { NoticesPage } from '../../shared/contracts/notice.ts';
import type { OpeningTime } from '../../shared/contracts/opening-hours.ts';
import type { Invited } from '../../shared/contracts/people.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import type { StaffList } from '../../shared/contracts/staff.ts';
import type { BackendStatus } from '../../shared/contracts/status.ts';
import type {
  CloseWorkOrder,
  NewWorkOrder,
  WorkOrder,
  WorkOrdersPage,
} from '../../shared/contracts/work-order.ts';
import { type Cell, csvOf } from './csv.ts';

/** Which changes are looked for; empty: all. Times are UTC. */
export type TrailFilter = Partial<
  Record<'target' | 'action' | 'actor' | 'since' | 'until', string>
>;

export interface Trail {
  /** Newest first; `cursor` of the page before. */
  changes(filter: TrailFilter, cursor: string | null): Promise<AuditPage>;
}

export interface AlertHistory {
  /** Newest first. */
  alerts(state: 'open' | 'all', cursor: string | null): Promise<AlertsPage>;
  acknowledge(alert: Alert): Promise<Alert>;
}

export interface Notices {
  /** Newest first. */
  notices(cursor: string | null): Promise<NoticesPage>;
}

export interface BackendWatch {
  status(): Promise<BackendStatus>;
}

export interface WorkOrders {
  /** Newest first. */
  orders(state: 'open' | 'all', cursor: string | null): Promise<WorkOrdersPage>;
  order(wanted: NewWorkOrder): Promise<WorkOrder>;
  assign(id: string, userId: string | null): Promise<WorkOrder>;
  close(id: string, outcome: CloseWorkOrder): Promise<WorkOrder>;
}

/** What an installer has before him, and where it is. */
export interface OwnWork extends Pick<WorkOrders, 'orders' | 'assign' | 'close'> {
  places(): Promise<Location[]>;
  place(id: string): Promise<LocationDetail>;
  /** The first of the units that stand there; more than one visit is about. */
  unitsAt(locationId: string): Promise<FleetUnit[]>;
}

export interface Places {
  places(): Promise<Location[]>;
  place(id: string): Promise<LocationDetail>;
  create(wanted: NewLocation): Promise<LocationDetail>;
  change(id: string, said: LocationChange): Promise<LocationDetail>;
  openingHours(id: string): Promise<OpeningTime[]>;
  setOpeningHours(id: string, times: readonly OpeningTime[]): Promise<OpeningTime[]>;
}

export interface Staff {
  /** Of who is signed in. */
  places(): Promise<Location[]>;
  staff(locationId: string): Promise<StaffList['staff']>;
  letLook(locationId: string, email: string): Promise<Invited>;
  endLook(locationId: string, userId: string): Promise<unknown>;
}

/** All of an administrator's pages beside people, readings and work. */
export type Administration = Trail & AlertHistory & Notices & BackendWatch & Places;

/** A file that a spreadsheet opens; who needs more takes a shorter time. */
const FILE_ROWS_MAX = 10_000;

/**
 * The trail as a CSV file, newest first: as filtered, up to {@link FILE_ROWS_MAX} changes.
 * @param people addresses by user id
 */
export async function trailCsv(
  trail: Trail,
  filter: TrailFilter,
  people: ReadonlyMap<string, string>,
): Promise<string> {
  const rows: Cell[][] = [['at', 'actor', 'email', 'action', 'target', 'before', 'after']];
  const json = (facts: object | null) => (facts ? JSON.stringify(facts) : null);
  let cursor: string | null = null;
  do {
    const page: AuditPage = await trail.changes(filter, cursor);
    for (const { at, actor, action, target, before, after } of page.changes) {
      const email = people.get(actor) ?? null;
      rows.push([at, actor, email, action, target, json(before), json(after)]);
    }
    cursor = page.next_cursor;
  } while (cursor !== null && rows.length <= FILE_ROWS_MAX);
  return csvOf(rows);
}

/** What is typed, as the trail's target: `JBNB0042` means `unit:JBNB0042`. */
export function targetOf(typed: string): string {
  const text = typed.trim();
  if (text === '' || text.includes(':')) return text;
  return /^jbnb\d+$/i.test(text) ? `unit:${text.toUpperCase()}` : `location:${text}`;
}

/** An id for a location that is called so: `Café Müller` becomes `cafe-muller`. */
export function idFor(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64);
}
