import { expect, test } from 'vitest';
import { HEAP_BYTES, VirtualHeap } from './heap.ts';

test('each driver takes its part once, and the least that was free stays known', () => {
  const heap = new VirtualHeap();
  heap.start('wifi');
  const wifi = heap.free;
  heap.start('wifi');
  heap.start('ble');
  expect([wifi < HEAP_BYTES, heap.free < wifi]).toEqual([true, true]);
  const low = heap.free - 1000;
  expect(heap.take(1000)).toBe(true);
  expect(heap.take(-1000)).toBe(true);
  expect([heap.free, heap.least]).toEqual([low + 1000, low]);
});

test('more than there is cannot be taken, nor more given back than there ever was', () => {
  const heap = new VirtualHeap();
  expect([heap.take(HEAP_BYTES + 1), heap.free]).toEqual([false, HEAP_BYTES]);
  expect([heap.take(HEAP_BYTES), heap.free, heap.least]).toEqual([true, 0, 0]);
  heap.take(-2 * HEAP_BYTES);
  expect(heap.free).toBe(HEAP_BYTES);
});
