/** How a waiting command reaches its unit: with the answer to whatever it sends, in D1. */

import type { PendingCommand } from '../../domain/command.ts';
import { PROVEN, type Prepare } from './credential.ts';

/** How a unit receives commands. */
export interface Delivery {
  /** Id of the command that the unit says it has carried out. */
  ack: string | undefined;
  /** v6 gets it until it acknowledges; older units get it once. */
  acknowledges: boolean;
  /** v5.x knows `fetch_config` in heartbeat answers only; elsewhere it would not hear it. */
  inHeartbeat: boolean;
  /** Which rows of `devices` may receive; {@link PROVEN} and perhaps more. */
  allowed?: string;
}

/**
 * Settles the one command that waits if the unit acknowledges it or it is too old, else hands it
 * out. A unit that acknowledges keeps its command pending; any other gets it once. Costs no write
 * when nothing waits. The result is for {@link deliveredCommand}.
 */
export function commandStatement(
  prepare: Prepare,
  nowS: number,
  { ack, acknowledges, inHeartbeat, allowed = PROVEN }: Delivery,
): D1PreparedStatement {
  const becomes = `CASE WHEN id = ?4 THEN 'acked' WHEN expires_s <= ?3 THEN 'expired'
    WHEN ?5 = 1 THEN NULL ELSE 'delivered' END`;
  const sql = `UPDATE commands SET
      outcome = ${becomes},
      settled_s = CASE WHEN ${becomes} IS NULL THEN NULL ELSE ?3 END,
      delivered_s = CASE WHEN id = ?4 OR expires_s <= ?3 THEN delivered_s
        ELSE COALESCE(delivered_s, ?3) END
    WHERE device_id = ?1 AND outcome IS NULL
      AND EXISTS (SELECT 1 FROM devices WHERE ${allowed})
      AND (id = ?4 OR expires_s <= ?3 OR ?5 = 1 OR ?6 = 1 OR name <> 'fetch_config')
    RETURNING id, name, outcome IS NULL OR outcome = 'delivered' AS is_delivered`;
  const flag = (value: boolean) => (value ? 1 : 0);
  return prepare(sql, nowS, ack, flag(acknowledges), flag(inHeartbeat));
}

/** The command that {@link commandStatement} handed out, if any. */
export function deliveredCommand(result: D1Result<unknown> | undefined): PendingCommand | null {
  const row = result?.results[0] as (PendingCommand & { is_delivered: 0 | 1 }) | undefined;
  return row?.is_delivered === 1 ? { id: row.id, name: row.name } : null;
}
