/**
 * A shard of places that is split while hand-overs are under way and two deployments with different
 * layouts are at work: every sum counts once, on pages and at Supabase, whatever answer was lost.
 * Real workerd, real SQLite; only Supabase is a list that keeps the greater revision.
 */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import { seededRandom } from '../../shared/random.ts';
import { hashSlotOf } from '../domain/hash-slot.ts';
import type { PlaceDelta, PlaceSum } from '../domain/place-delta.ts';
import type { Rollup } from '../domain/rollup.ts';
import { emptyShards } from '../testing/fresh-shards.ts';
import { deliverDeltas } from './hand-over.ts';
import type { PlacePorts, PlaceShard } from './place-shard.ts';
import { formerPlace, placeFor, placeSync, reachedPlace } from './places.ts';

const BEFORE = '0';
const AFTER = '0 2048';
const MORE = '0 2048 3072';
const LOCATIONS = Array.from({ length: 12 }, (_, n) => `place-${n}`);
const START_S = Math.floor(Date.now() / 86_400_000) * 86_400 - 86_400;

const layout = (setting: string) => {
  return { places: env.PLACES, starts: setting.split(' ').map(Number) };
};
const stubs = (setting: string) =>
  layout(setting).starts.map((start) => env.PLACES.get(env.PLACES.idFromName(`places-${start}`)));

let there: Map<string, Rollup>;
let isDown = false;
let slowMs = 0;

beforeEach(async () => {
  there = new Map();
  isDown = false;
  slowMs = 0;
  await emptyShards();
  for (const stub of stubs(MORE)) {
    await runInDurableObject(stub, (_, { storage }) => storage.deleteAll());
  }
  await restart();
});

/** Objects end and begin anew; Supabase is the test's. Their own setting knows of no split. */
async function restart(): Promise<void> {
  await abortAllDurableObjects();
  for (const stub of stubs(MORE)) {
    await runInDurableObject(stub, (instance) => {
      const { ports } = instance as PlaceShard & { ports: PlacePorts };
      ports.former = formerPlace(layout(MORE), stub.id);
      ports.footTraffic = {
        async push(rollups) {
          if (isDown) throw new Error('Supabase is down');
          if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs));
          for (const row of rollups) {
            const key = `${row.location_id} ${row.bucket_start_s}`;
            if ((there.get(key)?.revision ?? 0) <= row.revision) there.set(key, row);
          }
        },
      };
    });
  }
}

function sumOf(location_id: string, bucket: number, readings: number): PlaceSum {
  const counts = Object.fromEntries(COUNT_FIELDS.map((name, i) => [name, readings * (i + 1)]));
  const own = { readings, visits: readings, visits_known: readings };
  return { ...counts, ...own, location_id, bucket_start_s: START_S + bucket * 300 } as PlaceSum;
}

/** Readings by location and bucket. */
const totals = (sums: Iterable<Pick<PlaceSum, 'location_id' | 'bucket_start_s' | 'readings'>>) => {
  const found: Record<string, number> = {};
  for (const { location_id, bucket_start_s, readings } of sums) {
    const key = `${location_id} ${bucket_start_s}`;
    found[key] = (found[key] ?? 0) + readings;
  }
  return found;
};

async function shown(setting: string) {
  const all = LOCATIONS.map(async (location_id) => {
    const place = placeFor(layout(setting), location_id);
    const buckets = await place.buckets(location_id, START_S - 86_400, START_S + 3 * 86_400);
    return buckets.map((bucket) => ({ location_id, ...bucket }));
  });
  return totals((await Promise.all(all)).flat());
}

/** A shard of units: its epochs, of which those that were answered are settled. */
class Source {
  readonly name: string;
  readonly given: PlaceSum[] = [];
  open: PlaceDelta[] = [];
  #epoch = 0;
  #settled = 0;

  constructor(name: string) {
    this.name = name;
  }

