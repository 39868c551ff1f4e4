/**
 * Vitest setup for the `worker` project: brings the test's own D1 up to the newest migration. All
 * of them as one, in one transaction, because every file of tests waits for it.
 */
import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

const queries = env.TEST_MIGRATIONS.flatMap((migration) => migration.queries);
await applyD1Migrations(env.DB, [{ name: 'all of them', queries }]);
