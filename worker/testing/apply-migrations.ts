/**
 * Vitest setup for the `worker` project: brings the test's own D1 up to the newest migration. Every
 * file of tests waits for it, so all are one transaction, and `cloudflare:test`, which loads the
 * whole Worker, stays with the files that need it.
 */
import { env } from 'cloudflare:workers';

/** Where a deployed database keeps which migrations it has. */
const APPLIED = 'CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT)';

const queries = env.TEST_MIGRATIONS.flatMap((migration) => migration.queries);
await env.DB.batch([APPLIED, ...queries].map((query) => env.DB.prepare(query)));
