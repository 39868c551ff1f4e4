/**
 * A shard's journal in the SQLite storage of its Durable Object. Rows of the journal stand in one
 * table an hour, packed readings in one a day of their periods: what is too old goes by DROP TABLE,
 * for a DELETE is billed as a row written (docs/decisions/0063).
 */
import type { KeptSince } from '../domain/retention.ts';
import type {
  Chunk,
  Journal,
  KeptHeartbeat,
  UnitHeartbeat,
  UnitRecord,
} from '../domain/shard-journal.ts';
import { bringUpToDate } from './schema.ts';
import { UNIT_TABLES } from './unit-tables.ts';
import { SqlWords } from './words.ts';

const DAY_S = 86_400;
/** Rows of the journal in one table. What a unit sent longer ago is packed. */
const SEGMENT_S = 3600;

/** Heartbeats of one table: a week of them. */
const HEARTBEATS_MS = 7 * DAY_S * 1000;
const HEARTBEAT_COLUMNS = `received_ms, firmware, uptime_s, cell_rssi_dbm, battery_pct, radio,
  location_id, free_kib, free_min_kib, start_reason`;
const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table'
  AND (name LIKE 'journal\\_%' ESCAPE '\\' OR name LIKE 'readings\\_%' ESCAPE '\\'
    OR name LIKE 'heartbeats\\_%' ESCAPE '\\')`;

/** A table of the journal: its first row's number, and when it began. */
interface Segment {
  table: string;
  first_row: number;
  from_s: number;
}

type ChunkRow = Omit<Chunk, 'bytes'> & { bytes: ArrayBuffer } & Record<string, SqlStorageValue>;

type HeartbeatRow = KeptHeartbeat & Record<string, SqlStorageValue>;

export class SqlJournal implements Journal {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #words: SqlWords;
  /** Oldest first. */
  readonly #segments: Segment[] = [];
  readonly #days = new Set<number>();
  /** Number of the week that each table of heartbeats is for. */
  readonly #weeks = new Set<number>();

  /** @throws AppError `internal` for storage that a newer program wrote */
  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    bringUpToDate(storage, UNIT_TABLES);
    this.#words = new SqlWords(this.#sql);
    for (const { name } of this.#sql.exec<{ name: string }>(TABLES)) {
      const [kind, a, b] = name.split('_');
      if (kind === 'readings') this.#days.add(Number(a));
      else if (kind === 'heartbeats') this.#weeks.add(Number(a));
      else this.#segments.push({ table: name, first_row: Number(a), from_s: Number(b) });
    }
    this.#segments.sort((a, b) => a.first_row - b.first_row);
  }

  atomically(write: () => void): void {
    this.#storage.transactionSync(write);
  }

  *units(): Iterable<{ unit: number; record: UnitRecord }> {
    const rows = this.#sql.exec<{ unit: number; record: string }>('SELECT unit, record FROM units');
    for (const { unit, record } of rows) yield { unit, record: JSON.parse(record) as UnitRecord };
  }

  putUnit(unit: number, record: UnitRecord): void {
    this.#sql.exec('INSERT OR REPLACE INTO units VALUES (?, ?)', unit, JSON.stringify(record));
  }

  *rows(): Iterable<{ row: number; bytes: Uint8Array }> {
    for (const { table } of this.#segments) {
      const found = this.#sql.exec<{ row: number; bytes: ArrayBuffer }>(
        `SELECT row, bytes FROM ${table} ORDER BY row`,
      );
      for (const { row, bytes } of found) yield { row, bytes: new Uint8Array(bytes) };
    }
  }

  rowAt(row: number): Uint8Array {
    const segment = this.#segments.findLast(({ first_row }) => first_row <= row);
    if (!segment) throw new RangeError(`row ${row} is not in the journal any more`);
    const sql = `SELECT bytes FROM ${segment.table} WHERE row = ?`;
    return new Uint8Array(this.#sql.exec<{ bytes: ArrayBuffer }>(sql, row).one().bytes);
  }

  append(row: number, bytes: Uint8Array, nowS: number): void {
    const last = this.#segments.at(-1);
    // A clock that went back goes on in the same table.
    const isOver = last === undefined || nowS >= last.from_s + SEGMENT_S;
    const table = isOver ? this.#begin(row, nowS) : last.table;
    this.#sql.exec(`INSERT INTO ${table} VALUES (?, ?)`, row, bytes);
  }

  putChunk(day: number, chunk: Chunk): void {
    if (!this.#days.has(day)) {
      this.#sql.exec(`CREATE TABLE IF NOT EXISTS readings_${day} (unit INTEGER, from_s INTEGER,
        to_s INTEGER, seq_min INTEGER, seq_max INTEGER, row INTEGER, bytes BLOB NOT NULL,
        PRIMARY KEY (unit, from_s, row)) WITHOUT ROWID`);
      this.#days.add(day);
    }
    const { unit, row, from_s, to_s, seq_min, seq_max, bytes } = chunk;
    const sql = `INSERT INTO readings_${day} (unit, from_s, to_s, seq_min, seq_max, row, bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?)`;
    this.#sql.exec(sql, unit, from_s, to_s, seq_min, seq_max, row, bytes);
  }

  dropChunk(day: number, { unit, from_s, row }: Pick<Chunk, 'unit' | 'from_s' | 'row'>): void {
    const sql = `DELETE FROM readings_${day} WHERE unit = ? AND from_s = ? AND row = ?`;
    this.#sql.exec(sql, unit, from_s, row);
  }

  forgetPlace(units: readonly number[], locationId: string): void {
    const own = JSON.stringify(units);
    for (const week of this.#weeks) {
      const sql = `DELETE FROM heartbeats_${week} WHERE location_id = ?
        AND unit IN (SELECT value FROM json_each(?))`;
      this.#sql.exec(sql, locationId, own);
    }
    this.#words.forget(locationId);
  }

  *chunks(unit: number, fromS: number, toS: number, seq?: number): Iterable<Chunk> {
    const days = [...this.#days].filter((day) => day * DAY_S < toS && (day + 1) * DAY_S > fromS);
    const numbered = seq === undefined ? '' : 'AND seq_min <= ?4 AND seq_max >= ?4';
    for (const day of days.sort((a, b) => a - b)) {
      const sql = `SELECT unit, row, from_s, to_s, seq_min, seq_max, bytes FROM readings_${day}
        WHERE unit = ?1 AND from_s < ?2 AND to_s >= ?3 ${numbered} ORDER BY from_s`;
      const bound = seq === undefined ? [unit, toS, fromS] : [unit, toS, fromS, seq];
      for (const { bytes, ...chunk } of this.#sql.exec<ChunkRow>(sql, ...bound)) {
        yield { ...chunk, bytes: new Uint8Array(bytes) };
      }
    }
  }

  putHeartbeat(unit: number, heartbeat: KeptHeartbeat): void {
    const week = Math.floor(heartbeat.received_ms / HEARTBEATS_MS);
    if (!this.#weeks.has(week)) {
      this.#sql.exec(`CREATE TABLE IF NOT EXISTS heartbeats_${week} (unit INTEGER,
        received_ms INTEGER, firmware TEXT, uptime_s INTEGER, cell_rssi_dbm INTEGER,
        battery_pct REAL, radio INTEGER, location_id TEXT, free_kib INTEGER,
        free_min_kib INTEGER, start_reason INTEGER,
        PRIMARY KEY (unit, received_ms)) WITHOUT ROWID`);
      this.#sql.exec(`CREATE INDEX IF NOT EXISTS heartbeats_${week}_by_time
        ON heartbeats_${week} (received_ms)`);
      this.#weeks.add(week);
    }
    const { received_ms, firmware, uptime_s, cell_rssi_dbm } = heartbeat;
    const { battery_pct, radio, location_id, free_kib, free_min_kib, start_reason } = heartbeat;
    const sql = `INSERT INTO heartbeats_${week} (unit, ${HEARTBEAT_COLUMNS})
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
    const said = [firmware, uptime_s, cell_rssi_dbm, battery_pct, radio, location_id];
    // A shard of before there were these hands its heartbeats over without.
    const health = [free_kib, free_min_kib, start_reason].map((one) => one ?? null);
    this.#sql.exec(sql, unit, received_ms, ...said, ...health);
  }

  heartbeats(unit: number, beforeMs: number, limit: number): KeptHeartbeat[] {
    const found: KeptHeartbeat[] = [];
    const weeks = [...this.#weeks].filter((week) => week * HEARTBEATS_MS < beforeMs);
    for (const week of weeks.sort((a, b) => b - a)) {
      const sql = `SELECT ${HEARTBEAT_COLUMNS} FROM heartbeats_${week}
        WHERE unit = ?1 AND received_ms < ?2
        ORDER BY received_ms DESC LIMIT ?3`;
      const rows = this.#sql.exec<HeartbeatRow>(sql, unit, beforeMs, limit - found.length);
      found.push(...rows);
      if (found.length >= limit) break;
    }
    return found;
  }

  heartbeatsOfAll(fromMs: number, toMs: number, limit: number): UnitHeartbeat[] {
    const found: UnitHeartbeat[] = [];
    const weeks = [...this.#weeks].filter((week) => {
      return week * HEARTBEATS_MS < toMs && (week + 1) * HEARTBEATS_MS > fromMs;
    });
    for (const week of weeks.sort((a, b) => b - a)) {
      const sql = `SELECT unit, ${HEARTBEAT_COLUMNS} FROM heartbeats_${week}
        WHERE received_ms >= ?1 AND received_ms < ?2
        ORDER BY received_ms DESC LIMIT ?3`;
      const most = limit - found.length;
      found.push(...this.#sql.exec<HeartbeatRow & UnitHeartbeat>(sql, fromMs, toMs, most));
      if (found.length >= limit) break;
    }
    return found;
  }

  endsBefore(): number {
    const sql = "SELECT value FROM meta WHERE name = 'ends_before'";
    const [found] = [...this.#sql.exec<{ value: number }>(sql)];
    return found?.value ?? Number.POSITIVE_INFINITY;
  }

  putEndsBefore(slot: number): void {
    this.#sql.exec("INSERT OR REPLACE INTO meta VALUES ('ends_before', ?)", slot);
  }

  numberOf(word: string): number {
    return this.#words.numberOf(word);
  }

  wordOf(number: number): string {
    return this.#words.wordOf(number);
  }

  /** First row that has to stay when all that began before `beforeS` goes; 1 when nothing does. */
  firstRowSince(beforeS: number): number {
    return this.#segments.find(({ from_s }) => from_s + SEGMENT_S > beforeS)?.first_row ?? 1;
  }

  /** Beginnings of the oldest tables, packed readings' and heartbeats'. */
  keptSince(): KeptSince {
    const first = (numbers: ReadonlySet<number>, lengthS: number) =>
      numbers.size === 0 ? null : Math.min(...numbers) * lengthS;
    return {
      readings_since_s: first(this.#days, DAY_S),
      heartbeats_since_s: first(this.#weeks, HEARTBEATS_MS / 1000),
    };
  }

  /** Forgets rows before `row`, a table at a time; those that are packed. */
  forgetRowsBefore(row: number): void {
    // The last one is being written to.
    while (this.#segments.length > 1 && Number(this.#segments[1]?.first_row) <= row) {
      this.#sql.exec(`DROP TABLE ${this.#segments.shift()?.table}`);
    }
  }

  /** Forgets readings of days that were over before `beforeS`. */
  forgetReadingsBefore(beforeS: number): void {
    for (const day of [...this.#days].filter((d) => (d + 1) * DAY_S <= beforeS)) {
      this.#sql.exec(`DROP TABLE readings_${day}`);
      this.#days.delete(day);
    }
  }

  /** Forgets heartbeats of weeks that were over before `beforeS`. */
  forgetHeartbeatsBefore(beforeS: number): void {
    for (const week of [...this.#weeks]) {
      if ((week + 1) * HEARTBEATS_MS > beforeS * 1000) continue;
      this.#sql.exec(`DROP TABLE heartbeats_${week}`);
      this.#weeks.delete(week);
    }
  }

  #begin(row: number, nowS: number): string {
    const segment = { table: `journal_${row}_${nowS}`, first_row: row, from_s: nowS };
    this.#sql.exec(`CREATE TABLE ${segment.table} (row INTEGER PRIMARY KEY, bytes BLOB NOT NULL)`);
    this.#segments.push(segment);
    return segment.table;
  }
}
