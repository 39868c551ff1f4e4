import { describe, expect, test } from 'vitest';
import { clockMs } from '../../shared/metrics/time-zone.ts';
import { afternoonZone } from './afternoon-zone.ts';

const HOUR_MS = 3_600_000;

describe('somewhere it is early afternoon', () => {
  test('at every quarter of an hour of both halves of the year', () => {
    for (const day of ['2026-01-15', '2026-07-15', '2026-12-01'])
      for (let quarter = 0; quarter < 96; quarter++) {
        const now = Date.parse(`${day}T00:00:00Z`) + quarter * (HOUR_MS / 4);
        const hour = clockMs(now, afternoonZone(now)) / HOUR_MS;
        expect(hour, `${new Date(now).toISOString()}`).toBeGreaterThanOrEqual(13);
        expect(hour, `${new Date(now).toISOString()}`).toBeLessThan(17);
      }
  });
});
