/**
 * A shard of units: knows their facts, takes in what they send, and hands out what waits for them.
 * What arrives within a window is one row of a journal; answers wait until that is written.
 * Everything is synchronous, so nothing comes between a look and the write that relies on it. Knows
 * no SQL and no network.
 */

import { type Delivery, deliver, type Listener } from './command-delivery.ts';
import { afterConfig, afterHeartbeat, afterReading, keptHeartbeat, noContact } from './contact.ts';
import { type Credential, isProven, type UnitFacts } from './credential.ts';
import { HandOver } from './hand-over.ts';
import type { HeartbeatEntry, HeartbeatOutcome } from './heartbeat.ts';
import { MinuteCounts } from './minute-counts.ts';
import { type Admission, HOUR_S, HOURLY, type LimitedKind } from './rate-limit.ts';
import type { IngestOutcome, ReadingEntry } from './reading.ts';
import { type KeptReading, type LoggedUnit, ReadingLog } from './reading-log.ts';
import { isSameJudgement, locationAt, type ShardFacts, unitFactsOf } from './shard-facts.ts';
import {
  commandNewsOf,
  compacted,
  ENTRY,
  entriesOf,
  type Journal,
  type KeptHeartbeat,
  NO_NEWS,
  recordOf,
  SharedTexts,
  type UnitNews,
  type UnitRecord,
} from './shard-journal.ts';
import { isFrom, settled, type UnitHistory, withoutPlace } from './unit-history.ts';

/** Settled commands kept, so that one that was carried out does not come back. */
const SETTLED_KEPT = 8;
/** Before a unit has done anything. */
const NOTHING_SAID = { waiting: null, settled: [], judged: [], windows: {}, news: NO_NEWS };

/** What a reading found; `device` is null when no such unit is known here. */
export interface Taken extends IngestOutcome {
  floods: boolean;
  /** Why a reading that was stored just now stays out of the sums. */
  doubt: KeptReading['doubt'];
  /** The registry has something to learn of the unit. */
  hasNews: boolean;
  /** Another shard has the unit; nothing was taken. */
  isMoved: boolean;
  /** It waited too long for its turn; nothing was taken. */
  isOverdue?: true;
}

type Unit = UnitRecord & LoggedUnit;

export class UnitShard {
  readonly #journal: Journal;
  readonly #log: ReadingLog;
  readonly #units = new Map<string, Unit>();
  readonly #numbered: Unit[] = [];
  readonly #changed = new Set<Unit>();
  readonly #full = new Set<Unit>();
  readonly #heartbeats: { unit: number; heartbeat: KeptHeartbeat }[] = [];
  readonly #withNews = new Set<Unit>();
  readonly #minutes = new MinuteCounts();
  readonly #texts = new SharedTexts();
  readonly #handOver: HandOver;
  #endsBefore: number;

  /** Reads what the journal has. */
  constructor(journal: Journal) {
    this.#journal = journal;
    this.#log = new ReadingLog(journal);
    this.#handOver = new HandOver(journal, this.#log.note.bind(this.#log));
    this.#endsBefore = journal.endsBefore();
    for (const { unit, record } of journal.units()) this.#keep(unit, record);
    const needOf = this.#log.outlined(this.#numbered.length);
    for (const { row, bytes } of journal.rows()) {
      this.#recall(row, bytes, needOf);
      this.#log.row = row + 1;
    }
  }

  /** Whether something waits for {@link commit}. */
  get isPending(): boolean {
    const { pending } = this.#log;
    const waits = this.#changed.size + this.#full.size + this.#heartbeats.length;
    return pending.length > 0 || waits > 0;
  }

  /** Bytes that wait for {@link commit}. */
  get pendingBytes(): number {
    return this.#log.pending.length;
  }

