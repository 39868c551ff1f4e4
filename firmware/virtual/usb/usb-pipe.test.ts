import { expect, test } from 'vitest';
import { ManualTimers } from '../testing/manual-timers.ts';
import { PACKET_BYTES, PACKET_MS, UsbPipe } from './usb-pipe.ts';

test('device bytes arrive in order, at one packet in 64 µs', () => {
  const timers = new ManualTimers();
  const pipe = new UsbPipe(timers, 1);
  const arrived: [number, number][] = [];
  pipe.onBytes = (bytes) => arrived.push([bytes[0]!, timers.now()]);
  pipe.send(new Uint8Array(64_000).fill(1), 10);
  pipe.send(new Uint8Array(1).fill(2), 0);
  timers.pass(200);
  const end = 10 + (64_000 / PACKET_BYTES) * PACKET_MS;
  expect(arrived[0]).toEqual([1, end]);
  expect(arrived[1]![0]).toBe(2);
});

test('host bytes queue up on the cable', () => {
  const timers = new ManualTimers();
  const pipe = new UsbPipe(timers, 1);
  expect(pipe.arrive(640)).toBeCloseTo(10 * PACKET_MS, 9);
  expect(pipe.arrive(1)).toBeCloseTo(11 * PACKET_MS, 9);
  expect(pipe.inBacklogMs).toBeCloseTo(11 * PACKET_MS, 9);
});

test('scale 0 delivers at once; a cleared pipe delivers nothing', () => {
  const timers = new ManualTimers();
  const instant = new UsbPipe(timers, 0);
  let count = 0;
  instant.onBytes = () => count++;
  instant.send(new Uint8Array(1000), 0);
  expect(count).toBe(1);
  const slow = new UsbPipe(timers, 1);
  slow.onBytes = () => count++;
  slow.send(new Uint8Array(64_000), 0);
  slow.clear();
  timers.pass(1000);
  expect(count).toBe(1);
});
