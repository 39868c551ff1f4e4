/**
 * Which readings a word of an administrator is about, and how what is in doubt is listed: edges of
 * times, nothing twice over pages. The sums themselves are d1/rollup.test.ts.
 */

import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DoubtsPage, DoubtsQuery, SumsRequest } from '../../shared/contracts/judgement.ts';
import type { Change } from './audit.ts';
import { DOUBT_WORDS, type Doubt } from './doubt.ts';
import {
  type DoubtedRow,
  type JudgementStore,
  judgeReadings,
  listDoubts,
  type Stretch,
} from './judgement.ts';

const ID = 'JBNB0001';
const START_S = Date.UTC(2026, 0, 28, 12) / 1000;

/** Readings of one unit as a list, by the rules of {@link JudgementStore}. */
function storeOf(rows: readonly DoubtedRow[]) {
  const judged: { stretch: Stretch; isCounted: boolean; change: Change }[] = [];
  const kept = rows.map((row) => ({ ...row }));
  const isBefore = (a: DoubtedRow, b: { period_start_s: number; variant: string }) =>
    a.period_start_s < b.period_start_s ||
    (a.period_start_s === b.period_start_s && a.variant < b.variant);
  const store: JudgementStore = {
    async judge(stretch, isCounted, change) {
      judged.push({ stretch, isCounted, change });
      const hit = kept.filter(
        ({ period_start_s: s, is_counted }) =>
          s >= stretch.from_s && s < stretch.to_s && is_counted !== (isCounted ? 1 : 0),
      );
      for (const row of hit) Object.assign(row, { is_counted: isCounted ? 1 : 0 });
      return hit.length;
    },
    async doubts(_id, before, limit) {
      return kept
        .filter((row) => before === undefined || isBefore(row, before))
        .sort((a, b) => (isBefore(a, b) ? 1 : -1))
        .slice(0, limit);
    },
  };
  return { store, judged, kept };
}

const row = (period_start_s: number, more: Partial<DoubtedRow> = {}): DoubtedRow => ({
  ...{ period_start_s, variant: 's1', received_s: period_start_s + 305, doubt: null },
  ...{ is_counted: 1, judged_s: null, impressions: 5, device_minutes: 3, visits: null },
  ...more,
});
const BY = { actor: 'id-ada', nowMs: 1_800_000_000_500 };
const word = (from: string, to: string, counted = false) =>
  v.parse(SumsRequest, { from, to, counted });