  /**
   * Takes the registry's word; an older one than it has is left alone. Needs a commit. A judgement
   * is on what is there now: that is packed at once, so that later readings lie apart.
   * @returns how many readings came into the sums or went out
   */
  apply(facts: ShardFacts, nowS: number): number {
    const known = this.#units.get(facts.device_id);
    if (known && known.facts.revision >= facts.revision) return 0;
    const before = known ?? { ...NOTHING_SAID, contact: noContact(facts.generation) };
    const isDone = before.settled.some(({ id }) => id === facts.command?.id);
    const isSame = before.waiting?.id === facts.command?.id;
    const waiting = isDone ? null : isSame ? before.waiting : facts.command;
    const judged = facts.judgements.map((j) => {
      return (
        before.judged.find((k) => isSameJudgement(k, j)) ?? { ...j, row: known ? this.#log.row : 0 }
      );
    });
    const isReissued = before.contact.generation !== facts.generation;
    const contact = isReissued ? noContact(facts.generation) : before.contact;
    const isJudged = known !== undefined && judged.some(({ row }) => row === this.#log.row);
    const corrected = isJudged ? this.#log.changedBy(known, judged) : [];
    this.#handOver.correct(corrected.filter(({ isMoved }) => isMoved));
    const changed = corrected.length;
    for (const j of judged) j.changed ??= changed;
    const record = { ...recordOf(before, facts), waiting, judged, contact };
    const unit = this.#keep(known?.number ?? this.#numbered.length, record);
    this.#changed.add(unit);
    if (!isJudged) return 0;
    this.#full.add(unit);
    this.commit(nowS);
    return changed;
  }

  /** Whether another shard has the unit, or would have it if anybody knew it. */
  isMoved(deviceId: string): boolean {
    const unit = this.#units.get(deviceId);
    return unit ? unit.moved === true : isFrom(this.#endsBefore, deviceId);
  }

  /**
   * Meets a unit: takes over what it has behind it and the registry's word, in one commit. One that
   * is known already only hears the word.
   * @returns how many readings came into the sums or went out by the word
   */
  meet(facts: ShardFacts, history: UnitHistory | null, nowS: number): number {
    if (history === null || this.#units.has(facts.device_id)) return this.apply(facts, nowS);
    this.commit(nowS);
    let changed = 0;
    this.#journal.atomically(() => {
      const { moved: _, ...record } = history.record;
      const judged = record.judged.map((judgement) => ({ ...judgement, row: 0 }));
      const unit = this.#keep(this.#numbered.length, { ...record, judged });
      this.#log.putPacked(unit, history.readings.map(settled));
      for (const heartbeat of history.heartbeats) {
        this.#journal.putHeartbeat(unit.number, heartbeat);
      }
      this.#changed.add(unit);
      changed = this.apply(facts, nowS);
      this.commit(nowS);
    });
    return changed;
  }

  /**
   * Gives a unit to the shard that holds hash slots from `startSlot` on. From then on it takes
   * nothing of the unit, nor of any further one of those slots; its sums are its own still. The
   * same again as often as it is asked.
   */
  leave(deviceId: string, startSlot: number, nowS: number): UnitHistory | null {
    this.commit(nowS);
    const unit = this.#units.get(deviceId);
    if (startSlot < this.#endsBefore || unit?.moved === undefined) {
      this.#journal.atomically(() => {
        this.#endsBefore = Math.min(this.#endsBefore, startSlot);
        this.#journal.putEndsBefore(this.#endsBefore);
        if (unit) this.#journal.putUnit(unit.number, recordOf(markMoved(unit), unit.facts));
      });
    }
    if (!unit) return null;
    this.#withNews.delete(unit);
    return {
      record: recordOf(unit, unit.facts),
      readings: this.readings(deviceId, 0, Number.MAX_SAFE_INTEGER),
      heartbeats: this.heartbeats(deviceId, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    };
  }

  /** Units of hash slots from `startSlot` on that no other shard has asked for yet. */
  outgrown(startSlot: number): string[] {
    return this.#numbered
      .filter(({ facts, moved }) => !moved && isFrom(startSlot, facts.device_id))
      .map(({ facts }) => facts.device_id);
  }

  facts(deviceId: string): UnitFacts | null {
    const unit = this.#here(deviceId);
    return unit ? unitFactsOf(unit.facts) : null;
  }

  record(deviceId: string): UnitRecord | null {
    const unit = this.#units.get(deviceId);
    return unit ? recordOf(unit, unit.facts) : null;
  }

  /** What is known of all units, in the order in which they came. */
  *records(): Iterable<Readonly<UnitRecord>> {
    for (const unit of this.#numbered) if (!unit.moved) yield unit;
  }

  /** Takes a reading of a unit in; kept once {@link commit} has returned. */
  take(entry: ReadingEntry, credential: Credential): Taken {
    const { unit, device } = this.#proven(credential);
    const nothing = {
      ...{ device, stored: false, command: null, doubt: null, floods: false, hasNews: false },
      isMoved: device === null && this.isMoved(credential.device_id),
    };
    if (!unit) return nothing;
    const nowS = Math.floor(entry.received_ms / 1000);
    const floods = this.#minutes.floods(unit.number, nowS, entry.requests);
    const { reading, acknowledges } = entry;
    const to = { ack: reading.ack, acknowledges, inHeartbeat: false };
    const command = this.#deliver(unit, to, nowS);
    if (this.#log.has(unit, entry)) {
      return { ...nothing, command, floods, hasNews: hasNews(unit) };
    }
    if (this.#log.isFull(unit)) this.commit(nowS);
    const firmware = unit.contact.heartbeat?.firmware ?? unit.facts.firmware;
    const doubt = this.#log.doubt(unit, entry, firmware);
    this.#add(unit, entry, doubt);
    if (doubt !== null && doubt !== 'excluded') {
      const { period_start_s } = entry;
      this.#learn(unit, { doubted: { period_start_s, doubt, at_s: nowS } });
    }
    return { ...nothing, stored: true, command, doubt, floods, hasNews: hasNews(unit) };
  }

  /** Takes a heartbeat in, if the unit's hour has room for it. Needs a commit. */
  hear(entry: HeartbeatEntry, credential: Credential): HeartbeatOutcome & { hasNews: boolean } {
    const nowS = Math.floor(entry.received_ms / 1000);
    const admission = this.admit(credential, 'heartbeat', nowS);
    const unit = this.#units.get(credential.device_id);
    if (!unit || (admission.window?.requests ?? Infinity) > HOURLY.heartbeat) {
      return { ...admission, command: null, hasNews: false };
    }
    const heartbeat = keptHeartbeat(entry, locationAt(unit.facts, nowS));
    this.#heartbeats.push({ unit: unit.number, heartbeat });
    unit.contact = afterHeartbeat(unit.contact, entry);
    const said = { ack: entry.heartbeat.ack, acknowledges: entry.acknowledges };
    const command = this.#deliver(unit, { ...said, inHeartbeat: true }, nowS);
    return { ...admission, command, hasNews: hasNews(unit) };
  }

  /** Counts a request of a proven unit; a refused one costs no write. Needs a commit. */
  admit(credential: Credential, kind: LimitedKind, nowS: number): Admission {
    const { unit, device } = this.#proven(credential);
    if (!unit) return { device, window: null };
    // Pieces of an update come as fast as the unit can write them.
    const minute = kind === 'ota_chunk' ? {} : { isOver: this.#minutes.floods(unit.number, nowS) };
    const known = unit.windows[kind];
    const age = nowS - (known?.started_s ?? Number.NEGATIVE_INFINITY);
    const isRunning = known !== undefined && age >= 0 && age < HOUR_S;
    if (isRunning && known.requests > HOURLY[kind]) return { device, window: known, ...minute };
    const [started_s, before] = isRunning ? [known.started_s, known.requests] : [nowS, 0];
    const window = { started_s, requests: before + 1 };
    unit.windows = { ...unit.windows, [kind]: window };
    const isGiven = kind === 'config' && window.requests <= HOURLY.config;
    if (isGiven) unit.contact = afterConfig(unit.contact, unit.facts.config_version, nowS);
    this.#changed.add(unit);
    return { device, window, ...minute };
  }

  /** Writes down what waits, in one row. @throws whatever the journal does; start anew then */
  commit(nowS: number): void {
    if (!this.isPending) return;
    if (this.#handOver.isFull) this.#handOver.cut(this.#log.row);
    const full = [...this.#full];
    const { pending, row } = this.#log;
    this.#journal.atomically(() => {
      for (const unit of full) this.#log.pack(unit);
      if (pending.length > 0) this.#journal.append(row, pending.bytes, nowS);
      for (const { unit, heartbeat } of this.#heartbeats) {
        this.#journal.putHeartbeat(unit, heartbeat);
      }
      for (const unit of this.#changed) {
        this.#journal.putUnit(unit.number, recordOf(unit, unit.facts));
      }
    });
    if (pending.length > 0) this.#log.row += 1;
    pending.take();
    for (const unit of this.#changed) {
      unit.newest_row = Number.POSITIVE_INFINITY;
      unit.last_row = Number.POSITIVE_INFINITY;
    }
    this.#changed.clear();
    this.#full.clear();
    this.#heartbeats.splice(0);
    for (const unit of full) this.#log.forgetRecent(unit);
  }

  /**
   * Packs units that have readings in rows before `row`, and puts those whose contact only such
   * rows have, so that the rows can be forgotten.
   * @returns whether there are more than `most` of them
   */
  packBefore(row: number, most: number, nowS: number): boolean {
    const old = this.#numbered.filter(
      (unit) => this.#log.oldestRow(unit) < row || Math.min(unit.newest_row, unit.last_row) < row,
    );
    for (const unit of old.slice(0, most)) {
      if (this.#log.oldestRow(unit) < row) this.#full.add(unit);
      if (Math.min(unit.newest_row, unit.last_row) < row) this.#changed.add(unit);
    }
    this.commit(nowS);
    return old.length > most;
  }

  /**
   * Takes out what units counted and said at a location, and its name. Places must have the sums,
   * and the registry's word name it no more. The same again changes nothing.
   */
  forget(deviceIds: readonly string[], locationId: string, nowS: number): void {
    this.commit(nowS);
    const units = deviceIds.flatMap((id) => this.#units.get(id) ?? []);
    for (const unit of units) {
      Object.assign(unit, withoutPlace(unit, locationId));
      // The record has it all: no row is asked for what it said of the unit.
      Object.assign(unit, { newest_row: Infinity, last_row: Infinity });
      this.#full.add(unit);
      this.#changed.add(unit);
    }
    this.#journal.atomically(() => {
      this.commit(nowS);
      for (const unit of units) this.#log.forget(unit, locationId);
      const numbers = units.map(({ number }) => number);
      this.#journal.forgetPlace(numbers, locationId);
    });
  }

  /** The journal's first row that is needed for sums which places may lack. */
  get firstRowOwed(): number {
    return this.#handOver.firstRow;
  }

  /** Whether places may lack something. */
  get owes(): boolean {
    return this.#handOver.isDue || this.#handOver.isOpen;
  }

  /**
   * Closes an epoch over what was summed up since the last one; needs a commit, and may be sent
   * after that.
   * @returns whether there was anything
   */
  cut(): boolean {
    return this.#handOver.cut(this.#log.row);
  }

  /** What places may lack of all closed epochs. */
  deltas(source: string) {
    return this.#handOver.deltas(source);
  }

  /** All places know everything up to an epoch. Lost if no commit follows, which does no harm. */
  settle(epoch: number): void {
    this.#handOver.settle(epoch);
  }

  /** Units whose news the registry lacks. */
  news(limit: number, deviceId?: string): (UnitNews & { device_id: string })[] {
    const all = [...this.#withNews].filter(({ facts }) => {
      return deviceId === undefined || facts.device_id === deviceId;
    });
    return all.slice(0, limit).map(({ facts, news }) => ({ device_id: facts.device_id, ...news }));
  }

  /** The registry has them now; what came since stays. Needs a commit. */
  newsTaken(
    taken: readonly Pick<UnitNews & { device_id: string }, 'device_id' | 'number'>[],
  ): void {
    for (const { device_id, number } of taken) {
      const unit = this.#units.get(device_id);
      if (unit?.news.number !== number) continue;
      unit.news = { ...NO_NEWS, number };
      this.#withNews.delete(unit);
      this.#changed.add(unit);
    }
  }

  /** A unit's readings that begin in a stretch of time, by start and variant. */
  readings(deviceId: string, fromS: number, toS: number): KeptReading[] {
    const unit = this.#units.get(deviceId);
    if (!unit) return [];
    return this.#log.readings(unit, fromS, toS).map(({ row: _, ...reading }) => reading);
  }

  /** Newest first, those received before a moment. */
  heartbeats(deviceId: string, beforeMs: number, limit: number): KeptHeartbeat[] {
    const unit = this.#units.get(deviceId);
    return unit ? this.#journal.heartbeats(unit.number, beforeMs, limit) : [];
  }

  /** Of all units that are here, in [fromMs, toMs), newest first. */
  heartbeatsOfAll(fromMs: number, toMs: number, limit: number) {
    for (let most = limit; ; most *= 2) {
      const all = this.#journal.heartbeatsOfAll(fromMs, toMs, most);
      const here = all.flatMap(({ unit: number, ...heartbeat }) => {
        const unit = this.#numbered[number];
        return unit && !unit.moved ? [{ device_id: unit.facts.device_id, ...heartbeat }] : [];
      });
      // Those of units that left may take the places of others.
      if (here.length >= limit || all.length < most) return here.slice(0, limit);
    }
  }

  #keep(number: number, record: UnitRecord): Unit {
    const { device_id } = record.facts;
    const known = this.#units.get(device_id);
    const fresh = {
      ...{ number, packed_until_s: undefined },
      ...{ newest_row: Number.POSITIVE_INFINITY, last_row: Number.POSITIVE_INFINITY },
    };
    const unit = Object.assign(known ?? fresh, compacted(record, this.#texts));
    this.#units.set(device_id, unit);
    this.#numbered[number] = unit;
    if (hasNews(unit) && !unit.moved) this.#withNews.add(unit);
    return unit;
  }

  #here(deviceId: string): Unit | undefined {
    const unit = this.#units.get(deviceId);
    return unit?.moved ? undefined : unit;
  }

  #recall(row: number, bytes: Uint8Array, needOf: ReturnType<ReadingLog['outlined']>): void {
    for (const { kind, unit: number, source } of entriesOf(bytes)) {
      const need = needOf(number, row);
      if (this.#handOver.recall(kind, source, row)) continue;
      const unit = this.#numbered[number];
      if (!unit) throw new RangeError(`row ${row} has a unit that nobody knows`);
      if (kind === ENTRY.packed) this.#log.recallPacked(unit, source);
      else if (need !== null) {
        const reading = this.#log.recall(unit, source, row, need.isRecent);
        this.#take(unit, reading, row, need.isOwed);
      }
    }
  }

  #proven(credential: Credential): { unit: Unit | null; device: UnitFacts | null } {
    const unit = this.#here(credential.device_id);
    if (!unit) return { unit: null, device: null };
    const isRight = isProven(unit.facts, credential);
    return { unit: isRight ? unit : null, device: unitFactsOf(unit.facts) };
  }

  #deliver(unit: Unit, to: Listener, nowS: number): Delivery['delivered'] {
    const { delivered, waiting, settled } = deliver(unit.waiting, to, nowS);
    const isNews = settled !== null || waiting?.delivered_s !== unit.waiting?.delivered_s;
    if (!isNews) return delivered;
    unit.waiting = waiting;
    if (settled) unit.settled = [...unit.settled, settled].slice(-SETTLED_KEPT);
    const still = waiting && { ...waiting, settled_s: null, outcome: null };
    this.#learn(unit, { command: settled ?? still });
    return delivered;
  }

