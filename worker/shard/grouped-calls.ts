/**
 * Calls to one shard, grouped: while one is under way, further ones wait and go together with the
 * next, and, when many come, with those that have arrived by then. The first that waits makes that
 * call, so that no request has to outlive its own by much; whoever has waited long enough calls
 * alone. Knows no shard.
 */

/** Items of one call at most. */
const AT_ONCE_MAX = 500;
/** Where so many went together last time, more are coming: a call costs as much as a few. */
const BUSY_FROM = 5;
/** After so long whoever called for others is gone. Asking again is safe. */
const PATIENCE_MS = 5000;

interface Waiting<I, O> {
  item: I;
  resolve(result: O): void;
  reject(failure: unknown): void;
  /** Somebody calls for it, or has. */
  isCalled: boolean;
}

/**
 * @param send one call for all items, results in their order
 * @param keepAlive holds the request that calls open until the call is done, whoever hangs up
 */
export function grouped<I, O>(
  send: (items: I[]) => Promise<readonly O[]>,
  keepAlive: (work: Promise<unknown>) => void,
): (item: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  /** Those in the call that is under way. */
  let group: Waiting<I, O>[] | null = null;
  /** Tells the first of those that wait that it is their turn. */
  let next: (() => void) | null = null;
  /** In place of a group while the next one gathers. */
  const gathering: Waiting<I, O>[] = [];
  let lastLength = 0;

  async function callFor(own: Waiting<I, O>[]): Promise<void> {
    group = own;
    lastLength = own.length;
    for (const one of own) one.isCalled = true;
    try {
      const results = await send(own.map(({ item }) => item));
      for (const [i, { resolve }] of own.entries()) resolve(results[i] as O);
    } catch (failure) {
      for (const { reject } of own) reject(failure);
    }
    if (group !== own) return;
    group = null;
    if (next === null) return await callForAll();
    next();
    next = null;
  }

  /** At once; or, where many come, together with those that are about to be read. */
  async function begin(): Promise<void> {
    if (lastLength >= BUSY_FROM && waiting.length < AT_ONCE_MAX) {
      group = gathering;
      await turn();
    }
    await callForAll();
  }

  async function callForAll(): Promise<void> {
    const all = waiting.filter(({ isCalled }) => !isCalled);
    waiting = all.slice(AT_ONCE_MAX);
    if (all.length > 0) await callFor(all.slice(0, AT_ONCE_MAX));
    else if (group === gathering) group = null;
  }

  return (item) => {
    // Not `new Promise`: once that is compiled to machine code, workerd takes its promise for
    // nobody's, and what waits for it goes on within the request that settles it.
    const { promise, resolve, reject } = Promise.withResolvers<O>();
    const own = { item, resolve, reject, isCalled: false };
    waiting.push(own);
    // What begins here runs on behalf of this request, whoever says that it is its turn.
    if (group === null) {
      keepAlive(begin());
      return promise;
    }
    if (waiting.length === 1) {
      const called = Promise.withResolvers<void>();
      next = called.resolve;
      keepAlive(called.promise.then(() => (group === null ? begin() : undefined)));
    }
    // The runtime takes a request for hung that waits for nothing but another one. The timer ends
    // with the request.
    setTimeout(() => {
      if (!own.isCalled) keepAlive(callFor([own]));
    }, PATIENCE_MS);
    return promise;
  };
}

/**
 * A turn of the event loop: what has arrived by now is read. Longer would leave the thread idle
 * until all clients wait for the same group, docs/decisions/0088.
 */
async function turn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 0);
  await promise;
}
