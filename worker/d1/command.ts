/** Commands in D1: queueing one takes the place of what still waited for the unit. */
import type { QueuedCommand } from '../domain/command.ts';

/** To be run in one batch; the partial unique index allows one pending command a unit. */
export function queueStatements(db: D1Database, command: QueuedCommand): D1PreparedStatement[] {
  const { device_id, id, name, queued_s, expires_s } = command;
  return [
    db
      .prepare(
        `UPDATE commands SET outcome = 'superseded' WHERE device_id = ?1 AND outcome IS NULL`,
      )
      .bind(device_id),
    db
      .prepare(
        `INSERT INTO commands (device_id, id, name, queued_s, expires_s)
         VALUES (?1, ?2, ?3, ?4, ?5)`,
      )
      .bind(device_id, id, name, queued_s, expires_s),
  ];
}
