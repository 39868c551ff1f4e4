/**
 * What pages are told of a kept heartbeat's health, and of a start: nothing of what the unit did
 * not say. Pure.
 */
import type { DetailHeartbeat } from '../../shared/contracts/fleet.ts';
import { type StartReason, startReasonOf } from '../../shared/contracts/start-reason.ts';
import type { KeptHeartbeat } from './shard-journal.ts';

export type HealthWords = Pick<DetailHeartbeat, 'free_kib' | 'free_min_kib' | 'start_reason'>;

export function healthWords(
  kept: Pick<KeptHeartbeat, 'free_kib' | 'free_min_kib' | 'start_reason'>,
): HealthWords {
  const { free_kib, free_min_kib } = kept;
  const start_reason = startReasonOf(kept.start_reason);
  return {
    ...(free_kib !== null && { free_kib }),
    ...(free_min_kib !== null && { free_min_kib }),
    ...(start_reason && { start_reason }),
  };
}

/** @param start_reason as a number on the wire */
export function reasonWord(start_reason: number | null): { reason?: StartReason } {
  const reason = startReasonOf(start_reason);
  return reason === undefined ? {} : { reason };
}
