/** Configurations over real D1: a version a change, no change lost, and a trail that joins up. */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONFIG_DEFAULTS, type ConfigChange } from '../../shared/contracts/config.ts';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, count, freshWorld } from '../testing/world.ts';
import { changeConfig, readConfig, shortConfig, whole } from './config.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const BY = { actor: 'id-ada', nowMs: 1 };
const ID = 'JBNB0001';
async function fresh() {
  await freshWorld();
  await addUnit(ID);
  return d1Stores(env.DB);
}
type Ports = Awaited<ReturnType<typeof fresh>>;
const change = (wanted: ConfigChange) => (ports: Ports) =>
  changeConfig(ports.configs, BY, ID, wanted);
async function trail() {
  const sql = 'SELECT before_json, after_json FROM audit ORDER BY id';
  const { results } = await env.DB.prepare(sql).all<Record<string, string>>();
  return results.map((row) =>
    [row.before_json, row.after_json].map((json) => JSON.parse(json ?? '')),
  );
}

const wanted: fc.Arbitrary<ConfigChange> = fc.record(
  {
    report_interval_ms: fc.constantFrom(60_000, 300_000, 3_600_000),
    rssi_near_threshold: fc.integer({ min: -75, max: -50 }),
    dwell_long_threshold: fc.integer({ min: 5, max: 30 }),
    wifi_channels: fc.constantFrom<number[][]>([1, 6, 11], [11, 6, 1], [1]),
  },
  { requiredKeys: [] },
);

test('a change that changes something is one version and one trace', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wanted, { maxLength: 5 }), async (changes) => {
      const { configs } = await fresh();
      let now = await readConfig(configs, ID);
      const first = now.config_version;
      for (const one of changes) {
        const next = { ...now, ...one };
        const breaks =
          next.rssi_near_threshold >= -50 ||
          next.dwell_long_threshold <= CONFIG_DEFAULTS.dwell_medium_threshold;
        const isSame = JSON.stringify(next) === JSON.stringify(now);
        const outcome = await changeConfig(configs, BY, ID, one).catch((e) => e.code);
        if (breaks) expect(outcome).toBe('invalid');
        else {
          now = { ...next, config_version: now.config_version + (isSame ? 0 : 1) };
          expect(outcome).toEqual(now);
        }
        expect(await readConfig(configs, ID)).toEqual(now);
      }
      expect(await count('audit')).toBe(now.config_version - first);
      let told: Record<string, unknown> = { ...CONFIG_DEFAULTS };
      for (const [before, after] of await trail()) {
        expect(told).toMatchObject(before);
        told = { ...told, ...after };
      }
      expect({ ...told, config_version: now.config_version }).toEqual(now);
    }),
    { numRuns: 15 },
  );
});

test('two at once: neither is lost, wherever they meet', async () => {
  const calls = await eachInterruption(
    fresh,
    change({ report_interval_ms: 60_000 }),
    change({ dwell_long_threshold: 20 }),
    async (_before, outcomes, { configs }) => {
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(await readConfig(configs, ID)).toMatchObject({
        ...{ report_interval_ms: 60_000, dwell_long_threshold: 20 },
      });
      expect(await count('audit')).toBe(2);
    },
  );
  expect(calls).toEqual(['configs.read', 'configs.write', 'end']);
});

test('whoever is late three times is told so; a repeat makes a lost answer good', async () => {
  const ports = await fresh();
  let writes = 0;
  const late = {
    ...ports.configs,
    async write() {
      writes += 1;
      return false;
    },
  };
  const refused = changeConfig(late, BY, ID, { report_interval_ms: 60_000 });
  await expect(refused).rejects.toMatchObject({ code: 'conflict' });
  expect(writes).toBe(3);
  const faster = change({ report_interval_ms: 60_000 });
  await eachFailure(fresh, faster, async (_broken, sound) => {
    const { config_version } = await faster(sound);
    expect([config_version, await count('audit')]).toEqual([
      (await readConfig(sound.configs, ID)).config_version,
      1,
    ]);
  });
  await expect(readConfig(ports.configs, 'JBNB0099')).rejects.toMatchObject({ code: 'not_found' });
});

test('the short form is the whole one’s beginning, version first', () => {
  const all = whole({ config_version: 7, changed: { dwell_long_threshold: 12 } });
  expect(Object.keys(all)[0]).toBe('config_version');
  const short = shortConfig(all);
  expect(Object.keys(short)).toEqual(Object.keys(all).slice(0, 8));
  expect(all).toMatchObject(short);
});

test('a change made from another version than the stored one changes nothing', async () => {
  const { configs } = await fresh();
  const { config_version: first } = await readConfig(configs, ID);
  const mine = { report_interval_ms: 600_000 };
  const second = await changeConfig(configs, BY, ID, mine, first);
  expect(second.config_version).toBe(first + 1);
  const late = changeConfig(configs, BY, ID, { report_interval_ms: 900_000 }, first);
  await expect(late).rejects.toMatchObject({ code: 'conflict', hint: expect.any(String) });
  expect(await readConfig(configs, ID)).toEqual(second);
});
