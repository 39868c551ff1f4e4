import { expect, test } from 'vitest';
import { ServerClock } from './server-clock.ts';

const NOON = Date.UTC(2026, 10, 20, 12);
const YEAR = 365 * 86_400_000;

test('a clock that is right is left alone, seconds of the network included', () => {
  const clock = new ServerClock(() => NOON);
  expect(clock.state.value).toEqual({ isKnown: false, offMs: 0 });
  clock.observe(NOON - 9000);
  expect(clock.state.value).toEqual({ isKnown: true, offMs: 0 });
  expect(clock.now()).toBe(NOON);
});

test('a wrong clock gives way to the server’s', () => {
  let device = NOON + 2 * YEAR;
  const clock = new ServerClock(() => device);
  clock.observe(NOON);
  expect(clock.now()).toBe(NOON);
  expect(clock.state.value.offMs).toBe(-2 * YEAR);
  device += 5000;
  expect(clock.now()).toBe(NOON + 5000);
  // The person sets it right.
  device = NOON + 10_000;
  clock.observe(NOON + 10_000);
  expect(clock.state.value.offMs).toBe(0);
});

test('tells only what is news', () => {
  const clock = new ServerClock(() => NOON);
  const offsets: number[] = [];
  clock.state.subscribe(({ offMs }) => offsets.push(offMs));
  for (const late of [0, 1000, 2000]) clock.observe(NOON - 3_600_000 - late);
  expect(offsets).toEqual([-3_600_000]);
});
