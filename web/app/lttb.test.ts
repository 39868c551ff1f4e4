/** LTTB against a slow one written from the thesis, and what holds of every line. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimated, type LinePoints, lttb } from './lttb.ts';

/** As the thesis has it, with nothing spared. */
function slow({ x, y }: LinePoints, most: number): number[] {
  const points = [...x].map((at, i) => [at, Number(y[i])] as const);
  if (points.length <= most) return points.map((_, i) => i);
  const size = (points.length - 2) / (most - 2);
  const inner = Array.from({ length: most - 2 }, (_, b) =>
    points.map((_, i) => i).slice(Math.floor(b * size) + 1, Math.floor((b + 1) * size) + 1),
  );
  const buckets = [[0], ...inner, [points.length - 1]];
  const kept = [0];
  for (let b = 1; b < buckets.length - 1; b += 1) {
    const next = buckets[b + 1] ?? [];
    const mean = [0, 1].map(
      (axis) => next.reduce((sum, i) => sum + Number(points[i]?.[axis]), 0) / next.length,
    );
    const last = points[kept.at(-1) ?? 0] ?? [0, 0];
    const areas = (buckets[b] ?? []).map((i) => {
      const [px, py] = points[i] ?? [0, 0];
      return Math.abs(
        (last[0] - Number(mean[0])) * (py - last[1]) - (last[0] - px) * (Number(mean[1]) - last[1]),
      );
    });
    kept.push(Number(buckets[b]?.[areas.indexOf(Math.max(...areas))]));
  }
  return [...kept, points.length - 1];
}

const lineOf = (steps: readonly (readonly [number, number])[]): LinePoints => {
  let at = 0;
  return {
    x: Float64Array.from(steps, ([step]) => (at += step)),
    y: Float64Array.from(steps, ([, y]) => y),
  };
};
const step = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -120, max: 20 }));
const line = fc.array(step, { minLength: 1, maxLength: 80 }).map(lineOf);
const most = fc.integer({ min: 3, max: 30 });

describe('of one stretch', () => {
  test('the same points stay as in the thesis', () => {
    fc.assert(
      fc.property(line, most, (points, most) => {
        expect([...lttb(points, most)]).toEqual(slow(points, most));
      }),
    );
  });

  test('as many as asked for, in order, each once, the first and the last among them', () => {
    fc.assert(
      fc.property(line, most, (points, most) => {
        const kept = [...lttb(points, most)];
        const n = points.x.length;
        expect(kept).toHaveLength(Math.min(n, most));
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect([kept[0], kept.at(-1)]).toEqual([0, n - 1]);
      }),
    );
  });

  test('a single peak among ten thousand equal ones stays', () => {
    const n = 10_000;
    const x = Float64Array.from({ length: n }, (_, i) => i);
    const y = Float64Array.from({ length: n }, (_, i) => (i === 7321 ? -50 : -84));
    expect([...lttb({ x, y }, 100)]).toContain(7321);
  });
});

describe('of a line with gaps', () => {
  const GAP = 9;
  const wide = fc.tuple(fc.constantFrom(1, 2, 5, 10, 60, 400), fc.integer({ min: -120, max: 20 }));
  const missing = fc.constant([1, Number.NaN] as [number, number]);
  const gappy = fc
    .array(fc.oneof({ weight: 4, arbitrary: wide }, missing), { maxLength: 120 })
    .map(lineOf);
  const shown = ({ x, y }: LinePoints) =>
    [...x].map((at, i) => [at, Number(y[i])] as const).filter(([, y]) => !Number.isNaN(y));

  test('nothing is made up, nothing out of order, and never much more than asked for', () => {
    fc.assert(
      fc.property(gappy, most, (points, most) => {
        const drawn = decimated(points, most, GAP);
        expect([...drawn.x]).toEqual([...drawn.x].sort((a, b) => a - b));
        const all = new Map(shown(points));
        for (const [x, y] of shown(drawn)) expect(all.get(x)).toBe(y);
        expect(drawn.x.length).toBeLessThanOrEqual(5 * most + 5);
      }),
    );
  });

  test('a gap that can be seen is a gap, and both its ends stay', () => {
    fc.assert(
      fc.property(gappy, most, (points, most) => {
        const all = shown(points);
        const drawn = decimated(points, most, GAP);
        const width = (all.at(-1)?.[0] ?? 0) - (all[0]?.[0] ?? 0);
        const kept = new Set(shown(drawn).map(([x]) => x));
        let gaps = 0;
        for (const [i, [x]] of all.entries()) {
          const before = all[i - 1]?.[0];
          if (before === undefined || x - before <= Math.max(GAP, width / most)) continue;
          gaps += 1;
          expect([kept.has(before), kept.has(x)]).toEqual([true, true]);
          const at = drawn.x.indexOf(before);
          expect(drawn.y[at + 1]).toBeNaN();
        }
        expect([...drawn.y].filter((y) => Number.isNaN(y))).toHaveLength(gaps);
      }),
    );
  });

  test('one point, none, and only unknown ones', () => {
    expect(shown(decimated(lineOf([[5, -84]]), 10, GAP))).toEqual([[5, -84]]);
    expect(decimated(lineOf([]), 10, GAP).x).toHaveLength(0);
    expect(decimated(lineOf([[1, Number.NaN]]), 10, GAP).x).toHaveLength(0);
  });
});
