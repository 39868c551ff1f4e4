/**
 * A shard of units as a Durable Object: collects what arrives within a window, writes it down in
 * one commit, and only then answers. Whatever goes wrong with a commit, nothing of it is answered
 * and the shard begins anew from what is written.
 */
import type { Credential } from '../domain/credential.ts';
import type { HeartbeatEntry } from '../domain/heartbeat.ts';
import type { Admission, LimitedKind } from '../domain/rate-limit.ts';
import { type KeptSince, type RetentionSettings, retentionTimes } from '../domain/retention.ts';
import type { ShardFacts } from '../domain/shard-facts.ts';
import type { UnitHistory } from '../domain/unit-history.ts';
import { partOf } from '../domain/unit-moves.ts';
import { UnitShard as Shard } from '../domain/unit-shard.ts';
import { deliverDeltas, type PlacesEnv } from './hand-over.ts';
import { SqlJournal } from './journal.ts';
import { isTooLate, SENT_AWAY, unpackSent, type Word, wordOf } from './sent-reading.ts';
import { UnitQuestions } from './unit-questions.ts';

/** What is waited for more of the same commit, milliseconds; docs/decisions/0063 has figures. */
const WINDOW_MS = 1;
/** Bytes of a row at most: the platform keeps 2 MB in one, and a reading takes about 60. */
const ROW_BYTES_MAX = 1_000_000;
/** How often sums are handed over without anybody asking for them. */
const HAND_OVER_MS = 60_000;
/** How often a shard that owes nothing looks for what is old. */
const TIDY_EVERY_MS = 3_600_000;
/** Rows stay for two hours: a unit that sends every five minutes has packed them by then. */
const ROWS_KEPT_S = 7200;
const DAY_S = 86_400;
/** Units packed in one transaction. */
const PACKED_AT_ONCE = 200;

interface Waiter {
  resolve(): void;
  reject(failure: unknown): void;
}

interface Env extends PlacesEnv, RetentionSettings {
  /** Milliseconds; another window than usual. */
  SHARD_WINDOW_MS?: string;
  /** Milliseconds between two hand-overs. */
  HAND_OVER_MS?: string;
}

export class UnitShard extends UnitQuestions<Env> {
  #opened: { journal: SqlJournal; shard: Shard } | undefined;
  readonly #windowMs = Number(this.env.SHARD_WINDOW_MS ?? WINDOW_MS);
  protected override readonly asked = () => this.#open().shard;
  readonly #waiters: Waiter[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** When it wakes next, as far as this one knows. */
  #alarmMs = Number.POSITIVE_INFINITY;
  #handedOverMs = 0;
  #handingOver: Promise<void> = Promise.resolve();
  #nextHandOver: Promise<void> | null = null;

