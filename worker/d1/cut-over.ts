/**
 * What D1 has of a unit from before there were shards, closed by the very statement that first asks
 * for it: nothing is added to it afterwards (migrations/0024_cut_over.sql).
 */
import { AppError } from '../../shared/errors.ts';
import { afterReading, type Contact, noContact, type UnitContact } from '../domain/contact.ts';
import { retryAfterS } from '../domain/overload.ts';
import type { KeptReading } from '../domain/reading-log.ts';
import type { RetentionTimes } from '../domain/retention.ts';
import { type KeptHeartbeat, NO_NEWS } from '../domain/shard-journal.ts';
import type { ShardRegistry } from '../domain/shard-registry.ts';
import { COLUMN_OF, READING_COLUMN_NAMES, type ReadingValues } from '../domain/stored-reading.ts';
import type { Predecessor, UnitHistory } from '../domain/unit-history.ts';
import { type MoveSource, partOf } from '../domain/unit-moves.ts';

/** Closes the tables, if they are open still. */
export function closeTables(db: D1Database, nowMs: number): D1PreparedStatement {
  const sql = 'INSERT INTO cut_over (only, at_ms) VALUES (1, ?1) ON CONFLICT DO NOTHING';
  return db.prepare(sql).bind(nowMs);
}

const CUT_OVER = 'SELECT at_ms, done_ms FROM cut_over';
const CONTACT = `SELECT generation, first_heartbeat_s, first_reading_s, last_seen_s, firmware,
    cell_rssi_dbm, battery_pct, radio, radio_since_s
  FROM devices WHERE id = ?1`;
const READINGS = `SELECT period_start_s, variant, generation, location_id, received_s, visits,
    doubt, is_counted, judged_s, ${Object.values(COLUMN_OF).join(', ')}
  FROM readings WHERE device_id = ?1 AND period_start_s >= ?2 ORDER BY period_start_s, variant`;
const HOW_MANY = 'SELECT COUNT(*) AS n FROM readings WHERE device_id = ?1 AND period_start_s >= ?2';
const HEARTBEATS = `SELECT received_ms, firmware, uptime_s, cell_rssi_dbm, battery_pct, radio,
  NULL AS free_kib, NULL AS free_min_kib, NULL AS start_reason,
    location_id
  FROM heartbeats WHERE device_id = ?1 AND received_ms >= ?2 ORDER BY received_ms`;

type ContactRow = Omit<Contact, 'device_id' | 'newest'>;
type ReadingRow = Omit<KeptReading, 'is_counted' | 'values'> &
  ReadingValues & { is_counted: 0 | 1 };

const DAY_S = 86_400;
/** Readings that one isolate reads from here at a time, some 600 bytes each. */
const READINGS_AT_ONCE = 40_000;
let underWay = 0;

/** @throws AppError `unavailable` when too many are being read for others */
async function inTurn<T>(readings: number, read: () => Promise<T>): Promise<T> {
  if (underWay > 0 && underWay + readings > READINGS_AT_ONCE) {
    const words = 'Many units are being taken over just now.';
    throw new AppError('unavailable', words, { retryAfterS: retryAfterS(Math.random()) });
  }
  underWay += readings;
  try {
    return await read();
  } finally {
    underWay -= readings;
  }
}

