/** Configurations in D1: only what differs from the defaults, beside the unit's version. */
import type { ConfigChange } from '../../shared/contracts/config.ts';
import { DEFAULT_INTERVAL_S } from '../../shared/metrics/unit-state.ts';
import type { ConfigStore } from '../domain/config.ts';
import { SeenOtherwise } from '../domain/kept-answer.ts';
import { auditIfChanged } from './audit.ts';
import { changeOnce } from './kept-answer.ts';

interface Row {
  config_version: number;
  changed_json: string | null;
}

/** Unit ?1 still has the version before ?2. */
const AS_READ = 'EXISTS (SELECT 1 FROM devices WHERE id = ?1 AND config_version = ?2 - 1)';

export function d1ConfigStore(db: D1Database): ConfigStore {
  return {
    async read(deviceId) {
      const sql = `SELECT d.config_version, c.changed_json FROM devices AS d
        LEFT JOIN device_configs AS c ON c.device_id = d.id WHERE d.id = ?1`;
      const row = await db.prepare(sql).bind(deviceId).first<Row>();
      if (!row) return null;
      const changed = JSON.parse(row.changed_json ?? '{}') as ConfigChange;
      return { config_version: row.config_version, changed };
    },
    async write(deviceId, { config_version, changed }, change) {
      const raise = `UPDATE devices SET config_version = ?2
        WHERE id = ?1 AND config_version = ?2 - 1`;
      // Directly after the version: changes() says whether it was the one that was read.
      const keep = `INSERT INTO device_configs (device_id, changed_json, interval_max_ms)
        SELECT ?1, ?2, MAX(?3, ${DEFAULT_INTERVAL_S * 1000}) WHERE changes() > 0
        ON CONFLICT DO UPDATE SET changed_json = excluded.changed_json,
          interval_max_ms = MAX(interval_max_ms, excluded.interval_max_ms)`;
      const statements = [
        db.prepare(raise).bind(deviceId, config_version),
        db.prepare(keep).bind(deviceId, JSON.stringify(changed), changed.report_interval_ms ?? 0),
        auditIfChanged(db, change),
      ];
      // No answer is kept of a version that somebody else was quicker to raise.
      const condition = { sql: AS_READ, values: [deviceId, config_version] };
      try {
        const [raised] = await changeOnce(db, change, statements, condition);
        return (raised?.meta.changes ?? 0) > 0;
      } catch (failure) {
        if (failure instanceof SeenOtherwise) return false;
        throw failure;
      }
    },
  };
}
