/**
 * The Worker for `npm run costs`: the production code whole, on a D1 that counts every answer
 * as Cloudflare bills it. Only the command runs this entry; `/meter` reports and resets, `/run`
 * runs a job.
 */
import type { Env } from '../env.ts';
import worker from '../index.ts';
import { shardTotal } from './shard-meter.ts';

export { PlaceShard, UnitShard } from './shard-meter.ts';

const total = { rows_read: 0, rows_written: 0, statements: 0 };
// A line for every request would cost more than the request.
console.log = () => {};

function note<T>(result: T): T {
  for (const one of [result].flat() as { meta?: D1Meta }[]) {
    if (!one?.meta) continue;
    total.rows_read += one.meta.rows_read;
    total.rows_written += one.meta.rows_written;
    total.statements += 1;
  }
  return result;
}

type Statement = D1PreparedStatement;
const inner = new WeakMap<Statement, Statement>();

function metered(statement: Statement): Statement {
  const outer = {
    bind: (...values: unknown[]) => metered(statement.bind(...values)),
    run: async () => note(await statement.run()),
    all: async () => note(await statement.all()),
    // `first` has no meta, so this runs `all`
    first: async (column?: string) => {
      const [row] = note(await statement.all<Record<string, unknown>>()).results;
      if (row === undefined) return null;
      return column === undefined ? row : row[column];
    },
  } as unknown as Statement;
  inner.set(outer, statement);
  return outer;
}

const meteredEnvs = new WeakMap<Env, Env>();

function withMeter(env: Env): Env {
  const known = meteredEnvs.get(env);
  if (known) return known;
  const db = {
    prepare: (sql: string) => metered(env.DB.prepare(sql)),
    batch: async (all: Statement[]) => note(await env.DB.batch(all.map((s) => inner.get(s) ?? s))),
  } as unknown as D1Database;
  const made = { ...env, DB: db };
  meteredEnvs.set(env, made);
  return made;
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/run') {
      const cron = searchParams.get('cron') ?? '';
      await worker.scheduled({ cron, scheduledTime: 0, noRetry() {} }, withMeter(env));
      return new Response('ran');
    }
    if (pathname !== '/meter') return worker.fetch(request, withMeter(env), ctx);
    const answer = Response.json({ ...total, ...shardTotal });
    Object.assign(total, { rows_read: 0, rows_written: 0, statements: 0 });
    Object.assign(shardTotal, { shard_rows_written: 0, shard_commits: 0 });
    return answer;
  },
} satisfies ExportedHandler<Env>;
