/**
 * What Supabase lacks of a shard's sums, page by page, and how far it has them. A run takes what
 * was there when it began; what comes in meanwhile is the next one's. A page whose answer was lost
 * is pushed again under a greater revision, and the other side keeps the greatest. Knows no
 * network.
 */
import type { PendingSums } from './pending-sums.ts';
import { addEntries, type BucketSums, bucketOf } from './place-codec.ts';
import { DAY_BUCKETS, dayOfBucket, type PlaceDays } from './place-days.ts';
import type { PlaceJournal } from './place-journal.ts';
import type { Rollup } from './rollup.ts';

/** A location's day (UTC, since 1970). */
export interface LocationDay {
  location_id: string;
  day: number;
}

/** What is to be pushed next. */
export interface PushPage {
  rollups: Rollup[];
  /** Number of the last location in it. */
  through: number;
  /** Days whose earlier sums have to be adopted before: then there are no rollups. */
  missing: LocationDay[];
}

/** A shard that was split off begins behind what the one before it may have pushed. */
export function pushBehind(journal: PlaceJournal, revision: number): void {
  journal.putRecord(PROGRESS, JSON.stringify({ ...NOTHING_PUSHED, revision }));
}

/** How far the push has come. */
interface Progress {
  /** What stands in rows up to this one has reached Supabase; as of when, Unix seconds. */
  pushed_row: number;
  pushed_s: number | null;
  /** The same of the run that is under way; it goes on behind the location `cursor`. */
  target_row: number | null;
  target_s: number;
  cursor: number;
  /** The greatest that was ever pushed, or may have been. */
  revision: number;
}

/** A location's day that was checkpointed before it had reached Supabase. */
interface UnpushedDay {
  location: number;
  day: number;
  /** Last row of what it has. */
  row: number;
  /** How many of its buckets wait, at least. */
  buckets: number;
  /** From before when Supabase had everything when the first of them was checkpointed. */
  since_s: number | null;
}

const NOTHING_PUSHED: Progress = Object.freeze({
  ...{ pushed_row: 0, pushed_s: null, target_row: null, target_s: 0, cursor: 0, revision: 0 },
});
const PROGRESS = 'push';
const UNPUSHED = 'unpushed ';
const DAYS_AT_ONCE = 200;

export class PlacePush {
  readonly #journal: PlaceJournal;
  readonly #pending: PendingSums;
  readonly #days: PlaceDays;
  readonly #unpushed = new Map<number, Map<number, UnpushedDay>>();
  #progress: Progress = NOTHING_PUSHED;

  constructor(journal: PlaceJournal, pending: PendingSums, days: PlaceDays) {
    this.#journal = journal;
    this.#pending = pending;
    this.#days = days;
  }

  /** Takes up a record of the journal, if it is one of these. */
  recall(name: string, value: string): void {
    if (name === PROGRESS) this.#progress = JSON.parse(value) as Progress;
    if (name.startsWith(UNPUSHED)) this.#keep(dayIn(value));
  }

  get pushedRow(): number {
    return this.#progress.pushed_row;
  }

  /** 0 while no push is under way. */
  get targetRow(): number {
    return this.#progress.target_row ?? 0;
  }

  /** When the last run that is through began, Unix seconds; null when none ever was. */
  get pushedS(): number | null {
    return this.#progress.pushed_s;
  }

