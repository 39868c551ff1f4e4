/** A unit's heartbeat: remembered, answered with the time and what waits. Knows no HTTP, no SQL. */

import type { Heartbeat, HeartbeatAnswer } from '../../shared/contracts/heartbeat.ts';
import { unitTime } from '../../shared/time.ts';
import { commandFields, type PendingCommand } from './command.ts';
import { acknowledges, type Credential, proveUnit } from './credential.ts';
import { type Admission, type Admitted, refuseBeyond } from './rate-limit.ts';

export interface HeartbeatEntry {
  heartbeat: Heartbeat;
  received_ms: number;
  acknowledges: boolean;
}

/** What the round trip found. It wrote nothing unless the limits admitted the unit. */
export interface HeartbeatOutcome extends Admission {
  command: PendingCommand | null;
}

export interface HeartbeatStore {
  record(entry: HeartbeatEntry, credential: Credential): Promise<HeartbeatOutcome>;
}

/** Takes a heartbeat in. @throws AppError `unauthenticated`, `rate_limited` */
export async function takeHeartbeat(
  store: HeartbeatStore,
  heartbeat: Heartbeat,
  credential: Credential,
  nowMs: number,
): Promise<Admitted & { answer: HeartbeatAnswer }> {
  const speaksV6 = acknowledges(heartbeat.firmware);
  const entry = { heartbeat, received_ms: nowMs, acknowledges: speaksV6 };
  const found = await store.record(entry, credential);
  const device = proveUnit(found.device, credential);
  refuseBeyond(found.window, 'heartbeat', Math.floor(nowMs / 1000));
  const answer: HeartbeatAnswer = {
    status: 'ok',
    server_time: unitTime(nowMs),
    ...commandFields(found.command, speaksV6),
    config_version: device.config_version,
  };
  return { answer, device, isOver: found.isOver };
}
