/**
 * What the registry says of a unit, as its shard keeps it. The registry alone changes it; a shard
 * never does. Pure.
 */
import type { WaitingCommand } from './command-delivery.ts';
import type { UnitFacts } from './credential.ts';

export interface ShardFacts extends UnitFacts {
  device_id: string;
  /** Rises with each change, so that a late word never undoes a newer one. */
  revision: number;
  generation: number;
  firmware: string | null;
  /** The interval it was told, and the longest one ever. */
  interval_s: number;
  longest_s: number;
  /** Oldest first; `to_s` is null where it still stands. Unix seconds. */
  placements: readonly { from_s: number; to_s: number | null; location_id: string }[];
  /** An administrator's words on its time, the last one last. */
  judgements: readonly Judgement[];
  command: WaitingCommand | null;
}

/** Whether what a unit counted in a stretch of time counts, as somebody said at a moment. */
export interface Judgement {
  at_ms: number;
  from_s: number;
  to_s: number;
  is_counted: boolean;
}

/** Of all that is known of a unit, what a request is proven and answered with. */
export function unitFactsOf(facts: ShardFacts): UnitFacts {
  const { token_sha256, status, config_version, floods } = facts;
  return { token_sha256, status, config_version, floods };
}

/** Where a period was counted that began at a moment; between two places, nowhere. */
export function locationAt({ placements }: ShardFacts, atS: number): string | null {
  const stay = placements.findLast(
    ({ from_s, to_s }) => from_s <= atS && (to_s === null || to_s > atS),
  );
  return stay?.location_id ?? null;
}

/** The last judgement on a time; undefined when there is none. */
export function judgementAt<J extends Judgement>(
  judgements: readonly J[],
  startS: number,
): J | undefined {
  return judgements.findLast(({ from_s, to_s }) => from_s <= startS && to_s > startS);
}

export function isSameJudgement(a: Judgement, b: Judgement): boolean {
  const { at_ms, from_s, to_s, is_counted } = a;
  return at_ms === b.at_ms && from_s === b.from_s && to_s === b.to_s && is_counted === b.is_counted;
}