  cut(sums: PlaceSum[]): void {
    this.#epoch += 1;
    this.given.push(...sums);
    this.open.push({ source: this.name, epoch: this.#epoch, settled: 0, sums });
  }

  /** @param isHeard false: everything arrives, and the answer is lost */
  async deliver(PLACE_SHARDS: string, isHeard: boolean): Promise<boolean> {
    const deltas = this.open.map((delta) => ({ ...delta, settled: this.#settled }));
    const isDone = await deliverDeltas({ PLACES: env.PLACES, PLACE_SHARDS }, deltas).then(
      () => isHeard,
      () => false,
    );
    if (!isDone) return false;
    this.#settled = this.#epoch;
    this.open = [];
    return true;
  }
}

test.each(Array.from({ length: 12 }, (_, n) => n + 1))(
  'two layouts at once, schedule %d: each sum once',
  async (seed) => {
    const random = seededRandom(seed);
    const sources = ['units-a', 'units-b', 'units-c'].map((name) => new Source(name));
    const some = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
    for (let step = 0; step < 60; step += 1) {
      const source = some(sources);
      const sums = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
        sumOf(some(LOCATIONS), Math.floor(random() * 40), 1 + Math.floor(random() * 3)),
      );
      source.cut(sums);
      const setting = step < 15 ? BEFORE : step < 40 ? some([BEFORE, AFTER]) : some([AFTER, MORE]);
      await source.deliver(setting, random() < 0.6);
      isDown = random() < 0.2;
      if (random() < 0.3) {
        await placeSync(layout(setting), async () => {})
          .push()
          .catch(() => {});
      }
      if (random() < 0.15) await restart();
    }
    isDown = false;
    for (const source of sources) expect(await source.deliver(MORE, true)).toBe(true);
    const given = totals(sources.flatMap((source) => source.given));
    expect(await shown(MORE)).toEqual(given);
    const sync = placeSync(layout(MORE), async () => {});
    // One that is under way ends where it was to end.
    for (let time = 0; time < 2; time += 1) await sync.push();
    expect(totals(there.values())).toEqual(given);
    await restart();
    expect(await shown(MORE)).toEqual(given);
    // Whoever knows of no split is not told half of it.
    await expect(shown(BEFORE)).rejects.toThrow('another shard has this location');
  },
);

test('locations of the test lie in all three shards', () => {
  const slots = LOCATIONS.map(hashSlotOf);
  for (const [from, to] of [
    [0, 2048],
    [2048, 3072],
    [3072, 4096],
  ] as const) {
    expect(slots.some((slot) => slot >= from && slot < to)).toBe(true);
  }
});

test('while Supabase lacks something no location leaves, and nothing is lost by that', async () => {
  const source = new Source('units-a');
  source.cut(LOCATIONS.map((place) => sumOf(place, 3, 2)));
  await source.deliver(BEFORE, true);
  isDown = true;
  source.cut(LOCATIONS.map((place) => sumOf(place, 4, 1)));
  expect(await source.deliver(AFTER, true)).toBe(false);
  // The one before goes on as it was.
  expect(Object.keys(await shown(BEFORE)).length).toBeGreaterThanOrEqual(LOCATIONS.length);
  isDown = false;
  expect(await source.deliver(AFTER, true)).toBe(true);
  expect(await shown(AFTER)).toEqual(totals(source.given));
});

test('what is pushed again while its location leaves is there before, or not at all', async () => {
  const source = new Source('units-a');
  const place = LOCATIONS.find((id) => hashSlotOf(id) >= 2048) ?? '';
  source.cut([sumOf(place, 3, 2)]);
  await source.deliver(BEFORE, true);
  const former = placeFor(layout(BEFORE), place);
  slowMs = 50;
  const again = former.pushAgain(place, START_S, START_S + 86_400).catch(() => {});
  source.cut([sumOf(place, 3, 5)]);
  for (let time = 0; time < 3; time += 1) await source.deliver(AFTER, true);
  await placeSync(layout(AFTER), async () => {}).push();
  await again;
  expect([...there.values()].map(({ readings }) => readings)).toEqual([7]);
  const late = reachedPlace(former.pushAgain(place, START_S, START_S + 86_400));
  await expect(late).rejects.toThrow('another shard has this location');
});
