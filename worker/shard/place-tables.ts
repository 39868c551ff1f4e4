/**
 * Tables of a shard of places, version by version: `words` (locations by their number), `records`
 * (what is small), and, made when they are needed, `journal_FIRST ROW_BEGAN` and `sums_MONTH`
 * (place-journal.ts). Append only; no step may need what only a later program writes.
 */
import type { SchemaStep } from './schema.ts';

export const PLACE_TABLES: readonly SchemaStep[] = [
  (sql) => {
    sql.exec('CREATE TABLE words (number INTEGER PRIMARY KEY, word TEXT NOT NULL)');
    sql.exec('CREATE TABLE records (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  },
];
