import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SteppedClock } from './stepped-clock.ts';

const never = () => false;

test('does what is due in order, equal times in the order they were scheduled', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 60 }), (times) => {
      const clock = new SteppedClock();
      const seen: [number, number][] = [];
      for (const [i, at] of times.entries()) clock.schedule(at, () => seen.push([clock.now(), i]));
      expect(clock.runTo(50, never)).toBe(true);
      const wanted = times.map((at, i): [number, number] => [at, i]);
      expect(seen).toEqual(wanted.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
      expect(clock.now()).toBe(50);
    }),
  );
});

test('time only passes when told, and what was cancelled does not run', () => {
  const clock = new SteppedClock();
  const seen: string[] = [];
  const cancel = clock.schedule(10, () => seen.push('cancelled'));
  clock.schedule(20, () => seen.push('late'));
  clock.clearTimeout(clock.setTimeout(() => seen.push('cleared'), 5));
  cancel();
  expect(clock.now()).toBe(0);
  clock.runTo(19, never);
  expect(seen).toEqual([]);
  clock.runTo(20, never);
  expect(seen).toEqual(['late']);
});

test('stands still while held, and goes on from there', () => {
  const clock = new SteppedClock();
  let held = false;
  clock.schedule(10, () => {
    held = true;
  });
  clock.schedule(10, () => {});
  expect(clock.runTo(100, () => held)).toBe(false);
  expect(clock.now()).toBe(10);
  clock.schedule(3, () => {}); // in the past: at once
  held = false;
  expect(clock.runTo(100, () => held)).toBe(true);
  expect(clock.now()).toBe(100);
});
