/** Copies of contacts in the registry: all that it lacks gets there, and nothing twice. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Contact, noContact } from './contact.ts';
import { type ContactCopies, copyContacts, silenceByCopies } from './contact-copies.ts';
import type { ContactCopy, ContactedUnit } from './contact-queries.ts';
import type { SilenceStore } from './silence.ts';
import { fakeContacts, idOf } from './testing/shard-fakes.ts';

const NOW_S = 1_795_000_000;
const HOUR_S = 3600;

/** A registry by its rules: of an older token, or older than the copy, changes nothing. */
class Copies implements ContactCopies {
  readonly rows = new Map<string, ContactCopy>();
  written = 0;
  failing = 0;

  async of(ids: readonly string[]): Promise<ContactCopy[]> {
    return ids.flatMap((id) => this.rows.get(id) ?? []);
  }

  async put(contacts: readonly Contact[]): Promise<void> {
    if (this.failing > 0) {
      this.failing -= 1;
      throw new Error('not written');
    }
    for (const one of contacts) {
      const before = this.rows.get(one.device_id);
      if (before && before.generation > one.generation) continue;
      if (before && Number(before.last_seen_s) > Number(one.last_seen_s)) continue;
      this.rows.set(one.device_id, one);
      this.written += 1;
    }
  }
}

const unitOf = (n: number, seenS: number | null, generation = 0): ContactedUnit => ({
  facts: { device_id: idOf(n), status: 'active', interval_s: 300 },
  contact: { ...noContact(generation), first_reading_s: seenS && 1, last_reading_s: seenS },
});

describe('copies', () => {
  test('of units that were heard are written once, some at a time', async () => {
    const all = Array.from({ length: 1203 }, (_, n) => unitOf(n, n % 10 === 0 ? null : NOW_S - 9));
    const copies = new Copies();
    const contacts = fakeContacts([all.slice(0, 600), all.slice(600)]);
    expect(await copyContacts(contacts, copies, NOW_S)).toBe(1203 - 121);
    expect(copies.rows.size).toBe(1203 - 121);
    expect(await copyContacts(contacts, copies, NOW_S)).toBe(0);
  });

  test('of a shard that began anew are compared with the registry’s', async () => {
    const all = [unitOf(1, NOW_S - 9), unitOf(2, NOW_S - 3 * HOUR_S)];
    const copies = new Copies();
    await copyContacts(fakeContacts([all]), copies, NOW_S);
    expect(await copyContacts(fakeContacts([all]), copies, NOW_S)).toBe(0);
    expect(copies.written).toBe(2);
  });

  test.each([
    ['heard a minute later', 60, 60, 0],
    ['heard six hours later', 6 * HOUR_S, 6 * HOUR_S, 1],
    ['heard a second less later', 6 * HOUR_S - 1, 6 * HOUR_S - 1, 0],
    ['heard a minute later and quiet for two hours', 60, 60 + 2 * HOUR_S, 1],
    ['heard a minute later and quiet for a second less', 60, 59 + 2 * HOUR_S, 0],
    ['not heard again for a day', 0, 24 * HOUR_S, 0],
  ])('%s: written %i', async (_, heardS, laterS, written) => {
    const copies = new Copies();
    const units = [unitOf(1, NOW_S)];
    const contacts = fakeContacts([units]);
    await copyContacts(contacts, copies, NOW_S);
    units[0] = unitOf(1, NOW_S + heardS);
    // It is given its units anew: what it offered it forgot.
    expect(await copyContacts(fakeContacts([units]), copies, NOW_S + laterS)).toBe(written);
  });

  test('are exact once a unit is quiet, though its shard began anew meanwhile', async () => {
    const copies = new Copies();
    await copyContacts(fakeContacts([[unitOf(1, NOW_S)]]), copies, NOW_S);
    // Not worth a write yet; what the registry really has is remembered, not what was offered.
    const anew = fakeContacts([[unitOf(1, NOW_S + HOUR_S)]]);
    expect(await copyContacts(anew, copies, NOW_S + HOUR_S)).toBe(0);
    expect(await copyContacts(anew, copies, NOW_S + 3 * HOUR_S)).toBe(1);
    expect(copies.rows.get(idOf(1))?.last_seen_s).toBe(NOW_S + HOUR_S);
  });

  test('that the registry refuses, as it knows a newer token, do not come for ever', async () => {
    const copies = new Copies();
    await copyContacts(fakeContacts([[unitOf(1, NOW_S, 2)]]), copies, NOW_S);
    const contacts = fakeContacts([[unitOf(1, NOW_S - 5, 1)]]);
    await copyContacts(contacts, copies, NOW_S);
    expect(copies.rows.get(idOf(1))?.generation).toBe(2);
    expect(await copyContacts(contacts, copies, NOW_S)).toBe(0);
  });

  test('that failed come again, whenever it failed', async () => {
    const seen = fc.array(fc.option(fc.integer({ min: 1, max: 90_000 })), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(seen, fc.nat(3), async (all, failing) => {
        const units = all.map((agoS, n) => unitOf(n, agoS && NOW_S - agoS));
        const [contacts, copies] = [fakeContacts([units]), new Copies()];
        copies.failing = failing;
        for (let run = 0; run <= failing; run += 1) {
          await copyContacts(contacts, copies, NOW_S).catch(() => {});
        }
        const heard = units.filter(({ contact }) => contact.last_reading_s !== null);
        expect([...copies.rows.values()].map((c) => [c.device_id, c.last_seen_s])).toEqual(
          heard.map((u) => [u.facts.device_id, u.contact.last_reading_s]),
        );
      }),
    );
  });

  test('a shard that always has more ends with a failure, not never', async () => {
    const contacts = { news: async () => [{ device_id: 'x' } as Contact], copied: async () => {} };
    const run = copyContacts(contacts, new Copies(), NOW_S);
    await expect(run).rejects.toMatchObject({ code: 'unavailable' });
  });
});

test('nobody is said to be silent where copies cannot be had', async () => {
  const reviewed: number[][] = [];
  const review = async (...given: number[]) => {
    reviewed.push(given);
    return [];
  };
  const silence = { review, other: 1 } as unknown as SilenceStore;
  const failing = silenceByCopies(silence, () => Promise.reject(new Error('no shard')));
  await expect(failing.review(5, NOW_S)).rejects.toThrow('no shard');
  expect(reviewed).toEqual([]);
  const copied: number[] = [];
  const good = silenceByCopies(silence, async (nowS) => copied.push(nowS));
  await good.review(5, NOW_S);
  expect([reviewed, copied]).toEqual([[[5, NOW_S]], [NOW_S]]);
  expect(good).toHaveProperty('other', 1);
});
