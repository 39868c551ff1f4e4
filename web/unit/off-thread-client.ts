/**
 * The page's end of the worker beside it, started when first needed. Where it does not start, or
 * dies, everything goes on on this thread: slower in a hidden tab, but never not at all.
 */
import { AppError } from '../../shared/errors.ts';
import type { ImageFacts, Packed, Run } from './heavy-work.ts';
import { inPlace, type OffThread } from './off-thread.ts';
import type { FromThread, ToThread } from './off-thread-messages.ts';

/** The part of Worker that is used. */
export interface ThreadChannel {
  postMessage(message: ToThread, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<FromThread>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** @param start makes the worker; throws where there is none */
export function offThread(start: () => ThreadChannel = startWorker): OffThread {
  const client = new ThreadClient(start);
  return {
    after: (ms, fn) => client.after(ms, fn),
    pack: (bytes) => client.ask<Packed>({ type: 'pack', bytes }, () => inPlace.pack(bytes)),
    md5s: (bytes, runs) =>
      client.ask<Uint8Array[]>({ type: 'md5s', bytes, runs: [...runs] }, () =>
        inPlace.md5s(bytes, runs),
      ),
    imageFacts: (bytes) =>
      client.ask<ImageFacts>({ type: 'imageFacts', bytes }, () => inPlace.imageFacts(bytes)),
  };
}

function startWorker(): ThreadChannel {
  // In one expression: that is how Vite knows a worker and bundles what it imports.
  return new Worker(new URL('./off-thread-worker.ts', import.meta.url), {
    type: 'module',
    name: 'beside the bench',
  });
}

type Question = { bytes: Uint8Array } & (
  | { type: 'pack' }
  | { type: 'md5s'; runs: readonly Run[] }
  | { type: 'imageFacts' }
);

interface Job {
  resolve(result: unknown): void;
  reject(error: AppError): void;
  /** The same on this thread. */
  here(): Promise<unknown>;
}

class ThreadClient {
  readonly #start: () => ThreadChannel;
  #channel: ThreadChannel | null = null;
  #isDead = false;
  #nextId = 1;
  readonly #jobs = new Map<number, Job>();
  readonly #timers = new Map<number, { fn: () => void; at: number }>();

  constructor(start: () => ThreadChannel) {
    this.#start = start;
  }

  after(ms: number, fn: () => void): () => void {
    const channel = this.#running();
    if (!channel) return inPlace.after(ms, fn);
    const id = this.#nextId++;
    this.#timers.set(id, { fn, at: performance.now() + ms });
    channel.postMessage({ type: 'after', id, ms });
    return () => {
      if (this.#timers.delete(id)) this.#channel?.postMessage({ type: 'stop', id });
    };
  }

  ask<T>(question: Question, here: () => Promise<T>): Promise<T> {
    const channel = this.#running();
    if (!channel) return here();
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#jobs.set(id, { resolve: (result) => resolve(result as T), reject, here });
      // A copy of what is meant: a view would take all that lies behind it along.
      const bytes = question.bytes.slice();
      channel.postMessage({ ...question, id, bytes }, [bytes.buffer]);
    });
  }

  #running(): ThreadChannel | null {
    if (this.#channel || this.#isDead) return this.#channel;
    try {
      const channel = this.#start();
      channel.onmessage = ({ data }) => this.#receive(data);
      channel.onerror = () => this.#died();
      this.#channel = channel;
    } catch {
      this.#isDead = true; // no worker here: everything is done in place
    }
    return this.#channel;
  }

  #receive(message: FromThread): void {
    const { id } = message;
    if (message.type === 'rang') {
      const timer = this.#timers.get(id);
      this.#timers.delete(id);
      timer?.fn();
      return;
    }
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    if (message.type === 'done') job?.resolve(message.result);
    else job?.reject(new AppError(message.code, message.message));
  }

  #died(): void {
    this.#channel = null;
    this.#isDead = true;
    const [jobs, timers] = [[...this.#jobs.values()], [...this.#timers]];
    this.#jobs.clear();
    for (const { here, resolve, reject } of jobs) here().then(resolve, reject);
    for (const [id, { at }] of timers) {
      const ring = () => {
        const timer = this.#timers.get(id);
        this.#timers.delete(id);
        timer?.fn(); // unless it was stopped meanwhile
      };
      inPlace.after(Math.max(0, at - performance.now()), ring);
    }
  }
}
