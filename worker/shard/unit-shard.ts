/**
 * A shard of units as a Durable Object: collects what arrives within a window, writes it down in
 * one commit, and only then answers. Whatever goes wrong with a commit, nothing of it is answered
 * and the shard begins anew from what is written.
 */
import { DurableObject } from 'cloudflare:workers';
import { contribution } from '../../shared/metrics/bucket.ts';
import type { Credential, UnitFacts } from '../domain/credential.ts';
import { boundsOf } from '../domain/doubt.ts';
import type { HeartbeatEntry, HeartbeatOutcome } from '../domain/heartbeat.ts';
import type { Admission, LimitedKind } from '../domain/rate-limit.ts';
import type { ReadingEntry } from '../domain/reading.ts';
import type { KeptReading } from '../domain/reading-log.ts';
import type { ShardFacts } from '../domain/shard-facts.ts';
import type { KeptHeartbeat, UnitNews, UnitRecord } from '../domain/shard-journal.ts';
import { UnitShard as Shard, type Taken } from '../domain/unit-shard.ts';
import { SqlJournal } from './journal.ts';

/** What is waited for more of the same commit, milliseconds; docs/decisions/0063 has figures. */
const WINDOW_MS = 3;
/** Bytes of a row at most: the platform keeps 2 MB in one, and a reading takes about 60. */
const ROW_BYTES_MAX = 1_000_000;
/** How often old rows are packed and forgotten. */
const TIDY_EVERY_MS = 600_000;
/** Rows stay for two hours: a unit that sends every five minutes has packed them by then. */
const ROWS_KEPT_S = 7200;
/** A reading may arrive thirty days late, and its repetition must find it. */
const READINGS_KEPT_S = 31 * 86_400;
/** Units packed in one transaction. */
const PACKED_AT_ONCE = 200;

/** A reading with who sent it; what follows from it is worked out here, to send less. */
export interface SentReading extends Omit<ReadingEntry, 'counts' | 'bounds'> {
  credential: Credential;
}

/** What goes to the shard of an entry. */
export function sentReading(entry: ReadingEntry, credential: Credential): SentReading {
  const { counts: _counts, bounds: _bounds, ...own } = entry;
  return { ...own, credential };
}

interface Waiter {
  resolve(): void;
  reject(failure: unknown): void;
}

interface Env {
  /** Milliseconds; another window than usual. */
  SHARD_WINDOW_MS?: string;
}

export class UnitShard extends DurableObject<Env> {
  #opened: { journal: SqlJournal; shard: Shard } | undefined;
  readonly #windowMs = Number(this.env.SHARD_WINDOW_MS ?? WINDOW_MS);
  readonly #waiters: Waiter[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isTidyDue = false;

  /** Takes readings in; answers when all of them are written down, in their order. */
  async take(sent: readonly SentReading[]): Promise<Taken[]> {
    const taken: Taken[] = [];
    for (const { credential, ...own } of sent) {
      const { shard } = this.#open();
      const { reading } = own;
      const entry = { ...own, counts: contribution(reading), bounds: boundsOf(reading) };
      taken.push(this.#orAnew(() => shard.take(entry, credential)));
      if (shard.pendingBytes > ROW_BYTES_MAX) this.#commit();
    }
    // Those that come together have waited for each other already.
    await this.#written(sent.length > 1 ? 0 : this.#windowMs);
    return taken;
  }

  /** Takes the registry's word on units. */
  async apply(facts: readonly ShardFacts[]): Promise<void> {
    const { shard } = this.#open();
    this.#orAnew(() => {
      for (const one of facts) shard.apply(one, nowSeconds());
    });
    await this.#written();
  }

  facts(deviceId: string): UnitFacts | null {
    return this.#open().shard.facts(deviceId);
  }

  record(deviceId: string): UnitRecord | null {
    return this.#open().shard.record(deviceId);
  }

  /** Readings of a unit that begin in a stretch of time. */
  readings(deviceId: string, fromS: number, toS: number): KeptReading[] {
    return this.#open().shard.readings(deviceId, fromS, toS);
  }

  /** Packs and forgets what is old. */
  override async alarm(): Promise<void> {
    const nowS = nowSeconds();
    const { journal, shard } = this.#open();
    const row = journal.firstRowSince(nowS - ROWS_KEPT_S);
    for (let more = true; more; ) {
      more = this.#orAnew(() => shard.packBefore(row, PACKED_AT_ONCE, nowS));
      // Others get their turn between two steps.
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#opened?.shard !== shard) throw new Error('the shard began anew while tidying');
    }
    this.#orAnew(() => {
      journal.forgetRowsBefore(row);
      journal.forgetReadingsBefore(nowS - READINGS_KEPT_S);
    });
    this.#isTidyDue = false;
  }

  #open() {
    const journal = this.#opened?.journal ?? new SqlJournal(this.ctx.storage);
    this.#opened ??= { journal, shard: new Shard(journal) };
    return this.#opened;
  }

  /** Waits for the commit that everything said so far is part of. */
  async #written(windowMs = this.#windowMs): Promise<void> {
    if (!this.#opened?.shard.isPending && this.#waiters.length === 0) return;
    this.#timer ??= setTimeout(() => this.#commit(), windowMs);
    await new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
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
    this.#tidySoon();
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

  #tidySoon(): void {
    if (this.#isTidyDue) return;
    this.#isTidyDue = true;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(Date.now() + TIDY_EVERY_MS));
  }
}

const nowSeconds = () => Math.floor(Date.now() / 1000);
