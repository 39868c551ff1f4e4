/** Copies of contacts where something fails, never ends, or is there already. */
import { expect, test } from 'vitest';
import { type Contact, contactOf, noContact } from './contact.ts';
import { copyContacts, silenceByCopies } from './contact-copies.ts';
import type { ContactCopy } from './contact-queries.ts';
import type { SilenceStore } from './silence.ts';
import { idOf } from './testing/shard-fakes.ts';

const NOW_S = 1_795_000_000;

const heard = (n: number, atS: number): Contact =>
  contactOf(idOf(n), { ...noContact(0), first_reading_s: 1000, last_reading_s: atS }, null);

/** Shards that offer each of the lists once, and a registry that has some. */
function scene(rounds: readonly (readonly Contact[])[], has: readonly ContactCopy[] = []) {
  const left = rounds.map((one) => [...one]);
  const log: string[] = [];
  const copied: ContactCopy[] = [];
  const written: Contact[] = [];
  return {
    ...{ log, copied, written },
    contacts: {
      news: async (_nowS: number, limit: number) => {
        log.push(`news ${limit}`);
        return left.shift() ?? [];
      },
      copied: async (some: readonly ContactCopy[]) => {
        log.push('copied');
        copied.push(...some);
      },
    },
    copies: {
      of: async (ids: readonly string[]) => has.filter(({ device_id }) => ids.includes(device_id)),
      put: async (some: readonly Contact[]) => {
        log.push('put');
        written.push(...some);
      },
    },
  };
}

test('what the registry lacks is written, and shards hear what it has', async () => {
  const old = heard(1, NOW_S - 7 * 3600);
  const fresh = heard(2, NOW_S - 60);
  const [first, second] = [heard(1, NOW_S - 10), heard(2, NOW_S - 10)];
  const { contacts, copies, written, copied } = scene([[first, second]], [old, fresh]);
  expect(await copyContacts(contacts, copies, NOW_S)).toBe(1);
  expect(written).toEqual([first]);
  // Of the second one it has a word of a minute before: no news until that is old.
  expect(copied).toEqual([first, fresh]);
});

test('where everything is there already nothing is put, and the round still ends', async () => {
  const known = heard(1, NOW_S - 10);
  const { contacts, copies, log } = scene([[known]], [known]);
  expect(await copyContacts(contacts, copies, NOW_S)).toBe(0);
  expect(log).toEqual(['news 500', 'copied', 'news 500']);
});

test('rounds add up', async () => {
  const rounds = [[heard(1, NOW_S), heard(2, NOW_S)], [heard(3, NOW_S)]];
  const { contacts, copies, written } = scene(rounds);
  expect(await copyContacts(contacts, copies, NOW_S)).toBe(3);
  expect(written.map(({ device_id }) => device_id)).toEqual([1, 2, 3].map(idOf));
});

test('what could not be written shards are not told of, so they offer it again', async () => {
  const { contacts, copies, log } = scene([[heard(1, NOW_S)]]);
  const put = async () => {
    throw new Error('the registry is away');
  };
  const copying = copyContacts(contacts, { ...copies, put }, NOW_S);
  await expect(copying).rejects.toThrow('is away');
  expect(log).not.toContain('copied');
});

test('shards that do not come to an end are a failure, not a loop', async () => {
  let rounds = 0;
  const { contacts, copies } = scene([]);
  const news = async () => {
    rounds += 1;
    return [heard(1, NOW_S)];
  };
  const copying = copyContacts({ ...contacts, news }, copies, NOW_S);
  await expect(copying).rejects.toMatchObject({ code: 'unavailable' });
  expect(rounds).toBe(500);
});

test('the review comes after the copies, and not at all without them', async () => {
  const calls: unknown[] = [];
  const store = {
    review: async (...moments: number[]) => {
      calls.push(['review', ...moments]);
      return 'reviewed';
    },
    other: 'as it was',
  };
  const copy = async (nowS: number) => void calls.push(['copy', nowS]);
  const silence = silenceByCopies(store as unknown as SilenceStore, copy);
  expect(await silence.review(3, 7)).toBe('reviewed');
  expect(calls).toEqual([
    ['copy', 7],
    ['review', 3, 7],
  ]);
  expect(silence).toMatchObject({ other: 'as it was' });
  const failing = silenceByCopies(store as unknown as SilenceStore, async () => {
    throw new Error('a shard does not answer');
  });
  await expect(failing.review(3, 7)).rejects.toThrow('does not answer');
  expect(calls).toHaveLength(2);
});