  /**
   * From before when what checkpoints took from the push has reached Supabase, Unix seconds: a run
   * may be through without it. Infinity when they took nothing; null: not known.
   */
  get checkpointsS(): number | null {
    const days = [...this.#unpushed.values()].flatMap((own) => [...own.values()]);
    const times = days.map(({ since_s }) => since_s);
    return times.includes(null) ? null : Math.min(Infinity, ...times.map(Number));
  }

  /** The greatest revision that was ever pushed, or may have been. */
  get revision(): number {
    return this.#progress.revision;
  }

  /**
   * How many buckets wait, those of the page under way included.
   * @param isMeant of which locations; of all when left out
   */
  waiting(isMeant: (location: number) => boolean = () => true): number {
    const { target_row, cursor } = this.#progress;
    let count = 0;
    for (const location of this.#pending.locations()) {
      if (!isMeant(location)) continue;
      const isBehind = target_row !== null && location <= cursor;
      const sums: BucketSums = new Map();
      addEntries(this.#pending.waiting(location, isBehind), sums);
      count += sums.size;
    }
    for (const [location, days] of this.#unpushed) {
      if (!isMeant(location)) continue;
      for (const { row, buckets } of days.values()) {
        if (location > cursor || row > this.targetRow) count += buckets;
      }
    }
    return count;
  }

  /**
   * The next page of the run under way, or of a new one; null when it is through.
   * @param rowsMax rollups after which no further location is taken in
   * @param lastRow the journal's newest row
   */
  next(rowsMax: number, lastRow: number, nowMs: number): PushPage | null {
    if (this.#progress.target_row === null) {
      if (this.waiting() === 0) return null;
      const target_s = Math.floor(nowMs / 1000);
      this.#progress = { ...this.#progress, target_row: lastRow, target_s, cursor: 0 };
      this.#pending.aim();
    }
    const revision = Math.max(this.#progress.revision + 1, nowMs);
    const page: PushPage = { rollups: [], through: this.#progress.cursor, missing: [] };
    for (const location of this.#locations(page.through)) {
      this.#addTo(page, location, revision);
      page.through = location;
      if (page.rollups.length >= rowsMax || page.missing.length >= DAYS_AT_ONCE) break;
    }
    if (page.missing.length > 0) return { ...page, rollups: [] };
    if (page.rollups.length === 0) {
      this.#finish();
      return null;
    }
    // Before anything is pushed: no later page may have a smaller one.
    this.#progress.revision = revision;
    this.#journal.putRecord(PROGRESS, JSON.stringify(this.#progress));
    return page;
  }

  /** Greater than any before, and no later page's; written down. */
  nextRevision(nowMs: number): number {
    const revision = Math.max(this.#progress.revision + 1, nowMs);
    this.#progress = { ...this.#progress, revision };
    this.#journal.putRecord(PROGRESS, JSON.stringify(this.#progress));
    return revision;
  }

  /** The page has arrived; written down with the next one, or not at all: it would go again. */
  arrived({ through }: PushPage): void {
    this.#progress.cursor = through;
  }

  /**
   * Remembers, within a transaction, what a checkpoint has of sums that Supabase lacks.
   * @param sinceS from before when it has everything; null: not known
   */
  checkpointed(location: number, entries: Uint8Array, row: number, sinceS: number | null): void {
    const sums: BucketSums = new Map();
    addEntries(entries, sums);
    for (const [day, { length }] of Map.groupBy([...sums.keys()], dayOfBucket)) {
      const before = this.#unpushed.get(location)?.get(day);
      const since_s = before ? before.since_s : sinceS;
      const buckets = (before?.buckets ?? 0) + length;
      const unpushed = { location, day, row, buckets, since_s };
      this.#journal.putRecord(`${UNPUSHED}${location} ${day}`, JSON.stringify(unpushed));
      this.#keep(unpushed);
    }
  }

  /** Forgets, within a transaction, that any day of a location waits. */
  forget(location: number): void {
    for (const day of this.#unpushed.get(location)?.keys() ?? []) {
      this.#journal.putRecord(`${UNPUSHED}${location} ${day}`, null);
    }
    this.#unpushed.delete(location);
  }

  /** Locations behind one that have anything for this run. */
  *#locations(after: number): Generator<number> {
    const late = [...this.#unpushed.keys()].filter((at) => at > after).sort((a, b) => a - b);
    let i = 0;
    for (const location of this.#pending.locations(after)) {
      for (; Number(late[i]) < location; i += 1) yield Number(late[i]);
      if (late[i] === location) i += 1;
      yield location;
    }
    for (; i < late.length; i += 1) yield Number(late[i]);
  }

  #addTo(page: PushPage, location: number, revision: number): void {
    const wanted = this.#wanted(location);
    const location_id = this.#journal.wordOf(location);
    const days = new Set([...wanted].map(dayOfBucket));
    const missing = [...days].filter((day) => this.#days.isMissing(location, day));
    for (const day of missing) page.missing.push({ location_id, day });
    if (missing.length > 0 || wanted.size === 0) return;
    const sums: BucketSums = new Map();
    addEntries(this.#pending.all(location), sums);
    for (const day of days) {
      const [from = 0, to = 0] = extent([...wanted].filter((b) => dayOfBucket(b) === day));
      this.#days.addTo(sums, location, from, to + 1);
    }
    for (const bucket of wanted) {
      const counts = sums.get(bucket);
      if (counts) page.rollups.push({ ...bucketOf(bucket, counts), location_id, revision });
    }
  }

  /** Buckets of a location that the run under way has to push. */
  #wanted(location: number): Set<number> {
    const sums: BucketSums = new Map();
    addEntries(this.#pending.aimed(location), sums);
    for (const { day, row } of this.#unpushed.get(location)?.values() ?? []) {
      const first = day * DAY_BUCKETS;
      if (row <= this.targetRow) this.#days.addTo(sums, location, first, first + DAY_BUCKETS);
    }
    return new Set(sums.keys());
  }

  #finish(): void {
    const { target_row, target_s, revision } = this.#progress;
    if (target_row === null) return;
    const done = [...this.#unpushed.values()].flatMap((days) => {
      return [...days.values()].filter(({ row }) => row <= target_row);
    });
    this.#progress = {
      ...{ pushed_row: target_row, pushed_s: target_s, revision },
      ...{ target_row: null, target_s: 0, cursor: 0 },
    };
    this.#journal.atomically(() => {
      for (const { location, day } of done) {
        this.#journal.putRecord(`${UNPUSHED}${location} ${day}`, null);
      }
      this.#journal.putRecord(PROGRESS, JSON.stringify(this.#progress));
    });
    for (const { location, day } of done) this.#unpushed.get(location)?.delete(day);
    this.#pending.settle();
  }

  #keep(unpushed: UnpushedDay): void {
    const days = this.#unpushed.get(unpushed.location) ?? new Map<number, UnpushedDay>();
    days.set(unpushed.day, unpushed);
    this.#unpushed.set(unpushed.location, days);
  }
}

/** One that was written before `since_s` was has none: it is not known. */
const dayIn = (value: string): UnpushedDay => ({ since_s: null, ...JSON.parse(value) });

const extent = (all: readonly number[]) => [Math.min(...all), Math.max(...all)];
