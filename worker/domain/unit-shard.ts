/**
 * A shard of units: knows their facts, takes their readings in, and tells a reading from one that
 * it has. What arrives within a window is one row of a journal; answers wait until that is written.
 * A unit's readings leave the journal packed, two hours of them in a row. Everything is
 * synchronous, so nothing comes between a look and the write that relies on it. Knows no SQL and no
 * network.
 */

import { REQUESTS_A_MINUTE } from './anomaly.ts';
import {
  type Delivery,
  deliver,
  type Listener,
  type SettledCommand,
  type WaitingCommand,
} from './command-delivery.ts';
import { type Credential, isProven, type UnitFacts } from './credential.ts';
import { MinuteCounts } from './minute-counts.ts';
import type { IngestOutcome, ReadingEntry } from './reading.ts';
import {
  packReadings,
  readReading,
  unpackReadings,
  type WordList,
  writeReading,
} from './reading-codec.ts';
import { FILED_EARLY_S } from './reading-identity.ts';
import { markOf, RecentReadings } from './recent-readings.ts';
import { doubtOf, type Neighbour, neighbourhood } from './room.ts';
import { type StoredReading, storedReading } from './stored-reading.ts';
import { ByteReader, ByteWriter } from './varint.ts';

const DAY_S = 86_400;
/** Settled commands kept for those who ask what became of them; the registry has the rest. */
const SETTLED_KEPT = 8;

/** What the registry says of a unit. It alone changes them; the shard never does. */
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

/** What is kept of a unit beside its readings. */
export interface UnitRecord {
  facts: ShardFacts;
  /** What waits by the shard's own knowledge: it may have been carried out already. */
  waiting: WaitingCommand | null;
  /** The last ones, newest last. */
  settled: readonly SettledCommand[];
  /** The same as the facts', each with the journal's row up to which readings were there then. */
  judged: readonly (Judgement & { row: number })[];
}

/** Readings of one unit that begin on one day (UTC), packed. Times are the first and last start. */
export interface Chunk {
  unit: number;
  /** The journal's row in which it was packed. */
  row: number;
  from_s: number;
  to_s: number;
  /** Of those that have a number; null = none has. */
  seq_min: number | null;
  seq_max: number | null;
  bytes: Uint8Array;
}

/** Where a shard keeps what it knows. Everything is synchronous; a failure throws. */
export interface Journal extends WordList {
  /** Runs `write` so that all of it is kept, or nothing. */
  atomically(write: () => void): void;
  /** Units by their number, as they were last put. */
  units(): Iterable<{ unit: number; record: UnitRecord }>;
  putUnit(unit: number, record: UnitRecord): void;
  /** Rows not forgotten yet, in the order they were appended. */
  rows(): Iterable<{ row: number; bytes: Uint8Array }>;
  rowAt(row: number): Uint8Array;
  append(row: number, bytes: Uint8Array, nowS: number): void;
  putChunk(day: number, chunk: Chunk): void;
  /** Chunks that may hold readings of the unit that begin in the stretch, and have the number. */
  chunks(unit: number, fromS: number, toS: number, seq?: number): Iterable<Chunk>;
}

/** What a request found; `device` is null when no such unit is known here. */
export interface Taken extends IngestOutcome {
  floods: boolean;
  /** Why a reading that was stored just now stays out of the sums. */
  doubt: StoredReading['doubt'];
}

/** A reading, with whether it counts by what was said of its time since. */
export interface KeptReading extends StoredReading {
  is_counted: boolean;
}

interface Unit extends UnitRecord {
  number: number;
  /** Start of its newest packed reading; undefined until somebody asks. */
  packed_until_s: number | undefined;
}

/** Entries of a row: the unit's number twice, and one more for the mark that it was packed. */
const PACKED = 1;

export class UnitShard {
  readonly #journal: Journal;
  readonly #units = new Map<string, Unit>();
  readonly #numbered: Unit[] = [];
  readonly #recent = new RecentReadings();
  readonly #changed = new Set<Unit>();
  readonly #full = new Set<Unit>();
  readonly #minutes = new MinuteCounts();
  readonly #pending = new ByteWriter();
  readonly #scratch = new ByteWriter();
  #row = 1;

