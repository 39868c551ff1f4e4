/** What insights are made from, as lists: buckets, and units with the periods they counted. */
import { DEFAULT_INTERVAL_S } from '../../../shared/metrics/unit-state.ts';
import type { Bucket, InsightsStore, PlacedUnit, Stretch } from '../insights.ts';

/** A unit by when its counted readings came, Unix seconds; it stays where it is. */
export interface ListedUnit {
  device_id: string;
  name?: string;
  interval_s?: number;
  stretches: readonly { from_s: number; to_s: number }[];
}

export function storeOf(buckets: readonly Bucket[], units: readonly ListedUnit[]): InsightsStore {
  const isIn = (s: number, fromMs: number, toMs: number) => s * 1000 >= fromMs && s * 1000 < toMs;
  return {
    buckets: async (_id, from, to) => buckets.filter((b) => isIn(b.bucket_start_s, from, to)),
    stretches: async (_id, from, to) =>
      units.flatMap(({ device_id, stretches }) =>
        stretches
          .filter((s) => s.from_s * 1000 < to && s.to_s * 1000 > from)
          .map((s): Stretch => ({ device_id, ...s })),
      ),
    units: async (_id, from, to) => units.map((unit) => placed(unit, from, to)),
    signs: async () => [],
  };
}

function placed(unit: ListedUnit, fromMs: number, toMs: number): PlacedUnit {
  const before = unit.stretches.filter((s) => s.from_s * 1000 < toMs);
  const last = before.at(-1);
  const isWithin = last && last.to_s * 1000 > fromMs;
  return {
    device_id: unit.device_id,
    name: unit.name ?? null,
    interval_s: unit.interval_s ?? DEFAULT_INTERVAL_S,
    stays: true,
    newest_s: isWithin ? last.to_s - DEFAULT_INTERVAL_S : null,
    counted_until_s: last?.to_s ?? null,
  };
}

/** The one unit that counted all of the buckets. */
export function theUnit(buckets: readonly Bucket[]): ListedUnit {
  const stretches: { from_s: number; to_s: number }[] = [];
  for (const { bucket_start_s: from_s } of buckets) {
    const last = stretches.at(-1);
    if (last?.to_s === from_s) last.to_s += DEFAULT_INTERVAL_S;
    else stretches.push({ from_s, to_s: from_s + DEFAULT_INTERVAL_S });
  }
  return { device_id: 'JBNB0001', stretches };
}
