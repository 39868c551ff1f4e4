/**
 * Storage of a shard of units as versions of this program have left it, byte for byte: written once
 * by that version, never corrected afterwards. One unit has 24 packed readings and one in the
 * journal, another has one. Each new version of the tables adds its own here.
 */

/** What the packed readings of {@link storageOf} begin with: periods of five minutes from here. */
export const FIRST_START_S = 1_795_000_200;
export const UNITS = ['JBNB0001', 'JBNB0002'] as const;

const TOKEN_SHA256 = '64d24046f2605df66109f3bd90ed02eaac82a982eb68076a0dbdf4dfe4ac2ec6';
const PACKED = `08fca2ecaf0dec040001028380806801000101005003d804ec04010101025003d804ec0402010102
5003d804ec04030101025003d804ec04040101025003d804ec04050101025003d804ec04060101025003d804ec04070101
025003d804ec04080101025003d804ec04090101025003d804ec040a0101025003d804ec040b0101025003d804ec040c01
01025003d804ec040d0101025003d804ec040e0101025003d804ec040f0101025003d804ec04100101025003d804ec0411
0101025003d804ec04120101025003d804ec04130101025003d804ec04140101025003d804ec04150101025003d804ec04
160101025003d804ec041701010250`.replaceAll('\n', '');

const recordOf0 = (device_id: string) =>
  JSON.stringify({
    facts: {
      ...{ device_id, revision: 2, token_sha256: TOKEN_SHA256, status: 'active' },
      ...{ config_version: 1, generation: 0, firmware: null, floods: 0 },
      ...{ longest_s: 300, interval_s: 300 },
      placements: [{ from_s: 0, to_s: null, location_id: 'bakery' }],
      ...{ judgements: [], command: null },
    },
    ...{ waiting: null, settled: [], judged: [] },
  });

/** Before the tables had versions. */
const VERSION_0 = [
  'CREATE TABLE units (unit INTEGER PRIMARY KEY, record TEXT NOT NULL)',
  ...UNITS.map((id, unit) => `INSERT INTO units VALUES (${unit}, '${recordOf0(id)}')`),
  'CREATE TABLE words (number INTEGER PRIMARY KEY, word TEXT NOT NULL)',
  "INSERT INTO words VALUES (1, 'bakery'), (2, '6.0')",
  'CREATE TABLE journal_24_1795007410 (row INTEGER PRIMARY KEY, bytes BLOB NOT NULL)',
  `INSERT INTO journal_24_1795007410 VALUES
    (24, x'001400e48eedaf0dec04000102838080681701012e500105fcc4f6d706'),
    (25, x'001400bc93edaf0dec04000102838080681801013050'),
    (26, x'02140084b1ecaf0dec04000102838080680301010650')`,
  `CREATE TABLE readings_20775 (unit INTEGER, from_s INTEGER, to_s INTEGER, seq_min INTEGER,
    seq_max INTEGER, row INTEGER, bytes BLOB NOT NULL,
    PRIMARY KEY (unit, from_s, row)) WITHOUT ROWID`,
  `INSERT INTO readings_20775 VALUES (0, 1795000200, 1795007100, 0, 23, 24, x'${PACKED}')`,
];

const VERSION_1 = [
  'CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID',
  "INSERT INTO meta VALUES ('schema', 1)",
  ...VERSION_0,
];

const recordOf2 = (device_id: string) =>
  JSON.stringify({
    ...JSON.parse(recordOf0(device_id)),
    contact: {
      ...{ generation: 0, newest: null, first_reading_s: null, last_reading_s: null },
      heartbeat: {
        ...{ first_s: 1_795_000_300, last_s: 1_795_000_300, firmware: '6.0', cell_rssi_dbm: -80 },
        ...{ battery_pct: null, radio: 0, radio_since_s: null },
      },
    },
    ...{ windows: {}, news: { number: 0, doubted: null, commands: [] } },
  });

/** One heartbeat of each unit; entries of the journal have kinds. */
const VERSION_2 = [
  ...VERSION_1.map((statement) => statement.replace("'schema', 1", "'schema', 2"))
    .map((statement) => statement.replace("x'0214", "x'0814"))
    .filter((statement) => !statement.startsWith('INSERT INTO units')),
  ...UNITS.map((id, unit) => `INSERT INTO units VALUES (${unit}, '${recordOf2(id)}')`),
  `CREATE TABLE heartbeats_2967 (unit INTEGER,
    received_ms INTEGER, firmware TEXT, uptime_s INTEGER, cell_rssi_dbm INTEGER,
    battery_pct REAL, radio INTEGER, location_id TEXT,
    PRIMARY KEY (unit, received_ms)) WITHOUT ROWID`,
  'CREATE INDEX heartbeats_2967_by_time ON heartbeats_2967 (received_ms)',
  `INSERT INTO heartbeats_2967 VALUES
    (0, 1795000300123, '6.0', 40, -80, NULL, 0, 'bakery'),
    (1, 1795000301123, '5.9', 41, NULL, 55.5, NULL, 'bakery')`,
];

/** By version. */
export const WRITTEN: readonly (readonly string[])[] = [VERSION_0, VERSION_1, VERSION_2];
