/**
 * What is done beside the page's own thread: computing, so that the page stays alive, and timers,
 * because those of a hidden tab ring once a second at best, and once a minute after a while.
 * {@link inPlace} does the same on this thread. Knows no worker.
 */
import { type ImageFacts, imageFacts, md5s, type Packed, pack, type Run } from './heavy-work.ts';

export interface OffThread {
  /** Calls `fn` once after `ms`; the result stops it. Does not wait for a hidden tab. */
  after(ms: number, fn: () => void): () => void;
  pack(bytes: Uint8Array): Promise<Packed>;
  /** MD5 of each run of `bytes`. */
  md5s(bytes: Uint8Array, runs: readonly Run[]): Promise<Uint8Array[]>;
  /** @throws AppError `image_truncated`, `image_corrupt` */
  imageFacts(bytes: Uint8Array): Promise<ImageFacts>;
}

/** For tests and tools, and where no worker starts. */
export const inPlace: OffThread = {
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
  pack,
  md5s: async (bytes, runs) => md5s(bytes, runs),
  imageFacts: async (bytes) => imageFacts(bytes),
};

/** @param thread whose timers count */
export function wait(thread: Pick<OffThread, 'after'>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    thread.after(ms, resolve);
  });
}
