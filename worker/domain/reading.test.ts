/**
 * A reading and a batch on their way to a store: what the store is asked for, what a unit hears,
 * and that a stranger hears nothing. Stores themselves are tested in d1 and shard.
 */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Reading } from '../../shared/contracts/reading.ts';
import type { ReadingBatch } from '../../shared/contracts/reading-batch.ts';
import { AppError } from '../../shared/errors.ts';
import type { PendingCommand } from './command.ts';
import type { Credential, UnitFacts } from './credential.ts';
import {
  entryOf,
  type IngestOutcome,
  type ReadingEntry,
  type ReadingStore,
  takeReading,
} from './reading.ts';
import { requestsOf, takeBatch } from './reading-batch.ts';

const ID = 'JBNB0001';
const HASH = 'a'.repeat(64);
const NOW_MS = Date.UTC(2026, 0, 28, 12);
const NOW_S = NOW_MS / 1000;
const FACTS: UnitFacts = { token_sha256: HASH, status: 'active', config_version: 7, floods: 0 };
const HOLDER: Credential = { device_id: ID, token_sha256: HASH };
const STRANGER: Credential = { device_id: ID, token_sha256: 'b'.repeat(64) };
const COMMAND: PendingCommand = { id: '0a1b2c3d', name: 'send_now' };

/** One unit's store: what it was asked, what it answers, and which variants it has. */
interface Stage {
  facts: UnitFacts | null;
  command: PendingCommand | null;
  /** What a store that counts says of each entry; undefined of one that does not count. */
  floods: (boolean | undefined)[];
  known: Set<string>;
  calls: string[];
  taken: ReadingEntry[];
}
let stage: Stage;
beforeEach(() => {
  stage = { facts: FACTS, command: null, floods: [], known: new Set(), calls: [], taken: [] };
});

/** Like the real ones it writes nothing unless the credential is right. */
const isHolder = (credential: Credential) =>
  stage.facts?.token_sha256 === credential.token_sha256 && stage.facts.status !== 'inactive';
function outcomeOf(entry: ReadingEntry, credential: Credential, nth: number): IngestOutcome {
  const isIn = isHolder(credential);
  const stored = isIn && !stage.known.has(entry.variant);
  if (isIn) {
    stage.known.add(entry.variant);
    stage.taken.push(entry);
  }
  const floods = stage.floods[nth];
  return {
    ...{ device: stage.facts, stored, command: isIn ? stage.command : null },
    ...(floods === undefined ? {} : { floods }),
  };
}
const store: ReadingStore = {
  async facts() {
    stage.calls.push('facts');
    return stage.facts;
  },
  async ingest(entry, credential) {
    stage.calls.push('ingest');
    return outcomeOf(entry, credential, 0);
  },
  async ingestAll(entries, credential) {
    stage.calls.push('ingestAll');
    return entries.map((entry, nth) => outcomeOf(entry, credential, nth));
  },
};
const reading = (more: Partial<Reading> = {}): Reading => ({
  ...{ d: ID, t: NOW_S - 300, ts: 1 as const, seq: 1, i: 9, u: 4, ...more },
});
const TOO_OLD = reading({ t: NOW_S - 30 * 86_400 - 1, seq: 90 });
const take = (one = reading(), who = HOLDER) => takeReading(store, one, who, NOW_MS);

