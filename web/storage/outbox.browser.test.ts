/** The outbox on a real IndexedDB: what an earlier version left, both kinds in one order, whose. */
import { beforeEach, expect, test } from 'vitest';
import type { NewChange } from '../app/changes.ts';
import { IdbAnswers } from './answers.ts';
import { IdbChanges } from './changes.ts';
import { lazyDb } from './db.ts';
import { SessionDrafts } from './drafts.ts';
import { IdbInsightsCache } from './insights-cache.ts';
import { IdbOutbox } from './outbox.ts';

const ended = (request: IDBRequest) =>
  new Promise<void>((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });

beforeEach(() => ended(indexedDB.deleteDatabase('jambench')));

const request = (device_id: string) => {
  return { device_id, token_sha256: 'a'.repeat(64), mac: '02:4A:42:00:00:01', firmware: '6.0.0' };
};
const change = (account: string, text: string): NewChange => {
  const said = { sales: null, takings: null, note: text };
  const seen = { ...said, note: null };
  const wish = { what: 'shop_day', day: '2026-11-20', said, seen } as const;
  return { key: crypto.randomUUID(), account, place: 'hafen', queuedAt: 1, wish, trouble: null };
};

async function parts() {
  const open = lazyDb();
  const changes = new IdbChanges(open);
  return {
    open,
    changes,
    registrations: new IdbOutbox(open),
    close: async () => (await open()).close(),
  };
}

/** As the first version made it, with a registration that waits and one that was refused. */
async function firstVersion(): Promise<void> {
  const opening = indexedDB.open('jambench', 1);
  opening.onupgradeneeded = () => {
    const db = opening.result;
    db.createObjectStore('insights');
    db.createObjectStore('locations');
    const outbox = db.createObjectStore('outbox', { keyPath: 'id', autoIncrement: true });
    outbox.add({ queuedAt: 5, request: request('JBNB0001'), refused: null });
    outbox.add({ queuedAt: 6, request: request('JBNB0002'), refused: 'Not yours.' });
  };
  await ended(opening);
  opening.result.close();
}

test('registrations of the first version go on waiting, before every change', async () => {
  await firstVersion();
  const { registrations, changes, close } = await parts();
  expect(await registrations.list()).toMatchObject([
    { id: 1, queuedAt: 5, request: { device_id: 'JBNB0001' }, refused: null },
    { id: 2, queuedAt: 6, request: { device_id: 'JBNB0002' }, refused: 'Not yours.' },
  ]);
  expect(await changes.add(change('id-olga', 'Rain'))).toMatchObject({ id: 3 });
  await registrations.add(request('JBNB0001'));
  const ids = [...(await registrations.list()), ...(await changes.list('id-olga'))];
  expect(ids.map(({ id }) => id)).toEqual([2, 4, 3]);
  await registrations.refuse(3, 'is no registration');
  expect(await changes.list('id-olga')).toMatchObject([{ trouble: null }]);
  await close();
});

test('a change is there after the page was closed, with its key and its trouble', async () => {
  const first = await parts();
  const made = await first.changes.add(change('id-olga', 'Rain'));
  const present = { sales: 1, takings: null, note: null };
  await first.changes.put({ ...made, trouble: { kind: 'conflict', present } });
  await first.close();
  const next = await parts();
  expect(await next.changes.list('id-olga')).toEqual([
    { ...made, trouble: { kind: 'conflict', present } },
  ]);
  await next.changes.remove(made.id);
  // what has left stays away, whoever still holds it
  await next.changes.put(made);
  expect(await next.changes.list('id-olga')).toEqual([]);
  await next.close();
});

test('one person’s are not another’s; whoever comes next leaves only the own ones', async () => {
  const { changes, registrations, close } = await parts();
  await changes.add(change('id-olga', 'Olga’s'));
  await changes.add(change('id-otto', 'Otto’s'));
  await registrations.add(request('JBNB0001'));
  expect(await changes.list('id-otto')).toMatchObject([{ wish: { said: { note: 'Otto’s' } } }]);
  await changes.keepOnly('id-otto');
  expect([await changes.count(), (await changes.list('id-olga')).length]).toEqual([1, 0]);
  await changes.keepOnly(null);
  expect([await changes.count(), (await registrations.list()).length]).toEqual([0, 1]);
  await close();
});

test('a row that no version wrote is left alone', async () => {
  const { open, changes, registrations, close } = await parts();
  const db = await open();
  await db.add('outbox', { kind: 'change', account: 'id-olga', wish: { what: 'dance' } } as never);
  await db.add('outbox', { queuedAt: 'x' } as never);
  expect([await changes.list('id-olga'), await registrations.list()]).toEqual([[], []]);
  expect(await db.count('outbox')).toBe(2);
  await close();
});

test('answers are one person’s, with when they were given; signing out takes them', async () => {
  const { open, close } = await parts();
  let account: string | null = 'id-olga';
  const answers = new IdbAnswers(
    open,
    () => account,
    () => 42,
  );
  const schema = (await import('../../shared/contracts/opening-hours.ts')).OpeningHours;
  await answers.put('hours', { opening_hours: [] });
  await answers.put('odd', { opening_hours: 'no' });
  expect(await answers.get('hours', schema)).toEqual({ answer: { opening_hours: [] }, at: 42 });
  expect(await answers.get('odd', schema)).toBeNull();
  account = 'id-otto';
  expect(await answers.get('hours', schema)).toBeNull();
  await new IdbInsightsCache(open).wipe();
  account = 'id-olga';
  expect(await answers.get('hours', schema)).toBeNull();
  await close();
});

test('drafts are for whoever typed them, and gone when somebody else is here', () => {
  let account: string | null = 'id-olga';
  const drafts = new SessionDrafts(sessionStorage, () => account);
  drafts.write('hafen day', 'Half a sen');
  account = null; // the session has ended
  expect(drafts.read('hafen day')).toBeNull();
  drafts.write('hafen day', 'nobody’s');
  account = 'id-olga';
  expect(drafts.read('hafen day')).toBe('Half a sen');
  account = 'id-otto';
  expect(drafts.read('hafen day')).toBeNull();
  drafts.keepOnly('id-otto');
  account = 'id-olga';
  expect(drafts.read('hafen day')).toBeNull();
  drafts.write('hafen day', 'Again');
  drafts.forget('hafen day');
  expect(drafts.read('hafen day')).toBeNull();
  sessionStorage.clear();
});
