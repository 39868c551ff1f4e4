/**
 * What of a day is known: which stretches a location's units have numbers for, until when, whose
 * part is missing, and how two days compare over what both know. Pure; knows no store.
 */

import type { Comparison, MissingPart } from '../../shared/contracts/insights.ts';
import { addCounts, BUCKET_S, bucketStart, EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import type { LocalHour } from '../../shared/metrics/time-zone.ts';
import { DEFAULT_INTERVAL_S, LATE_AFTER_REPORTS } from '../../shared/metrics/unit-state.ts';
import { isoTime, isoTimeMs } from '../../shared/time.ts';
import type { Bucket, PlacedUnit, Stretch } from './insights.ts';

const SLOT_MS = BUCKET_S * 1000;
const SLOTS = 86_400 / BUCKET_S;
/** Stands for all units together where single readings are no longer kept. */
const ALL = '';

/** A civil day with its counts. */
export interface KnownDay {
  hours: LocalHour[];
  buckets: Bucket[];
  /** Of its units; none for a day whose readings are no longer kept. */
  stretches: Stretch[];
}

/** Up to when the day has numbers, Unix seconds; null when it has none. Never beyond `nowS`. */
export function knownUntil(day: KnownDay, nowS: number): number | null {
  const stretches = stretchesOf(day);
  if (stretches.length === 0) return null;
  return Math.min(nowS, endS(day), Math.max(...stretches.map((s) => s.to_s)));
}

/** Whether the day is over and its numbers reach to its end. */
export function isComplete(day: KnownDay, units: readonly PlacedUnit[], nowS: number): boolean {
  const until = knownUntil(day, nowS);
  const quietS = Math.max(DEFAULT_INTERVAL_S, ...units.map((u) => u.interval_s));
  if (until === null || nowS < endS(day)) return false;
  const isOpen = missingParts(day, units, nowS).some((part) => part.to === null);
  return !isOpen && until >= endS(day) - LATE_AFTER_REPORTS * quietS;
}

/**
 * Stretches of the day in which a unit's part is not in the numbers: silences between its readings,
 * and since its last one. Before its first reading of a day nothing is missing: shops switch their
 * power off at night.
 */
export function missingParts(
  day: KnownDay,
  units: readonly PlacedUnit[],
  nowS: number,
): MissingPart[] {
  const isForgotten = day.buckets.length > 0 && day.stretches.length === 0;
  if (isForgotten) return [];
  const end = Math.min(nowS, endS(day));
  return units.flatMap((unit) => {
    const { device_id, name } = unit;
    const part = (from_s: number | null, to_s: number | null): MissingPart => {
      return { device_id, name, from: isoTime(from_s), to: isoTime(to_s) };
    };
    const own = day.stretches.filter((s) => s.device_id === device_id);
    const silences = own.slice(1).map((s, i) => part(own[i]?.to_s ?? s.from_s, s.from_s));
    const last = own.at(-1)?.to_s ?? unit.counted_until_s;
    const isQuiet = last === null || end - last > LATE_AFTER_REPORTS * unit.interval_s;
    // A unit never heard of counts as missing today; of days gone by nobody knows.
    const isShown = unit.stays && isQuiet && (last !== null || nowS < endS(day));
    return isShown ? [...silences, part(last, null)] : silences;
  });
}

/**
 * Two days over what both know: the same steps of the wall clock, in which every unit that counted
 * on either day has numbers on both. null when there is no such step, or nobody's visits are known.
 */
export function compare(shown: KnownDay, before: KnownDay): Comparison | null {
  const areKept = [shown, before].every((d) => d.stretches.length > 0 || d.buckets.length === 0);
  const tracks = [shown, before].map((d) => (areKept ? d.stretches : asOne(d)));
  const ids = [...new Set(tracks.flat().map((s) => s.device_id))];
  const [here = [], there = []] = [shown, before].map((d, i) =>
    knownSlots(d.hours, tracks[i] ?? [], ids),
  );
  const both = here.map((known, slot) => known && there[slot] === true);
  const last = both.lastIndexOf(true);
  if (last < 0) return null;
  const [now, then] = [shown, before].map((d) => sumIn(d, both, last));
  if (now?.visits == null || then?.visits == null) return null;
  return {
    until: isoTimeMs(slotEndMs(shown.hours, last)),
    has_gaps: now.leftOut || then.leftOut,
    visitors: now.visits,
    visitors_week_before: then.visits,
  };
}

/** Several days' comparisons as one; null when there is none. */
export function addComparisons(all: readonly (Comparison | null)[]): Comparison | null {
  const known = all.filter((c) => c !== null);
  const last = known.at(-1);
  if (!last) return null;
  return {
    until: last.until,
    has_gaps: known.length < all.length || known.some((c) => c.has_gaps),
    visitors: known.reduce((sum, c) => sum + c.visitors, 0),
    visitors_week_before: known.reduce((sum, c) => sum + c.visitors_week_before, 0),
  };
}

/**
 * Hours of a day gone by that nobody has numbers for, although somebody had at the same time of the
 * wall clock a week before; whole ones. Sensors that lose their power every night lack nothing.
 */
export function hoursMissing(shown: KnownDay, before: KnownDay, nowS: number): number {
  if (nowS < endS(shown)) return 0;
  const [known, usual] = [shown, before].map((day) => {
    const tracks = stretchesOf(day).map((stretch) => ({ ...stretch, device_id: ALL }));
    return knownSlots(day.hours, tracks, [ALL]);
  });
  const slots = usual?.filter((is, slot) => is && !known?.[slot]).length ?? 0;
  return Math.floor((slots * BUCKET_S) / 3600);
}

/** The part of each stretch that lies within [fromS, toS). */
export function clip(stretches: readonly Stretch[], fromS: number, toS: number): Stretch[] {
  return stretches
    .filter((s) => s.from_s < toS && s.to_s > fromS)
    .map((s) => ({ ...s, from_s: Math.max(s.from_s, fromS), to_s: Math.min(s.to_s, toS) }));
}

const endS = ({ hours }: KnownDay) => (hours.at(-1)?.endMs ?? 0) / 1000;
const stretchesOf = (day: KnownDay) => (day.stretches.length > 0 ? day.stretches : asOne(day));

/** Stretches by the sums alone, as if one unit had counted them with the default interval. */
function asOne({ buckets }: KnownDay): Stretch[] {
  const found: Stretch[] = [];
  for (const { bucket_start_s: from_s } of buckets) {
    const last = found.at(-1);
    const to_s = from_s + BUCKET_S;
    const goesOn = last && from_s - last.to_s < LATE_AFTER_REPORTS * DEFAULT_INTERVAL_S;
    if (goesOn) last.to_s = to_s;
    else found.push({ device_id: ALL, from_s, to_s });
  }
  return found;
}

/** For each five-minute step of the wall clock, whether all of `ids` have numbers there. */
function knownSlots(hours: LocalHour[], tracks: readonly Stretch[], ids: string[]): boolean[] {
  const known: (boolean | undefined)[] = new Array(SLOTS).fill(undefined);
  for (const [slot, atMs] of slots(hours)) {
    const isKnown = ids.every((id) => tracks.some((s) => s.device_id === id && covers(s, atMs)));
    // An hour that comes twice counts as known when both are.
    known[slot] = isKnown && known[slot] !== false;
  }
  return known.map((is) => is === true);
}

/** A step is known when a reading of it has come: what is not yet complete comes with the next. */
function covers({ from_s, to_s }: Stretch, atMs: number): boolean {
  const first = bucketStart(from_s);
  const end = Math.max(bucketStart(to_s), first + BUCKET_S);
  return atMs >= first * 1000 && atMs < end * 1000;
}

/** The steps of a day: number by the wall clock, and begin. */
function* slots(hours: LocalHour[]): Generator<[slot: number, atMs: number]> {
  for (const { startMs, endMs, clockMs } of hours) {
    for (let ms = startMs; ms < endMs; ms += SLOT_MS) {
      yield [Math.floor((clockMs + ms - startMs) / SLOT_MS), ms];
    }
  }
}

function slotEndMs(hours: LocalHour[], slot: number): number {
  let end = 0;
  for (const [n, atMs] of slots(hours)) if (n === slot) end = atMs + SLOT_MS;
  return end;
}

function sumIn(day: KnownDay, wanted: boolean[], last: number) {
  let counts = EMPTY_COUNTS;
  let leftOut = false;
  const slotAt = new Map([...slots(day.hours)].map(([slot, atMs]) => [atMs, slot]));
  for (const bucket of day.buckets) {
    const slot = slotAt.get(bucket.bucket_start_s * 1000) ?? SLOTS;
    if (wanted[slot]) counts = addCounts(counts, bucket);
    else if (slot < last) leftOut = true;
  }
  return { visits: counts.visits, leftOut };
}
