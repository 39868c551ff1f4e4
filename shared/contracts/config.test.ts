/** What can be tuned on a unit: the device API's table at its edges, and its rules as a whole. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DEFAULT_INTERVAL_S, SILENT_AFTER_S } from '../metrics/unit-state.ts';
import { stayOf, zoneOf } from '../metrics/wire.ts';
import { describeIssues } from './common.ts';
import { CONFIG_DEFAULTS, Config, ConfigChange, SHORT_KEYS, VersionedConfig } from './config.ts';

const reasonOf = (schema: v.GenericSchema, value: unknown) => {
  const { success, issues } = v.safeParse(schema, value);
  return success ? '' : describeIssues(issues);
};

/** docs/formats/device-api.md, `PUT /api/config/{id}`. */
const RANGES = {
  report_interval_ms: [60_000, 3_600_000],
  rssi_immediate_threshold: [-60, -30],
  rssi_near_threshold: [-75, -50],
  rssi_far_threshold: [-90, -65],
  dwell_short_threshold: [1, 5],
  dwell_medium_threshold: [2, 15],
  dwell_long_threshold: [5, 30],
  heartbeat_interval_ms: [3_600_000, 86_400_000],
} as const;
type Field = keyof typeof RANGES;
const FIELDS = Object.keys(RANGES) as Field[];

describe.each(Object.entries(RANGES))('%s', (name, [least, most]) => {
  test('has both of its ends, and nothing beyond', () => {
    for (const value of [least, most]) expect(reasonOf(ConfigChange, { [name]: value })).toBe('');
    for (const [value, words] of [
      [least - 1, `must be ${least} or more`],
      [most + 1, `must be ${most} or less`],
      [least + 0.5, 'must be a whole number'],
      [`${least}`, 'must be a number'],
      [null, 'must be a number'],
      [Number.NaN, 'must be a number'],
    ]) {
      expect(reasonOf(ConfigChange, { [name]: value })).toBe(`${name}: ${words}`);
    }
  });
});

test.each([
  [[1], ''],
  [[13, 1], ''],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], ''],
  [[], 'must name a channel'],
  [[0], 'must be 1 or more'],
  [[14], 'must be 13 or less'],
  [[1, 6, 1], 'must name each channel once'],
  [[1.5], 'must be a whole number'],
  [['1'], 'must be a number'],
  ['1,6,11', 'must be a list of channels'],
  [Array.from({ length: 14 }, (_, n) => (n % 13) + 1), 'must not name more than 13'],
])('the channels %j: "%s"', (wifi_channels, words) => {
  const reason = reasonOf(ConfigChange, { wifi_channels });
  if (words === '') expect(reason).toBe('');
  else expect(reason).toMatch(new RegExp(`^wifi_channels(\\.0)?: ${words}`));
});

test('a change says something, and nothing that nobody knows', () => {
  expect(reasonOf(ConfigChange, {})).toBe('must change something');
  expect(reasonOf(ConfigChange, { report_interval: 60_000 })).toMatch(/^report_interval: /);
  expect(reasonOf(ConfigChange, { config_version: 7 })).toMatch(/^config_version: /);
  expect(reasonOf(ConfigChange, [])).not.toBe('');
});

test('a whole configuration lacks nothing', () => {
  for (const name of Object.keys(CONFIG_DEFAULTS)) {
    const { [name as Field]: _gone, ...rest } = CONFIG_DEFAULTS;
    expect(reasonOf(Config, rest)).toBe(`${name}: is missing`);
    expect(reasonOf(VersionedConfig, { config_version: 1, ...rest })).toBe(`${name}: is missing`);
  }
});

const wholes = fc.record(
  Object.fromEntries(
    FIELDS.map((name) => [name, fc.integer({ min: RANGES[name][0], max: RANGES[name][1] })]),
  ) as Record<Field, fc.Arbitrary<number>>,
);

test('thresholds go one way: nearer is stronger, longer is longer', () => {
  fc.assert(
    fc.property(wholes, (fields) => {
      const [immediate, near, far] = FIELDS.slice(1, 4).map((name) => fields[name]);
      const [short, medium, long] = FIELDS.slice(4, 7).map((name) => fields[name]);
      const zones = [immediate, near, far].join() === falling([immediate, near, far]);
      const stays = [long, medium, short].join() === falling([long, medium, short]);
      const reason = reasonOf(Config, { ...CONFIG_DEFAULTS, ...fields });
      if (!zones) expect(reason).toMatch(/^rssi thresholds: /);
      else if (!stays) expect(reason).toMatch(/^dwell thresholds: /);
      else expect(reason).toBe('');
    }),
    { numRuns: 1000 },
  );
});

/** Sorted from the largest, each once. */
const falling = (values: readonly (number | undefined)[]) =>
  [...new Set(values)].sort((a = 0, b = 0) => b - a).join();

describe('the defaults', () => {
  test('are a configuration, and what the other tables of them say', () => {
    expect(v.parse(Config, CONFIG_DEFAULTS)).toEqual(CONFIG_DEFAULTS);
    expect(CONFIG_DEFAULTS.report_interval_ms).toBe(DEFAULT_INTERVAL_S * 1000);
    expect(CONFIG_DEFAULTS.heartbeat_interval_ms).toBe(SILENT_AFTER_S * 1000);
  });

  test('part zones and stays where shared/metrics parts them', () => {
    const c = CONFIG_DEFAULTS;
    const zones = [c.rssi_immediate_threshold, c.rssi_near_threshold].map((dbm) => [
      zoneOf(dbm + 1),
      zoneOf(dbm),
    ]);
    expect(zones).toEqual([
      ['rssi_immediate', 'rssi_near'],
      ['rssi_near', 'rssi_far'],
    ]);
    expect([zoneOf(c.rssi_far_threshold), zoneOf(c.rssi_far_threshold - 1)]).toEqual([
      'rssi_far',
      'rssi_remote',
    ]);
    const ends = [c.dwell_short_threshold, c.dwell_medium_threshold, c.dwell_long_threshold];
    expect(ends.flatMap((minutes) => [stayOf(minutes - 1), stayOf(minutes)])).toEqual([
      ...['dwell_0_1', 'dwell_1_5', 'dwell_1_5'],
      ...['dwell_5_10', 'dwell_5_10', 'dwell_10plus'],
    ]);
  });

  test('the short form has room in the 511 bytes of a v5.x unit, at its longest', () => {
    const longest = SHORT_KEYS.map((key) => [key, RANGES[key].map(String).sort(byLength)[0]]);
    const json = JSON.stringify({ config_version: 4_294_967_295, ...Object.fromEntries(longest) });
    // Status line, headers of the Worker's and Cloudflare's own: docs/formats/device-api.md.
    expect(json.length).toBeLessThan(511 - 250);
    const byTable = FIELDS.filter((name) => !name.startsWith('heartbeat'));
    expect([...SHORT_KEYS]).toEqual(byTable);
  });

  const byLength = (a: string, b: string) => b.length - a.length;
});
