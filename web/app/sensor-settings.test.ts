import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { CONFIG_DEFAULTS, Config } from '../../shared/contracts/config.ts';
import {
  changeOf,
  draftOf,
  limitsOf,
  SETTINGS,
  twinState,
  withSetting,
} from './sensor-settings.ts';

const CONFIG = { config_version: 3, ...CONFIG_DEFAULTS };

test('limits are the contract’s', () => {
  expect(limitsOf('rssi_near_threshold')).toEqual({ min: -75, max: -50 });
  expect(limitsOf('report_interval_ms')).toEqual({ min: 60_000, max: 3_600_000 });
  for (const name of SETTINGS) {
    const { min, max } = limitsOf(name);
    expect([name, Number.isFinite(min), min < max]).toEqual([name, true, true]);
  }
});

test('however one slides, the backend would take what stands there', () => {
  const moves = fc.array(
    fc.tuple(fc.constantFrom(...SETTINGS), fc.integer({ min: -200, max: 1e8 })),
  );
  fc.assert(
    fc.property(moves, (all) => {
      let draft = draftOf(CONFIG);
      for (const [name, value] of all) {
        draft = withSetting(draft, name, value);
        const checked = v.safeParse(Config, { ...CONFIG_DEFAULTS, ...draft });
        expect(checked.success ? '' : checked.issues[0].message).toBe('');
      }
    }),
  );
});

test('a value that fits stands as it was set, and neighbours make room', () => {
  const draft = withSetting(draftOf(CONFIG), 'rssi_near_threshold', -52);
  expect(draft).toMatchObject({ rssi_near_threshold: -52, rssi_immediate_threshold: -50 });
  const pushed = withSetting(draft, 'rssi_immediate_threshold', -58);
  expect(pushed).toMatchObject({ rssi_immediate_threshold: -58, rssi_near_threshold: -59 });
});

test('only what differs is sent', () => {
  const draft = withSetting(draftOf(CONFIG), 'report_interval_ms', 600_000);
  expect(changeOf(draft, CONFIG)).toEqual({ report_interval_ms: 600_000 });
  expect(changeOf(draftOf(CONFIG), CONFIG)).toEqual({});
});

describe('how far a sensor is', () => {
  const twin = { wanted_since: null, fetched: null, reported: null, note: null };
  const fetched = (version: number) => ({ fetched: { version, at: '' } });
  const reported = (version: number) => ({ reported: { version, since: '' } });
  const changed = { ...CONFIG, report_interval_ms: 600_000 };
  test.each([
    ['nothing is known, and nobody changed anything', {}, CONFIG, 'initial'],
    ['nothing is known', {}, changed, 'untold'],
    ['it has an older one', fetched(2), changed, 'untold'],
    ['it fetched it', fetched(3), changed, 'fetched'],
    [
      'it fetched it and still names the older',
      { ...fetched(3), ...reported(2) },
      changed,
      'fetched',
    ],
    ['it names it', { ...fetched(3), ...reported(3) }, changed, 'in_use'],
    ['it names the defaults, which are wanted', reported(0), CONFIG, 'in_use'],
    ['it names the defaults, others are wanted', reported(0), changed, 'untold'],
  ] as const)('%s', (_, more, config, state) => {
    expect(twinState({ config_version: 3, twin: { ...twin, ...more } }, config)).toBe(state);
  });
});