describe('a word', () => {
  // a period begins at a whole second: a moment within one is about the next
  test.each([
    ['2026-01-28T12:00:00Z', '2026-01-28T12:05:00Z', [0, 1, 299]],
    ['2026-01-28T12:00:00.000Z', '2026-01-28T12:00:00.001Z', [0]],
    ['2026-01-28T12:00:00.001Z', '2026-01-28T12:00:01Z', []],
    ['2026-01-28T12:00:00.999Z', '2026-01-28T12:00:01.001Z', [1]],
    ['2026-01-28T11:59:59.999Z', '2026-01-28T12:00:00.000Z', []],
    ['2026-01-28T12:00Z', '2026-01-28T12:05Z', [0, 1, 299]],
    ['2026-01-28T12:00Z', '2026-01-28T12:05:00.001Z', [0, 1, 299, 300]],
  ])('from %s to %s is about those that begin at %j', async (from, to, seconds) => {
    const { store, kept } = storeOf([-1, 0, 1, 299, 300].map((s) => row(START_S + s)));
    const answer = await judgeReadings(store, BY, ID, word(from, to));
    const out = kept.filter(({ is_counted }) => is_counted === 0);
    expect(out.map(({ period_start_s: s }) => s - START_S)).toEqual(seconds);
    expect(answer).toEqual({ device_id: ID, from, to, counted: false, changed: seconds.length });
  });

  test('takes out what it puts in, and once more changes nothing', async () => {
    const moments = fc.integer({ min: 0, max: 4000 });
    await fc.assert(
      fc.asyncProperty(moments, moments, fc.boolean(), async (a, b, first) => {
        fc.pre(a !== b);
        const iso = (ms: number) => new Date(START_S * 1000 + ms).toISOString();
        const [from, to] = [iso(Math.min(a, b)), iso(Math.max(a, b))];
        const { store } = storeOf([0, 1, 2, 3, 4].map((s) => row(START_S + s)));
        const say = async (counted: boolean) =>
          (await judgeReadings(store, BY, ID, word(from, to, counted))).changed;
        const inside = [0, 1, 2, 3, 4].filter(
          (s) => s * 1000 >= Math.min(a, b) && s * 1000 < Math.max(a, b),
        ).length;
        // all of them count at first
        expect(await say(first)).toBe(first ? 0 : inside);
        expect(await say(first)).toBe(0);
        expect(await say(!first)).toBe(inside);
        expect(await say(!first)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test('leaves a trace of who said what of which unit, in the words that were sent', async () => {
    const { store, judged } = storeOf([]);
    const [from, to] = ['2026-01-28T12:00:00.001Z', '2026-01-28T12:05:00Z'];
    await judgeReadings(store, BY, ID, word(from, to, true));
    expect(judged).toEqual([
      {
        stretch: { device_id: ID, from_s: START_S + 1, to_s: START_S + 300 },
        isCounted: true,
        change: {
          ...{ at_ms: BY.nowMs, actor: 'id-ada', action: 'unit.sums', target: `unit:${ID}` },
          ...{ before: null, after: { from, to, counted: true } },
        },
      },
    ]);
  });

  test('that could not be kept is not answered as if it were', async () => {
    const { store } = storeOf([]);
    store.judge = () => Promise.reject(new Error('lost'));
    const said = judgeReadings(store, BY, ID, word('2026-01-28T12:00Z', '2026-01-28T13:00Z'));
    await expect(said).rejects.toThrow('lost');
  });
});

describe('the list', () => {
  test('goes through all of them once, newest first, whatever the page', async () => {
    const variant = fc.constantFrom('s1', 's10', 's2', 'u3-0a1b', '00ff', '-', '_');
    const rows = fc.uniqueArray(fc.record({ s: fc.integer({ min: 0, max: 6 }), variant }), {
      selector: ({ s, variant: name }) => `${s} ${name}`,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 7 }), async (keys, limit) => {
        const all = keys.map(({ s, variant: name }, i) =>
          row(START_S + s * 300, { variant: name, impressions: i }),
        );
        const { store } = storeOf(all);
        const seen: number[] = [];
        const starts: string[] = [];
        let cursor: string | undefined;
        do {
          // a cursor that our own route would refuse ends the list early
          const query = v.parse(DoubtsQuery, { cursor, limit: String(limit) });
          const page = v.parse(DoubtsPage, await listDoubts(store, ID, query));
          seen.push(...page.readings.map(({ impressions }) => impressions));
          starts.push(...page.readings.map(({ period_start }) => period_start));
          cursor = page.next_cursor ?? undefined;
        } while (cursor !== undefined);
        expect([...seen].sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
        expect(starts).toEqual([...starts].sort().reverse());
      }),
      { numRuns: 60 },
    );
  });

  test.each<[Partial<DoubtedRow>, object]>([
    [{}, { doubt: null, counted: true, judged_at: null, visits: null }],
    [{ is_counted: 0 }, { counted: false, judged_at: null }],
    // 0 is a number and a moment, not nothing
    [
      { visits: 0, impressions: 0, device_minutes: 0 },
      { visits: 0, impressions: 0 },
    ],
    [{ judged_s: 0 }, { judged_at: '1970-01-01T00:00:00.000Z' }],
    [{ judged_s: START_S }, { judged_at: '2026-01-28T12:00:00.000Z' }],
    [{ received_s: START_S + 1 }, { received_at: '2026-01-28T12:00:01.000Z' }],
    ...(Object.keys(DOUBT_WORDS) as Doubt[]).map((doubt): [Partial<DoubtedRow>, object] => [
      { doubt, is_counted: 0 },
      { doubt: DOUBT_WORDS[doubt], counted: false },
    ]),
  ])('has %j as %j', async (more, expected) => {
    const { store } = storeOf([row(START_S, more)]);
    const { readings } = await listDoubts(store, ID, { limit: 5 });
    expect(readings).toMatchObject([{ period_start: '2026-01-28T12:00:00.000Z', ...expected }]);
    expect(readings[0]).not.toHaveProperty('variant');
    expect(v.is(DoubtsPage, { readings, next_cursor: null })).toBe(true);
  });

  test.each([
    ['1769601600~s7', { period_start_s: START_S, variant: 's7' }],
    ['1769601600~', { period_start_s: START_S, variant: '' }],
    ['1769601600', { period_start_s: START_S, variant: '' }],
    ['0~s0', { period_start_s: 0, variant: 's0' }],
    [undefined, undefined],
  ])('goes on behind the cursor %j', async (cursor, key) => {
    const asked: unknown[][] = [];
    const { store } = storeOf([]);
    store.doubts = async (...question) => {
      asked.push(question);
      return [];
    };
    expect(await listDoubts(store, ID, { limit: 3, cursor })).toEqual({
      ...{ readings: [], next_cursor: null },
    });
    expect(asked).toEqual([[ID, key, 4]]);
  });
});
