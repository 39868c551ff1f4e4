/**
 * Judgements where readings are in shards: the registry has the word itself, and the unit's shard
 * what follows from it.
 */

import type { Change } from '../domain/audit.ts';
import type { DoubtedRow, JudgementStore, Stretch } from '../domain/judgement.ts';
import type { KeptReading } from '../domain/reading-log.ts';
import { reached, shardDirectory, shardFor, type UnitShards } from './unit-shards.ts';

/** After any period, Unix seconds. */
const EVER_S = 4_102_444_800;

/** Keeps a judgement in the registry, with its trace. */
export type Remember = (stretch: Stretch, isCounted: boolean, change: Change) => Promise<void>;

export function shardJudgementStore(units: UnitShards, remember: Remember): JudgementStore {
  const { shards, starts, registry } = units;
  return {
    async judge(stretch, isCounted, change) {
      await remember(stretch, isCounted, change);
      const facts = await registry.shardFacts(stretch.device_id);
      if (facts === null) return 0;
      await shardDirectory(units).apply(facts);
      await registry.sent([facts]);
      // Whoever told it first: the shard knows what came of it.
      const record = await reached(
        shardFor(shards, starts, stretch.device_id).record(facts.device_id),
      );
      return record?.judged.find(({ at_ms }) => at_ms === change.at_ms)?.changed ?? 0;
    },
    async doubts(deviceId, before, limit) {
      const untilS = (before?.period_start_s ?? EVER_S) + 1;
      const all = await reached(shardFor(shards, starts, deviceId).readings(deviceId, 0, untilS));
      const isBefore = (r: KeptReading) =>
        before === undefined ||
        r.period_start_s < before.period_start_s ||
        (r.period_start_s === before.period_start_s && r.variant < before.variant);
      return all
        .filter((r) => (r.doubt !== null || !r.is_counted) && isBefore(r))
        .reverse()
        .slice(0, limit)
        .map(doubtedRow);
    },
  };
}

function doubtedRow(reading: KeptReading): DoubtedRow {
  const { period_start_s, variant, received_s, doubt, judged_s, visits, values } = reading;
  return {
    ...{ period_start_s, variant, received_s, doubt, judged_s, visits },
    is_counted: reading.is_counted ? 1 : 0,
    impressions: values.impressions ?? 0,
    device_minutes: values.device_minutes ?? 0,
  };
}
