/**
 * A clock for tests of the device chain: it stands still while anything works and jumps to the next
 * timer when everything waits, so that a reset of 400 ms or a port that is missed for 8 s costs no
 * time. Timers of the page, of esptool-js and of the virtual board in the same thread follow it
 * together. Knows nothing of what it is used for; sockets and files of a test must not need it.
 */
import { afterAll, beforeAll, vi } from 'vitest';

/** Turns of the event loop in which nothing asks for a later one: streams need several. */
const IDLE_TURNS = 3;

/** Node's, where unit tests run; the page's types do not know it. */
const nextTurn = (globalThis as unknown as { setImmediate(fn: () => void): void }).setImmediate;

/** Work on other threads, which no turn of this loop shows: time stands still for it. */
let elsewhere = 0;

/** Lets the tests of this file live by the jumping clock. Call it before other hooks are set. */
export function useJumpingClock(): void {
  let running = false;
  let stopped: Promise<void> = Promise.resolve();

  beforeAll(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    });
    watchOtherThreads();
    running = true;
    stopped = run(() => running);
  });

  afterAll(async () => {
    running = false;
    await stopped;
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
}

async function run(goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    for (let turn = 0; turn < IDLE_TURNS; turn++) {
      await new Promise<void>((resolve) => nextTurn(resolve));
    }
    if (elsewhere === 0) vi.advanceTimersToNextTimer();
  }
}

function watchOtherThreads(): void {
  vi.stubGlobal('CompressionStream', watched(CompressionStream));
  const digest = crypto.subtle.digest.bind(crypto.subtle);
  vi.spyOn(crypto.subtle, 'digest').mockImplementation(async (...asked) => {
    elsewhere++;
    try {
      return await digest(...asked);
    } finally {
      elsewhere--;
    }
  });
}

/** The same streams, which count as work elsewhere from their making until their end. */
function watched(Plain: typeof CompressionStream) {
  return function Watched(format: CompressionFormat) {
    const { readable, writable } = new Plain(format);
    elsewhere++;
    const end = new TransformStream({
      flush: () => {
        elsewhere--;
      },
    });
    return { writable, readable: readable.pipeThrough(end) };
  };
}
