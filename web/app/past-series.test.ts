/** Rows and lines of a sensor's past: each reading in one row, on days of 23 and 25 hours too. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activityLine, lineOf, pastRows } from './past-series.ts';
import { historyOf } from './testing/sensor-past.ts';
import { spanBounds } from './time-ticks.ts';

const BERLIN = 'Europe/Berlin';
const HOUR_MS = 3_600_000;

const some = fc.record({
  /** Seconds before the end of the span. */
  ago: fc.nat(40 * 86_400),
  visits: fc.option(fc.nat(9)),
  rssi: fc.option(fc.integer({ min: -120, max: -50 })),
});

function historyFrom(
  all: readonly (typeof some extends fc.Arbitrary<infer T> ? T : never)[],
  untilS: number,
) {
  const sorted = [...all].sort((a, b) => b.ago - a.ago);
  return historyOf({
    readings: {
      start_s: sorted.map(({ ago }) => untilS - ago - 1),
      cell_rssi_dbm: sorted.map(({ rssi }) => rssi),
      cd: sorted.map(() => 0),
      sf: sorted.map(() => 0),
      of: sorted.map(({ visits }) => visits),
      visits: sorted.map(({ visits }) => visits),
    },
  });
}

describe('rows', () => {
  test.each([
    ['day', '2026-03-29T12:00:00Z', 23],
    ['day', '2026-10-25T12:00:00Z', 25],
    ['week', '2026-10-25T12:00:00Z', 169],
    ['month', '2026-10-25T12:00:00Z', 30],
    ['all', '2026-11-30T12:00:00Z', 400],
  ] as const)('a %s until %s has %i of them, end to end', (span, now, count) => {
    const bounds = spanBounds(span, 0, Date.parse(now), BERLIN);
    const rows = pastRows(historyOf(), bounds, BERLIN);
    expect(rows).toHaveLength(count);
    expect([rows[0]?.startMs, rows.at(-1)?.endMs]).toEqual([bounds.fromMs, bounds.untilMs]);
    for (const [i, row] of rows.entries()) {
      if (i > 0) expect(row.startMs).toBe(rows[i - 1]?.endMs);
      if (count > 200) continue;
      const hours = (row.endMs - row.startMs) / HOUR_MS;
      expect(span === 'month' ? [23, 24, 25] : [1]).toContain(hours);
    }
  });

  test('every reading of the span is in one row, and what nobody said is not zero', () => {
    const span = fc.constantFrom('day' as const, 'week' as const, 'month' as const);
    fc.assert(
      fc.property(fc.array(some, { maxLength: 60 }), span, (all, span) => {
        const bounds = spanBounds(span, 0, Date.parse('2026-10-25T12:00:00Z'), BERLIN);
        const history = historyFrom(all, bounds.untilMs / 1000);
        const rows = pastRows(history, bounds, BERLIN);
        const { start_s, visits = [] } = history.readings;
        const isIn = (s: number) => s * 1000 >= bounds.fromMs;
        expect(rows.reduce((n, row) => n + row.readings, 0)).toBe(start_s.filter(isIn).length);
        for (const row of rows) {
          const own = start_s.flatMap((s, i) =>
            s * 1000 >= row.startMs && s * 1000 < row.endMs ? [visits[i] ?? null] : [],
          );
          const known = own.filter((n) => n !== null);
          expect(row.readings).toBe(own.length);
          expect(row.visits).toBe(known.length === 0 ? null : known.reduce((a, b) => a + b, 0));
          expect(row.signal === null || row.signal.least <= row.signal.mean).toBe(true);
        }
        const line = activityLine(rows, true);
        rows.forEach((row, i) => {
          if (row.visits === null) expect(line.y[i]).toBeNaN();
          else expect(line.y[i]).toBe(row.visits);
        });
      }),
    );
  });
});

test('of free memory each row has the least that a heartbeat of it told', () => {
  const bounds = spanBounds('week', 0, Date.parse('2026-10-25T12:00:00Z'), BERLIN);
  const told = [
    ...[['2026-10-25T10:59:59Z', 90] as const, ['2026-10-25T10:00:00Z', 70] as const],
    ...[['2026-10-25T09:59:00Z', undefined] as const, ['2026-10-20T00:30:00Z', 50] as const],
    ['2026-10-01T00:00:00Z', 10] as const,
  ];
  const heartbeats = told.map(([received_at, free_kib]) => ({
    ...{ received_at, firmware: null, uptime_s: null, cell_rssi_dbm: null, battery_pct: null },
    free_kib,
  }));
  const rows = pastRows(historyOf({ heartbeats }), bounds, BERLIN);
  const free = rows.flatMap(({ startMs, free_kib }) =>
    free_kib === null ? [] : [[new Date(startMs).toISOString().slice(5, 13), free_kib]],
  );
  expect(free).toEqual([
    ['10-20T00', 50],
    ['10-25T10', 70],
  ]);
});

test('a column as a line: what the unit did not say is a gap', () => {
  const history = historyFrom(
    [
      { ago: 600, visits: null, rssi: null },
      { ago: 300, visits: 2, rssi: -80 },
    ],
    1_795_000_000,
  );
  const { x, y } = lineOf(history.readings, 'cell_rssi_dbm');
  expect([...x]).toEqual([1_794_999_399_000, 1_794_999_699_000]);
  expect([...y]).toEqual([Number.NaN, -80]);
  expect(lineOf(history.readings, 'of').x).toBe(x);
});
