import { expect, test } from 'vitest';
import { isoTime, minuteUtc } from './time.ts';

test('moments as text, and none as none', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(isoTime(1_769_602_530)).toBe('2026-01-28T12:15:30.000Z');
  expect([isoTime(null), isoTime(undefined)]).toEqual([null, null]);
  expect(minuteUtc(1_769_602_530)).toBe('2026-01-28 12:15 UTC');
});
