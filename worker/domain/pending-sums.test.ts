/** Sums that wait, against lists of what each row brought and how far the push has come. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PendingSums } from './pending-sums.ts';

/** A byte that a row brought, and whether it has been pushed or will be. */
interface Byte {
  value: number;
  row: number;
  state: 'waits' | 'aimed' | 'pushed';
}

const PLACES = [1, 2, 5];
const step = fc.record({
  act: fc.constantFrom('add', 'add', 'add', 'aim', 'settle', 'forget pushed', 'forget all'),
  place: fc.constantFrom(...PLACES),
  length: fc.integer({ min: 1, max: 90 }),
});

/** What the class is to do, byte by byte. */
class Model {
  readonly bytes = new Map<number, Byte[]>(PLACES.map((place) => [place, []]));
  row = 0;
  pushedRow = 0;
  /** 0 while no push is under way. */
  targetRow = 0;

  of(place: number, ...states: Byte['state'][]): number[] {
    const own = (this.bytes.get(place) ?? []).filter(({ state }) => states.includes(state));
    return own.map(({ value }) => value);
  }

  change(from: Byte['state'], to: Byte['state']): void {
    for (const own of this.bytes.values()) {
      for (const byte of own) if (byte.state === from) byte.state = to;
    }
  }
}

function agree(sums: PendingSums, model: Model): void {
  const held = PLACES.filter((place) => (model.bytes.get(place) ?? []).length > 0);
  expect([...sums.locations()]).toEqual(held);
  expect([...sums.locations(1)]).toEqual(held.filter((place) => place > 1));
  expect(sums.bytes).toBe(held.reduce((n, place) => n + (model.bytes.get(place)?.length ?? 0), 0));
  for (const place of PLACES) {
    expect([...sums.all(place)]).toEqual(model.of(place, 'waits', 'aimed', 'pushed'));
    expect([...sums.pushed(place)]).toEqual(model.of(place, 'pushed'));
    expect([...sums.aimed(place)]).toEqual(model.of(place, 'aimed'));
    expect([...sums.waiting(place, false)]).toEqual(model.of(place, 'aimed', 'waits'));
    expect([...sums.waiting(place, true)]).toEqual(model.of(place, 'waits'));
    const rows = (model.bytes.get(place) ?? []).map(({ row }) => row);
    // It may be earlier than the first row with any, never later: the journal forgets by it.
    expect(sums.firstRow(place)).toBeLessThanOrEqual(Math.min(...rows));
    expect(sums.oldestRow).toBeLessThanOrEqual(Math.min(...rows));
  }
}

test('all, pushed, aimed and waiting are what rows and pushes make them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const [sums, model] = [new PendingSums(), new Model()];
      for (const { act, place, length } of steps) {
        const own = model.bytes.get(place) ?? [];
        if (act === 'add') {
          model.row += 1;
          // A row holds other things before and behind.
          const bytes = Uint8Array.from({ length: length + 5 }, (_, i) => model.row * 7 + i);
          const part = { bytes, from: 3, to: 3 + length };
          sums.add(place, part, model.row, model.pushedRow, model.targetRow);
          const { row } = model;
          for (const value of bytes.slice(3, 3 + length)) own.push({ value, row, state: 'waits' });
        }
        if (act === 'aim' && model.targetRow === 0) {
          sums.aim();
          model.targetRow = model.row;
          model.change('waits', 'aimed');
        }
        if (act === 'settle' && model.targetRow > 0) {
          sums.settle();
          Object.assign(model, { pushedRow: model.targetRow, targetRow: 0 });
          model.change('aimed', 'pushed');
        }
        if (act.startsWith('forget')) {
          const isAll = act === 'forget all';
          const gone = isAll ? own.length : sums.pushed(place).length;
          const upTo = isAll ? model.row : model.pushedRow;
          sums.forget(place, gone, upTo + 1);
          own.splice(0, gone);
        }
        agree(sums, model);
      }
    }),
    { numRuns: 200 },
  );
});

/** Rows 1 to 4 with a byte each, read again while some have reached the other side. */
function readAgain(pushedRow: number, targetRow: number) {
  const sums = new PendingSums();
  for (const row of [1, 2, 3, 4]) {
    sums.add(1, { bytes: Uint8Array.of(row), from: 0, to: 1 }, row, pushedRow, targetRow);
  }
  return [[...sums.pushed(1)], [...sums.aimed(1)], [...sums.waiting(1, true)]];
}

test.each([
  ['nothing was pushed', 0, 0, [[], [], [1, 2, 3, 4]]],
  ['a first push is under way', 0, 3, [[], [1, 2, 3], [4]]],
  ['one is through', 2, 0, [[1, 2], [], [3, 4]]],
  ['one is through and one under way', 2, 3, [[1, 2], [3], [4]]],
  ['everything was pushed', 4, 0, [[1, 2, 3, 4], [], []]],
])('rows read again: %s', (_, pushedRow, targetRow, expected) => {
  expect(readAgain(pushedRow, targetRow)).toEqual(expected);
});

test('what a location is not known for is nothing', () => {
  const sums = new PendingSums();
  sums.forget(9, 0, 1);
  sums.aim();
  sums.settle();
  expect([...sums.locations()]).toEqual([]);
  expect([sums.bytes, sums.firstRow(9), sums.oldestRow]).toEqual([0, Infinity, Infinity]);
  for (const part of [sums.all(9), sums.pushed(9), sums.aimed(9), sums.waiting(9, true)]) {
    expect(part).toHaveLength(0);
  }
});

test('the oldest row is that of the location that waits longest, whoever it is', () => {
  const sums = new PendingSums();
  const one = { bytes: Uint8Array.of(1), from: 0, to: 1 };
  for (const [place, row] of [
    [7, 3],
    [2, 4],
    [7, 5],
    [1, 6],
  ] as const) {
    sums.add(place, one, row, 0, 0);
  }
  expect([sums.firstRow(7), sums.firstRow(2), sums.oldestRow]).toEqual([3, 4, 3]);
  sums.forget(7, 1, 5);
  expect([sums.firstRow(7), sums.oldestRow]).toEqual([5, 4]);
  sums.forget(7, 1, 6);
  expect([sums.firstRow(7), sums.oldestRow]).toEqual([Infinity, 4]);
});
