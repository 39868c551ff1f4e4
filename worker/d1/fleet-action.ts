/**
 * Changes of many units in D1: one statement for all of them, so that a hundred units cost as many
 * statements as one, behind a guard that makes all of it void when one of them was changed.
 */
import type { CommandName } from '../../shared/contracts/command.ts';
import { DEFAULT_INTERVAL_S } from '../../shared/metrics/unit-state.ts';
import type { FleetActionStore, TunedUnit } from '../domain/fleet-action.ts';
import { auditAll } from './audit.ts';
import { VISIBLE } from './fleet-registry.ts';
import { changeOnce } from './kept-answer.ts';
import { isSeenBy } from './placement.ts';

/** ?1 = owner or null, ?2 = ids as a JSON list, ?3 = now. What others sent, an owner never sees. */
const LOOK = `SELECT d.id AS device_id, d.status, d.config_version, c.changed_json,
    w.name AS waiting
  FROM devices AS d LEFT JOIN device_configs AS c ON c.device_id = d.id
  LEFT JOIN commands AS w ON w.device_id = d.id AND w.outcome IS NULL AND w.expires_s > ?3
    AND ${isSeenBy('?1', 'w.location_id')}
  WHERE d.id IN (SELECT value FROM json_each(?2)) AND ${VISIBLE} ORDER BY d.id`;

interface Row {
  device_id: string;
  status: TunedUnit['status'];
  config_version: number;
  changed_json: string | null;
  waiting: CommandName | null;
}

/** In all of these ?1 is a JSON list of units, each with `id`. */
const ARE_AS_BEFORE = `(SELECT COUNT(*) FROM json_each(?1) AS j
  JOIN devices AS d ON d.id = j.value ->> 'id'
  WHERE d.config_version = (j.value ->> 'version') - 1) = json_array_length(?1)`;
const RAISE = `UPDATE devices SET config_version = config_version + 1
  WHERE id IN (SELECT value ->> 'id' FROM json_each(?1))`;
const KEEP = `INSERT INTO device_configs (device_id, changed_json, interval_max_ms)
  SELECT value ->> 'id', value ->> 'changed',
    MAX(value ->> 'interval_ms', ${DEFAULT_INTERVAL_S * 1000}) FROM json_each(?1) WHERE true
  ON CONFLICT DO UPDATE SET changed_json = excluded.changed_json,
    interval_max_ms = MAX(interval_max_ms, excluded.interval_max_ms)`;

const ARE_THERE = `(SELECT COUNT(*) FROM json_each(?1) AS j
  JOIN devices AS d ON d.id = j.value ->> 'device_id') = json_array_length(?1)`;
const SUPERSEDE = `UPDATE commands SET outcome = 'superseded', settled_s = ?2
  WHERE outcome IS NULL AND device_id IN (SELECT value ->> 'device_id' FROM json_each(?1))`;
const QUEUE = `INSERT INTO commands (device_id, id, name, queued_by, queued_s, expires_s,
    location_id)
  SELECT value ->> 'device_id', value ->> 'id', value ->> 'name', value ->> 'queued_by',
    value ->> 'queued_s', value ->> 'expires_s',
    (SELECT location_id FROM devices WHERE id = value ->> 'device_id')
  FROM json_each(?1)`;

export function d1FleetActionStore(db: D1Database): FleetActionStore {
  return {
    async look(deviceIds, ownerId, nowS) {
      const bound = db.prepare(LOOK).bind(ownerId ?? null, JSON.stringify(deviceIds), nowS);
      return (await bound.all<Row>()).results.map(({ changed_json, ...row }) => {
        return { ...row, changed: JSON.parse(changed_json ?? '{}') as TunedUnit['changed'] };
      });
    },
    async configure(next, kept) {
      const units = next.map(({ device_id, config_version, changed }) => ({
        ...{ id: device_id, version: config_version, changed: JSON.stringify(changed) },
        interval_ms: changed.report_interval_ms ?? 0,
      }));
      const json = JSON.stringify(units);
      const statements = [
        ...[RAISE, KEEP].map((sql) => db.prepare(sql).bind(json)),
        auditAll(
          db,
          next.map(({ change }) => change),
        ),
      ];
      await changeOnce(db, kept, statements, { sql: ARE_AS_BEFORE, values: [json] });
    },
    async command(commands, kept) {
      const json = JSON.stringify(commands.map(({ command }) => command));
      const statements = [
        db.prepare(SUPERSEDE).bind(json, Math.floor(kept.once.nowMs / 1000)),
        db.prepare(QUEUE).bind(json),
        auditAll(
          db,
          commands.map(({ change }) => change),
        ),
      ];
      await changeOnce(db, kept, statements, { sql: ARE_THERE, values: [json] });
    },
  };
}
