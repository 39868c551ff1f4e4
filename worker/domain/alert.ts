/** Alerts as people see them: a list, and acknowledging one. Knows no HTTP and no SQL. */
import type { Alert, AlertKind, AlertsPage } from '../../shared/contracts/alert.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { isoTime } from '../../shared/time.ts';
import { type Change, changeOf } from './audit.ts';

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
}

export interface AlertFilter {
  openOnly: boolean;
  /** Only units at locations of this owner. */
  ownerId: string | undefined;
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

const ownerOf = (person: Me) => (person.role === 'owner' ? person.user_id : undefined);

export async function listAlerts(
  store: AlertStore,
  person: Me,
  query: { state: 'open' | 'all'; cursor?: string | undefined; limit: number },
): Promise<AlertsPage> {
  const rows = await store.list({
    openOnly: query.state === 'open',
    ownerId: ownerOf(person),
    before: query.cursor === undefined ? undefined : placeOf(query.cursor),
    limit: query.limit + 1,
  });
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return { alerts: shown.map(told), next_cursor: last ? cursorOf(last) : null };
}

/**
 * Says that somebody knows; the alert stays until its cause is gone. The first one counts.
 * @throws AppError `not_found`, for another owner's as for none
 */
export async function acknowledgeAlert(
  store: AlertStore,
  person: Me,
  id: AlertId,
  nowMs: number,
): Promise<Alert> {
  const nowS = Math.floor(nowMs / 1000);
  if (!(await store.find(id, ownerOf(person)))) throw noSuchAlert();
  const target = `alert:${id.device_id}:${id.kind}:${id.started_s}`;
  const facts = { before: { acknowledged: false }, after: { acknowledged: true } };
  const change = changeOf(person.user_id, 'alert.acknowledge', target, facts, nowMs);
  await store.acknowledge(id, person.user_id, nowS, change);
  const row = await store.find(id, ownerOf(person));
  if (!row) throw noSuchAlert();
  return told(row);
}

function noSuchAlert(): AppError {
  return new AppError('not_found', 'There is no such alert.');
}

const cursorOf = (row: AlertId) => [row.started_s, row.device_id, row.kind].join('~');

function placeOf(cursor: string): AlertId {
  const [started = '', device_id = '', kind = ''] = cursor.split('~');
  return { started_s: Number(started), device_id, kind: kind as AlertKind };
}

function told(row: AlertRow): Alert {
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
  };
}