  /** Something for the registry. Of readings in doubt, the first one is enough. */
  #learn(
    unit: Unit,
    what: { doubted?: UnitNews['doubted']; command?: UnitNews['commands'][number] | null },
  ): void {
    const before = unit.news;
    const { command } = what;
    const others = before.commands.filter(({ id }) => id !== command?.id);
    unit.news = {
      number: before.number + 1,
      doubted: before.doubted ?? what.doubted ?? null,
      commands: command ? [...others, commandNewsOf(command)] : before.commands,
    };
    this.#withNews.add(unit);
    this.#changed.add(unit);
  }

  #add(unit: Unit, entry: ReadingEntry, doubt: Taken['doubt']): void {
    const reading = this.#log.add(unit, entry, doubt);
    const { first_reading_s } = unit.contact;
    this.#take(unit, reading, this.#log.row, true);
    // With the first one, since its row is forgotten while later ones follow.
    if (unit.contact.first_reading_s !== first_reading_s) this.#changed.add(unit);
    if (this.#log.isFull(unit)) this.#full.add(unit);
  }

  /** What follows from a reading that is new, or back from its row. */
  #take(unit: Unit, reading: ReturnType<ReadingLog['add']>, row: number, isOwed: boolean): void {
    const { newest, last_reading_s } = unit.contact;
    unit.contact = afterReading(unit.contact, reading);
    if (unit.contact.newest !== newest) unit.newest_row = row;
    // What is written last need not be what came last: requests run side by side.
    if (unit.contact.last_reading_s !== last_reading_s) unit.last_row = row;
    if (isOwed) this.#handOver.add(reading);
  }
}

function markMoved(unit: Unit): Unit {
  unit.moved = true;
  return unit;
}

const hasNews = ({ news }: UnitRecord) => news.doubted !== null || news.commands.length > 0;
