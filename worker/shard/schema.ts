/**
 * Versions of an object's tables. Each object has storage of its own and opens it whenever it is
 * next asked, so a change of tables is a step here that every object takes for itself, once, in a
 * transaction with the number that says so. Steps are only appended. Knows no table but `meta`.
 */
import { AppError } from '../../shared/errors.ts';

/** Brings tables from one version to the next, data included. */
export type SchemaStep = (sql: SqlStorage) => void;

/**
 * Brings an object's tables to the newest version. Storage without a number is at 0: the first step
 * finds either nothing or what was written before there were numbers.
 * @throws AppError `internal` for tables of a newer program; they stay as they are
 */
export function bringUpToDate(storage: DurableObjectStorage, steps: readonly SchemaStep[]): void {
  const { sql } = storage;
  sql.exec('CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID');
  const found = sql.exec<{ value: number }>("SELECT value FROM meta WHERE name = 'schema'");
  const version = [...found][0]?.value ?? 0;
  if (version > steps.length) {
    throw new AppError(
      'internal',
      `This object’s tables have version ${version}; this program knows ${steps.length} at most.`,
      { hint: 'Deploy the newer version again; docs/deploy.md says how to go back.' },
    );
  }
  for (const [at, step] of steps.entries()) {
    if (at < version) continue;
    storage.transactionSync(() => {
      step(sql);
      sql.exec("INSERT OR REPLACE INTO meta VALUES ('schema', ?)", at + 1);
    });
  }
}
