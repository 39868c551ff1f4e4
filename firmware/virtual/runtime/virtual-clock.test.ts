import { expect, test } from 'vitest';
import { ManualTimers } from '../testing/manual-timers.ts';
import { VirtualClock } from './virtual-clock.ts';

function clockAt(speed: number) {
  const host = new ManualTimers();
  return { host, clock: new VirtualClock(host, speed) };
}

test('passes speed times as fast as the host', () => {
  const { host, clock } = clockAt(100);
  host.pass(50);
  expect(clock.now()).toBe(5000);
  clock.setSpeed(1);
  host.pass(50);
  expect(clock.now()).toBe(5050);
});

test('runs what is due in order, each at its own time', () => {
  const { host, clock } = clockAt(1000);
  const seen: [string, number][] = [];
  const note = (name: string) => () => seen.push([name, clock.now()]);
  clock.schedule(300, note('b'));
  clock.schedule(100, note('a'));
  clock.schedule(300, note('c'));
  host.pass(1);
  expect(seen).toEqual([
    ['a', 100],
    ['b', 300],
    ['c', 300],
  ]);
});

test('a chain of short steps fits into one host millisecond', () => {
  const { host, clock } = clockAt(1000);
  let ticks = 0;
  const tick = () => {
    ticks++;
    clock.schedule(clock.now() + 10, tick);
  };
  clock.schedule(0, tick);
  host.pass(10);
  expect(ticks).toBeGreaterThan(990);
  expect(clock.now()).toBeGreaterThan(9900);
});

test('what was cancelled does not run', () => {
  const { host, clock } = clockAt(1);
  let ran = false;
  const cancel = clock.schedule(10, () => {
    ran = true;
  });
  cancel();
  host.pass(100);
  expect(ran).toBe(false);
});

test('never shows a time past something that has not happened yet', () => {
  const { host, clock } = clockAt(1000);
  let at = -1;
  clock.schedule(50, () => {
    at = clock.now();
  });
  // The host is late: no timer has fired, yet its clock has moved on.
  const late = host.now.bind(host);
  host.now = () => late() + 20;
  expect(clock.now()).toBe(50);
  host.pass(1);
  expect(at).toBe(50);
});

test('keeps the host’s pace while something outside is awaited, at any speed', () => {
  const { host, clock } = clockAt(1000);
  let waiting = false;
  clock.mustWait = () => waiting;
  clock.schedule(100, () => {
    waiting = true;
  });
  let timedOut = -1;
  clock.schedule(30_000, () => {
    timedOut = host.now();
  });
  host.pass(1000);
  expect(clock.now()).toBeLessThan(1200);
  waiting = false;
  clock.schedule(clock.now(), () => {}); // the answer comes in: whoever waited says so
  host.pass(100);
  expect(timedOut).toBeGreaterThan(1000);
});

test('after dispose nothing runs', () => {
  const { host, clock } = clockAt(1);
  let ran = false;
  clock.schedule(1, () => {
    ran = true;
  });
  clock.dispose();
  host.pass(10);
  expect(ran).toBe(false);
});
