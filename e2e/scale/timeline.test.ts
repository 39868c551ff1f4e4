import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timeline } from './timeline.ts';

test('what was added comes in the order of its moments, none before its time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), fc.nat(1000), (moments, until) => {
      const timeline = new Timeline<number>();
      for (const [i, at] of moments.entries()) timeline.add(at, i);
      const out: number[] = [];
      for (let next = timeline.next(until); next; next = timeline.next(until)) {
        expect(moments[next.event]).toBe(next.at_ms);
        out.push(next.at_ms);
      }
      expect(out).toEqual(moments.filter((at) => at <= until).sort((a, b) => a - b));
    }),
  );
});