describe('a reading', () => {
  test.each<[string, UnitFacts | null, Credential]>([
    ['an unknown unit', null, HOLDER],
    ['a wrong token', FACTS, STRANGER],
    ['a unit out of service', { ...FACTS, status: 'inactive' }, HOLDER],
    ['a unit that never had a token', { ...FACTS, token_sha256: '' }, STRANGER],
  ])('of %s: the same words, whatever is wrong with it', async (_of, facts, who) => {
    Object.assign(stage, { facts, command: COMMAND });
    for (const one of [reading(), TOO_OLD, reading({ t: NOW_S + 601 })]) {
      await expect(take(one, who)).rejects.toMatchObject({
        ...{ code: 'unauthenticated', message: 'unknown unit or wrong token' },
      });
    }
    // one round trip each, and nothing but a look where the reading can never be stored
    expect(stage.calls).toEqual(['ingest', 'facts', 'facts']);
    expect(stage.taken).toEqual([]);
  });

  test('that is impossible is told to its own unit, which stores nothing', async () => {
    await expect(take(TOO_OLD)).rejects.toMatchObject({
      ...{ code: 'invalid', message: 't: is older than 30 days' },
    });
    expect(stage.calls).toEqual(['facts']);
  });

  test('whose look fails is neither refused nor told: it comes again', async () => {
    const broken = { ...store, facts: () => Promise.reject(new Error('lost')) };
    await expect(takeReading(broken, TOO_OLD, HOLDER, NOW_MS)).rejects.toThrow('lost');
  });

  // the edges of the device API, to the second
  test.each([
    [NOW_S + 600, 'ok'],
    [NOW_S + 601, 't: is more than 10 minutes in the future'],
    [NOW_S - 30 * 86_400, 'ok'],
    [NOW_S - 30 * 86_400 - 1, 't: is older than 30 days'],
    [0, 't: is older than 30 days'],
  ])('that begins at %i: %s', async (t, expected) => {
    const said = await take(reading({ t })).then(
      ({ answer }) => answer.status,
      (failure: AppError) => failure.message,
    );
    expect(said).toBe(expected);
    expect(stage.taken).toHaveLength(expected === 'ok' ? 1 : 0);
  });

  test('again gets the answer of the first time, with a note', async () => {
    const first = (await take()).answer;
    const again = (await take()).answer;
    expect(first).toEqual({ status: 'ok', config_version: 7 });
    expect(again).toEqual({ ...first, note: 'duplicate_ignored' });
  });

  test.each<[Partial<Reading>, boolean, object]>([
    [{ seq: 0 }, true, { command: 'send_now', command_id: COMMAND.id }],
    [{ seq: undefined, fw: '6.0.0' }, true, { command: 'send_now', command_id: COMMAND.id }],
    [{ seq: undefined, fw: '10.2' }, true, { command: 'send_now', command_id: COMMAND.id }],
    [{ seq: undefined, fw: '5.9.9' }, false, { command: 'send_now' }],
    [{ seq: undefined, fw: 'v6' }, false, { command: 'send_now' }],
    [{ seq: undefined, fw: '' }, false, { command: 'send_now' }],
    [{ seq: undefined }, false, { command: 'send_now' }],
  ])('of %j: acknowledges %s, and gets its command so', async (more, acknowledges, fields) => {
    stage.command = COMMAND;
    const { answer } = await take(reading(more));
    expect(answer).toEqual({ status: 'ok', config_version: 7, ...fields });
    expect(stage.taken[0]?.acknowledges).toBe(acknowledges);
  });

  test.each([true, false, undefined])('floods as its store says: %s', async (floods) => {
    stage.floods = [floods];
    const taken = await take();
    expect([taken.floods, taken.device]).toEqual([floods, FACTS]);
  });

  test('as its store gets it has when it came and which one it is', () => {
    const one = reading({ i: 3, u: 4, dwell_0_1: 2 });
    expect(entryOf(one, NOW_MS + 999)).toMatchObject({
      ...{ reading: one, received_ms: NOW_MS + 999, acknowledges: true, variant: 's1' },
      ...{ period_start_s: NOW_S - 300, exact_start_s: NOW_S - 300, may_be_off_s: null },
    });
    expect(entryOf(one, NOW_MS)).not.toHaveProperty('requests');
  });
});