  /** Reads what the journal has. */
  constructor(journal: Journal) {
    this.#journal = journal;
    for (const { unit, record } of journal.units()) this.#keep(unit, record);
    for (const { row, bytes } of journal.rows()) {
      this.#recall(row, bytes);
      this.#row = row + 1;
    }
  }

  /** Whether something waits for {@link commit}. */
  get isPending(): boolean {
    return this.#pending.length > 0 || this.#changed.size > 0 || this.#full.size > 0;
  }

  /** Bytes that wait for {@link commit}. */
  get pendingBytes(): number {
    return this.#pending.length;
  }

  /**
   * Takes the registry's word; an older one than it has is left alone. Needs a commit. A judgement
   * is on what is there now: that is packed at once, so that later readings lie apart.
   */
  apply(facts: ShardFacts, nowS: number): void {
    const known = this.#units.get(facts.device_id);
    if (known && known.facts.revision >= facts.revision) return;
    const settled = known?.settled ?? [];
    const isDone = settled.some(({ id }) => id === facts.command?.id);
    const isSame = known?.waiting?.id === facts.command?.id;
    const waiting = isDone ? null : isSame ? (known?.waiting ?? null) : facts.command;
    const judged = facts.judgements.map((j) => {
      return known?.judged.find((k) => k.at_ms === j.at_ms) ?? { ...j, row: known ? this.#row : 0 };
    });
    const isJudged = known !== undefined && judged.some(({ row }) => row === this.#row);
    const record = { facts, waiting, settled, judged };
    const unit = this.#keep(known?.number ?? this.#numbered.length, record);
    this.#changed.add(unit);
    if (!isJudged) return;
    this.#full.add(unit);
    this.commit(nowS);
  }

  facts(deviceId: string): UnitFacts | null {
    const unit = this.#units.get(deviceId);
    return unit ? factsOf(unit) : null;
  }

  record(deviceId: string): UnitRecord | null {
    const unit = this.#units.get(deviceId);
    return unit ? recordOf(unit) : null;
  }

  /** Takes a reading of a unit in; kept once {@link commit} has returned. */
  take(entry: ReadingEntry, credential: Credential): Taken {
    const unit = this.#units.get(credential.device_id);
    const nothing = {
      device: unit ? factsOf(unit) : null,
      stored: false,
      command: null,
      doubt: null,
      floods: false,
    };
    if (!unit || !isProven(unit.facts, credential)) return nothing;
    const nowS = Math.floor(entry.received_ms / 1000);
    nothing.floods = this.#minutes.count(unit.number, nowS) > REQUESTS_A_MINUTE;
    const { ack } = entry.reading;
    const to = { ack, acknowledges: entry.acknowledges, inHeartbeat: false };
    const command = this.#tell(unit, to, nowS);
    if (this.#isStored(unit, entry)) return { ...nothing, command };
    if (this.#recent.isFull(unit.number)) this.commit(nowS);
    const doubt = this.#doubt(unit, entry);
    const reading = storedReading(entry, {
      generation: unit.facts.generation,
      location_id: locationAt(unit.facts, entry.exact_start_s),
      doubt,
    });
    this.#add(unit, reading);
    return { ...nothing, stored: true, command, doubt };
  }

  /** Writes down what waits, in one row. @throws whatever the journal does; start anew then */
  commit(nowS: number): void {
    if (!this.isPending) return;
    const full = [...this.#full];
    this.#journal.atomically(() => {
      for (const unit of full) this.#pack(unit);
      if (this.#pending.length > 0) this.#journal.append(this.#row, this.#pending.bytes, nowS);
      for (const unit of this.#changed) this.#journal.putUnit(unit.number, recordOf(unit));
    });
    if (this.#pending.length > 0) this.#row += 1;
    this.#pending.take();
    this.#changed.clear();
    this.#full.clear();
    for (const unit of full) this.#recent.clear(unit.number);
  }

  /**
   * Packs units that have readings in rows before `row`, so that those can be forgotten.
   * @returns whether there are more than `most` of them
   */
  packBefore(row: number, most: number, nowS: number): boolean {
    const old = this.#numbered.filter(({ number }) => this.#recent.oldestRow(number) < row);
    for (const unit of old.slice(0, most)) this.#full.add(unit);
    this.commit(nowS);
    return old.length > most;
  }

  /** A unit's readings that begin in a stretch of time, by start and variant. */
  readings(deviceId: string, fromS: number, toS: number): KeptReading[] {
    const unit = this.#units.get(deviceId);
    if (!unit) return [];
    const unpacked = this.#unpacked(unit).map((r) => ({ ...r, is_counted: r.doubt === null }));
    return [...this.#chunks(unit, fromS, toS), ...unpacked]
      .filter((r) => r.period_start_s >= fromS && r.period_start_s < toS)
      .sort((a, b) => a.period_start_s - b.period_start_s || (a.variant < b.variant ? -1 : 1));
  }

  #keep(number: number, record: UnitRecord): Unit {
    const { device_id } = record.facts;
    const known = this.#units.get(device_id);
    const unit = Object.assign(known ?? { number, packed_until_s: undefined }, record);
    this.#units.set(device_id, unit);
    this.#numbered[number] = unit;
    return unit;
  }

  #recall(row: number, bytes: Uint8Array): void {
    for (const { unit, isMark, source } of entriesOf(bytes)) {
      const known = this.#numbered[unit];
      if (!known) throw new RangeError(`row ${row} has a unit that nobody knows`);
      if (isMark) {
        this.#recent.clear(unit);
        known.packed_until_s = source.uint();
      } else {
        this.#recent.add(unit, readReading(source, null, this.#journal), row);
      }
    }
  }

  #tell(unit: Unit, to: Listener, nowS: number): Delivery['told'] {
    const { told, waiting, settled } = deliver(unit.waiting, to, nowS);
    const isNews = settled !== null || waiting?.delivered_s !== unit.waiting?.delivered_s;
    if (!isNews) return told;
    unit.waiting = waiting;
    if (settled) unit.settled = [...unit.settled, settled].slice(-SETTLED_KEPT);
    this.#changed.add(unit);
    return told;
  }

  /** See docs/decisions/0011 for what makes two readings the same. */
  #isStored(unit: Unit, entry: ReadingEntry): boolean {
    const { period_start_s: startS, variant, exact_start_s, may_be_off_s: offS } = entry;
    const mark = markOf(variant);
    if (this.#recent.has(unit.number, startS, mark)) return true;
    const isSame = (r: StoredReading) => r.variant === variant && r.period_start_s === startS;
    if (offS === null) return this.#packed(unit, startS, startS + 1).some(isSame);
    const { generation } = unit.facts;
    const reach = offS + FILED_EARLY_S;
    const isNear = (start: number, counted: number) =>
      Math.abs(start - startS) <= reach && Math.abs(counted - exact_start_s) <= offS;
    const near = this.#recent.alike(unit.number, generation, mark);
    if (near.some(({ start_s, counted_s }) => isNear(start_s, counted_s))) return true;
    const { seq } = entry.reading;
    return this.#packed(unit, startS - reach, startS + reach + 1, seq).some(
      (r) =>
        isSame(r) ||
        (r.variant === variant &&
          r.generation === generation &&
          isNear(r.period_start_s, r.received_s - (r.values.age_s ?? 0))),
    );
  }

  #doubt(unit: Unit, entry: ReadingEntry): StoredReading['doubt'] {
    const { facts } = unit;
    const { from_s, to_s } = neighbourhood(entry.period_start_s, facts.longest_s);
    const packed = this.#packed(unit, from_s, to_s)
      .filter((r) => r.generation === facts.generation)
      .map(neighbourOf);
    const recent = this.#recent.within(unit.number, facts.generation, from_s, to_s);
    const isTakenOut = judgedAt(facts.judgements, entry.period_start_s) === false;
    return doubtOf(entry, facts, [...recent, ...packed], isTakenOut);
  }

  /** Packed readings in a stretch: none, without a look, for what is newer than all of them. */
  #packed(unit: Unit, fromS: number, toS: number, seq?: number): KeptReading[] {
    unit.packed_until_s ??= this.#newestPacked(unit);
    if (fromS > unit.packed_until_s) return [];
    return this.#chunks(unit, fromS, toS, seq).filter(
      (r) => r.period_start_s >= fromS && r.period_start_s < toS,
    );
  }

