/** The browser's own store when it is full, taken away, or in another tab's hands. */
import { deleteDB, openDB } from 'idb';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import type { Insights } from '../../shared/contracts/insights.ts';
import type { RegisterRequest } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import type { NewChange } from '../app/changes.ts';
import { IdbChanges } from './changes.ts';
import { DB_VERSION, lazyDb, type OpenDb } from './db.ts';
import { IdbInsightsCache } from './insights-cache.ts';
import { IdbOutbox } from './outbox.ts';
import { storageTrouble } from './trouble.ts';

/** What is used of Chromium's protocol: https://chromedevtools.github.io/devtools-protocol */
interface Protocol {
  send(method: string, parameters: object): Promise<unknown>;
}
const chromium = cdp() as Protocol;
const { origin } = location;

const MB = 1_048_576;

const REGISTRATION: RegisterRequest = {
  device_id: 'JBNB0042',
  token_sha256: 'ab'.repeat(32),
  mac: '02:4A:42:00:00:01',
  firmware: '6.0.0',
  replace: false,
};

const change = (key: string, account = 'ada'): NewChange => ({
  key,
  account,
  place: 'bakery',
  queuedAt: 1_769_600_000_000,
  wish: { what: 'clear_days' },
  trouble: null,
});

let open: OpenDb;
beforeEach(async () => {
  open = lazyDb();
  storageTrouble.set(null);
  return async () => {
    await open().then(
      (db) => db.close(),
      () => undefined,
    );
    await deleteDB('jambench');
  };
});

/** Remembers this much of the backend. */
async function remember(bytes: number): Promise<void> {
  const db = await open();
  const part = { text: 'x'.repeat(bytes / 8) } as unknown as Insights;
  for (let i = 0; i < 8; i += 1) await db.put('insights', part, ['ada', 'bakery', `day ${i}`]);
}

/**
 * A disk on which nothing can be written any more, unless something is cleared. Chromium's protocol
 * overrides the quota, but IndexedDB does not mind it, and no test fills a disk: so the browser's
 * answer is made here, and everything behind it is real.
 */
function fillDisk({ clearingHelps }: { clearingHelps: boolean }): void {
  let isFull = true;
  const { add, put, clear } = IDBObjectStore.prototype;
  const refuse = () => {
    if (isFull) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  };
  const store = IDBObjectStore.prototype;
  vi.spyOn(store, 'add').mockImplementation(function (this: IDBObjectStore, ...row) {
    refuse();
    return add.apply(this, row);
  });
  vi.spyOn(store, 'put').mockImplementation(function (this: IDBObjectStore, ...row) {
    refuse();
    return put.apply(this, row);
  });
  vi.spyOn(store, 'clear').mockImplementation(function (this: IDBObjectStore) {
    isFull &&= !clearingHelps;
    return clear.apply(this);
  });
  onTestFinished(() => void vi.restoreAllMocks());
}

/** As when the device runs out of space, or somebody clears the site's data. */
const evict = () =>
  chromium.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });

test('a full disk: what is remembered gives way to what must be kept, and is said', async () => {
  await remember(MB);
  fillDisk({ clearingHelps: true });
  const outbox = new IdbOutbox(open);
  await outbox.add(REGISTRATION);
  expect((await outbox.list()).map(({ request }) => request)).toEqual([REGISTRATION]);
  expect(await (await open()).count('insights')).toBe(0);
  expect(storageTrouble.value).toBe('gave_way');
});

test('a full disk and nothing that could give way: the outbox says so', async () => {
  fillDisk({ clearingHelps: false });
  const outbox = new IdbOutbox(open);
  const failure = await outbox.add(REGISTRATION).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AppError);
  expect(failure).toMatchObject({
    code: 'storage_full',
    hint: expect.stringContaining('Free some space'),
  });
  expect(storageTrouble.value).toBe('unkept');
  await expect(new IdbChanges(open).add(change('a'))).rejects.toThrow();
});

test('a full disk: a cache that cannot write costs nothing but a word', async () => {
  await open();
  fillDisk({ clearingHelps: false });
  const cache = new IdbInsightsCache(open);
  await cache.putLocations('ada', [
    { id: 'bakery', name: 'x'.repeat(MB), time_zone: 'Europe/Berlin' },
  ]);
  expect(await cache.locations('ada')).toBeNull();
  expect(storageTrouble.value).toBe('full');
});

test('the database is taken away under the page: what waited is put back', async () => {
  const [outbox, changes] = [new IdbOutbox(open), new IdbChanges(open)];
  await outbox.add(REGISTRATION);
  await changes.add(change('first'));
  const sent = await changes.add(change('second'));
  await changes.remove(sent.id);
  await remember(MB);
  await evict();
  await expect.poll(() => changes.list('ada').catch(() => [])).toHaveLength(1);
  expect((await changes.list('ada'))[0]).toMatchObject({ key: 'first', id: 2 });
  expect((await outbox.list()).map(({ request }) => request)).toEqual([REGISTRATION]);
  expect(await (await open()).count('insights')).toBe(0);
  expect(storageTrouble.value).toBe('removed');
  // what comes after has a number of its own
  expect((await changes.add(change('third'))).id).toBeGreaterThan(2);
});

test('what was taken out, or is not this person’s, is not put back', async () => {
  const changes = new IdbChanges(open);
  await changes.add(change('of ada'));
  await changes.add(change('of bob', 'bob'));
  await changes.keepOnly('bob');
  await evict();
  await expect.poll(() => changes.list('bob').catch(() => [])).toHaveLength(1);
  expect(await changes.list('ada')).toEqual([]);
});

test('a first visit is no loss', async () => {
  await new IdbOutbox(open).list();
  expect(storageTrouble.value).toBeNull();
});

test('another tab does not let go: said with what to do, mended when it does', async () => {
  // an older version that hears nobody
  const holder = await openDB('jambench', 1);
  onTestFinished(() => holder.close());
  const failure = await open().catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'unavailable',
    hint: 'Close the other tabs of JamBench, then reload this one.',
  });
  expect(storageTrouble.value).toBe('blocked');
  holder.close();
  await vi.waitFor(async () => expect((await open()).version).toBe(DB_VERSION));
  expect(storageTrouble.value).toBeNull();
});

test('this page lets go at once when another tab wants to upgrade', async () => {
  await open();
  const newer = openDB('jambench', DB_VERSION + 1, {
    blocked: () => {
      throw new Error('it was in the way');
    },
  });
  (await newer).close();
  const failure = await open().catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: 'A newer JamBench has been in use in this browser.' });
});
