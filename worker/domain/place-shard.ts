/**
 * A shard of places: keeps sums per location and bucket, adds what shards of units hand over, each
 * hand-over once, and says what Supabase lacks. A hand-over is one row of a journal; every few
 * hours what came in for a location goes into one row a day, its checkpoint. Memory holds only what
 * no checkpoint has. Everything is synchronous; a write that fails throws, and whoever holds the
 * shard then begins anew from what is written. Knows no SQL and no network.
 */
import { BUCKET_S } from '../../shared/metrics/bucket.ts';
import { hashSlotOf } from './hash-slot.ts';
import type { Bucket } from './insights.ts';
import { type PackedDelta, packDelta, placesIn } from './packed-delta.ts';
import { PendingSums } from './pending-sums.ts';
import {
  addCountsTo,
  addEntries,
  type BucketSums,
  bucketOf,
  countsOf,
  sumOf,
} from './place-codec.ts';
import { DAY_BUCKETS, dayOfBucket, PlaceDays } from './place-days.ts';
import type { PlaceDelta, PlaceSum } from './place-delta.ts';
import {
  type PlaceJournal,
  readCheckpoint,
  readDelta,
  writeCheckpoint,
  writeDelta,
} from './place-journal.ts';
import { type LocationDay, PlacePush, type PushPage, pushBehind } from './place-push.ts';

const DAY_S = 86_400;
/**
 * How long sums wait for their checkpoint: each location by its number, so that they do not all
 * fall due together. A usual unit sends some 54 readings meanwhile.
 */
const CHECKPOINT_AFTER_S = 4 * 3600;
const STAGGER_S = 300;
const STAGGERS = 12;
/** Bytes that may wait; what is beyond is checkpointed before its time. */
const PENDING_BYTES_MAX = 32_000_000;
/** A push that is behind by more holds no checkpoint up. */
const PUSH_LATE_S = 1800;

const SOURCE = 'source ';
const ADOPTS = 'adopts';
const LEFT = 'left ';
const HEIR = 'heir';

/** Which hand-overs of a source were applied: all up to the floor, and some beyond. */
interface Source {
  floor: number;
  above: Set<number>;
}

/** Where sums were kept before there were shards of places. */
export interface EarlierSums {
  /**
   * The last day (UTC, since 1970) of which there may be any; −1 where there are none. From then on
   * they stay as they are.
   */
  untilDay(): Promise<number>;
  sums(days: readonly LocationDay[]): Promise<PlaceSum[]>;
}

/**
 * What a shard that is split off takes over before it takes anything else: which hand-overs were
 * applied for its locations, behind which revision they are pushed, and up to which day its
 * predecessor may have sums of them. Their sums it asks for day by day.
 */
export interface Inheritance {
  sources: { name: string; floor: number; above: number[] }[];
  revision: number;
  until_day: number;
}

/** Takes it over, once and for all. */
export function inherit(journal: PlaceJournal, { sources, revision, until_day }: Inheritance) {
  journal.atomically(() => {
    for (const { name, floor, above } of sources) {
      journal.putRecord(SOURCE + name, JSON.stringify({ floor, above }));
    }
    pushBehind(journal, revision);
    journal.putRecord(HEIR, '1');
    adoptUntil(journal, until_day);
  });
}

/** Whether another shard had its locations before. */
export const isHeir = (journal: PlaceJournal): boolean =>
  [...journal.records()].some(({ name }) => name === HEIR);

/** What the shard was told of days with earlier sums; undefined when it never was. */
export function adoptsUntil(journal: PlaceJournal): number | undefined {
  const [told] = [...journal.records()].filter(({ name }) => name === ADOPTS);
  return told && Number(told.value);
}

/** Tells it, once and for all: see {@link EarlierSums.untilDay}. */
export function adoptUntil(journal: PlaceJournal, day: number): void {
  journal.putRecord(ADOPTS, String(day));
}

export class PlaceShard {
  readonly #journal: PlaceJournal;
  readonly #pending = new PendingSums();
  readonly #days: PlaceDays;
  readonly #push: PlacePush;
  readonly #sources = new Map<string, Source>();
  /** Rows with when they were written, one for each five minutes. */
  readonly #times: { row: number; at_s: number }[] = [];
  /** What each shard that was split off was given, by its first hash slot. */
  readonly #left = new Map<number, Inheritance>();
  /** Locations of slots from here on are being given away. */
  #leaving = Number.POSITIVE_INFINITY;
  #nextRow = 1;

