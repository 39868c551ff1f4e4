/** The real worker beside the bench: the same results as in place, and what becomes of it dead. */
import { expect, test, vi } from 'vitest';
import { noiseBytes, seededRandom } from '../../shared/random.ts';
import { appImage } from '../app/testing/images.ts';
import { inPlace, wait } from './off-thread.ts';
import { offThread, type ThreadChannel } from './off-thread-client.ts';

const bytes = noiseBytes(100_000, seededRandom(3)).map((byte, i) => (i % 100 < 60 ? byte : 0));

test('it computes what would be computed here, and the bytes stay as they were', async () => {
  const thread = offThread();
  const before = bytes.slice();
  const piece = bytes.subarray(10_000, 90_000);
  const runs = [
    { begin: 0, end: 5 },
    { begin: 100, end: 70_000 },
  ];
  expect(await thread.md5s(piece, runs)).toEqual(await inPlace.md5s(piece, runs));
  expect(await thread.pack(piece)).toEqual(await inPlace.pack(piece));
  const image = appImage({ project: 'jambox', secureVersion: 3 });
  expect(await thread.imageFacts(image)).toEqual(await inPlace.imageFacts(image));
  expect(bytes).toEqual(before);
});

test('an error comes back with its code', async () => {
  const thread = offThread();
  const image = appImage({ project: 'jambox' });
  image[1000]! ^= 1;
  await expect(thread.imageFacts(image)).rejects.toMatchObject({ code: 'image_corrupt' });
  await expect(thread.imageFacts(image.subarray(0, 10))).rejects.toMatchObject({
    code: 'image_truncated',
  });
});

test('timers ring in their order, once, and not when stopped', async () => {
  const thread = offThread();
  const rang: string[] = [];
  thread.after(60, () => rang.push('late'));
  thread.after(20, () => rang.push('early'));
  const stop = thread.after(40, () => rang.push('stopped'));
  stop();
  await wait(thread, 120);
  stop();
  expect(rang).toEqual(['early', 'late']);
});

/** A worker that takes everything and says nothing. */
function mute() {
  const channel: ThreadChannel = { postMessage: vi.fn(), onmessage: null, onerror: null };
  return channel;
}

test('what a worker owes when it dies is done here', async () => {
  const channel = mute();
  const thread = offThread(() => channel);
  const packed = thread.pack(bytes);
  const rang = vi.fn();
  const stopped = vi.fn();
  thread.after(30, rang);
  const stop = thread.after(30, stopped);
  channel.onerror?.(new ErrorEvent('error'));
  stop();
  expect(await packed).toEqual(await inPlace.pack(bytes));
  await vi.waitFor(() => expect(rang).toHaveBeenCalledOnce());
  expect(stopped).not.toHaveBeenCalled();
  // and nothing is asked of it any more
  await wait(thread, 1);
  expect(channel.postMessage).toHaveBeenCalledTimes(3);
});

test('without workers all is done here', async () => {
  const thread = offThread(() => {
    throw new Error('no workers');
  });
  expect(await thread.md5s(bytes, [{ begin: 0, end: 9 }])).toHaveLength(1);
  await wait(thread, 1);
});
