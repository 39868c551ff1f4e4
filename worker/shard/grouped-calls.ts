/**
 * Calls to one shard, grouped: while one is under way, further ones wait and go together with the
 * next. Each request makes at most one call on behalf of others, so that none has to outlive its
 * own by much. Should one be gone with its call, the next that comes calls for those as well.
 * Knows no shard.
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
  now: () => number = Date.now,
): (item: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = [];
  /** Those in the call that is under way, and since when. */
  let group: Waiting<I, O>[] = [];
  let sinceMs = 0;

  async function callForAll(): Promise<void> {
    const own = waiting.slice(0, AT_ONCE_MAX);
    waiting = waiting.slice(AT_ONCE_MAX);
    group = own;
    sinceMs = now();
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

  async function ask(item: I): Promise<O> {
    const own = {
      item,
      result: Promise.withResolvers<O>(),
      turn: Promise.withResolvers<void>(),
    };
    if (group.length > 0 && now() - sinceMs > PATIENCE_MS) {
      waiting = [...group, ...waiting];
      group = [];
    }
    waiting.push(own);
    // What begins here runs on behalf of this request, whoever settles its turn.
    if (group.length === 0) void callForAll();
    else void own.turn.promise.then(() => (waiting[0] === own ? callForAll() : undefined));
    return await own.result.promise;
  }

  return (item) => {
    const answer = ask(item);
    keepAlive(answer.catch(() => {}));
    return answer;
  };
}
