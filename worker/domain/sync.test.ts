/** A run over D1 and shards of places: each has its turn, and a lag is that of the later one. */
import { expect, test } from 'vitest';
import { type PlaceSync, type SyncPorts, syncAll, syncedS } from './sync.ts';

const ROLLUP = { location_id: 'bakery', bucket_start_s: 0, revision: 1 } as never;
const REPORT = { rollups_computed: 2, rows_synced: 2, rows_left: 3 };

function portsOf(places: Partial<PlaceSync>) {
  const pushed: unknown[] = [];
  const run = { target: 1, cursor: { location_id: '', bucket_start_s: 0 } };
  const nothing = async () => {};
  const rollups = {
    ...{ begin: async () => run, dirty: async () => [ROLLUP], advance: nothing, finish: nothing },
    countDirty: async () => 4,
  };
  const footTraffic = { push: async (all: readonly unknown[]) => void pushed.push(...all) };
  return { ports: { rollups, footTraffic, places } as SyncPorts, pushed };
}

test('what both have pushed counts together', async () => {
  const both = await syncAll(portsOf({ push: async () => REPORT }).ports, 0);
  expect(both).toEqual({ rollups_computed: 3, rows_synced: 3, rows_left: 7 });
});

test('one that fails leaves the other its turn, and the run has failed', async () => {
  const { ports, pushed } = portsOf({ push: () => Promise.reject(new Error('no shard')) });
  await expect(syncAll(ports, 0)).rejects.toThrow('no shard');
  expect(pushed).toEqual([ROLLUP]);
  let asked = 0;
  const push = async () => {
    asked += 1;
    return REPORT;
  };
  const failing = portsOf({ push }).ports;
  failing.footTraffic.push = () => Promise.reject(new Error('no Supabase'));
  await expect(syncAll(failing, 0)).rejects.toThrow('no Supabase');
  expect(asked).toBe(1);
});

test.each([
  [100, 90, 90],
  [100, 110, 100],
  [null, 110, null],
  [100, null, null],
])('D1 up to %s, shards up to %s: everything up to %s', async (own, placesS, together) => {
  const lacking = async () => ({ rows: 1, synced_s: placesS });
  const places = { lacking } as PlaceSync;
  expect(await syncedS({ status: { syncedS: async () => own }, places })).toBe(together);
});
