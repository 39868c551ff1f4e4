/**
 * Tables of a shard of units, version by version: `units` (a record each), `words` (texts that
 * readings name by number), and, made when they are needed, `journal_FIRST ROW_BEGAN`,
 * `readings_DAY` and `heartbeats_WEEK` (journal.ts). Append only; no step may need what only a
 * later program writes.
 */
import { noContact } from '../domain/contact.ts';
import { NO_NEWS, type UnitRecord, writeEntry } from '../domain/shard-journal.ts';
import { ByteReader, ByteWriter } from '../domain/varint.ts';
import type { SchemaStep } from './schema.ts';

export const UNIT_TABLES: readonly SchemaStep[] = [
  // Objects from before there were numbers have them already.
  (sql) => {
    sql.exec('CREATE TABLE IF NOT EXISTS units (unit INTEGER PRIMARY KEY, record TEXT NOT NULL)');
    sql.exec('CREATE TABLE IF NOT EXISTS words (number INTEGER PRIMARY KEY, word TEXT NOT NULL)');
  },
  // Entries of more kinds than readings and marks; of a unit what it said and what it may ask.
  (sql) => {
    for (const { unit, record } of [...sql.exec<UnitRow>('SELECT unit, record FROM units')]) {
      const known = JSON.parse(record) as UnitRecord;
      const more = { contact: noContact(known.facts.generation), windows: {}, news: NO_NEWS };
      const text = JSON.stringify({ ...known, ...more });
      sql.exec('UPDATE units SET record = ? WHERE unit = ?', text, unit);
    }
    for (const { name } of [...sql.exec<{ name: string }>(JOURNALS)]) {
      const rows = [...sql.exec<{ row: number; bytes: ArrayBuffer }>(`SELECT * FROM ${name}`)];
      for (const { row, bytes } of rows) {
        const renewed = withKinds(new Uint8Array(bytes));
        sql.exec(`UPDATE ${name} SET bytes = ? WHERE row = ?`, renewed, row);
      }
    }
  },
  // Heartbeats that say how much memory is free and why the unit started.
  (sql) => {
    for (const { name } of [...sql.exec<{ name: string }>(HEARTBEATS)]) {
      for (const column of ['free_kib', 'free_min_kib', 'start_reason']) {
        sql.exec(`ALTER TABLE ${name} ADD COLUMN ${column} INTEGER`);
      }
    }
  },
];

type UnitRow = { unit: number; record: string };
const HEARTBEATS = `SELECT name FROM sqlite_master
  WHERE type = 'table' AND name LIKE 'heartbeats\\_%' ESCAPE '\\'`;
const JOURNALS = `SELECT name FROM sqlite_master
  WHERE type = 'table' AND name LIKE 'journal\\_%' ESCAPE '\\'`;

/** Entries whose tag had one bit for their kind → the same as they are written today. */
function withKinds(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  const source = new ByteReader(bytes);
  while (!source.isAtEnd) {
    const tag = source.uint();
    writeEntry(out, tag % 2 === 0 ? 0 : 1, Math.floor(tag / 2), source.block());
  }
  return out.take();
}