/** How much of what D1 has is handed over: as much as the shard then keeps, and a day. */
export function d1Predecessor(
  db: D1Database,
  registry: Pick<ShardRegistry, 'shardFacts'>,
  { readings_days, heartbeats_days }: Pick<RetentionTimes, 'readings_days' | 'heartbeats_days'>,
): Predecessor {
  return {
    async history(deviceId, nowS): Promise<UnitHistory | null> {
      const keptSinceS = nowS - (readings_days + 1) * DAY_S;
      const [, cut, contact, count] = await db.batch<unknown>([
        closeTables(db, nowS * 1000),
        db.prepare(CUT_OVER),
        db.prepare(CONTACT).bind(deviceId),
        db.prepare(HOW_MANY).bind(deviceId, keptSinceS),
      ]);
      const { n } = (count?.results ?? [])[0] as { n: number };
      // Closed by now: nothing comes in between.
      const [readings, heartbeats] = await inTurn(n, () =>
        db.batch<unknown>([
          db.prepare(READINGS).bind(deviceId, keptSinceS),
          db.prepare(HEARTBEATS).bind(deviceId, (nowS - heartbeats_days * DAY_S) * 1000),
        ]),
      );
      const { at_ms } = (cut?.results ?? [])[0] as { at_ms: number };
      const facts = await registry.shardFacts(deviceId);
      const row = contact?.results[0] as ContactRow | undefined;
      if (!facts || !row) return null;
      const kept = ((readings?.results ?? []) as ReadingRow[]).map(keptReading);
      // Judged here, the readings bear it; since then, their shard has to judge them.
      const judgements = facts.judgements.filter((judgement) => judgement.at_ms < at_ms);
      return {
        record: {
          facts: { ...facts, judgements, revision: 0 },
          judged: judgements.map((judgement) => ({ ...judgement, row: 0, changed: 0 })),
          contact: contactOf(row, kept),
          ...{ waiting: facts.command, settled: [], windows: {}, news: NO_NEWS },
        },
        readings: kept,
        heartbeats: (heartbeats?.results ?? []) as KeptHeartbeat[],
      };
    },
  };
}

const LEFT = `FROM devices AS d WHERE (SELECT done_ms FROM cut_over) IS NULL
  AND NOT EXISTS (SELECT 1 FROM adoptions AS a WHERE a.device_id = d.id)`;
const DONE = `UPDATE cut_over SET done_ms = ?1 WHERE done_ms IS NULL
  AND NOT EXISTS (SELECT 1 ${LEFT})`;

/** Units that have not been taken over from D1 yet. The first question closes the tables. */
export function d1MoveSource(db: D1Database, now: () => number): MoveSource {
  return {
    async left(limit, turn) {
      const [, , found] = await db.batch<{ n: number }>([
        closeTables(db, now()),
        db.prepare(DONE).bind(now()),
        db.prepare(`SELECT COUNT(*) AS n ${LEFT}`),
      ]);
      const count = found?.results[0]?.n ?? 0;
      if (count === 0) return { some: [], count };
      const page = db.prepare(`SELECT d.id AS id ${LEFT} ORDER BY d.id LIMIT ?1 OFFSET ?2`);
      const some = page.bind(limit, partOf(count, limit, turn)).all<{ id: string }>();
      return { some: (await some).results.map(({ id }) => id), count };
    },
    async moved(deviceIds) {
      const sql = 'INSERT INTO adoptions (device_id, at_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING';
      await db.batch(deviceIds.map((id) => db.prepare(sql).bind(id, now())));
    },
  };
}

function keptReading(row: ReadingRow): KeptReading {
  const { period_start_s, variant, generation, location_id, received_s, visits, doubt } = row;
  const values = READING_COLUMN_NAMES.map((name) => [name, row[name]]);
  return {
    ...{ period_start_s, variant, generation, location_id, received_s, visits, doubt },
    is_counted: row.is_counted === 1,
    judged_s: row.judged_s,
    values: Object.fromEntries(values) as ReadingValues,
  };
}

function contactOf(row: ContactRow, readings: readonly KeptReading[]): UnitContact {
  const { generation, last_seen_s, first_heartbeat_s, first_reading_s, radio_since_s } = row;
  const { firmware, cell_rssi_dbm, battery_pct, radio } = row;
  const said = { firmware, cell_rssi_dbm, battery_pct, radio, radio_since_s };
  const heartbeat = last_seen_s === null ? null : { last_s: last_seen_s, ...said };
  const contact = readings.reduce(afterReading, noContact(generation));
  return {
    ...contact,
    heartbeat: heartbeat && { first_s: first_heartbeat_s ?? heartbeat.last_s, ...heartbeat },
    first_reading_s: first_reading_s ?? contact.first_reading_s,
  };
}
