/**
 * A shard of places as a Durable Object: adds what shards of units hand over, answers with sums,
 * and pushes what changed to Supabase, by its alarm and when the five-minute job asks. Whatever
 * goes wrong with a write, the shard begins anew from what is written.
 */
import { DurableObject } from 'cloudflare:workers';
import type { CronReport } from '../../shared/contracts/portal.ts';
import type { Bucket } from '../domain/insights.ts';
import type { PackedDelta } from '../domain/packed-delta.ts';
import type { PlaceDelta, PlaceSum } from '../domain/place-delta.ts';
import type { LocationDay } from '../domain/place-push.ts';
import {
  adoptsUntil,
  adoptUntil,
  type EarlierSums,
  type Inheritance,
  inherit,
  isHeir,
  PlaceShard as Shard,
} from '../domain/place-shard.ts';
import { type FootTraffic, PUSH_ROWS, PUSHES_MAX } from '../domain/sync.ts';
import { SqlPlaceJournal } from './place-journal.ts';

/** How often changes go to Supabase, and checkpoints that are due are written. */
const EVERY_MS = 300_000;
/** Where too much waits for checkpoints. */
const SOON_MS = 1000;
/** Locations in one transaction. */
const CHECKPOINTS_AT_ONCE = 200;
const DAY_S = 86_400;

/** A shard of places, as far as one that was split off from it asks. */
export interface FormerPlace {
  leave(): Promise<Inheritance>;
  sumsOf(days: readonly LocationDay[]): Promise<PlaceSum[]>;
}

/** What a shard of places works with. */
export interface PlacePorts {
  footTraffic: FootTraffic;
  earlier: EarlierSums;
  /** Who had the locations before this shard was split off; null: nobody. */
  former: FormerPlace | null;
  /** How long sums are kept. */
  rollups_days: number;
}

/** The composition root says what its ports are. */
export abstract class PlaceShard<Env = unknown> extends DurableObject<Env> {
  protected abstract readonly ports: PlacePorts;
  #shard: Shard | undefined;
  #isHeir = false;
  #pushing: Promise<CronReport> | undefined;
  readonly #pushingAgain = new Set<Promise<number>>();

  /**
   * Adds what a shard of units hands over; answers when it is written down. One of an earlier
   * release hands over objects.
   * @param endsBefore first hash slot of the next shard, as who hands over knows it
   */
  async add(delta: PlaceDelta | PackedDelta, endsBefore?: number): Promise<void> {
    const shard = await this.#open();
    // What is left out here is that one's: it must not take the rest for applied.
    if (endsBefore !== undefined && !shard.inheritance(endsBefore)) {
      throw new Error('the next shard has not begun yet');
    }
    this.#orAnew(() => shard.add(delta, nowSeconds()));
    await this.#wake(shard.isFull ? SOON_MS : EVERY_MS);
  }

  /** Sees to it that the shard has what was its predecessor's to give, and no other has it. */
  async begin(): Promise<void> {
    await this.#open();
    await this.ports.former?.leave();
  }

