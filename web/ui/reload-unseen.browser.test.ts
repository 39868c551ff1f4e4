import { expect, onTestFinished, test, vi } from 'vitest';
import { reloadUnseen } from './reload-unseen.ts';

const MINUTE_MS = 60_000;
const show = (isShown: boolean) => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(!isShown);
  document.dispatchEvent(new Event('visibilitychange'));
};

function waiting() {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const reload = vi.fn();
  const world = { may: true };
  reloadUnseen(reload, () => world.may);
  return { reload, world };
}

test('a page that nobody looks at for half an hour takes the new version', () => {
  const { reload } = waiting();
  vi.advanceTimersByTime(100 * MINUTE_MS);
  show(false);
  vi.advanceTimersByTime(29 * MINUTE_MS);
  expect(reload).not.toHaveBeenCalled();
  vi.advanceTimersByTime(MINUTE_MS);
  expect(reload).toHaveBeenCalledOnce();
});

test('who comes back sooner keeps the page', () => {
  const { reload } = waiting();
  for (let times = 0; times < 3; times += 1) {
    show(false);
    vi.advanceTimersByTime(20 * MINUTE_MS);
    show(true);
    vi.advanceTimersByTime(20 * MINUTE_MS);
  }
  expect(reload).not.toHaveBeenCalled();
});

test('text that is not saved holds it', () => {
  const { reload, world } = waiting();
  world.may = false;
  show(false);
  vi.advanceTimersByTime(100 * MINUTE_MS);
  show(true);
  expect(reload).not.toHaveBeenCalled();
});

test('a phone that slept does so when it wakes', () => {
  const { reload } = waiting();
  show(false);
  vi.setSystemTime(Date.now() + 31 * MINUTE_MS);
  show(true);
  expect(reload).toHaveBeenCalledOnce();
});