  /**
   * Takes readings in; answers when all of them are written down, in their order.
   * @param packed as from packSent
   */
  async take(packed: string): Promise<Word[]> {
    const sent = unpackSent(packed);
    const taken: Word[] = [];
    for (const one of sent) {
      const { shard } = this.#open();
      if (isTooLate(one)) taken.push(SENT_AWAY);
      else taken.push(this.#orAnew(() => wordOf(shard.take(one, one.credential), one.credential)));
      if (shard.pendingBytes > ROW_BYTES_MAX) this.#commit();
    }
    // Those that come together have waited for each other already.
    await this.#written(sent.length > 1 ? 0 : this.#windowMs);
    return taken;
  }

  /** Takes a heartbeat in; answers when it is written down. */
  async hear(entry: HeartbeatEntry, credential: Credential) {
    const { shard } = this.#open();
    refuseMoved(shard, credential.device_id);
    const heard = this.#orAnew(() => shard.hear(entry, credential));
    await this.#written();
    return heard;
  }

  /** Counts a request of a proven unit; one for its configuration gets that as well. */
  async admit(credential: Credential, kind: LimitedKind, nowS: number): Promise<Admission> {
    const { shard } = this.#open();
    refuseMoved(shard, credential.device_id);
    const admission = this.#orAnew(() => shard.admit(credential, kind, nowS));
    // Of the same moment as the version.
    const changed = shard.record(credential.device_id)?.facts.changed;
    await this.#written();
    if (kind !== 'config' || !admission.device || !changed) return admission;
    return { ...admission, device: { ...admission.device, changed } };
  }

  /**
   * Takes the registry's word on a unit.
   * @returns how many readings came into the sums or went out; null for a unit that is to be met
   */
  async apply(facts: ShardFacts): Promise<number | null> {
    const { shard } = this.#open();
    refuseMoved(shard, facts.device_id);
    if (shard.facts(facts.device_id) === null) return null;
    const changed = this.#orAnew(() => shard.apply(facts, nowSeconds()));
    await this.#written();
    return changed;
  }

  /** Takes a unit over with what it has behind it; one that is known only hears the word. */
  async meet(facts: ShardFacts, history: UnitHistory | null): Promise<number> {
    const { shard } = this.#open();
    refuseMoved(shard, facts.device_id);
    const changed = this.#orAnew(() => shard.meet(facts, history, nowSeconds()));
    await this.#written();
    return changed;
  }

  /** Gives a unit to the shard that holds hash slots from `startSlot` on; null: it has none. */
  leave(deviceId: string, startSlot: number): UnitHistory | null {
    const { shard } = this.#open();
    return this.#orAnew(() => shard.leave(deviceId, startSlot, nowSeconds()));
  }

  /** Forgets what units counted and said at a location, once places have all sums. */
  async forget(deviceIds: readonly string[], locationId: string): Promise<void> {
    await this.handOver();
    const { shard } = this.#open();
    this.#orAnew(() => shard.forget(deviceIds, locationId, nowSeconds()));
  }

  /** Units of hash slots from `startSlot` on that have not left yet: some of them, and how many. */
  outgrown(startSlot: number, limit: number, turn: number): { some: string[]; count: number } {
    const all = this.#open().shard.outgrown(startSlot);
    const from = partOf(all.length, limit, turn);
    return { some: all.slice(from, from + limit), count: all.length };
  }

  /** What the registry lacks, of one unit or of any. */
  news(limit: number, deviceId?: string) {
    return this.#open().shard.news(limit, deviceId);
  }

  /** The registry has it. */
  async newsTaken(taken: Parameters<Shard['newsTaken']>[0]): Promise<void> {
    const { shard } = this.#open();
    this.#orAnew(() => shard.newsTaken(taken));
    await this.#written();
  }

  keptSince(): KeptSince {
    return this.#open().journal.keptSince();
  }

  /**
   * Hands over sums to their places; answers when all have what was summed up before the call.
   * @param notWithinMs nothing happens if the last time was less than so many milliseconds ago
   */
  async handOver(notWithinMs = 0): Promise<void> {
    if (Date.now() - this.#handedOverMs < notWithinMs) return;
    // One at a time; whoever comes meanwhile waits for the next one, which is for all of them.
    this.#nextHandOver ??= this.#handingOver
      .catch(() => {})
      .then(() => {
        this.#nextHandOver = null;
        this.#handingOver = this.#handOverNow();
        return this.#handingOver;
      });
    await this.#nextHandOver;
  }

  /** Hands over, packs and forgets what is old. */
  override async alarm(): Promise<void> {
    this.#alarmMs = Number.POSITIVE_INFINITY;
    // Rows that places have can be forgotten; those that they lack stay, and the rest is tidied.
    const [handedOver] = await Promise.allSettled([this.handOver()]);
    const [tidied] = await Promise.allSettled([this.#tidy()]);
    const done = [handedOver, tidied];
    this.#setAlarm();
    for (const one of done) if (one.status === 'rejected') throw one.reason;
  }

  async #handOverNow(): Promise<void> {
    const { shard } = this.#open();
    const nowMs = Date.now();
    this.#orAnew(() => shard.cut());
    await this.#written(0);
    const deltas = shard.deltas(this.ctx.id.toString());
    await deliverDeltas(this.env, deltas);
    const last = deltas.at(-1);
    if (last && this.#opened?.shard === shard) this.#orAnew(() => shard.settle(last.epoch));
    this.#handedOverMs = nowMs;
  }

  async #tidy(): Promise<void> {
    const nowS = nowSeconds();
    const kept = retentionTimes(this.env);
    const { journal, shard } = this.#open();
    const row = journal.firstRowSince(nowS - ROWS_KEPT_S);
    for (let more = true; more; ) {
      more = this.#orAnew(() => shard.packBefore(row, PACKED_AT_ONCE, nowS));
      // Others get their turn between two steps.
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#opened?.shard !== shard) throw new Error('the shard began anew while tidying');
    }
    this.#orAnew(() => {
      journal.forgetRowsBefore(Math.min(row, shard.firstRowOwed));
      // A day more than a reading may be late, for its repetition must find it.
      journal.forgetReadingsBefore(nowS - (kept.readings_days + 1) * DAY_S);
      journal.forgetHeartbeatsBefore(nowS - kept.heartbeats_days * DAY_S);
    });
  }

  #open() {
    const journal = this.#opened?.journal ?? new SqlJournal(this.ctx.storage);
    this.#opened ??= { journal, shard: new Shard(journal) };
    return this.#opened;
  }

  /** Waits for the commit that everything said so far is part of. */
  async #written(windowMs = this.#windowMs): Promise<void> {
    if (!this.#opened?.shard.isPending && this.#waiters.length === 0) return;
    const written = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    // A timer of no time at all would still cost a millisecond.
    if (windowMs === 0) this.#commit();
    else this.#timer ??= setTimeout(() => this.#commit(), windowMs);
    await written;
  }

  #commit(): void {
    clearTimeout(this.#timer);
    this.#timer = null;
    try {
      this.#orAnew(() => this.#opened?.shard.commit(nowSeconds()));
    } catch {
      // Those who wait were told.
      return;
    }
    this.#setAlarm();
    for (const { resolve } of this.#waiters.splice(0)) resolve();
  }

  /**
   * A failed write leaves memory ahead of storage: what is written is all that is true, and nobody
   * who waits for the rest gets an answer.
   */
  #orAnew<T>(write: () => T): T {
    try {
      return write();
    } catch (failure) {
      this.#opened = undefined;
      for (const { reject } of this.#waiters.splice(0)) reject(failure);
      throw failure;
    }
  }

  /** Wakes for the next hand-over; where nothing is owed, for what will be old. */
  #setAlarm(): void {
    const owes = this.#opened?.shard.owes ?? true;
    const inMs = owes ? Number(this.env.HAND_OVER_MS ?? HAND_OVER_MS) : TIDY_EVERY_MS;
    const atMs = Date.now() + inMs;
    if (atMs >= this.#alarmMs) return;
    this.#alarmMs = atMs;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(atMs));
  }
}

/** Before anything is written, for nothing has to begin anew. @throws Error */
function refuseMoved(shard: Shard, deviceId: string): void {
  if (shard.isMoved(deviceId)) throw new Error('another shard has this unit');
}

const nowSeconds = () => Math.floor(Date.now() / 1000);
