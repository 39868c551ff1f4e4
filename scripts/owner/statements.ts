/**
 * What the database holds of one owner, and what takes it out again: statements for D1. A place
 * that somebody else owns as well stays with him; the trail stays, nameless. What is not in D1 the
 * job takes out after that (worker/domain/erasure.ts). Pure; knows no connection.
 */
import { AppError } from '../../shared/errors.ts';

/** Supabase's are UUIDs; nothing else gets into a statement. */
const USER_ID = /^[\w-]{1,64}$/;

/** @throws AppError `invalid` for what is no user id */
function checkUserId(id: string): string {
  if (USER_ID.test(id)) return id;
  throw new AppError('invalid', `“${id}” is no user id.`, {
    hint: 'GET /api/v1/people lists them, and Supabase under Authentication → Users.',
  });
}

const placesOf = (id: string) => `SELECT location_id FROM memberships WHERE user_id = '${id}'`;
/** Those that nobody else owns. */
const soleOf = (id: string) => `SELECT m.location_id FROM memberships AS m
  WHERE m.user_id = '${id}' AND NOT EXISTS (SELECT 1 FROM memberships AS o
    WHERE o.location_id = m.location_id AND o.user_id <> '${id}')`;
const emailOf = (id: string) => `(SELECT email FROM people WHERE user_id = '${id}')`;

/** Name of a part of the export → the query that makes it. */
export function exportQueries(id: string): Record<string, string> {
  checkUserId(id);
  const here = `IN (${placesOf(id)})`;
  const by = (...columns: string[]) => columns.map((c) => `${c} = '${id}'`).join(' OR ');
  return {
    person: `SELECT * FROM people WHERE ${by('user_id')}`,
    memberships: `SELECT * FROM memberships WHERE ${by('user_id')}`,
    session_limits: `SELECT * FROM session_limits WHERE ${by('user_id')}`,
    second_factors: `SELECT * FROM second_factors WHERE ${by('user_id')}`,
    reservations: `SELECT * FROM reservations WHERE ${by('user_id')}`,
    staff_places: `SELECT * FROM staff_places WHERE ${by('user_id')} OR location_id ${here}`,
    locations: `SELECT * FROM locations WHERE id ${here}`,
    units: `SELECT id, name, status, latitude, longitude, accuracy_m, time_zone, registered_s
      FROM devices WHERE location_id ${here}`,
    placements: `SELECT * FROM placements WHERE location_id ${here}`,
    shop_days: `SELECT * FROM shop_days WHERE location_id ${here}`,
    opening_hours: `SELECT * FROM opening_hours WHERE location_id ${here}`,
    small_counts: `SELECT * FROM small_counts WHERE location_id ${here}`,
    kept_answers: `SELECT key, answer_json, at_s FROM kept_answers WHERE ${by('user_id')}`,
    week_mails: `SELECT location_id, language, sent_monday FROM week_mails
      WHERE ${by('user_id')}`,
    work_orders: `SELECT * FROM work_orders
      WHERE ${by('created_by', 'assigned_to', 'closed_by')} OR location_id ${here}`,
    commands: `SELECT * FROM commands WHERE ${by('queued_by')}`,
    alerts: `SELECT * FROM alerts WHERE ${by('acknowledged_by')}
      OR device_id IN (SELECT id FROM devices WHERE location_id ${here})`,
    audit: `SELECT * FROM audit WHERE ${by('actor')} OR target = 'person:${id}'`,
    brakes: `SELECT * FROM brakes WHERE instr(key, '${id}') > 0`,
    notices: `SELECT * FROM notices WHERE instr(detail, ${emailOf(id)}) > 0`,
  };
}

/**
 * In this order, in one transaction. Sole places go whole, with all that was counted there; what
 * the person did elsewhere stays, as done by nobody in particular. The last row that names him
 * waits for the five-minute job, which ends account and memberships at Supabase, then takes it.
 * @param email to find it in trails
 */
