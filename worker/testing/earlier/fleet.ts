/** The fleet in D1: units by filter, and one of them with what it sent lately. */
import { LATE_AFTER_REPORTS, SILENT_AFTER_S } from '../../../shared/metrics/unit-state.ts';
import { VISIBLE } from '../../d1/fleet-registry.ts';
import { INTERVAL_S } from '../../d1/interval.ts';
import { ifHis, isSeenBy, placedSince } from '../../d1/placement.ts';
import type {
  DetailRow,
  FleetFilter,
  FleetRow,
  FleetStore,
  RecentHeartbeat,
  RecentReading,
} from '../../domain/fleet.ts';

const SINCE = placedSince('d.id');
/** The newest reading is the last step in the key of readings; an earlier token's says nothing. */
const NEWEST_SIGNS = `(SELECT CASE WHEN r.generation = d.generation
    THEN json_array(r.overflow, r.cached, r.send_failures) END FROM readings AS r
  WHERE r.device_id = d.id AND r.period_start_s >= ${SINCE} AND r.location_id IS d.location_id
  ORDER BY r.period_start_s DESC, r.variant DESC LIMIT 1)`;
/** What happened elsewhere is not the business of an owner to whom the unit came later. */
const ANOMALY_S = ifHis('?1', 'd.anomaly_since_s');
const SEEN_S = ifHis('?1', 'k.last_seen_s');
const COLUMNS = `d.id, d.name, d.location_id, l.name AS location_name, d.status, d.anomaly_reason,
  ${ANOMALY_S} AS anomaly_since_s, d.radio, k.firmware, ${SEEN_S} AS last_seen_s,
  CASE WHEN (${SEEN_S}) IS NOT NULL THEN k.cell_rssi_dbm END AS cell_rssi_dbm,
  CASE WHEN (${SEEN_S}) IS NOT NULL THEN k.battery_pct END AS battery_pct,
  d.latitude, d.longitude, ${INTERVAL_S} AS report_interval_s, ${NEWEST_SIGNS} AS signs_json`;
const DETAIL = `d.mac, d.registered_s, ${ifHis('?1', 'd.first_heartbeat_s')} AS first_heartbeat_s,
  ${ifHis('?1', 'k.first_reading_s')} AS first_reading_s, d.config_version,
  d.place_source, d.accuracy_m, d.time_zone`;
const FROM = `FROM devices AS d JOIN device_contacts AS k ON k.device_id = d.id
  LEFT JOIN locations AS l ON l.id = d.location_id
  LEFT JOIN device_configs AS c ON c.device_id = d.id`;
/** The rule of shared/metrics/unit-state.ts for ?2 = now; a test holds both against each other. */
const SILENT = `(${SEEN_S}) <= ?2 - ${SILENT_AFTER_S}`;
const LATE = `(${SEEN_S}) < ?2 - ${LATE_AFTER_REPORTS} * (${INTERVAL_S})`;
const IN_STATE: Record<NonNullable<FleetFilter['state']>, string> = {
  new: `(${SEEN_S}) IS NULL`,
  silent: SILENT,
  late: `${LATE} AND NOT ${SILENT}`,
  online: `NOT ${LATE} AND NOT ${SILENT}`,
  anomalous: `(${ANOMALY_S}) IS NOT NULL`,
};

type Raw<T> = Omit<T, 'newest_signs'> & { signs_json: string | null };

export function d1FleetStore(db: D1Database): FleetStore {
  return {
    async list(filter, nowS) {
      const { ownerId, locationId, text, afterId, state, limit } = filter;
      const sql = `SELECT ${COLUMNS} ${FROM}
        WHERE d.id > ?3 AND ${VISIBLE}
          AND (?4 IS NULL OR d.location_id = ?4)
          AND (?5 IS NULL OR d.id LIKE ?5 ESCAPE '!' OR d.name LIKE ?5 ESCAPE '!'
            OR l.name LIKE ?5 ESCAPE '!')
          AND (${state ? IN_STATE[state] : '?2 IS NOT NULL'})
        ORDER BY d.id LIMIT ?6`;
      const pattern = text === undefined ? null : `%${text.replace(/[!%_]/g, '!$&')}%`;
      const values = [ownerId ?? null, nowS, afterId ?? '', locationId ?? null, pattern, limit];
      const { results } = await db
        .prepare(sql)
        .bind(...values)
        .all<Raw<FleetRow>>();
      return results.map((row) => withSigns(row));
    },
    async find(id, ownerId) {
      const sql = `SELECT ${COLUMNS}, ${DETAIL} ${FROM} WHERE d.id = ?2 AND ${VISIBLE}`;
      const row = await db
        .prepare(sql)
        .bind(ownerId ?? null, id)
        .first<Raw<DetailRow>>();
      return row && withSigns(row);
    },
    async readings(id, sinceS, limit, ownerId) {
      const sql = `SELECT period_start_s, received_s, overflow, cached, send_failures, age_s,
          cell_rssi_dbm, impressions, device_minutes, visits, is_counted
        FROM readings WHERE device_id = ?1 AND period_start_s >= ?2
          AND ${isSeenBy('?4', 'location_id')}
        ORDER BY period_start_s DESC, variant DESC LIMIT ?3`;
      const bound = db.prepare(sql).bind(id, sinceS, limit, ownerId ?? null);
      return (await bound.all<RecentReading>()).results;
    },
    async heartbeats(id, limit, ownerId) {
      const sql = `SELECT received_ms, firmware, uptime_s, cell_rssi_dbm, battery_pct
        FROM heartbeats WHERE device_id = ?1 AND ${isSeenBy('?3', 'location_id')}
        ORDER BY received_ms DESC LIMIT ?2`;
      const bound = db.prepare(sql).bind(id, limit, ownerId ?? null);
      return (await bound.all<RecentHeartbeat>()).results;
    },
  };
}

function withSigns<T extends { signs_json: string | null }>({ signs_json, ...row }: T) {
  return { ...row, newest_signs: signs_json === null ? null : JSON.parse(signs_json) };
}
