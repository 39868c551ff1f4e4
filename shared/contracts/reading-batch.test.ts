/** A row of a batch is the reading that it would be alone, or is refused for the same reason. */
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { describeIssues } from './common.ts';
import { ReadingRequest } from './reading.ts';
import { BATCH_COLUMNS, ReadingBatchRequest } from './reading-batch.ts';

const number = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: -100, max: 20 }).map(Math.abs) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, 10_000_001, 4_294_967_296, 1e300) },
);
const rssi = fc.integer({ min: -127, max: 20 });
const RSSI = /_(avg|min|max)$/;
const value = (name: string) => fc.option(RSSI.test(name) ? rssi : number, { freq: 20 });
const row = fc
  .tuple(...BATCH_COLUMNS.map(value))
  .map(([seq, t, ...rest]) => [seq ?? null, t === null ? null : 1_769_602_500, ...rest]);
const shared = fc.record({ fw: fc.constant('6.0.0'), bt: fc.nat(), sf: fc.nat(9) });

test('a row is what the same reading alone is', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), shared, (r, said) => {
      const { rows } = v.parse(ReadingBatchRequest, { d: 'JBNB0001', ...said, cd: 20, r });
      for (const [nth, got] of rows.entries()) {
        const fields = BATCH_COLUMNS.map((name, i) => [name, r[nth]?.[i] ?? undefined] as const);
        const own = Object.fromEntries(fields.filter(([, one]) => one !== undefined));
        const alone = { d: 'JBNB0001', ...said, cd: 20 - nth, ...own, ts: 1 };
        const parsed = v.safeParse(ReadingRequest, alone);
        if (own.seq === undefined) expect(got).toBe('seq: is missing');
        else expect(got).toEqual(parsed.success ? parsed.output : describeIssues(parsed.issues));
        if (typeof got !== 'string') taken += 1;
      }
    }),
    { numRuns: 500 },
  );
  expect(taken).toBeGreaterThan(300);
});

test('what stands behind the known numbers is left for newer firmware', () => {
  const known = [7, 1_769_602_500, 300, 40, 4, ...Array(BATCH_COLUMNS.length - 5).fill(1)];
  const parse = (r: unknown) => v.parse(ReadingBatchRequest, { d: 'JBNB0001', r: [r] }).rows;
  expect(parse([...known, 5, null, 6])).toEqual(parse(known));
  expect(parse(known.slice(0, 5))).toEqual([
    { d: 'JBNB0001', seq: 7, t: 1_769_602_500, age: 300, i: 40, u: 4, ts: 1 },
  ]);
});

test('the order of the numbers is written in stone', () => {
  expect(BATCH_COLUMNS.join(' ')).toBe(
    'seq t age i u of dwell_0_1 dwell_1_5 dwell_5_10 dwell_10plus rssi_immediate rssi_near ' +
      'rssi_far rssi_remote ble_i ble_u ble_apple ble_other probe_rssi_avg probe_rssi_min ' +
      'probe_rssi_max ble_rssi_avg vis occ',
  );
});
