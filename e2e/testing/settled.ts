/** When a page has what it asked for. Knows no page. */
import { expect, type Page, type Request } from '@playwright/test';

/** A page asks for the next thing within this of an answer, on two busy cores. */
const QUIET_MS = 150;
const PATIENCE_MS = 15_000;

const waiting = new WeakMap<Page, { open: Set<Request>; since: number }>();

/** Notes from now on what a page asks for: before it is opened. */
export function watch(page: Page): void {
  const state = { open: new Set<Request>(), since: Date.now() };
  const ended = (request: Request) => {
    state.open.delete(request);
    state.since = Date.now();
  };
  page.on('request', (request) => {
    // what the page before had asked for may never be said to have ended
    if (request.isNavigationRequest()) state.open.clear();
    state.open.add(request);
  });
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  waiting.set(page, state);
}

/**
 * Waits until nothing that the page asked for is on its way, and it has asked for nothing more for
 * a moment. As Playwright's `networkidle`, which waits half a second for each page.
 */
export async function settled(page: Page): Promise<void> {
  const state = waiting.get(page);
  if (!state) throw new Error('settled() wants a page that watch() has seen before it was opened');
  const isQuiet = () => state.open.size === 0 && Date.now() - state.since >= QUIET_MS;
  await expect.poll(isQuiet, { timeout: PATIENCE_MS, intervals: [25] }).toBe(true);
}
