/** Days and hours in every zone that Intl knows, around the moments at which clocks change. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, civilDate, clockMs, dayBounds, localHours, localMs } from './time-zone.ts';

const HOUR = 3_600_000;
const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
/** When most clocks change: the days around the ends of March, April, September and October. */
const days = fc
  .tuple(
    fc.integer({ min: 2024, max: 2037 }),
    fc.constantFrom(
      '03-10',
      '03-29',
      '04-05',
      '04-24',
      '09-27',
      '10-05',
      '10-26',
      '11-02',
      '12-31',
    ),
    fc.integer({ min: -7, max: 7 }),
  )
  .map(([year, day, shift]) => addDays(`${year}-${day}`, shift));

test('in every zone hours tile the day, none is empty, and clocks show what they say', () => {
  fc.assert(
    fc.property(zones, days, (zone, day) => {
      const { startMs, endMs } = dayBounds(day, zone);
      const hours = localHours(day, zone);
      expect(hours.at(0)?.startMs).toBe(startMs);
      expect(hours.at(-1)?.endMs).toBe(endMs);
      expect((endMs - startMs) / HOUR).toBeGreaterThanOrEqual(21);
      expect((endMs - startMs) / HOUR).toBeLessThanOrEqual(27);
      let at = startMs;
      for (const { startMs: from, endMs: to, hour, clockMs: clock } of hours) {
        expect(from).toBe(at);
        expect(to).toBeGreaterThan(from);
        expect(to - from).toBeLessThanOrEqual(HOUR);
        expect(Math.floor(clock / HOUR)).toBe(hour);
        // the clock runs evenly through the stretch
        expect(clockMs(to - 1000, zone) - clock).toBe(to - from - 1000);
        at = to;
      }
    }),
    { numRuns: 120 },
  );
});

test('the first instant of a day is the first: a second before is the day before', () => {
  fc.assert(
    fc.property(zones, days, (zone, day) => {
      const { startMs } = dayBounds(day, zone);
      expect(civilDate(startMs, zone)).toBe(day);
      expect(civilDate(startMs - 1000, zone)).toBe(addDays(day, -1));
    }),
    { numRuns: 120 },
  );
});

test('the wall clock agrees with what Intl shows people', () => {
  const instants = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2038, 0) });
  fc.assert(
    fc.property(zones, instants, (zone, instant) => {
      const shown = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'medium',
      }).format(instant);
      expect(new Date(localMs(instant, zone)).toISOString().slice(0, 19).replace('T', ' ')).toBe(
        shown,
      );
    }),
    { numRuns: 120 },
  );
});
