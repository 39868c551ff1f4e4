import { expect, onTestFinished, test, vi } from 'vitest';
import { watchForMissingCode, watchForUpdates } from './sw-update.ts';

test('code that the server no longer has offers the new version, each time', () => {
  const ready = vi.fn();
  watchForMissingCode(ready);
  expect(ready).not.toHaveBeenCalled();
  for (const times of [1, 2]) {
    window.dispatchEvent(new Event('vite:preloadError'));
    expect(ready).toHaveBeenCalledTimes(times);
    expect(ready.mock.lastCall?.[0]).toMatchObject({ why: 'missing' });
  }
});

test('without a network, code that cannot be had means no new version', () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  onTestFinished(() => void vi.restoreAllMocks());
  const ready = vi.fn();
  watchForMissingCode(ready);
  window.dispatchEvent(new Event('vite:preloadError'));
  expect(ready).not.toHaveBeenCalled();
});

test('a browser that refuses service workers: no offer, and no further looks', async () => {
  const refused = new DOMException('private window', 'SecurityError');
  const register = vi.spyOn(navigator.serviceWorker, 'register').mockRejectedValue(refused);
  const interval = vi.spyOn(globalThis, 'setInterval');
  onTestFinished(() => void vi.restoreAllMocks());
  const ready = vi.fn();
  await watchForUpdates(ready);
  expect(register).toHaveBeenCalledOnce();
  expect(interval).not.toHaveBeenCalled();
  expect(ready).not.toHaveBeenCalled();
});

test('a registered one is asked for a new version every half hour', async () => {
  const update = vi.fn(async () => undefined);
  const registration = Object.assign(new EventTarget(), { update, active: null, waiting: null });
  vi.spyOn(navigator.serviceWorker, 'register').mockResolvedValue(registration as never);
  const interval = vi.spyOn(globalThis, 'setInterval').mockReturnValue(0 as never);
  onTestFinished(() => void vi.restoreAllMocks());
  await watchForUpdates(() => {});
  expect(interval).toHaveBeenCalledWith(expect.any(Function), 30 * 60_000);
  const look = interval.mock.lastCall?.[0] as (() => void) | undefined;
  look?.();
  await vi.waitFor(() => expect(update).toHaveBeenCalledOnce());
});