describe('a batch', () => {
  const nth = (n: number) => reading({ seq: n, t: NOW_S - 3600 + n * 300 });
  const batchOf = (...rows: ReadingBatch['rows']): ReadingBatch => ({ d: ID, rows });
  const takeAll = (batch: ReadingBatch, who = HOLDER) => takeBatch(store, batch, who, NOW_MS);

  test.each([
    [1, 1],
    [4, 1],
    [5, 2],
    [8, 2],
    [9, 3],
    [12, 3],
  ])('of %i counts as %i requests', (n, requests) => {
    expect(requestsOf({ rows: Array.from({ length: n }, () => 'seq: is missing') })).toBe(requests);
  });

  test('has a letter for each row in order, whatever became of which', async () => {
    const kinds = fc.array(fc.constantFrom('new', 'known', 'bad', 'old'), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(kinds, async (rows) => {
        fc.pre(rows.some((kind) => kind === 'new' || kind === 'known'));
        const known = rows.flatMap((kind, n) => (kind === 'known' ? [`s${n}`] : []));
        Object.assign(stage, { known: new Set(known), taken: [], calls: [] });
        const sent = rows.map((kind, n) => {
          if (kind === 'bad') return `u: must not be negative (${n})`;
          return kind === 'old' ? { ...TOO_OLD, seq: n } : nth(n);
        });
        const { answer, refused } = await takeAll(batchOf(...sent));
        const letters = { new: 's', known: 'k', bad: 'r', old: 'r' } as const;
        expect(answer.outcomes).toBe(rows.map((kind) => letters[kind]).join(''));
        expect(refused).toEqual(
          rows.flatMap((kind, n) => {
            if (kind === 'bad') return [`u: must not be negative (${n})`];
            return kind === 'old' ? ['t: is older than 30 days'] : [];
          }),
        );
        // all in one trip; the requests of all rows are counted once, refused ones included
        expect(stage.calls).toEqual(['ingestAll']);
        const requests = stage.taken.map((entry) => entry.requests);
        expect(requests[0]).toBe(Math.ceil(rows.length / 4));
        expect(requests.slice(1).every((n) => n === 0)).toBe(true);
      }),
    );
  });

  test('settles its command once, by the first row that can be taken', async () => {
    await takeAll({ ...batchOf('u: is missing', TOO_OLD, nth(2), nth(3)), ack: COMMAND.id });
    expect(stage.taken.map(({ reading: { ack } }) => ack)).toEqual([COMMAND.id, undefined]);
    expect(stage.taken.map(({ variant }) => variant)).toEqual(['s2', 's3']);
  });

  test('names what waits with its id, and no note', async () => {
    stage.command = COMMAND;
    stage.known.add('s1');
    expect((await takeAll(batchOf(nth(1), nth(2)))).answer).toEqual({
      ...{ status: 'ok', config_version: 7, outcomes: 'ks' },
      ...{ command: 'send_now', command_id: COMMAND.id },
    });
  });

  test('has the same identities as its readings alone', async () => {
    await takeAll(batchOf(nth(1), nth(2), nth(3)));
    const together = stage.taken.map(({ variant, period_start_s }) => [variant, period_start_s]);
    const alone = [1, 2, 3].map((n) => entryOf(nth(n), NOW_MS));
    expect(together).toEqual(alone.map((one) => [one.variant, one.period_start_s]));
  });

  test.each<[string, ReadingBatch['rows'], string]>([
    ['rows that cannot be read', ['i: is missing', 'u: is missing'], 'i: is missing'],
    ['readings out of time', [TOO_OLD, 'i: is missing'], 't: is older than 30 days'],
    ['no rows', [], 'r: must have a reading'],
  ])(
    'of nothing but %s is refused with the first reason, to its unit alone',
    async (_name, rows, message) => {
      await expect(takeAll(batchOf(...rows))).rejects.toMatchObject({ code: 'invalid', message });
      await expect(takeAll(batchOf(...rows), STRANGER)).rejects.toMatchObject({
        ...{ code: 'unauthenticated', message: 'unknown unit or wrong token' },
      });
      expect(stage.calls).toEqual(['facts', 'facts']);
    },
  );

  test('of a stranger, or for a store that answers nothing, is nobody’s', async () => {
    const batch = batchOf(nth(1), 'u: is missing');
    await expect(takeAll(batch, STRANGER)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(stage.taken).toEqual([]);
    const silent = { ...store, ingestAll: async () => [] };
    await expect(takeBatch(silent, batch, HOLDER, NOW_MS)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  test.each<[(boolean | undefined)[], boolean | undefined]>([
    [[undefined, undefined], undefined],
    [[false, false], false],
    [[true, false], true],
    [[false, true], true],
    [[undefined, false], false],
    [[undefined, true], true],
  ])('floods, by %j: %s', async (floods, expected) => {
    stage.floods = floods;
    expect((await takeAll(batchOf(nth(1), nth(2)))).floods).toBe(expected);
  });

  test('that its store fails to keep is not answered in part', async () => {
    const failing = {
      ...store,
      ingestAll: () => Promise.reject(new AppError('unavailable', 'no')),
    };
    const taken = takeBatch(failing, batchOf(nth(1), 'u: is missing'), HOLDER, NOW_MS);
    await expect(taken).rejects.toMatchObject({ code: 'unavailable' });
  });
});
