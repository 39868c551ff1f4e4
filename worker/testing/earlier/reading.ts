/**
 * Readings in D1: one batch that proves the token, stores, sums up and hands out what waits. The
 * unit's own row stays as it is: writing one for every reading would cost as much as the reading.
 * The view device_contacts has what readings say about their unit.
 */
import {
  BUCKET_S,
  bucketStart,
  COUNT_FIELDS,
  contribution,
} from '../../../shared/metrics/bucket.ts';
import { DOUBTED, FLAGGED_FOR, NOT_COUNTED, ONE_MORE_REASON } from '../../d1/anomaly.ts';
import { d1UnitFinder } from '../../d1/credential.ts';
import { INTERVALS } from '../../d1/interval.ts';
import { placeAt } from '../../d1/placement.ts';
import type { Credential, UnitFacts } from '../../domain/credential.ts';
import type { IngestOutcome, ReadingEntry, ReadingStore } from '../../domain/reading.ts';
import { COLUMN_OF, READING_FIELDS, type ReadingField } from '../../domain/stored-reading.ts';
import { commandStatement, deliveredCommand } from './command-delivery.ts';
import { PROVEN, type Prepare, prepareFor, selectFacts } from './credential.ts';
import { boundsOf, DOUBT_TEXT, doubtSql } from './doubt.ts';
import { dayOf, EPOCH, isLate, LATE_DAY, LATE_DAY_AGAIN } from './rollup.ts';

export function d1ReadingStore(db: D1Database): ReadingStore {
  return {
    facts: d1UnitFinder(db).facts,
    async ingest(entry, credential) {
      const [outcome] = await ingestAll(db, [entry], credential);
      return outcome as IngestOutcome;
    },
    ingestAll: (entries, credential) => ingestAll(db, entries, credential),
  };
}

/** One transaction; `entries` has at least one, and the first says what is acknowledged. */
async function ingestAll(
  db: D1Database,
  entries: readonly ReadingEntry[],
  credential: Credential,
): Promise<IngestOutcome[]> {
  const prepare = prepareFor(db, credential);
  const [first] = entries;
  const nowS = Math.floor((first?.received_ms ?? 0) / 1000);
  const statements = [selectFacts(db, credential.device_id)];
  const inserts = entries.map((entry) => {
    const at = statements.length;
    statements.push(
      insertReading(prepare, entry, nowS),
      addToRollup(prepare, entry),
      ...writeDownIfLate(prepare, entry, nowS),
      flagIfDoubted(prepare, entry, nowS),
    );
    return at;
  });
  const ack = first?.reading.ack;
  const acknowledges = first?.acknowledges ?? false;
  statements.push(commandStatement(prepare, nowS, { ack, acknowledges, inHeartbeat: false }));
  const results = await db.batch<unknown>(statements);
  const device = (results[0]?.results[0] as UnitFacts | undefined) ?? null;
  const command = deliveredCommand(results.at(-1));
  return inserts.map((at) => {
    return { device, stored: (results[at]?.meta.changes ?? 0) > 0, command };
  });
}

/**
 * A reading whose clock is not set lands elsewhere when it comes again: in the next bucket, or,
 * when a power cut made it forget its age, days away: ?8 is how far. What came with an earlier
 * token came from another unit.
 */
const SENT_BEFORE = `AND NOT EXISTS (
  SELECT 1 FROM readings AS r
  WHERE r.device_id = ?1 AND r.variant = ?4 AND r.generation = devices.generation
    AND r.period_start_s BETWEEN ?3 - ?8 - ${BUCKET_S} AND ?3 + ?8 + ${BUCKET_S}
    AND ABS(r.received_s - COALESCE(r.age_s, 0) - ?5) <= ?8)`;

/** Numbers of the parameters that stand before the columns'. */
const MARKS = {
  start: '?3',
  variant: '?4',
  exact_start: '?5',
  received: '?6',
  visits: '?7',
  may_be_off: '?8',
  said: '?9',
  said_max: '?10',
  contradiction: '?11',
  from_4_1: '?12',
  minutes_needed: '?13',
} as const;
const FIRST_COLUMN = 14;
const markOf = (field: ReadingField) => `?${READING_FIELDS.indexOf(field) + FIRST_COLUMN}`;
/** By the exact start, for a period without a date stands up to five minutes early. */
const STOOD = placeAt('?1', MARKS.exact_start);
const DOUBT = doubtSql({
  ...MARKS,
  firmware: markOf('fw'),
  impressions: markOf('i'),
  device_minutes: markOf('u'),
  ble_apple: markOf('ble_apple'),
  ble_other: markOf('ble_other'),
});

