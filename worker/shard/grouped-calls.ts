/**
 * Calls to one shard, grouped: while one is under way, further ones wait and go together with the
 * next. Each request makes at most one call on behalf of others, so that none has to outlive its
 * own by much; whoever waits too long calls alone. Knows no shard.
 */

/** Items of one call at most. */
const AT_ONCE_MAX = 500;
/** After so long whoever was to call for others is gone. Asking again is safe. */
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
  let isUnderWay = false;

  async function callForAll(): Promise<void> {
    const group = waiting.slice(0, AT_ONCE_MAX);
    waiting = waiting.slice(AT_ONCE_MAX);
    isUnderWay = true;
    try {
      const results = await send(group.map(({ item }) => item));
      for (const [i, { result }] of group.entries()) result.resolve(results[i] as O);
    } catch (failure) {
      for (const { result } of group) result.reject(failure);
    } finally {
      isUnderWay = false;
      waiting[0]?.turn.resolve();
    }
  }

  async function ask(item: I): Promise<O> {
    const own = {
      item,
      result: Promise.withResolvers<O>(),
      turn: Promise.withResolvers<void>(),
    };
    waiting.push(own);
    // What begins here runs on behalf of this request, whoever settles its turn.
    if (!isUnderWay) void callForAll();
    else void own.turn.promise.then(() => (waiting.includes(own) ? callForAll() : undefined));
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), PATIENCE_MS);
    try {
      const first = await Promise.race([own.result.promise, late.promise]);
      if (first !== 'late') return first;
    } finally {
      clearTimeout(timer);
    }
    waiting = waiting.filter((one) => one !== own);
    isUnderWay = false;
    const [alone] = await send([item]);
    return alone as O;
  }

  return (item) => {
    const answer = ask(item);
    keepAlive(answer.catch(() => {}));
    return answer;
  };
}
