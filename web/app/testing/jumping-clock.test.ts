import { expect, test } from 'vitest';
import { systemTime } from '../system-time.ts';
import { useJumpingClock } from './jumping-clock.ts';

useJumpingClock();

test('sleepers wake in the order of their time, and hours cost nothing', async () => {
  const begin = systemTime.now();
  const woken: [string, number][] = [];
  const sleep = (name: string, ms: number) =>
    systemTime.sleep(ms).then(() => woken.push([name, systemTime.now() - begin]));
  await Promise.all([sleep('late', 3_600_000), sleep('early', 20), sleep('next', 20)]);
  expect(woken).toEqual([
    ['early', 20],
    ['next', 20],
    ['late', 3_600_000],
  ]);
});

test('time does not pass while a promise can still go on', async () => {
  const begin = systemTime.now();
  const asleep = systemTime.sleep(1);
  for (let i = 0; i < 1000; i++) await Promise.resolve();
  expect(systemTime.now()).toBe(begin);
  await asleep;
  expect(systemTime.now()).toBe(begin + 1);
});

test('who is cancelled wakes at once, and is not woken again', async () => {
  const begin = systemTime.now();
  const cancel = new AbortController();
  const asleep = systemTime.sleep(1000, cancel.signal);
  cancel.abort();
  await expect(asleep).rejects.toMatchObject({ code: 'cancelled' });
  await expect(systemTime.sleep(1, cancel.signal)).rejects.toMatchObject({ code: 'cancelled' });
  await systemTime.sleep(2000);
  expect(systemTime.now()).toBe(begin + 2000);
});

test('time stands still while another thread packs or hashes', async () => {
  const begin = systemTime.now();
  const asleep = systemTime.sleep(1);
  const large = new Uint8Array(8 << 20);
  const packed = new Response(large).body?.pipeThrough(new CompressionStream('deflate'));
  await Promise.all([new Response(packed).arrayBuffer(), crypto.subtle.digest('SHA-256', large)]);
  expect(systemTime.now()).toBe(begin);
  await asleep;
});