function insertReading(prepare: Prepare, entry: ReadingEntry, nowS: number): D1PreparedStatement {
  const { reading, period_start_s, variant, exact_start_s, may_be_off_s } = entry;
  const sql = `INSERT INTO readings
      (device_id, period_start_s, variant, generation, location_id, received_s, visits,
        doubt, is_counted, ${Object.values(COLUMN_OF).join(', ')})
    WITH d AS MATERIALIZED (SELECT id, generation, firmware, ${STOOD} AS location_id,
        ${INTERVALS}
      FROM devices WHERE ${PROVEN} ${may_be_off_s === null ? '' : SENT_BEFORE}),
    judged AS MATERIALIZED (SELECT d.*, ${DOUBT} AS doubt FROM d)
    SELECT id, ?3, ?4, generation, location_id, ?6, ?7, doubt, doubt IS NULL,
      ${READING_FIELDS.map(markOf).join(', ')}
    FROM judged WHERE true
    ON CONFLICT DO NOTHING`;
  const values = READING_FIELDS.map((field) => reading[field]);
  const place = [period_start_s, variant, exact_start_s];
  const said = may_be_off_s === null ? period_start_s : null;
  const { contradiction, contradicts_from_4_1, minutes_needed, same_start_max } = boundsOf(reading);
  const judged = [same_start_max, contradiction, contradicts_from_4_1 ? 1 : 0, minutes_needed];
  return prepare(
    sql,
    ...place,
    nowS,
    contribution(reading).visits,
    may_be_off_s,
    said,
    ...judged,
    ...values,
  );
}

/** The reading that was stored, by its key. */
const STORED = 'r.device_id = ?1 AND r.period_start_s = ?3 AND r.variant = ?4';

/** Must directly follow the insert: changes() says whether that stored a row. */
function addToRollup(prepare: Prepare, entry: ReadingEntry): D1PreparedStatement {
  const marks = COUNT_FIELDS.map((_, i) => `?${i + 8}`);
  const sums = COUNT_FIELDS.map((name) => `${name} = ${name} + excluded.${name}`);
  const sql = `INSERT INTO rollups (location_id, bucket_start_s, revision, epoch, visits,
      visits_known, ${COUNT_FIELDS.join(', ')})
    SELECT r.location_id, ?5, ?6, ${EPOCH}, ?7, ?7 IS NOT NULL, ${marks.join(', ')}
    FROM readings AS r
    WHERE ${STORED} AND r.is_counted = 1 AND r.location_id IS NOT NULL
      AND ?2 IS NOT NULL AND changes() > 0
    ON CONFLICT DO UPDATE SET
      revision = MAX(revision + 1, excluded.revision),
      epoch = excluded.epoch,
      visits = COALESCE(visits + excluded.visits, visits, excluded.visits),
      visits_known = visits_known + excluded.visits_known,
      ${sums.join(', ')}`;
  const { period_start_s, variant, received_ms } = entry;
  const counts = contribution(entry.reading);
  const values = COUNT_FIELDS.map((name) => counts[name]);
  const place = [period_start_s, variant, bucketStart(period_start_s), received_ms];
  return prepare(sql, ...place, counts.visits, ...values);
}

/** Must directly follow the rollup: changes() says whether that changed. */
function writeDownIfLate(prepare: Prepare, entry: ReadingEntry, nowS: number) {
  const { period_start_s, variant } = entry;
  const bucket = bucketStart(period_start_s);
  if (!isLate(bucket, nowS)) return [];
  const sql = `${LATE_DAY} SELECT r.location_id, ?5, ${EPOCH} FROM readings AS r
    WHERE ${STORED} AND ?2 IS NOT NULL AND changes() > 0 ${LATE_DAY_AGAIN}`;
  return [prepare(sql, period_start_s, variant, dayOf(bucket))];
}

/**
 * Flags the unit for a reading in doubt that is new, unless it has a flag for one. Who
 * took a stretch out of the sums knows.
 */
function flagIfDoubted(prepare: Prepare, entry: ReadingEntry, nowS: number) {
  const sql = `UPDATE devices SET ${ONE_MORE_REASON('?5', DOUBTED('?3', 'f.sentence'))}
    FROM (SELECT ${DOUBT_TEXT} AS sentence FROM readings AS r
      WHERE ${STORED} AND r.doubt <> 'excluded' AND r.received_s = ?5) AS f
    WHERE ${PROVEN} AND NOT ${FLAGGED_FOR(`'${NOT_COUNTED}'`)}`;
  return prepare(sql, entry.period_start_s, entry.variant, nowS);
}
