import { describe, expect, test } from 'vitest';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import type { UnitTuning } from '../../shared/contracts/fleet-action.ts';
import { type FleetWish, planOf, rangeOf } from './fleet-plan.ts';
import { ALL_FOUND, chosenOf, isChosen, NONE_CHOSEN, withTicks } from './fleet-selection.ts';
import { tuningOf } from './testing/fleet-actions.ts';
import { idOf, unitOf } from './testing/sensors.ts';

const TEN: FleetWish = { config: { report_interval_ms: 600_000 } };

/** Of one sensor: whom it reaches, or why it is left out. */
function verdict(wish: FleetWish, tuning: UnitTuning | null, unit: Partial<FleetUnit> = {}) {
  const known = new Map(tuning ? [[idOf(1), tuning]] : []);
  const { reached, left } = planOf([unitOf(1, unit)], known, wish);
  const why = Object.entries(left).flatMap(([name, units]) => units.map(() => name));
  return reached.length > 0 ? 'reached' : why.join();
}

describe('a plan', () => {
  test.each([
    ['reached', tuningOf(1)],
    ['already', tuningOf(1, { changed: { report_interval_ms: 600_000 } })],
    ['forbidden', tuningOf(1, { may_change: false })],
    ['out_of_service', tuningOf(1, { status: 'inactive' })],
    ['reached', tuningOf(1, { status: 'maintenance' })],
    ['gone', null],
  ])('settings: %s', (expected, tuning) => {
    expect(verdict(TEN, tuning)).toBe(expected);
  });

  test('what a sensor starts with it has already', () => {
    expect(verdict({ config: { report_interval_ms: 300_000 } }, tuningOf(1))).toBe('already');
  });

  test('a value that its others do not let stand', () => {
    const wish = { config: { rssi_near_threshold: -60 } };
    expect(verdict(wish, tuningOf(1))).toBe('reached');
    const close = tuningOf(1, { changed: { rssi_immediate_threshold: -60 } });
    expect(verdict(wish, close)).toBe('clash');
    expect(verdict({ config: { ...wish.config, rssi_immediate_threshold: -50 } }, close)).toBe(
      'reached',
    );
  });

  test('firmware 5 takes no sign of life, and is told the rest', () => {
    const beats = { heartbeat_interval_ms: 3_600_000 };
    const old = { firmware: '5.4.1' };
    expect(verdict({ config: beats }, tuningOf(1), old)).toBe('old_firmware');
    expect(verdict({ config: beats }, tuningOf(1), { firmware: null })).toBe('reached');
    const both = { config: { ...beats, ...TEN.config } };
    const { reached, partly } = planOf([unitOf(1, old)], new Map([[idOf(1), tuningOf(1)]]), both);
    expect([reached.length, partly.length]).toEqual([1, 1]);
  });

  test('a command takes the place of another one, which may be spared', () => {
    const units = [unitOf(1), unitOf(2), unitOf(3)];
    const waiting = [
      tuningOf(1),
      tuningOf(2, { waiting: 'reboot' }),
      tuningOf(3, { waiting: 'send_now' }),
    ];
    const known = new Map(waiting.map((one) => [one.device_id, one]));
    const plan = planOf(units, known, { command: 'send_now' });
    expect([plan.reached.length, plan.replacing.length, plan.left.already.length]).toEqual([
      2, 1, 1,
    ]);
    const sparing = planOf(units, known, { command: 'send_now' }, true);
    expect([sparing.reached.length, sparing.replacing.length]).toEqual([1, 1]);
    expect(planOf(units, known, TEN).replacing).toEqual([]);
  });

  test('where they stand, most first', () => {
    const units = [
      unitOf(1),
      unitOf(2, { location_name: 'Books' }),
      unitOf(3),
      unitOf(4, { location_name: null }),
    ];
    const known = new Map(units.map((_, i) => [idOf(i + 1), tuningOf(i + 1)]));
    expect(planOf(units, known, TEN).places).toEqual([
      { name: 'Bakery', sensors: 2 },
      { name: 'Books', sensors: 1 },
      { name: null, sensors: 1 },
    ]);
  });

  test('ten thousand, each set in its own way, while somebody slides', () => {
    const units = Array.from({ length: 10_000 }, (_, i) => unitOf(i));
    const known = new Map(
      units.map((_, i) => {
        const changed = {
          report_interval_ms: 60_000 * (1 + (i % 60)),
          dwell_long_threshold: 6 + (i % 24),
        };
        return [idOf(i), tuningOf(i, { changed })];
      }),
    );
    const plan = planOf(units, known, { config: { rssi_near_threshold: -60 } });
    expect(plan.reached).toHaveLength(10_000);
  });

  test('the range of what they have', () => {
    const known = [tuningOf(1), tuningOf(2, { changed: { report_interval_ms: 600_000 } })];
    expect(rangeOf(known, 'report_interval_ms')).toEqual({ min: 300_000, max: 600_000 });
    expect(rangeOf(known, 'dwell_long_threshold')).toEqual({ min: 10, max: 10 });
    expect(rangeOf([], 'dwell_long_threshold')).toBeNull();
  });
});

describe('a selection', () => {
  const all = [1, 2, 3, 4].map((n) => unitOf(n));
  const found = all.slice(0, 3);
  const ids = (units: FleetUnit[]) => units.map(({ device_id }) => device_id);

  test('all that is found, without some, goes with the filter', () => {
    expect(chosenOf(ALL_FOUND, found, all)).toEqual(found);
    const but = withTicks(ALL_FOUND, [idOf(2)], false);
    expect(ids(chosenOf(but, found, all))).toEqual([idOf(1), idOf(3)]);
    expect(ids(chosenOf(but, all, all))).toEqual([idOf(1), idOf(3), idOf(4)]);
    expect(ids(chosenOf(withTicks(but, [idOf(2)], true), found, all))).toEqual(ids(found));
  });

  test('single ticks stay, whatever is shown', () => {
    expect(chosenOf(NONE_CHOSEN, found, all)).toEqual([]);
    const two = withTicks(NONE_CHOSEN, [idOf(1), idOf(4)], true);
    expect(ids(chosenOf(two, found, all))).toEqual([idOf(1), idOf(4)]);
    expect([1, 2].map((n) => isChosen(two, idOf(n)))).toEqual([true, false]);
    expect(ids(chosenOf(withTicks(two, [idOf(4)], false), found, all))).toEqual([idOf(1)]);
  });
});
