/**
 * Vitest setup for the `worker` project, before each file of tests. All files share one isolate,
 * because starting workerd and loading the Worker for each took half their time; so each begins by
 * emptying what another left: D1, shards, the limiters' counts. Then brings D1 up to the newest
 * migration, in one transaction.
 */
import { reset, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { placeFor } from '../shard/places.ts';
import { shardFor } from '../shard/unit-shards.ts';

/** Where a deployed database keeps which migrations it has. */
const APPLIED = 'CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT)';

// `reset` passes over objects that do not run: those that a test aborted, or that sat idle.
await Promise.all(
  [shardFor(env.UNITS, [0], ''), placeFor({ places: env.PLACES, starts: [0] }, '')].map((shard) =>
    runInDurableObject(shard, (_, { storage }) => storage.deleteAll()),
  ),
);
await env.DB.prepare('SELECT 1').run();
for (const limiter of [env.UNIT_REQUESTS, env.AUTH_FAILURES]) await limiter.limit({ key: '' });
await reset();
const queries = env.TEST_MIGRATIONS.flatMap((migration) => migration.queries);
await env.DB.batch([APPLIED, ...queries].map((query) => env.DB.prepare(query)));
