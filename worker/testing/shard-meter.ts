/** The production shards on a storage that counts what Cloudflare bills of it. */
import type { Env } from '../env.ts';
import { UnitShard as ProductionShard } from '../shard/unit-shard.ts';
import { PlaceShard as ProductionPlaceShard } from '../shard-services.ts';

/** Of all shards in this isolate, since somebody set it to nothing. */
export const shardTotal = { shard_rows_written: 0, shard_commits: 0 };

const APPENDS = /^INSERT INTO journal_/;

export class UnitShard extends ProductionShard {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env as never);
    meter(this, ctx);
  }
}

export class PlaceShard extends ProductionPlaceShard {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    meter(this, ctx);
  }
}

/** Has a shard's rows counted from now on; it must not have been asked anything yet. */
export function meter(shard: object, ctx: DurableObjectState): void {
  const storage = metered(ctx.storage);
  Object.defineProperty(shard, 'ctx', { value: withOwn(ctx, 'storage', storage) });
}

function metered(storage: DurableObjectStorage): DurableObjectStorage {
  const exec = (sql: string, ...values: SqlStorageValue[]) => {
    const cursor = storage.sql.exec(sql, ...values);
    // What writes has run by now.
    shardTotal.shard_rows_written += cursor.rowsWritten;
    if (APPENDS.test(sql)) shardTotal.shard_commits += 1;
    return cursor;
  };
  return withOwn(storage, 'sql', withOwn(storage.sql, 'exec', exec));
}

/** `of` with another value for one of its members. */
function withOwn<T extends object>(of: T, member: keyof T, value: unknown): T {
  return new Proxy(of, {
    get(_, name) {
      if (name === member) return value;
      const own: unknown = Reflect.get(of, name);
      // The platform's methods want the platform's object.
      return typeof own === 'function' ? own.bind(of) : own;
    },
  });
}
