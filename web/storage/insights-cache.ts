/**
 * The last insights and locations per person. A cache: losing it, or a browser that refuses to
 * store, costs nothing but the wait for the network, so nothing here ever rejects.
 */
import * as v from 'valibot';
import { Insights, WeekInsights } from '../../shared/contracts/insights.ts';
import { Location } from '../../shared/contracts/portal.ts';
import type { InsightsCache } from '../app/insights.ts';
import { KEPT_RUN } from '../app/waiting.ts';
import type { OpenDb } from './db.ts';
import { withTimeout } from './timeout.ts';
import { isFull, storageTrouble } from './trouble.ts';

/** Days kept per location: a fortnight and today, about 60 KB. */
const DAYS_MAX = 15;
/** Weeks kept per location, by their last day. */
const WEEKS_MAX = 5;
/** Beside a location's days; no id of a location has a space. */
const weekOf = (locationId: string) => `${locationId} week`;

/** {@link InsightsCache} on IndexedDB. */
export class IdbInsightsCache implements InsightsCache {
  readonly #open: OpenDb;

  constructor(open: OpenDb) {
    this.#open = open;
  }

  async locations(userId: string): Promise<Location[] | null> {
    return await orElse(null, async () => {
      const db = await this.#open();
      return parsedOr(v.array(Location), await db.get('locations', userId));
    });
  }

  async putLocations(userId: string, locations: Location[]): Promise<void> {
    await orElse(undefined, async () => {
      const db = await this.#open();
      await db.put('locations', locations, userId);
    });
  }

  newest(userId: string, locationId: string, upTo?: string): Promise<Insights | null> {
    return this.#newest(Insights, userId, locationId, upTo);
  }

  newestWeek(userId: string, locationId: string, upTo?: string): Promise<WeekInsights | null> {
    return this.#newest(WeekInsights, userId, weekOf(locationId), upTo);
  }

  putInsights(userId: string, insights: Insights): Promise<void> {
    return this.#put(insights, [userId, insights.location.id, insights.day], DAYS_MAX);
  }

  putWeek(userId: string, week: WeekInsights): Promise<void> {
    return this.#put(week, [userId, weekOf(week.location.id), week.to], WEEKS_MAX);
  }

  async #newest<S extends typeof Insights | typeof WeekInsights>(
    schema: S,
    userId: string,
    of: string,
    upTo = '\uffff',
  ): Promise<v.InferOutput<S> | null> {
    return await orElse(null, async () => {
      const db = await this.#open();
      const days = IDBKeyRange.bound([userId, of, ''], [userId, of, upTo]);
      const { store } = db.transaction('insights');
      for (let at = await store.openCursor(days, 'prev'); at; at = await at.continue()) {
        const kept = parsedOr(schema, at.value);
        if (kept) return kept;
      }
      return null;
    });
  }

  async #put(
    value: Insights | WeekInsights,
    key: [string, string, string],
    most: number,
  ): Promise<void> {
    const [userId, of] = key;
    await orElse(undefined, async () => {
      const db = await this.#open();
      const tx = db.transaction('insights', 'readwrite');
      await tx.store.put(value, key);
      const days = await tx.store.getAllKeys(
        IDBKeyRange.bound([userId, of, ''], [userId, of, '\uffff']),
      );
      for (const old of days.slice(0, -most)) await tx.store.delete(old);
      await tx.done;
    });
  }

  /** Forgets every answer to everyone. What somebody began and has not finished is no answer. */
  async wipe(): Promise<void> {
    await orElse(undefined, async () => {
      const db = await this.#open();
      await Promise.all([db.clear('insights'), db.clear('locations')]);
      const tx = db.transaction('answers', 'readwrite');
      for (const key of await tx.store.getAllKeys())
        if (key[1] !== KEPT_RUN) await tx.store.delete(key);
      await tx.done;
    });
  }
}

/** What is read is checked like any input; what does not fit is as good as not kept. */
function parsedOr<S extends v.GenericSchema>(schema: S, row: unknown): v.InferOutput<S> | null {
  const parsed = v.safeParse(schema, row);
  return parsed.success ? parsed.output : null;
}

/** What a cache answers where the store does not. */
export async function orElse<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await withTimeout(work());
  } catch (error) {
    // Private windows: worth a line for whoever looks, not worth stopping for.
    if (isFull(error)) storageTrouble.set('full');
    console.debug('The page cache is not available.', error);
    return otherwise;
  }
}