  /** All readings of the chunks that may hold some of a stretch. */
  #chunks(unit: Unit, fromS: number, toS: number, seq?: number): KeptReading[] {
    return [...this.#journal.chunks(unit.number, fromS, toS, seq)].flatMap(({ row, bytes }) => {
      const judged = unit.judged.filter((j) => j.row >= row);
      return unpackReadings(bytes, this.#journal).map((r) => {
        const is_counted = judgedAt(judged, r.period_start_s) ?? r.doubt === null;
        return { ...r, is_counted };
      });
    });
  }

  #newestPacked(unit: Unit): number {
    let newest = 0;
    for (const { to_s } of this.#journal.chunks(unit.number, 0, Number.MAX_SAFE_INTEGER)) {
      newest = Math.max(newest, to_s);
    }
    return newest;
  }

  #add(unit: Unit, reading: StoredReading): void {
    this.#recent.add(unit.number, reading, this.#row);
    writeReading(this.#scratch, reading, null, this.#journal);
    this.#pending.uint(unit.number * 2);
    this.#pending.block(this.#scratch.take());
    if (this.#recent.isFull(unit.number)) this.#full.add(unit);
  }

  #unpacked(unit: Unit): StoredReading[] {
    return this.#recent.rowsOf(unit.number).flatMap((row) => {
      const bytes = row === this.#row ? this.#pending.bytes : this.#journal.rowAt(row);
      return [...entriesOf(bytes)]
        .filter((entry) => entry.unit === unit.number && !entry.isMark)
        .map(({ source }) => readReading(source, null, this.#journal));
    });
  }

  /** Moves a unit's readings out of the journal, within the transaction that marks it. */
  #pack(unit: Unit): void {
    const all = this.#unpacked(unit).sort((a, b) => a.period_start_s - b.period_start_s);
    for (const [day, readings] of Map.groupBy(all, (r) => Math.floor(r.period_start_s / DAY_S))) {
      packReadings(this.#scratch, readings, this.#journal);
      const seqs = readings.map((r) => r.values.seq).filter((seq) => seq !== null);
      this.#journal.putChunk(day, {
        unit: unit.number,
        row: this.#row,
        from_s: readings[0]?.period_start_s ?? 0,
        to_s: readings.at(-1)?.period_start_s ?? 0,
        seq_min: seqs.length > 0 ? Math.min(...seqs) : null,
        seq_max: seqs.length > 0 ? Math.max(...seqs) : null,
        bytes: this.#scratch.take(),
      });
    }
    unit.packed_until_s ??= this.#newestPacked(unit);
    unit.packed_until_s = Math.max(unit.packed_until_s, all.at(-1)?.period_start_s ?? 0);
    this.#scratch.uint(unit.packed_until_s);
    this.#pending.uint(unit.number * 2 + PACKED);
    this.#pending.block(this.#scratch.take());
  }
}