  /** Reads what the journal has. */
  constructor(journal: PlaceJournal) {
    this.#journal = journal;
    this.#days = new PlaceDays(journal, adoptsUntil(journal) ?? -1);
    this.#push = new PlacePush(journal, this.#pending, this.#days);
    for (const { name, value } of journal.records()) this.#recallRecord(name, value);
    this.#nextRow = Math.max(this.#push.pushedRow, this.#push.targetRow) + 1;
    const folded = new Map<number, number>();
    for (const { row, bytes } of journal.rows('checkpoint')) {
      const { up_to_row, locations } = readCheckpoint(bytes);
      for (const location of locations) folded.set(location, up_to_row);
      this.#nextRow = Math.max(this.#nextRow, row + 1);
    }
    for (const { row, bytes } of journal.rows('delta')) this.#recall(row, bytes, folded);
  }

  /** Whether anything is here that no checkpoint has. */
  get isPending(): boolean {
    return this.#pending.bytes > 0;
  }

  /** Whether more waits for a checkpoint than should. */
  get isFull(): boolean {
    return this.#pending.bytes > PENDING_BYTES_MAX;
  }

  /** How many buckets Supabase lacks; it has everything from before `synced_s`, Unix seconds. */
  lacking(nowS: number): { rows: number; synced_s: number | null } {
    const rows = this.#push.waiting();
    return { rows, synced_s: rows === 0 ? nowS : this.#syncedS() };
  }

  /** For a push beside the runs: greater than that of any page before. */
  nextRevision(nowMs: number): number {
    return this.#push.nextRevision(nowMs);
  }

  /** Adds what a source handed over, unless it was added before; written down on return. */
  add(delta: PlaceDelta | PackedDelta, nowS: number): void {
    const { floor, above } = this.#sourceOf(delta.source);
    if (delta.epoch <= floor || above.has(delta.epoch)) return;
    const packed = 'sums' in delta ? packDelta(delta) : delta;
    for (const { location_id } of placesIn(packed)) this.refuseLeft(location_id);
    let rows: Uint8Array[] = [];
    this.#journal.atomically(() => {
      rows = writeDelta(packed, nowS, this.#journal);
      for (const [i, bytes] of rows.entries()) {
        this.#journal.append(this.#nextRow + i, 'delta', bytes, nowS);
      }
    });
    for (const bytes of rows) this.#recall(this.#nextRow, bytes, new Map());
  }

