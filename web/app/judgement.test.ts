import { describe, expect, test } from 'vitest';
import { momentOf, onlyThat, timeRangeOf, unitOf } from './judgement.ts';

describe('a stretch as it is typed', () => {
  test('is UTC, whatever zone the browser is in', () => {
    expect(timeRangeOf('2026-01-28T12:00', '2026-01-28T13:00:30')).toEqual({
      from: '2026-01-28T12:00Z',
      to: '2026-01-28T13:00:30Z',
    });
  });

  test.each([
    ['', '2026-01-28T13:00', /needed/],
    ['2026-01-28T13:00', 'soon', /needed/],
    ['2026-13-28T13:00', '2026-01-28T13:00', /needed/],
    ['2026-01-28T13:00', '2026-01-28T13:00', /not before/],
    ['2026-01-28T13:00', '2026-01-28T12:00', /not before/],
    ['2026-01-01T00:00', '2026-02-01T00:01', /longer than 31 days/],
  ])('%j to %j is refused in words', (from, to, words) => {
    expect(() => timeRangeOf(from, to)).toThrow(words);
  });

  test('of thirty-one days is taken', () => {
    expect(timeRangeOf('2026-01-01T00:00', '2026-02-01T00:00').from).toBe('2026-01-01T00:00Z');
  });
});

test('a unit is found by its id however it is typed, or refused in words', () => {
  expect(unitOf(' jbnb 0042')).toBe('JBNB0042');
  expect(() => unitOf('the one by the door')).toThrow(/no unit/);
});

test('a moment is none without its time', () => {
  expect(momentOf('2026-01-28')).toBeNull();
});

test('one reading is the second in which its period begins', () => {
  expect(onlyThat('2026-01-28T12:00:00.000Z')).toEqual({
    from: '2026-01-28T12:00:00.000Z',
    to: '2026-01-28T12:00:01.000Z',
  });
});
