/** Ids taken along in the browser's own store: given once, over tabs, reloads and lost answers. */
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Reservations } from '../../shared/contracts/provisioning.ts';
import { AppError } from '../../shared/errors.ts';
import { ReservedIds, type ReservedParts } from '../app/reserved-ids.ts';
import { TestOutbox } from '../app/testing/backend.ts';
import { lazyDb, type OpenDb } from './db.ts';
import { IdbReserved } from './reserved.ts';

const NOW = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;
let open: OpenDb;
let now: number;
beforeEach(() => {
  open = lazyDb();
  now = NOW;
});
afterEach(async () => {
  (await open()).close();
  await deleteDB('jambench');
});

/** A backend of one person's ids: what it holds for each browser, and what is a unit by now. */
class Holding {
  readonly held = new Map<string, string[]>();
  readonly units = new Set<string>();
  /** Does the work and loses the answer. */
  isLossy = false;
  #next = 1;

  takeAlong = async (holder: string, count: number): Promise<Reservations> => {
    const own = (this.held.get(holder) ?? []).filter((id) => !this.units.has(id));
    while (own.length < count) own.push(`JBNB${String(this.#next++).padStart(4, '0')}`);
    this.held.set(holder, own);
    if (this.isLossy) throw new AppError('unavailable', 'Lost.');
    const expires_at = new Date(now + 14 * DAY_MS).toISOString();
    return { reservations: own.map((device_id) => ({ device_id, expires_at, holder })) };
  };

  giveBack = async (ids: readonly string[]): Promise<Reservations> => {
    for (const [holder, own] of this.held)
      this.held.set(
        holder,
        own.filter((id) => !ids.includes(id)),
      );
    return { reservations: [] };
  };
}

const offline = async (): Promise<string> => {
  throw new AppError('unavailable', 'Away.');
};
let made = 0;

function tab(portal: Holding, more: Partial<ReservedParts> = {}, at = open) {
  const outbox = new TestOutbox();
  const ids = new ReservedIds({
    ...{ store: new IdbReserved(at), portal, outbox, account: () => 'id-ines' },
    now: () => now,
    newHolder: () => `browser-${made++}`,
    reserveOne: offline,
    ...more,
  });
  return { ids, outbox };
}

test('two tabs that take at once never take the same, and a reload takes none again', async () => {
  const portal = new Holding();
  const one = tab(portal).ids;
  await one.topUp(8);
  const otherOpen = lazyDb();
  const other = tab(portal, {}, otherOpen).ids;
  const taken = await Promise.all([1, 2, 3].flatMap(() => [one.next(), other.next()]));
  expect(new Set(taken).size).toBe(6);
  (await otherOpen()).close();
  (await open()).close();
  open = lazyDb();
  const after = tab(portal).ids;
  const rest = [await after.next(), await after.next()];
  expect(new Set([...taken, ...rest]).size).toBe(8);
  await expect(after.next()).rejects.toMatchObject({
    code: 'unavailable',
    message: 'No id is left that this device has taken along.',
  });
});

test('a lost answer costs no id: the browser asks by the same name again', async () => {
  const portal = new Holding();
  const { ids } = tab(portal);
  portal.isLossy = true;
  await expect(ids.topUp(5)).rejects.toMatchObject({ code: 'unavailable' });
  expect((await ids.left()).left).toBe(0);
  portal.isLossy = false;
  await tab(portal).ids.topUp(5);
  expect([...portal.held.values()].flat()).toHaveLength(5);
  expect((await ids.left()).left).toBe(5);
});

test('what units have is filled up and not given again, before and after it is sent', async () => {
  const portal = new Holding();
  const { ids, outbox } = tab(portal);
  await ids.topUp(3);
  const first = await ids.next();
  await outbox.add({
    device_id: first,
    token_sha256: 'a'.repeat(64),
    mac: '02:4A:42:00:00:01',
    firmware: '6',
  });
  now += 2 * DAY_MS; // longer than a preparation takes
  await ids.topUp(3);
  expect(await ids.left()).toEqual({ left: 3, until: now + 14 * DAY_MS, next: 'JBNB0002' });
  expect(await ids.next()).not.toBe(first);
  portal.units.add(first);
  await outbox.remove((await outbox.list())[0]?.id ?? 0);
  await ids.topUp(3);
  expect([await ids.next(), await ids.next(), await ids.next()]).not.toContain(first);
});

test('of a preparation that led to nothing the id is free a day later', async () => {
  const portal = new Holding();
  const { ids } = tab(portal);
  await ids.topUp(2);
  const first = await ids.next();
  await ids.topUp(2);
  expect(await ids.next()).not.toBe(first);
  now += DAY_MS;
  await ids.topUp(2);
  expect(await ids.next()).toBe(first);
});

test('an id that somebody typed is not given to the next unit', async () => {
  const portal = new Holding();
  const { ids } = tab(portal);
  await ids.topUp(3);
  await ids.use('JBNB0001');
  expect(await ids.next()).toBe('JBNB0002');
});

test('ended ones are not given; given back, they are gone here and there', async () => {
  const portal = new Holding();
  const { ids } = tab(portal);
  await ids.topUp(3);
  now += 14 * DAY_MS;
  expect((await ids.left()).left).toBe(0);
  await expect(ids.next()).rejects.toMatchObject({ code: 'unavailable' });
  await ids.topUp(3);
  expect((await ids.left()).left).toBe(3);
  await ids.giveBack();
  expect((await ids.left()).left).toBe(0);
  expect([...portal.held.values()].flat()).toEqual([]);
});

test('whoever signs in next on this browser has none of them', async () => {
  const portal = new Holding();
  await tab(portal).ids.topUp(3);
  const reserveOne = async () => 'JBNB0099';
  const { ids } = tab(portal, { account: () => 'id-otto', reserveOne });
  expect((await ids.left()).left).toBe(0);
  expect(await ids.next()).toBe('JBNB0099');
});

test('a database of the version before gets its store; what waits in it stays', async () => {
  const before = await openDB('jambench', 3, {
    upgrade(db) {
      for (const name of ['insights', 'locations', 'answers']) db.createObjectStore(name);
      db.createObjectStore('outbox', { keyPath: 'id', autoIncrement: true });
      db.createObjectStore('log', { keyPath: ['account', 'number'] });
    },
  });
  await before.add('outbox', { queuedAt: 5, refused: null, request: {} });
  before.close();
  await tab(new Holding()).ids.topUp(1);
  const db = await open();
  expect(await db.count('outbox')).toBe(1);
  expect(await db.count('reserved')).toBe(2); // the id, and the browser's name
});
