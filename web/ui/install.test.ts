import { expect, test, vi } from 'vitest';
import { localStore } from '../storage/local.ts';
import { Install, type InstallWay } from './install.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1';
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15';
const MAC_CHROME =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/143.0.0.0 Safari/537.36';
const FENIX = 'Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';

const DAY_MS = 86_400_000;

/** A browser that is opened again and again. */
function browser(world: { userAgent?: string; touchPoints?: number } = {}) {
  const { storage } = localStore(() => {
    throw new Error('none');
  });
  let nowMs = 1_700_000_000_000;
  const open = (isStandalone = false) =>
    new Install({ userAgent: MAC_CHROME, touchPoints: 0, ...world, isStandalone, storage, now });
  function now() {
    return nowMs;
  }
  const wait = (ms: number) => {
    nowMs += ms;
  };
  return { open, wait, storage };
}

const prompt = (outcome: 'accepted' | 'dismissed') => ({
  prompt: vi.fn(async () => ({ outcome })),
});

test.each([
  ['an iPhone', IPHONE, 5, 'ios'],
  ['an iPad, which calls itself a Mac', MAC, 5, 'ios'],
  ['Safari on a Mac', MAC, 0, 'mac'],
  ['Chrome on a Mac before it has offered', MAC_CHROME, 0, 'none'],
  ['Firefox on a phone', FENIX, 5, 'menu'],
  ['Firefox on a computer', FIREFOX, 0, 'none'],
] as const)('%s', (_what, userAgent, touchPoints, way: InstallWay) => {
  expect(browser({ userAgent, touchPoints }).open().way.value).toBe(way);
});

test('a first visit is not asked, however often it is reloaded; the second is', () => {
  const { open, wait } = browser();
  for (let reload = 0; reload < 5; reload += 1) {
    const first = open();
    first.offered(prompt('accepted'));
    expect(first.mayAsk()).toBe(false);
    wait(5 * 60_000);
  }
  wait(DAY_MS);
  const second = open();
  expect(second.mayAsk()).toBe(false); // this browser has not offered anything yet
  second.offered(prompt('accepted'));
  expect([second.way.value, second.mayAsk()]).toEqual(['prompt', true]);
});

test.each(['later', 'ask'] as const)('a no by %s holds for 90 days', async (method) => {
  const { open, wait } = browser();
  open();
  wait(DAY_MS);
  const install = open();
  install.offered(prompt('dismissed'));
  await install[method]();
  expect(install.mayAsk()).toBe(false);
  wait(89 * DAY_MS);
  const again = open();
  again.offered(prompt('dismissed'));
  expect(again.mayAsk()).toBe(false);
  wait(2 * DAY_MS);
  const muchLater = open();
  muchLater.offered(prompt('dismissed'));
  expect(muchLater.mayAsk()).toBe(true);
});

test('the browser’s question is shown once for each offer', async () => {
  const { open } = browser();
  const install = open();
  const question = prompt('accepted');
  install.offered(question);
  await install.ask();
  await install.ask();
  expect(question.prompt).toHaveBeenCalledOnce();
});

test('installed: known in its own window, and in the tab that installed it', () => {
  const { open, wait } = browser();
  const tab = open();
  tab.offered(prompt('accepted'));
  tab.installed();
  expect([tab.way.value, tab.mayAsk()]).toEqual(['installed', false]);
  wait(DAY_MS);
  expect(open().way.value).toBe('installed');
  expect(open(true).way.value).toBe('installed');
  // taken off again: the browser offers it anew
  const later = open();
  later.offered(prompt('accepted'));
  expect(later.way.value).toBe('prompt');
});

test('what stands in the storage may be anything', () => {
  const { open, storage } = browser();
  for (const rubbish of ['', 'x', '-1', 'NaN NaN', '1e999']) {
    storage.setItem('jambench-visits', rubbish);
    storage.setItem('jambench-install-later', rubbish);
    expect(() => open().mayAsk()).not.toThrow();
  }
});
