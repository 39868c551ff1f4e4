/**
 * Calls to one shard, grouped: while one is under way, further ones wait and go together with the
 * next. Each request makes at most one call on behalf of others, so that none has to outlive its
 * own by much; whoever has waited long enough calls alone. Knows no shard.
 */

/** Items of one call at most. */
const AT_ONCE_MAX = 500;
/** After so long whoever called for others is gone. Asking again is safe. */
const PATIENCE_MS = 5000;

interface Waiting<I, O> {
  item: I;
  result: PromiseWithResolvers<O>;
  /** Settled when it is this one's turn to call. */
  turn: PromiseWithResolvers<void>;
}

/**
 * @param send one call for all items, results in their order
 * @param keepAlive holds a request open until its part is done, whoever hangs up meanwhile
 */
export function grouped<I, O>(
  send: (items: I[]) => Promise<readonly O[]>,
  keepAlive: (work: Promise<unknown>) => void,
): (item: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  /** Those in the call that is under way. */
  let group: Waiting<I, O>[] = [];

  async function callFor(own: Waiting<I, O>[]): Promise<void> {
    group = own;
    waiting = waiting.filter((one) => !own.includes(one));
    try {
      const results = await send(own.map(({ item }) => item));
      for (const [i, { result }] of own.entries()) result.resolve(results[i] as O);
    } catch (failure) {
      for (const { result } of own) result.reject(failure);
    }
    if (group !== own) return;
    group = [];
    waiting[0]?.turn.resolve();
  }
  const callForAll = () => callFor(waiting.slice(0, AT_ONCE_MAX));

  async function ask(item: I): Promise<O> {
    const result = Promise.withResolvers<O>();
    const own = { item, result, turn: Promise.withResolvers<void>() };
    waiting.push(own);
    // What begins here runs on behalf of this request, whoever settles its turn.
    if (group.length === 0) {
      void callForAll();
      return await result.promise;
    }
    void own.turn.promise.then(() => (waiting[0] === own ? callForAll() : undefined));
    // The runtime takes a request for hung that waits for nothing but another one.
    const timer = setTimeout(() => void callFor([own]), PATIENCE_MS);
    try {
      return await result.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  return (item) => {
    const answer = ask(item);
    keepAlive(answer.catch(() => {}));
    return answer;
  };
}