  /**
   * Buckets of a location with fromS ≤ start < toS that have readings, in order.
   * @param earlier sums of days that were {@link missing}
   */
  buckets(locationId: string, fromS: number, toS: number, earlier: readonly PlaceSum[]): Bucket[] {
    const sums: BucketSums = new Map();
    const location = this.#journal.find(locationId);
    for (const sum of earlier) {
      const bucket = sum.bucket_start_s / BUCKET_S;
      // It may have been adopted since it was asked for.
      if (!this.#days.isMissing(location, dayOfBucket(bucket))) continue;
      addCountsTo(sums, bucket, countsOf(sum));
    }
    if (location !== undefined) {
      this.#days.addTo(sums, location, Math.floor(fromS / BUCKET_S), Math.ceil(toS / BUCKET_S));
      addEntries(this.#pending.all(location), sums);
    }
    return [...sums]
      .map(([bucket, counts]) => bucketOf(bucket, counts))
      .filter((b) => b.readings > 0 && b.bucket_start_s >= fromS && b.bucket_start_s < toS)
      .sort((a, b) => a.bucket_start_s - b.bucket_start_s);
  }

  /** Days of a stretch of time whose earlier sums are not adopted yet. */
  missing(locationId: string, fromS: number, toS: number): LocationDay[] {
    const location = this.#journal.find(locationId);
    const [fromDay, toDay] = [Math.floor(fromS / DAY_S), Math.ceil(toS / DAY_S)];
    const days = this.#days.missing(location, fromDay, toDay);
    return days.map((day) => ({ location_id: locationId, day }));
  }

  /**
   * Takes over a day's sums from where they were kept before; Supabase has them from there. Once:
   * a day that has a checkpoint is left alone.
   */
  adopt(days: readonly LocationDay[], sums: readonly PlaceSum[]): void {
    const own = Map.groupBy(
      sums,
      (s) => `${s.location_id} ${Math.floor(s.bucket_start_s / DAY_S)}`,
    );
    this.#journal.atomically(() => {
      for (const { location_id, day } of days) {
        const location = this.#journal.numberOf(location_id);
        if (!this.#days.isMissing(location, day)) continue;
        const whole: BucketSums = new Map();
        for (const sum of own.get(`${location_id} ${day}`) ?? []) {
          addCountsTo(whole, sum.bucket_start_s / BUCKET_S, countsOf(sum));
        }
        this.#days.put(location, day, whole);
      }
    });
  }

  /** The next page that Supabase is to get; null when it has everything. See {@link PlacePush}. */
  nextPage(rowsMax: number, nowMs: number): PushPage | null {
    return this.#push.next(rowsMax, this.#nextRow - 1, nowMs);
  }

  arrived(page: PushPage): void {
    this.#push.arrived(page);
  }

  /**
   * Writes checkpoints of up to `most` locations that are due.
   * @returns whether more are; and days that have to be adopted before their location can be
   */
  checkpoint(most: number, nowS: number): { isMore: boolean; missing: LocationDay[] } {
    const { isFull } = this;
    const takesAll = isFull || this.#push.pushedRow < this.#rowBefore(nowS - PUSH_LATE_S);
    const due = this.#due(nowS, isFull, takesAll);
    const missing: LocationDay[] = [];
    const now = due.slice(0, most).filter((location) => {
      const location_id = this.#journal.wordOf(location);
      const days = [...this.#daysOf(location)].filter((d) => this.#days.isMissing(location, d));
      for (const day of days) missing.push({ location_id, day });
      return days.length === 0;
    });
    if (now.length > 0) this.#fold(now, takesAll, nowS);
    return { isMore: due.length > most, missing };
  }

  /** Refuses sums of locations from a slot on until they have left, or not; Infinity: of none. */
  set leaving(startSlot: number) {
    this.#leaving = startSlot;
  }

  /** @throws Error for a location that another shard has, or is about to have */
  refuseLeft(locationId: string): void {
    const ends = Math.min(this.#leaving, ...this.#left.keys());
    if (hashSlotOf(locationId) < ends) return;
    throw new Error('another shard has this location');
  }

  /** What a shard that was split off has been given; undefined: it has not asked yet. */
  inheritance(startSlot: number): Inheritance | undefined {
    return this.#left.get(startSlot);
  }

  /**
   * Gives locations of hash slots from one on to the shard that was split off. From then on it
   * takes nothing of them; the same again as often as it is asked.
   * @throws Error while Supabase lacks some of their sums: only one shard may push a bucket
   */
  leave(startSlot: number, nowS: number): Inheritance {
    const known = this.#left.get(startSlot);
    if (known) return known;
    const isLeaving = (at: number) => hashSlotOf(this.#journal.wordOf(at)) >= startSlot;
    if (this.#push.waiting(isLeaving) > 0) throw new Error('Supabase lacks sums of them yet');
    const sources = [...this.#sources].map(([name, { floor, above }]) => {
      return { name, floor, above: [...above] };
    });
    // A unit's clock may be ahead a little.
    const until_day = Math.floor(nowS / DAY_S) + 1;
    const given = { sources, revision: this.#push.revision, until_day };
    this.#journal.putRecord(LEFT + startSlot, JSON.stringify(given));
    this.#left.set(startSlot, given);
    return given;
  }

  /** All that is kept of some days, for a shard that takes them over; earlier sums included. */
  sumsOf(days: readonly LocationDay[], earlier: readonly PlaceSum[]): PlaceSum[] {
    const found = [...earlier];
    for (const { location_id, day } of days) {
      const location = this.#journal.find(location_id);
      if (location === undefined) continue;
      const sums: BucketSums = new Map();
      const [from, to] = [day * DAY_BUCKETS, (day + 1) * DAY_BUCKETS];
      this.#days.addTo(sums, location, from, to);
      addEntries(this.#pending.all(location), sums);
      for (const [bucket, counts] of sums) {
        if (bucket >= from && bucket < to) found.push(sumOf(location_id, bucket, counts));
      }
    }
    return found;
  }

  /** Of some days those whose earlier sums are not adopted yet. */
  notAdopted(days: readonly LocationDay[]): LocationDay[] {
    return days.filter(({ location_id, day }) =>
      this.#days.isMissing(this.#journal.find(location_id), day),
    );
  }

  /**
   * Takes a location out with all its sums, and its name; no source may have any left for it. The
   * journal's rows bear no name, and are forgotten with their time. The same again changes nothing.
   */
  forgetLocation(locationId: string, nowS: number): void {
    const location = this.#journal.find(locationId);
    if (location === undefined) return;
    const upTo = this.#nextRow - 1;
    this.#journal.atomically(() => {
      this.#push.forget(location);
      this.#journal.forgetLocation(location);
      // A checkpoint without days: rows so far are not read again.
      this.#journal.append(this.#nextRow, 'checkpoint', writeCheckpoint(upTo, [location]), nowS);
    });
    this.#nextRow += 1;
    this.#pending.forget(location, this.#pending.all(location).length, this.#nextRow);
    this.#days.forget(location);
  }

  /** Forgets rows that checkpoints have, and checkpoints of days before one. */
  forget(beforeDay: number): void {
    const row = Math.min(this.#pending.oldestRow, this.#nextRow - 1);
    if (this.#journal.canForgetBefore(row)) {
      this.#journal.atomically(() => {
        for (const [name, { floor, above }] of this.#sources) {
          const value = JSON.stringify({ floor, above: [...above] });
          this.#journal.putRecord(SOURCE + name, value);
        }
        this.#journal.forgetRowsBefore(row);
      });
      const first = this.#times.findLastIndex((time) => time.row <= row);
      this.#times.splice(0, first);
    }
    this.#journal.forgetDaysBefore(beforeDay);
  }

  /** From before when Supabase has everything, while it lacks something. */
  #syncedS(): number | null {
    const { pushedRow, pushedS, checkpointsS } = this.#push;
    const first = this.#times.findLast(({ row }) => row <= pushedRow + 1);
    const runsS = first ? Math.max(first.at_s, pushedS ?? 0) : pushedS;
    return runsS === null || checkpointsS === null ? null : Math.min(runsS, checkpointsS);
  }

  #recallRecord(name: string, value: string): void {
    this.#push.recall(name, value);
    if (name.startsWith(LEFT)) this.#left.set(Number(name.slice(LEFT.length)), JSON.parse(value));
    if (!name.startsWith(SOURCE)) return;
    const { floor, above } = JSON.parse(value) as { floor: number; above: number[] };
    this.#sources.set(name.slice(SOURCE.length), { floor, above: new Set(above) });
  }

  /** @param folded last row that a checkpoint of each location covers */
  #recall(row: number, bytes: Uint8Array, folded: ReadonlyMap<number, number>): void {
    const { at_s, source, epoch, settled, forEach } = readDelta(bytes);
    this.#settle(source, epoch, settled);
    const { pushedRow, targetRow } = this.#push;
    forEach((location, from, to) => {
      if (row <= (folded.get(location) ?? 0)) return;
      this.#pending.add(location, { bytes, from, to }, row, pushedRow, targetRow);
    });
    this.#nextRow = Math.max(this.#nextRow, row + 1);
    const last = this.#times.at(-1);
    if (!last || at_s >= last.at_s + STAGGER_S) this.#times.push({ row, at_s });
  }