  /** Buckets of a location with fromS ≤ start < toS that have readings, in order. */
  async buckets(locationId: string, fromS: number, toS: number): Promise<Bucket[]> {
    const shard = await this.#open();
    shard.refuseLeft(locationId);
    const missing = shard.missing(locationId, fromS, toS);
    const earlier = await this.#earlier(missing);
    return (await this.#open()).buckets(locationId, fromS, toS, earlier);
  }

  /** Takes over days whose sums were kept elsewhere; those it has it leaves alone. */
  async adopt(days: readonly LocationDay[]): Promise<void> {
    await this.#adopt(await this.#open(), days);
  }

  /** Readings in the sums of locations, of buckets with fromS ≤ start < toS. */
  async counted(locationIds: readonly string[], fromS: number, toS: number): Promise<number> {
    let readings = 0;
    for (const id of locationIds) {
      for (const bucket of await this.buckets(id, fromS, toS)) readings += bucket.readings;
    }
    return readings;
  }

  /**
   * Gives locations of hash slots from one on to the shard that was split off, once Supabase has
   * all of them: two shards that push one bucket would not know whose sum is the later.
   */
  async leave(startSlot: number): Promise<Inheritance> {
    const given = (await this.#open()).inheritance(startSlot);
    if (given) return given;
    const shard = await this.#open();
    shard.leaving = startSlot;
    try {
      // A run that is under way ends where it was to end; the next one takes what came since.
      for (let run = 0; run < 2; run += 1) await this.push();
      await this.#pushed();
      this.#mustBe(shard);
      return this.#orAnew(() => shard.leave(startSlot, nowSeconds()));
    } finally {
      shard.leaving = Number.POSITIVE_INFINITY;
    }
  }

  /** All that is kept of some days, here or before. */
  async sumsOf(days: readonly LocationDay[]): Promise<PlaceSum[]> {
    const earlier = await this.#earlier((await this.#open()).notAdopted(days));
    return (await this.#open()).sumsOf(days, earlier);
  }

  /** Forgets a location; what is on its way to Supabase has arrived there, or failed, by then. */
  async forget(locationId: string): Promise<void> {
    const shard = await this.#open();
    await this.#pushed();
    this.#mustBe(shard);
    this.#orAnew(() => shard.forgetLocation(locationId, nowSeconds()));
  }

  /** How many buckets Supabase lacks, and from before when it has everything, Unix seconds. */
  async lacking(): Promise<{ rows: number; synced_s: number | null }> {
    return (await this.#open()).lacking(nowSeconds());
  }

  /**
   * Pushes what Supabase lacks, up to a bound; whoever asks meanwhile gets the same answer.
   * @throws whatever the push does; what did not arrive goes with the next one
   */
  async push(): Promise<CronReport> {
    this.#pushing ??= this.#pushNow().finally(() => {
      this.#pushing = undefined;
    });
    return await this.#pushing;
  }

  /** Pushes, writes checkpoints that are due, forgets what is old. */
  override async alarm(): Promise<void> {
    // The job asks for the same, and reports what fails.
    await this.push().catch(() => {});
    try {
      await this.#tidy();
    } finally {
      const shard = await this.#open();
      if (shard.isPending || shard.lacking(nowSeconds()).rows > 0) await this.#wake(EVERY_MS);
    }
  }

  /** Pushes buckets of a location again, whether Supabase has them or not; says how many. */
  async pushAgain(locationId: string, fromS: number, toS: number): Promise<number> {
    const again = this.#pushAgain(locationId, fromS, toS);
    this.#pushingAgain.add(again);
    return await again.finally(() => this.#pushingAgain.delete(again));
  }

  async #pushAgain(locationId: string, fromS: number, toS: number): Promise<number> {
    const buckets = await this.buckets(locationId, fromS, toS);
    for (let from = 0; from < buckets.length; from += PUSH_ROWS) {
      const shard = await this.#open();
      shard.refuseLeft(locationId);
      const revision = this.#orAnew(() => shard.nextRevision(Date.now()));
      const some = buckets.slice(from, from + PUSH_ROWS);
      await this.ports.footTraffic.push(
        some.map((bucket) => ({ ...bucket, location_id: locationId, revision })),
      );
    }
    return buckets.length;
  }

  async #pushNow(): Promise<CronReport> {
    let synced = 0;
    for (let pushes = 0; pushes < PUSHES_MAX; ) {
      const shard = await this.#open();
      const page = this.#orAnew(() => shard.nextPage(PUSH_ROWS, Date.now()));
      if (page === null) break;
      if (page.missing.length > 0) {
        await this.#adopt(shard, page.missing);
        continue;
      }
      await this.ports.footTraffic.push(page.rollups);
      this.#mustBe(shard);
      shard.arrived(page);
      synced += page.rollups.length;
      pushes += 1;
    }
    const { rows } = await this.lacking();
    return { rollups_computed: synced, rows_synced: synced, rows_left: rows };
  }

  /** Once nothing is on its way to Supabase. */
  async #pushed(): Promise<void> {
    while (this.#pushing || this.#pushingAgain.size > 0) {
      await Promise.allSettled([this.#pushing, ...this.#pushingAgain]);
    }
  }

  async #tidy(): Promise<void> {
    const nowS = nowSeconds();
    for (let more = true; more; ) {
      const shard = await this.#open();
      const { isMore, missing } = this.#orAnew(() => shard.checkpoint(CHECKPOINTS_AT_ONCE, nowS));
      if (missing.length > 0) await this.#adopt(shard, missing);
      more = isMore || missing.length > 0;
      // Others get their turn between two steps.
      await new Promise((resolve) => setTimeout(resolve));
    }
    const shard = await this.#open();
    const beforeDay = Math.floor(nowS / DAY_S) - this.ports.rollups_days;
    this.#orAnew(() => shard.forget(beforeDay));
  }

  async #adopt(shard: Shard, days: readonly LocationDay[]): Promise<void> {
    const sums = await this.#earlier(days);
    this.#mustBe(shard);
    this.#orAnew(() => shard.adopt(days, sums));
  }

  /** Sums of days from where they were kept before this shard had them. */
  async #earlier(days: readonly LocationDay[]): Promise<PlaceSum[]> {
    if (days.length === 0) return [];
    const { former, earlier } = this.ports;
    if (!this.#isHeir) return await earlier.sums(days);
    if (!former) throw new Error('nobody knows whose locations these were');
    return await former.sumsOf(days);
  }

  async #open(): Promise<Shard> {
    if (this.#shard) return this.#shard;
    const journal = new SqlPlaceJournal(this.ctx.storage);
    // Asked for once in the object's life, and before it has anything.
    if (adoptsUntil(journal) === undefined) {
      const { former, earlier } = this.ports;
      const given = (await former?.leave()) ?? (await earlier.untilDay());
      if (adoptsUntil(journal) === undefined) {
        if (typeof given === 'number') adoptUntil(journal, given);
        else inherit(journal, given);
      }
    }
    this.#isHeir = isHeir(journal);
    this.#shard ??= new Shard(new SqlPlaceJournal(this.ctx.storage));
    return this.#shard;
  }

  /** A failed write leaves memory ahead of storage: what is written is all that is true. */
  #orAnew<T>(write: () => T): T {
    try {
      return write();
    } catch (failure) {
      this.#shard = undefined;
      throw failure;
    }
  }

  #mustBe(shard: Shard): void {
    if (this.#shard !== shard) throw new Error('the shard began anew meanwhile');
  }

  async #wake(inMs: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm();
    const atMs = Date.now() + inMs;
    if (set === null || set > atMs) await this.ctx.storage.setAlarm(atMs);
  }
}

const nowSeconds = () => Math.floor(Date.now() / 1000);
