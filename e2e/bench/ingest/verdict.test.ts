import { expect, test } from 'vitest';
import { judgeStored, type Kept } from './verdict.ts';

const reading = (unit: string, start_s: number, impressions = 5): Kept => {
  return { unit, start_s, impressions };
};
const SENT = [reading('JBNB0001', 300), reading('JBNB0002', 300, 7), reading('JBNB0001', 600)];
const SUMS = new Map([
  ['place-1 300', 12],
  ['place-1 600', 5],
]);
const judge = (readings: readonly Kept[], sums: ReadonlyMap<string, number> | null = SUMS) =>
  judgeStored(SENT, { readings, sums }, () => 'place-1');

test('each once, and the sums theirs, is all right', () => {
  expect(judge(SENT.toReversed())).toEqual({ sent: 3, lost: 0, twice: 0, wrong_sums: 0 });
});

test('what is missing is lost, and the sum that has it is wrong', () => {
  expect(judge(SENT.slice(1))).toMatchObject({ lost: 1, twice: 0, wrong_sums: 1 });
});

test('what is there once more is there twice', () => {
  expect(judge([...SENT, reading('JBNB0001', 300)])).toMatchObject({ lost: 0, twice: 1 });
});

test('what is stored with another count is lost, and is one too many', () => {
  const other = [...SENT.slice(1), reading('JBNB0001', 300, 6)];
  expect(judge(other)).toMatchObject({ lost: 1, twice: 1 });
});

test('a reading that was summed up twice, or never, is told', () => {
  expect(judge(SENT, new Map([...SUMS, ['place-1 600', 10]]))).toMatchObject({ wrong_sums: 1 });
  expect(judge(SENT, new Map([['place-1 300', 12]]))).toMatchObject({ wrong_sums: 1 });
  expect(judge(SENT, new Map([...SUMS, ['place-2 600', 5]]))).toMatchObject({ wrong_sums: 1 });
  expect(judge(SENT, null)).toMatchObject({ wrong_sums: null });
});
