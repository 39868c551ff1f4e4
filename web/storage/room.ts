/**
 * Room for what must not be lost: where the browser's quota is used up, what can be fetched again
 * gives way, and it is tried once more. Knows no record.
 */
import type { Db, OpenDb } from './db.ts';
import { isFull, storageTrouble } from './trouble.ts';

/** What the service worker keeps of firmware: the bench fetches it again. */
const FIRMWARE_CACHE = 'firmware';

/** @throws what `work` throws, when there was another reason or not enough gave way */
export async function withRoom<T>(open: OpenDb, work: (db: Db) => Promise<T>): Promise<T> {
  try {
    return await work(await open());
  } catch (cause) {
    if (!isFull(cause)) throw cause;
    await giveWay(await open());
    try {
      const done = await work(await open());
      storageTrouble.set('gave_way');
      return done;
    } catch (again) {
      if (isFull(again)) storageTrouble.set('unkept');
      throw again;
    }
  }
}

/** All that the backend or the server has as well. */
async function giveWay(db: Db): Promise<void> {
  const remembered = ['insights', 'answers'] as const;
  await Promise.all([
    ...remembered.map((name) => db.clear(name)),
    globalThis.caches?.delete(FIRMWARE_CACHE),
  ]);
}