function* entriesOf(bytes: Uint8Array) {
  const source = new ByteReader(bytes);
  while (!source.isAtEnd) {
    const tag = source.uint();
    const entry = new ByteReader(source.block());
    yield { unit: Math.floor(tag / 2), isMark: tag % 2 === PACKED, source: entry };
  }
}

/** Of all that is known of a unit, what a request is proven and answered with. */
function factsOf({ facts }: Unit): UnitFacts {
  const { token_sha256, status, config_version, floods } = facts;
  return { token_sha256, status, config_version, floods };
}

function recordOf({ facts, waiting, settled, judged }: Unit): UnitRecord {
  return { facts, waiting, settled, judged };
}

/** Where a period was counted that began at a moment; between two places, nowhere. */
function locationAt({ placements }: ShardFacts, atS: number): string | null {
  const stay = placements.findLast(
    ({ from_s, to_s }) => from_s <= atS && (to_s === null || to_s > atS),
  );
  return stay?.location_id ?? null;
}

/** Whether a time counts by the last judgement on it; undefined when there is none. */
function judgedAt(judgements: readonly Judgement[], startS: number): boolean | undefined {
  return judgements.findLast(({ from_s, to_s }) => from_s <= startS && to_s > startS)?.is_counted;
}

function neighbourOf(reading: KeptReading): Neighbour {
  const { values } = reading;
  return {
    period_start_s: reading.period_start_s,
    is_counted: reading.is_counted,
    impressions: values.impressions ?? 0,
    device_minutes: values.device_minutes ?? 0,
    visits: reading.visits ?? 0,
    ble_apple: values.ble_apple ?? 0,
    ble_other: values.ble_other ?? 0,
  };
}
