/** Ticks and spans by a place's clock, on the days on which clocks change as well. */
import { describe, expect, test } from 'vitest';
import { spanBounds, timeTicks } from './time-ticks.ts';

const HOUR_MS = 3_600_000;
const BERLIN = 'Europe/Berlin';
const at = (iso: string) => Date.parse(iso);

describe('spans', () => {
  test.each([
    ['2026-03-29T12:00:00Z', 23],
    ['2026-10-25T12:00:00Z', 25],
    ['2026-11-30T12:00:00Z', 24],
  ])('a day of %s has %i hours', (now, hours) => {
    const { fromMs, untilMs } = spanBounds('day', 0, at(now), BERLIN);
    expect((untilMs - fromMs) / HOUR_MS).toBe(hours);
    expect(fromMs).toBeLessThan(at(now));
    expect(untilMs).toBeGreaterThan(at(now));
  });

  test.each(['day', 'week', 'month'] as const)(
    'each %s begins where the one before ends',
    (span) => {
      for (let back = 0; back < 15; back += 1) {
        const now = at('2026-11-05T00:30:00Z');
        const later = spanBounds(span, back, now, 'America/Los_Angeles');
        const earlier = spanBounds(span, back + 1, now, 'America/Los_Angeles');
        expect(earlier.untilMs).toBe(later.fromMs);
      }
    },
  );

  test('all of it is no more than may be asked for, and ends today', () => {
    const { fromMs, untilMs } = spanBounds('all', 0, at('2026-11-05T12:00:00Z'), BERLIN);
    expect((untilMs - fromMs) / HOUR_MS / 24).toBeLessThanOrEqual(400);
    expect(untilMs).toBe(at('2026-11-05T23:00:00Z'));
  });
});

describe('ticks', () => {
  test('hours of the clock, one of them missing or twice', () => {
    const hours = (day: string) => {
      const { fromMs, untilMs } = spanBounds('day', 0, at(`${day}T12:00:00Z`), BERLIN);
      const { at: ticks, isDays } = timeTicks(fromMs, untilMs, BERLIN, 13);
      expect(isDays).toBe(false);
      return ticks.map((tick) => (tick - fromMs) / HOUR_MS);
    };
    expect(hours('2026-11-30').slice(0, 3)).toEqual([0, 2, 4]);
    // 2 o'clock is not there in March, and there twice in October
    expect(hours('2026-03-29').slice(0, 3)).toEqual([0, 3, 5]);
    expect(hours('2026-10-25').slice(0, 4)).toEqual([0, 2, 3, 5]);
  });

  test('midnights, also of a zone that is off by a quarter of an hour', () => {
    const { fromMs, untilMs } = spanBounds('week', 0, at('2026-11-30T12:00:00Z'), 'Asia/Kathmandu');
    const { at: ticks, isDays } = timeTicks(fromMs, untilMs, 'Asia/Kathmandu', 8);
    expect([isDays, ticks.length, ticks[0]]).toEqual([true, 8, fromMs]);
  });

  test('never many more than asked for', () => {
    for (const span of ['day', 'week', 'month', 'all'] as const) {
      const { fromMs, untilMs } = spanBounds(span, 0, at('2026-11-30T12:00:00Z'), BERLIN);
      for (const most of [4, 8, 12]) {
        const { length } = timeTicks(fromMs, untilMs, BERLIN, most).at;
        expect([span, most, length > 1 && length <= most + 3]).toEqual([span, most, true]);
      }
    }
  });
});
