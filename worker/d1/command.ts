/** Commands in D1: queueing one takes the place of what still waited for the unit; the history. */
import type { CommandEntry, CommandStore, QueuedCommand } from '../domain/command.ts';
import { SeenOtherwise } from '../domain/kept-answer.ts';
import { auditIfChanged } from './audit.ts';
import { changeOnce } from './kept-answer.ts';
import { isSeenBy } from './placement.ts';

/** Where the unit ?1 stands, which its history keeps with the command. */
export const STANDS = '(SELECT location_id FROM devices WHERE id = ?1)';

/**
 * Statements for one batch; the partial unique index allows one pending command a unit.
 * @param tokenSha256 where given, nothing happens unless the unit holds this token by then
 */
export function queueStatements(
  db: D1Database,
  command: QueuedCommand,
  tokenSha256: string | null = null,
): D1PreparedStatement[] {
  const unit = `EXISTS (SELECT 1 FROM devices
    WHERE id = ?1 AND token_sha256 = COALESCE(?3, token_sha256))`;
  const { device_id, id, name, queued_by, queued_s, expires_s } = command;
  return [
    db
      .prepare(
        `UPDATE commands SET outcome = 'superseded', settled_s = ?2
         WHERE device_id = ?1 AND outcome IS NULL AND ${unit}`,
      )
      .bind(device_id, queued_s, tokenSha256),
    db
      .prepare(
        `INSERT INTO commands (device_id, id, name, queued_by, queued_s, expires_s, location_id)
         SELECT ?1, ?2, ?4, ?5, ?6, ?7, ${STANDS} WHERE ${unit}`,
      )
      .bind(device_id, id, tokenSha256, name, queued_by, queued_s, expires_s),
  ];
}

const IS_THERE = 'EXISTS (SELECT 1 FROM devices WHERE id = ?1)';

export function d1CommandStore(db: D1Database): CommandStore {
  return {
    async queue(command, change) {
      const statements = [...queueStatements(db, command), auditIfChanged(db, change)];
      const isThere = { sql: IS_THERE, values: [command.device_id] };
      try {
        const results = await changeOnce(db, change, statements, isThere);
        return (results[1]?.meta.changes ?? 0) > 0;
      } catch (failure) {
        if (failure instanceof SeenOtherwise) return false;
        throw failure;
      }
    },
    async history(deviceId, before, limit, ownerId) {
      const sql = `SELECT id, name, queued_by, queued_s, expires_s, delivered_s, settled_s, outcome
        FROM commands WHERE device_id = ?1 AND (queued_s, id) < (?2, ?3)
          AND ${isSeenBy('?5', 'location_id')}
        ORDER BY queued_s DESC, id DESC LIMIT ?4`;
      const { queued_s, id } = before ?? { queued_s: Number.MAX_SAFE_INTEGER, id: '' };
      const bound = db.prepare(sql).bind(deviceId, queued_s, id, limit, ownerId ?? null);
      return (await bound.all<CommandEntry>()).results;
    },
  };
}
