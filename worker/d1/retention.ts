/** Retention in D1: bounded deletes along the keys. Knows no times. */
import {
  RETAINED,
  type RetentionLimits,
  type RetentionReport,
  type RetentionStore,
} from '../domain/retention.ts';
import { dropEarlierTables } from './earlier-tables.ts';

/**
 * The key of readings begins with the unit, so each unit's oldest are next to each other: one step
 * into the key for each unit instead of an index by time, which every reading would have to write.
 */
const READINGS = `DELETE FROM readings WHERE (device_id, period_start_s, variant) IN (
  SELECT r.device_id, r.period_start_s, r.variant
  FROM devices AS d CROSS JOIN readings AS r
  WHERE r.device_id = d.id AND r.period_start_s < ?1 LIMIT ?2)`;
const HEARTBEATS = `DELETE FROM heartbeats WHERE (device_id, received_ms) IN (
  SELECT h.device_id, h.received_ms
  FROM devices AS d CROSS JOIN heartbeats AS h
  WHERE h.device_id = d.id AND h.received_ms < ?1 LIMIT ?2)`;
const WEBHOOKS = `DELETE FROM hologram_messages
  WHERE (hologram_device_id, received, data_sha256) IN (
    SELECT hologram_device_id, received, data_sha256 FROM hologram_messages
    WHERE received_s < ?1 LIMIT ?2)`;

const ROLLUPS = `DELETE FROM rollups WHERE (location_id, bucket_start_s) IN (
  SELECT r.location_id, r.bucket_start_s
  FROM locations AS l CROSS JOIN rollups AS r
  WHERE r.location_id = l.id AND r.bucket_start_s < ?1 LIMIT ?2)`;
/** Numbered as they came, so the oldest are first: no index by time, and no look at the rest. */
const numbered = (table: string, time: string) => `DELETE FROM ${table} WHERE id IN (
  SELECT id FROM (SELECT id, ${time} AS at_ms FROM ${table} ORDER BY id LIMIT ?2)
  WHERE at_ms < ?1)`;
const ALERTS = `DELETE FROM alerts WHERE (device_id, kind, started_s) IN (
  SELECT device_id, kind, started_s FROM alerts
  WHERE started_s < ?1 AND ended_s < ?1 ORDER BY started_s LIMIT ?2)`;
const COMMANDS = `DELETE FROM commands WHERE (device_id, id) IN (
  SELECT c.device_id, c.id FROM devices AS d CROSS JOIN commands AS c
  WHERE c.device_id = d.id AND c.queued_s < ?1 AND c.outcome IS NOT NULL LIMIT ?2)`;
const WORK_ORDERS = `DELETE FROM work_orders WHERE id IN (
  SELECT id FROM work_orders WHERE closed_s < ?1 ORDER BY closed_s LIMIT ?2)`;
const UPDATE_RESULTS = `DELETE FROM update_results WHERE (device_id, reported_ms) IN (
  SELECT device_id, reported_ms FROM update_results
  WHERE reported_ms < ?1 ORDER BY reported_ms LIMIT ?2)`;
/** At most as many rows as there are ids. */
const RESERVATIONS = `DELETE FROM reservations WHERE device_id IN (
  SELECT device_id FROM reservations WHERE expires_s < ?1 LIMIT ?2)`;
const BRAKES = `DELETE FROM brakes WHERE key IN (
  SELECT key FROM brakes WHERE ends_s < ?1 ORDER BY ends_s LIMIT ?2)`;
const ANSWERS = `DELETE FROM kept_answers WHERE (user_id, key) IN (
  SELECT user_id, key FROM kept_answers WHERE at_s < ?1 ORDER BY at_s LIMIT ?2)`;
const JUDGEMENTS = `DELETE FROM judgements WHERE (device_id, at_ms) IN (
  SELECT j.device_id, j.at_ms FROM devices AS d CROSS JOIN judgements AS j
  WHERE j.device_id = d.id AND j.at_ms < ?1 LIMIT ?2)`;
/** By then the unit's own data is gone; where it stands, and stood last, stays. */
const PLACEMENTS = `DELETE FROM placements WHERE (device_id, from_s) IN (
  SELECT p.device_id, p.from_s FROM devices AS d CROSS JOIN placements AS p
  WHERE p.device_id = d.id AND p.to_s < ?1
    AND p.from_s < (SELECT MAX(from_s) FROM placements WHERE device_id = d.id) LIMIT ?2)`;

/** For each kind its statement, and the moment before which rows leave. */
function statements(limits: RetentionLimits): Record<keyof RetentionReport, [string, number]> {
  const traces_ms = limits.traces_before_s * 1000;
  return {
    readings: [READINGS, limits.readings_before_s],
    heartbeats: [HEARTBEATS, limits.heartbeats_before_s * 1000],
    webhooks: [WEBHOOKS, limits.webhooks_before_s],
    rollups: [ROLLUPS, limits.rollups_before_s],
    audit: [numbered('audit', 'at_ms'), traces_ms],
    alerts: [ALERTS, limits.traces_before_s],
    commands: [COMMANDS, limits.traces_before_s],
    update_results: [UPDATE_RESULTS, traces_ms],
    work_orders: [WORK_ORDERS, limits.traces_before_s],
    notices: [numbered('notices', 'at_ms'), traces_ms],
    mails: [numbered('outbox_mails', 'sent_ms'), traces_ms],
    reservations: [RESERVATIONS, limits.ended_before_s],
    brakes: [BRAKES, limits.ended_before_s],
    answers: [ANSWERS, limits.answers_before_s],
    incidents: [numbered('incidents', 'started_s'), limits.traces_before_s],
    judgements: [JUDGEMENTS, traces_ms],
    placements: [PLACEMENTS, limits.traces_before_s],
  };
}

/** `synced_s` is when the last run began that got through. */
const IS_TAKEN_OVER = `SELECT EXISTS (SELECT 1 FROM cut_over, sync_state
    WHERE cut_over.done_ms < ?1 AND sync_state.synced_s * 1000 > cut_over.at_ms)
  AND NOT EXISTS (SELECT 1 FROM locations AS l
    LEFT JOIN adopted_sums AS a ON a.location_id = l.id
    WHERE a.location_id IS NULL OR a.next_s IS NOT NULL) AS is_so`;

export function d1RetentionStore(db: D1Database): RetentionStore {
  return {
    async isTakenOver(beforeS) {
      const asked = db.prepare(IS_TAKEN_OVER).bind(beforeS * 1000);
      return (await asked.first<number>('is_so')) === 1;
    },
    dropTakenOver: () => dropEarlierTables(db),
    async purge(limits, rowsMax) {
      const chosen = statements(limits);
      const results = await db.batch(
        RETAINED.map((kind) => {
          const [sql, before] = chosen[kind];
          return db.prepare(sql).bind(before, rowsMax);
        }),
      );
      const counts = RETAINED.map((kind, i) => [kind, results[i]?.meta.changes ?? 0]);
      return Object.fromEntries(counts) as RetentionReport;
    },
  };
}
