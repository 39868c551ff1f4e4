/** Runs of the push out of D1, against a store as a list: whatever fails, all of it gets there. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rollup, RollupStore, SyncCursor, SyncRun } from './rollup.ts';
import { addReports, PUSH_ROWS, PUSHES_MAX, syncRollups } from './sync.ts';

const rowOf = (n: number, revision = 1) =>
  ({ location_id: 'bakery', bucket_start_s: n * 300, revision }) as Rollup;
const BEGIN: SyncCursor = { location_id: '', bucket_start_s: -1 };

/** Rollups by number with their revision; `reached` is how far a run that is through has come. */
class Store implements RollupStore {
  readonly rows = new Map<number, number>();
  revision = 1;
  reached = 0;
  run: SyncRun | undefined;
  /** What happens while a page is on its way. */
  onAdvance = () => {};

  touch(n: number): void {
    this.revision += 1;
    this.rows.set(n, this.revision);
  }

  async begin(): Promise<SyncRun> {
    this.run ??= { target: this.revision, cursor: BEGIN } as SyncRun;
    return this.run;
  }

  async dirty({ bucket_start_s }: SyncCursor, limit: number): Promise<Rollup[]> {
    const numbers = [...this.rows.keys()].sort((a, b) => a - b);
    return numbers
      .filter((n) => n * 300 > bucket_start_s && Number(this.rows.get(n)) > this.reached)
      .slice(0, limit)
      .map((n) => rowOf(n, this.rows.get(n)));
  }

  async advance(run: SyncRun, cursor: SyncCursor): Promise<void> {
    this.run = { ...run, cursor };
    this.onAdvance();
  }

  async finish({ target }: SyncRun): Promise<void> {
    this.reached = Math.max(this.reached, Number(target));
    this.run = undefined;
  }

  async countDirty(): Promise<number> {
    return [...this.rows.values()].filter((revision) => revision > this.reached).length;
  }
}

/** Supabase, which can refuse a push or lose its answer. */
class Target {
  readonly rows = new Map<number, number>();
  readonly pages: number[] = [];
  fate: 'arrives' | 'refused' | 'answer lost' = 'arrives';

  push = async (rollups: readonly Rollup[]): Promise<void> => {
    if (this.fate === 'refused') throw new Error('refused');
    this.pages.push(rollups.length);
    for (const { bucket_start_s, revision } of rollups) {
      const n = bucket_start_s / 300;
      this.rows.set(n, Math.max(revision, this.rows.get(n) ?? 0));
    }
    if (this.fate === 'answer lost') throw new Error('no answer');
  };
}

const filled = (count: number) => {
  const store = new Store();
  for (let n = 0; n < count; n += 1) store.rows.set(n, 1);
  return store;
};

describe('a run', () => {
  test.each([
    [0, []],
    [1, [1]],
    [PUSH_ROWS - 1, [PUSH_ROWS - 1]],
    // A page that is full may be the last: only the next question tells.
    [PUSH_ROWS, [PUSH_ROWS]],
    [PUSH_ROWS + 1, [PUSH_ROWS, 1]],
  ])('of %i rows pushes %j and is through', async (count, pages) => {
    const [store, target] = [filled(count), new Target()];
    const report = await syncRollups(store, target, 0);
    expect(target.pages).toEqual(pages);
    expect(report).toEqual({ rollups_computed: count, rows_synced: count, rows_left: 0 });
    expect(store.run).toBeUndefined();
  });

  test('ends at its bound, and the next one goes on there, not from the beginning', async () => {
    const most = PUSH_ROWS * PUSHES_MAX;
    const [store, target] = [filled(most + 5), new Target()];
    const first = await syncRollups(store, target, 0);
    expect([first.rows_synced, target.pages.length]).toEqual([most, PUSHES_MAX]);
    expect(store.run?.cursor).toEqual({ location_id: 'bakery', bucket_start_s: (most - 1) * 300 });
    const second = await syncRollups(store, target, 0);
    expect([second.rows_synced, second.rows_left]).toEqual([5, 0]);
    expect(target.pages.at(-1)).toBe(5);
  });

  test('what changes behind its back is the next one’s, and is said to wait', async () => {
    const [store, target] = [filled(PUSH_ROWS + 1), new Target()];
    store.onAdvance = () => store.touch(0);
    const first = await syncRollups(store, target, 0);
    expect(first.rows_left).toBe(1);
    expect(target.rows.get(0)).toBe(1);
    const second = await syncRollups(store, target, 0);
    expect(second).toEqual({ rollups_computed: 1, rows_synced: 1, rows_left: 0 });
    expect(target.rows.get(0)).toBe(2);
  });

  test.each(['refused', 'answer lost'] as const)(
    'whose push is %s fails and settles nothing',
    async (fate) => {
      const [store, target] = [filled(3), new Target()];
      target.fate = fate;
      await expect(syncRollups(store, target, 0)).rejects.toThrow();
      expect([store.reached, await store.countDirty()]).toEqual([0, 3]);
      target.fate = 'arrives';
      expect((await syncRollups(store, target, 0)).rows_left).toBe(0);
      expect(target.rows).toEqual(store.rows);
    },
  );

  const step = fc.record({
    touched: fc.array(fc.nat(20), { maxLength: 5 }),
    fate: fc.constantFrom('arrives', 'arrives', 'refused', 'answer lost' as const),
  });
  test('after any failures the next that gets through has brought everything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const [store, target] = [new Store(), new Target()];
        for (const { touched, fate } of steps) {
          for (const n of touched) store.touch(n);
          target.fate = fate as Target['fate'];
          await syncRollups(store, target, 0).catch(() => {});
        }
        target.fate = 'arrives';
        // The one under way, and one for what changed since it began.
        await syncRollups(store, target, 0);
        const { rows_left } = await syncRollups(store, target, 0);
        expect(rows_left).toBe(0);
        expect(target.rows).toEqual(store.rows);
      }),
    );
  });
});

test('reports add up name by name; none is nothing', () => {
  expect(addReports([])).toEqual({ rollups_computed: 0, rows_synced: 0, rows_left: 0 });
  const a = { rollups_computed: 1, rows_synced: 20, rows_left: 300 };
  const b = { rollups_computed: 4, rows_synced: 50, rows_left: 600 };
  expect(addReports([a, b])).toEqual({ rollups_computed: 5, rows_synced: 70, rows_left: 900 });
});
