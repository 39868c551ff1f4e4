/**
 * A Worker of nothing but grouped calls, for their test in the runtime. `GET` asks so often that
 * the engine compiles what asks; `POST` asks for the request's own number, and reads its own body
 * after it was told, which only goes within this request. Only that test runs this entry.
 */
import { waitUntil } from 'cloudflare:workers';
import type { Env } from '../env.ts';
import { grouped } from '../shard/grouped-calls.ts';

export { UnitShard } from '../shard/unit-shard.ts';
export { PlaceShard } from '../shard-services.ts';

interface Settings extends Env {
  /** `constructor`: promises as `new Promise` makes them, which must be found out. */
  PROMISES?: string;
}

/** About as long as a commit. */
const CALL_MS = 2;
/** Fewer than the timers that a request may have, 10,000. */
const OFTEN = 8000;

const ask = grouped<string, string>(async (all) => {
  await scheduler.wait(CALL_MS);
  return all.map((n) => `told ${n}`);
}, waitUntil);

function madeByConstructor<T>(): PromiseWithResolvers<T> {
  let resolve: PromiseWithResolvers<T>['resolve'] = () => {};
  let reject: PromiseWithResolvers<T>['reject'] = () => {};
  const promise = new Promise<T>((keep, fail) => {
    resolve = keep;
    reject = fail;
  });
  return { promise, resolve, reject };
}

export default {
  async fetch(request, { PROMISES }) {
    if (PROMISES === 'constructor') Promise.withResolvers = madeByConstructor;
    if (request.method === 'GET') {
      await Promise.all(Array.from({ length: OFTEN }, () => ask('')));
      return new Response('asked');
    }
    const told = await ask(request.headers.get('Number') ?? '');
    return new Response(`${told} ${await request.text()}`, { status: 201 });
  },
} satisfies ExportedHandler<Settings>;