  #sourceOf(name: string): Source {
    const known = this.#sources.get(name) ?? { floor: 0, above: new Set() };
    this.#sources.set(name, known);
    return known;
  }

  #settle(name: string, epoch: number, settled: number): void {
    const source = this.#sourceOf(name);
    if (epoch > source.floor) source.above.add(epoch);
    if (settled <= source.floor) return;
    source.floor = settled;
    for (const one of source.above) if (one <= settled) source.above.delete(one);
  }

  /** The last row that was surely written before a moment; 0 when none was. */
  #rowBefore(momentS: number): number {
    const last = this.#times.at(-1);
    if (last && momentS >= last.at_s + STAGGER_S) return this.#nextRow - 1;
    return this.#times.findLast(({ at_s }) => at_s <= momentS)?.row ?? 0;
  }

  /** Locations whose checkpoint is due, those that wait longest first. */
  #due(nowS: number, isFull: boolean, takesAll: boolean): number[] {
    const until = Array.from({ length: STAGGERS }, (_, n) =>
      this.#rowBefore(nowS - CHECKPOINT_AFTER_S - n * STAGGER_S),
    );
    return [...this.#pending.locations()]
      .filter((at) => isFull || this.#pending.firstRow(at) <= Number(until[at % STAGGERS]))
      .filter((at) => takesAll || this.#pending.pushed(at).length > 0)
      .sort((a, b) => this.#pending.firstRow(a) - this.#pending.firstRow(b));
  }

  #daysOf(location: number): Set<number> {
    const sums: BucketSums = new Map();
    addEntries(this.#pending.all(location), sums);
    return new Set([...sums.keys()].map(dayOfBucket));
  }

  /** @param takesAll what Supabase lacks, too, which is then remembered by its days */
  #fold(locations: readonly number[], takesAll: boolean, nowS: number): void {
    const upTo = takesAll ? this.#nextRow - 1 : this.#push.pushedRow;
    const taken = locations.map((location) => {
      const pushed = this.#pending.pushed(location);
      return { location, bytes: takesAll ? this.#pending.all(location) : pushed };
    });
    const sinceS = this.#syncedS();
    this.#journal.atomically(() => {
      for (const { location, bytes } of taken) {
        const sums: BucketSums = new Map();
        addEntries(bytes, sums);
        this.#days.fold(location, sums);
        const lacking = this.#pending.waiting(location, false);
        if (takesAll && lacking.length > 0) {
          this.#push.checkpointed(location, lacking, upTo, sinceS);
        }
      }
      const row = writeCheckpoint(upTo, locations);
      this.#journal.append(this.#nextRow, 'checkpoint', row, nowS);
    });
    this.#nextRow += 1;
    for (const { location, bytes } of taken) {
      this.#pending.forget(location, bytes.length, upTo + 1);
    }
  }
}
