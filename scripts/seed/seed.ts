/**
 * Fills a fresh local stack with the demo data: Supabase first, then D1 in one transaction, so that
 * an interrupted seed is simply run again. The database is opened through wrangler's own proxy,
 * with the Worker not running. Knows no plausible number; those come from build.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { getPlatformProxy, unstable_readConfig } from 'wrangler';
import { AppError } from '../../shared/errors.ts';
import { buildSeed, type Seed, type SeedOptions } from './build.ts';

export { buildSeed } from './build.ts';

export interface SeedTarget extends SeedOptions {
  /** Path of wrangler.toml. */
  configPath: string;
  /** What wrangler calls `--persist-to`: the folder that holds `v3`. */
  persistTo: string;
  /** The running Supabase and the key that passes row-level security. */
  supabase: { url: string; serviceKey: string };
}

/** What of D1's interface the seed uses. */
interface Database {
  prepare(sql: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}
interface Statement {
  bind(...values: string[]): Statement;
  first<T>(column: string): Promise<T | null>;
}

/** Rows in one upsert; PGlite takes a second for as many. */
const UPSERT_ROWS = 1000;

/**
 * Seeds unless there are locations already.
 * @returns whether anything was written
 * @throws AppError `unavailable` when Supabase refuses, `internal` when D1 does
 */
export async function seed(target: SeedTarget): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'jambench-seed-'));
  const proxy = await getPlatformProxy<Record<string, unknown>>({
    configPath: databaseAlone(target.configPath, folder),
    persist: { path: `${target.persistTo}/v3` },
    envFiles: [],
  });
  try {
    const db = proxy.env.DB as Database;
    const there = await db.prepare('SELECT COUNT(*) AS n FROM locations').first<number>('n');
    if (there) return false;
    const data = buildSeed(target);
    await fillSupabase(target.supabase, data);
    await db.batch(data.d1.map(({ sql, params }) => db.prepare(sql).bind(...params)));
    return true;
  } finally {
    await proxy.dispose();
    rmSync(folder, { recursive: true });
  }
}

/** The Worker's objects and limiters would be missed aloud where no Worker is. */
function databaseAlone(configPath: string, folder: string): string {
  const { compatibility_date, d1_databases } = unstable_readConfig({ config: configPath });
  const path = join(folder, 'wrangler.json');
  writeFileSync(path, JSON.stringify({ name: 'seed', compatibility_date, d1_databases }));
  return path;
}

async function fillSupabase(access: SeedTarget['supabase'], { supabaseRows }: Seed): Promise<void> {
  const auth = { persistSession: false, autoRefreshToken: false };
  const client = createClient(access.url, access.serviceKey, { auth });
  for (const [table, rows] of Object.entries(supabaseRows)) {
    for (let at = 0; at < rows.length; at += UPSERT_ROWS) {
      const some = rows.slice(at, at + UPSERT_ROWS);
      const upsert = async () => (await client.from(table).upsert(some)).error;
      // The same rows twice are the same; a busy machine may drop a connection.
      const error = (await upsert()) && (await upsert());
      if (!error) continue;
      const message = `Supabase did not take the demo rows of ${table}: ${error.message}`;
      throw new AppError('unavailable', message, { cause: error });
    }
  }
}
