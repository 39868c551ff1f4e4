/**
 * A Worker that must fail the kill trial: it answers a reading before the production code has
 * stored it. Only the trial's own test runs this entry.
 */
import type { Env } from '../env.ts';
import worker from '../index.ts';

export { UnitShard } from '../shard/unit-shard.ts';
export { PlaceShard } from '../shard-services.ts';

/** So late that a SIGKILL always finds something acknowledged and not stored. */
const LATE_MS = 500;
/** About as long as the production code takes: a faster one leaves minutes of storing behind. */
const ANSWER_MS = 100;
// A line for every request would cost more than the request.
console.log = () => {};

export default {
  async fetch(request, env, ctx) {
    const body = await request.text();
    const later = new Request(request.url, { method: 'POST', headers: request.headers, body });
    const store = async () => {
      await scheduler.wait(LATE_MS);
      await worker.fetch(later as never, env, ctx);
    };
    ctx.waitUntil(store());
    await scheduler.wait(ANSWER_MS);
    return Response.json({ status: 'ok' }, { status: 201 });
  },
} satisfies ExportedHandler<Env>;
