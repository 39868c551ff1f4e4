/**
 * Which shard a unit belongs to: its id's hash slot, of which there are always 4,096, and the range
 * of slots that a shard holds. The slot of an id never changes, so splitting a shard moves only the
 * slots that split (the way of Redis Cluster). Pure; knows no Durable Object.
 */
import { utf8 } from '../../shared/bytes.ts';
import { AppError } from '../../shared/errors.ts';

export const HASH_SLOTS = 4096;

/**
 * Slot of a unit id, 0 … 4,095: FNV-1a with 32 bits over its UTF-8 bytes, folded to 12 bits.
 * Written in stone: a unit's readings lie where this says. hash-slot.test.ts has the vectors.
 */
export function hashSlotOf(deviceId: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8(deviceId)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash ^ (hash >>> 12) ^ (hash >>> 24)) & (HASH_SLOTS - 1);
}

type ShardSetting = 'UNIT_SHARDS' | 'PLACE_SHARDS';

/**
 * First slots of the shards, ascending, as a setting writes them: `0` is one shard, `0 2048` two.
 * @throws AppError `internal` when they do not begin at 0, repeat, or lie beyond the last slot
 */
export function shardStarts(setting: string, name: ShardSetting = 'UNIT_SHARDS'): number[] {
  const starts = setting.split(/[\s,]+/).map((word) => (/^\d+$/.test(word) ? Number(word) : -1));
  const isRising = starts.every(
    (s, i) => Number.isInteger(s) && (i === 0 || s > Number(starts[i - 1])),
  );
  if (starts[0] === 0 && isRising && Number(starts.at(-1)) < HASH_SLOTS) return starts;
  throw new AppError('internal', `${name}: first slots of the shards, rising from 0, are needed`);
}

/**
 * Name of the shard that holds a slot, by the first slot of its range: `units-2048`. Where a range
 * ends is no part of it, so that a shard which is split keeps its name and what did not split.
 */
export function shardOf(
  slot: number,
  starts: readonly number[],
  kind: 'units' | 'places' = 'units',
): string {
  return `${kind}-${startOf(slot, starts)}`;
}

/** First slot of the range that a slot is in. */
export function startOf(slot: number, starts: readonly number[]): number {
  return starts.findLast((start) => start <= slot) ?? 0;
}

/**
 * Names of shards that may have held a slot before its own one was split off: those of every lower
 * start, for ranges are only ever divided.
 */
export function formerShardsOf(
  slot: number,
  starts: readonly number[],
  kind: 'units' | 'places' = 'units',
): string[] {
  const own = startOf(slot, starts);
  return starts.filter((start) => start < own).map((start) => `${kind}-${start}`);
}
