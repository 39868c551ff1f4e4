/**
 * Readings in D1: one batch that proves the token, stores, sums up and hands out what waits. The
 * unit's own row is left alone: a row written for every reading would cost as much as the reading.
 * What readings tell about their unit is in the view device_contacts.
 */
import type { Reading } from '../../shared/contracts/reading.ts';
import { BUCKET_S, bucketStart, COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { DeviceFacts } from '../domain/device.ts';
import type { ReadingEntry, ReadingStore } from '../domain/reading.ts';
import {
  commandStatement,
  commandTold,
  d1DeviceFinder,
  PROVEN,
  type Prepare,
  prepareFor,
  selectFacts,
} from './device.ts';
import { EPOCH, isLate, lateDaySql } from './sync.ts';

/** Column of `readings` → field of the wire. */
const COLUMNS = {
  impressions: 'i',
  device_minutes: 'u',
  occupancy_x10: 'occ',
  dwell_0_1: 'dwell_0_1',
  dwell_1_5: 'dwell_1_5',
  dwell_5_10: 'dwell_5_10',
  dwell_10plus: 'dwell_10plus',
  rssi_immediate: 'rssi_immediate',
  rssi_near: 'rssi_near',
  rssi_far: 'rssi_far',
  rssi_remote: 'rssi_remote',
  probe_rssi_avg_dbm: 'probe_rssi_avg',
  probe_rssi_weakest_dbm: 'probe_rssi_min',
  probe_rssi_strongest_dbm: 'probe_rssi_max',
  ble_impressions: 'ble_i',
  ble_unique: 'ble_u',
  ble_apple: 'ble_apple',
  ble_other: 'ble_other',
  ble_rssi_avg_dbm: 'ble_rssi_avg',
  cell_rssi_dbm: 'cell_rssi',
  overflow: 'of',
  cached: 'cd',
  send_failures: 'sf',
  age_s: 'age',
  clock_synced: 'ts',
  booted_s: 'bt',
  seq: 'seq',
  firmware: 'fw',
  battery_pct: 'bat',
} as const satisfies Record<string, keyof Reading>;

export function d1ReadingStore(db: D1Database): ReadingStore {
  return {
    facts: d1DeviceFinder(db).facts,
    async ingest(entry, credential) {
      const prepare = prepareFor(db, credential);
      const nowS = Math.floor(entry.received_ms / 1000);
      const results = await db.batch<unknown>([
        selectFacts(db, credential.device_id),
        insertReading(prepare, entry, nowS),
        addToRollup(prepare, entry),
        ...writeDownIfLate(prepare, entry, nowS),
        commandStatement(prepare, nowS, {
          ack: entry.reading.ack,
          acknowledges: entry.acknowledges,
          inHeartbeat: false,
        }),
      ]);
      const [facts, inserted] = results;
      return {
        device: (facts?.results[0] as DeviceFacts | undefined) ?? null,
        stored: (inserted?.meta.changes ?? 0) > 0,
        command: commandTold(results.at(-1)),
      };
    },
  };
}

/**
 * A reading whose clock is not set lands elsewhere when it is sent again: in the next bucket, or,
 * when a power cut made it forget its age, days away: ?8 is how far. What came with an earlier
 * token came from another unit.
 */
const SENT_BEFORE = `AND NOT EXISTS (
  SELECT 1 FROM readings AS r
  WHERE r.device_id = ?1 AND r.variant = ?4 AND r.generation = devices.generation
    AND r.period_start_s BETWEEN ?3 - ?8 - ${BUCKET_S} AND ?3 + ?8 + ${BUCKET_S}
    AND ABS(r.received_s - COALESCE(r.age_s, 0) - ?5) <= ?8)`;

function insertReading(prepare: Prepare, entry: ReadingEntry, nowS: number): D1PreparedStatement {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const marks = names.map((_, i) => `?${i + 9}`);
  const sql = `INSERT INTO readings
      (device_id, period_start_s, variant, generation, location_id, received_s, visits,
        ${names.join(', ')})
    SELECT id, ?3, ?4, generation, location_id, ?6, ?7, ${marks.join(', ')}
    FROM devices WHERE ${PROVEN} ${entry.may_be_off_s === null ? '' : SENT_BEFORE}
    ON CONFLICT DO NOTHING`;
  const values = names.map((name) => entry.reading[COLUMNS[name]]);
  const { period_start_s, variant, exact_start_s, may_be_off_s, counts } = entry;
  const place = [period_start_s, variant, exact_start_s];
  return prepare(sql, ...place, nowS, counts.visits, may_be_off_s, ...values);
}

/** Must directly follow the insert: changes() says whether that stored a row. */
function addToRollup(prepare: Prepare, entry: ReadingEntry): D1PreparedStatement {
  const marks = COUNT_FIELDS.map((_, i) => `?${i + 6}`);
  const sums = COUNT_FIELDS.map((name) => `${name} = ${name} + excluded.${name}`);
  const sql = `INSERT INTO rollups
      (location_id, bucket_start_s, revision, epoch, visits, ${COUNT_FIELDS.join(', ')})
    SELECT location_id, ?3, ?4, ${EPOCH}, ?5, ${marks.join(', ')}
    FROM devices WHERE ${PROVEN} AND location_id IS NOT NULL AND changes() > 0
    ON CONFLICT DO UPDATE SET
      revision = MAX(revision + 1, excluded.revision),
      epoch = excluded.epoch,
      visits = COALESCE(visits + excluded.visits, visits, excluded.visits),
      ${sums.join(', ')}`;
  const values = COUNT_FIELDS.map((name) => entry.counts[name]);
  const bucket = bucketStart(entry.period_start_s);
  return prepare(sql, bucket, entry.received_ms, entry.counts.visits, ...values);
}

/** Must directly follow the rollup: changes() says whether that changed. */
function writeDownIfLate(prepare: Prepare, entry: ReadingEntry, nowS: number) {
  const bucket = bucketStart(entry.period_start_s);
  return isLate(bucket, nowS) ? [prepare(lateDaySql(PROVEN), bucket)] : [];
}
