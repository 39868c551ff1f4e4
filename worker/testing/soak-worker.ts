/**
 * The Worker for the soak: the production code whole, but on a clock that each request brings
 * along, since its units live a month in seconds. Only the soak runs this entry; the production one
 * has no such header. The limiter of requests a minute counts real time, so it is not here.
 */
import type { Env } from '../env.ts';
import { createApp } from '../http/app.ts';
import { adaptersOf, roomsOf } from '../services.ts';

export { UnitShard } from '../shard/unit-shard.ts';
export { PlaceShard } from '../shard-services.ts';

type App = ReturnType<typeof createApp>;

/** A unit has its own clock: units live side by side, at different times. */
interface Life {
  app: App;
  nowMs: number;
}

const lives = new Map<string, Life>();
// A line for every request would cost more than the request.
console.log = () => {};

function lifeOf(unit: string, env: Env): Life {
  const known = lives.get(unit);
  if (known) return known;
  const take = async () => true;
  const services = roomsOf({ ...adaptersOf(env), unitRequests: { take }, now: () => life.nowMs });
  const life: Life = { app: createApp(services), nowMs: 0 };
  lives.set(unit, life);
  return life;
}

export default {
  fetch(request, env, ctx) {
    const life = lifeOf(request.headers.get('X-Soak-Unit') ?? '', env);
    life.nowMs = Number(request.headers.get('X-Soak-Now'));
    return life.app.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<Env>;
