/** Alerts as people see them: a list, and acknowledging one. Knows no HTTP and no SQL. */
import type { Alert, AlertKind, AlertsPage } from '../../shared/contracts/alert.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { isoTime } from '../../shared/time.ts';
import { type Change, changeOf, type PersonContext } from './audit.ts';
import { cursorOf, keyIn, type PageQuery, paged } from './page.ts';
import { ownerFilter } from './person.ts';

/** What names an alert. */
export interface AlertId {
  device_id: string;
  kind: AlertKind;
  started_s: number;
}

/** A row with its unit's name and place; times in Unix seconds by the backend's clock. */
export interface AlertRow extends AlertId {
  name: string | null;
  location_id: string | null;
  detail: string;
  ended_s: number | null;
  acknowledged_s: number | null;
  acknowledged_by: string | null;
  mailed_s: number | null;
  end_mailed_s: number | null;
  /** JSON: a list of {at_s, ended, to}, the earliest first. */
  mails_json: string;
}

export interface AlertFilter {
  openOnly: boolean;
  /** Only units at locations of this owner. */
  ownerId: string | undefined;
  /** Only of this unit. */
  deviceId: string | undefined;
  before: AlertId | undefined;
  limit: number;
}

export interface AlertStore {
  /** Newest first. */
  list(filter: AlertFilter): Promise<AlertRow[]>;
  find(id: AlertId, ownerId: string | undefined): Promise<AlertRow | null>;
  /** False when somebody acknowledged it before. */
  acknowledge(id: AlertId, by: string, nowS: number, change: Change): Promise<boolean>;
}

export async function listAlerts(
  store: AlertStore,
  person: Me,
  query: PageQuery & { state: 'open' | 'all'; device_id?: string | undefined },
): Promise<AlertsPage> {
  const filter = {
    openOnly: query.state === 'open',
    ownerId: ownerFilter(person),
    deviceId: query.device_id,
    before: keyIn(query.cursor, alertIn),
  };
  const { rows, next_cursor } = await paged(
    (limit) => store.list({ ...filter, limit }),
    query.limit,
    ({ started_s, device_id, kind }) => cursorOf(started_s, device_id, kind),
  );
  return { alerts: rows.map((row) => toAlert(row, person)), next_cursor };
}

/**
 * Says that somebody knows; the alert stays until its cause is gone. The first one counts.
 * @throws AppError `not_found`, for another owner's as for none
 */
export async function acknowledgeAlert(
  store: AlertStore,
  { person, nowMs }: PersonContext,
  id: AlertId,
): Promise<Alert> {
  const nowS = Math.floor(nowMs / 1000);
  if (!(await store.find(id, ownerFilter(person)))) throw noSuchAlert();
  const target = `alert:${id.device_id}:${id.kind}:${id.started_s}`;
  const facts = { before: { acknowledged: false }, after: { acknowledged: true } };
  const change = changeOf({ actor: person.user_id, nowMs }, 'alert.acknowledge', target, facts);
  await store.acknowledge(id, person.user_id, nowS, change);
  const row = await store.find(id, ownerFilter(person));
  if (!row) throw noSuchAlert();
  return toAlert(row, person);
}

function noSuchAlert(): AppError {
  return new AppError('not_found', 'There is no such alert.');
}

function alertIn(started: string, deviceId = '', kind = ''): AlertId {
  return { started_s: Number(started), device_id: deviceId, kind: kind as AlertKind };
}

/** Whom mails went to is for those whom they are for. */
function toAlert(row: AlertRow, { role }: Me): Alert {
  return {
    device_id: row.device_id,
    name: row.name,
    location_id: row.location_id,
    kind: row.kind,
    started: row.started_s,
    started_at: isoTime(row.started_s),
    ended_at: isoTime(row.ended_s),
    detail: row.detail,
    acknowledged_at: isoTime(row.acknowledged_s),
    acknowledged_by: row.acknowledged_by,
    mailed_at: isoTime(row.mailed_s),
    end_mailed_at: isoTime(row.end_mailed_s),
    ...(role === 'admin' && { mails: mailsOf(row) }),
  };
}

function mailsOf({ mails_json }: AlertRow): NonNullable<Alert['mails']> {
  const mails: { at_s: number; ended: number; to: string }[] = JSON.parse(mails_json);
  return mails.map(({ at_s, ended, to }) => {
    return { at: isoTime(at_s), is_end: ended === 1, to };
  });
}