export function eraseStatements(id: string, email: string | null, sole: readonly string[]) {
  checkUserId(id);
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const here = `IN (${sole.map(text).join(', ') || 'NULL'})`;
  const units = `IN (SELECT id FROM devices WHERE location_id ${here}
    UNION SELECT device_id FROM placements WHERE location_id ${here} AND to_s IS NULL)`;
  const nobody = (table: string, column: string, value = "'erased'") =>
    `UPDATE ${table} SET ${column} = ${value} WHERE ${column} = '${id}'`;
  const named = [id, ...(email ? [email] : []), ...sole].map(text);
  const mentions = (column: string) =>
    named.map((name) => `instr(${column}, ${name}) > 0`).join(' OR ');
  return [
    // First, for they say which units: what shards and Supabase have goes with the job.
    `INSERT INTO erasures (location_id, units_json)
      SELECT id, (SELECT json_group_array(device_id) FROM (
        SELECT id AS device_id FROM devices AS d WHERE d.location_id = locations.id
        UNION SELECT device_id FROM placements AS p WHERE p.location_id = locations.id))
      FROM locations WHERE id ${here} ON CONFLICT DO NOTHING`,
    `UPDATE shard_facts SET revision = revision + 1 WHERE device_id IN (
      SELECT value FROM erasures, json_each(units_json) WHERE location_id ${here})`,
    `DELETE FROM alerts WHERE device_id ${units}`,
    `DELETE FROM commands WHERE device_id ${units}`,
    `DELETE FROM heartbeats WHERE device_id ${units}`,
    `DELETE FROM readings WHERE location_id ${here}`,
    `DELETE FROM rollups WHERE location_id ${here}`,
    `DELETE FROM shop_days WHERE location_id ${here}`,
    `DELETE FROM opening_hours WHERE location_id ${here}`,
    `DELETE FROM week_mails WHERE location_id ${here} OR user_id = '${id}'`,
    `DELETE FROM kept_answers WHERE user_id = '${id}'`,
    `DELETE FROM late_days WHERE location_id ${here}`,
    `DELETE FROM work_orders WHERE location_id ${here}`,
    `UPDATE devices SET location_id = NULL, name = NULL, latitude = NULL, longitude = NULL,
      accuracy_m = NULL, time_zone = NULL, place_source = NULL WHERE location_id ${here}`,
    `DELETE FROM placements WHERE location_id ${here}`,
    nobody('alerts', 'acknowledged_by'),
    nobody('commands', 'queued_by'),
    nobody('devices', 'prepared_by', 'NULL'),
    nobody('work_orders', 'created_by'),
    nobody('work_orders', 'closed_by'),
    nobody('work_orders', 'assigned_to', 'NULL'),
    `UPDATE alerts SET detail = '' WHERE ${mentions('detail')}`,
    `UPDATE audit SET before_json = NULL, after_json = NULL WHERE actor = '${id}'
      OR ${mentions('target')} OR ${mentions('before_json')} OR ${mentions('after_json')}`,
    nobody('audit', 'actor'),
    `UPDATE audit SET target = 'erased' WHERE ${mentions('target')}`,
    `DELETE FROM notices WHERE ${mentions('detail')}`,
    `DELETE FROM outbox_mails WHERE ${mentions('body')} OR ${mentions('subject')}`,
    `DELETE FROM brakes WHERE ${mentions('key')}`,
    `DELETE FROM reservations WHERE user_id = '${id}'`,
    `DELETE FROM second_factors WHERE user_id = '${id}'`,
    `DELETE FROM session_limits WHERE user_id = '${id}'`,
    `DELETE FROM staff_places WHERE location_id ${here} OR user_id = '${id}'`,
    `DELETE FROM staff WHERE user_id = '${id}'`,
    `DELETE FROM memberships WHERE user_id = '${id}'`,
    `DELETE FROM people WHERE user_id = '${id}'`,
    `INSERT INTO dismissals VALUES ('${id}') ON CONFLICT DO NOTHING`,
    `DELETE FROM locations WHERE id ${here}`,
  ];
}

/** Which places go with the person, and the address to look for. */
export const soleQuery = (id: string) => soleOf(checkUserId(id));
export const emailQuery = (id: string) => `SELECT ${emailOf(checkUserId(id))} AS email`;
