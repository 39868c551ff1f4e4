/**
 * Tables of a shard of units, version by version: `units` (a record each), `words` (texts that
 * readings name by number), and, made when they are needed, `journal_FIRST ROW_BEGAN` and
 * `readings_DAY` (journal.ts). Append only; no step may need what only a later program writes.
 */
import type { SchemaStep } from './schema.ts';

export const UNIT_TABLES: readonly SchemaStep[] = [
  // Objects from before there were numbers have them already.
  (sql) => {
    sql.exec('CREATE TABLE IF NOT EXISTS units (unit INTEGER PRIMARY KEY, record TEXT NOT NULL)');
    sql.exec('CREATE TABLE IF NOT EXISTS words (number INTEGER PRIMARY KEY, word TEXT NOT NULL)');
  },
];
