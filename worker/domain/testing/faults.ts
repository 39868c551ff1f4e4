/**
 * Ports that fail, and ports that let somebody else act between two calls, whatever stands behind
 * them: the real stores over D1, or a few lines of a test. What must hold then the test says.
 */

/** Where a call went wrong: before it did anything, or after, so that only its answer is lost. */
export type Side = 'before' | 'after';

/** One broken run: which call failed and how, and what the act came to. */
export interface Broken {
  /** `brakes.take`, the port's name and the method's. */
  call: string;
  side: Side;
  /** What `act` threw; undefined when it got over the failure. */
  thrown: unknown;
}

/** The words of D1 for what passes (failure.ts). */
export const LOST = 'D1_ERROR: Network connection lost.';

type Hook = (name: string, call: () => Promise<unknown>) => unknown;
type Method = (...given: unknown[]) => Promise<unknown>;

/** The same ports, with each call of a port's method handed to `hook`; values stay as they are. */
export function through<P extends object>(ports: P, hook: Hook): P {
  const wrapped = (name: string, port: object) =>
    new Proxy(port, {
      get(target, key) {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== 'function') return method;
        const call = (...given: unknown[]) => (method as Method).apply(target, given);
        return (...given: unknown[]) => hook(`${name}.${String(key)}`, async () => call(...given));
      },
    });
  const entries = Object.entries(ports).map(([name, port]: [string, unknown]) => [
    name,
    typeof port === 'object' && port !== null ? wrapped(name, port) : port,
  ]);
  return Object.fromEntries(entries) as P;
}

/** Ports whose nth call fails, counted from 0. `failed` names it once it has come to that. */
function failingAt<P extends object>(ports: P, nth: number, side: Side) {
  const seen = { calls: 0, failed: '' };
  const broken = through(ports, async (name, call) => {
    const isIt = seen.calls === nth;
    seen.calls += 1;
    if (!isIt) return call();
    seen.failed = name;
    if (side === 'after') await call();
    throw new Error(LOST);
  });
  return { ports: broken, seen };
}

/**
 * Runs `act` anew for each of its calls and each side on which that can fail, and `check` after it.
 * @param fresh sets the stage and hands out sound ports
 * @returns the calls that failed, in order; a test says which it expects, or it may check nothing
 */
export async function eachFailure<P extends object>(
  fresh: () => P | Promise<P>,
  act: (ports: P) => Promise<unknown>,
  check: (broken: Broken, ports: P) => void | Promise<void>,
): Promise<string[]> {
  const failed: string[] = [];
  for (let nth = 0; ; nth += 1) {
    for (const side of ['before', 'after'] as const) {
      const sound = await fresh();
      const { ports, seen } = failingAt(sound, nth, side);
      const thrown: unknown = await act(ports).then(
        () => undefined,
        (failure: unknown) => failure,
      );
      if (seen.failed === '') return failed;
      if (side === 'before') failed.push(seen.failed);
      await check({ call: seen.failed, side, thrown }, sound);
    }
  }
}

/**
 * Runs `act` anew for each of its calls, with `other` from beginning to end just before that call;
 * the last time after all of them.
 * @param check gets before which call `other` acted (`end` after the last), and both outcomes
 */
export async function eachInterruption<P extends object>(
  fresh: () => P | Promise<P>,
  act: (ports: P) => Promise<unknown>,
  other: (ports: P) => Promise<unknown>,
  check: (
    before: string,
    outcomes: readonly PromiseSettledResult<unknown>[],
    ports: P,
  ) => void | Promise<void>,
): Promise<string[]> {
  const interrupted: string[] = [];
  for (let nth = 0; interrupted.at(-1) !== 'end'; nth += 1) {
    const sound = await fresh();
    let [calls, before] = [0, ''];
    let meanwhile: Promise<unknown> | undefined;
    const ports = through(sound, async (name, call) => {
      const isIt = calls === nth;
      calls += 1;
      if (isIt) {
        before = name;
        meanwhile = other(sound);
        await meanwhile.catch(() => {});
      }
      return call();
    });
    const [acted] = await Promise.allSettled([act(ports)]);
    meanwhile ??= other(sound);
    const [did] = await Promise.allSettled([meanwhile]);
    interrupted.push(before || 'end');
    await check(before || 'end', [acted, did], sound);
  }
  return interrupted;
}
