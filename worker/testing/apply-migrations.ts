/** Vitest setup for the `worker` project: brings the test's own D1 up to the newest migration. */
import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
