/**
 * POST /api/reading/batch: up to twelve dated readings of a unit that catches up (firmware 6). What
 * they have in common is said once, each reading is a row of numbers in the order of
 * {@link BATCH_COLUMNS}. A row that cannot be taken is refused by itself. Knows no HTTP.
 */
import * as v from 'valibot';
import { DeviceId, describeIssues } from './common.ts';
import { type Reading, ReadingRequest } from './reading.ts';
import { opaqueText, unitText } from './text.ts';

/** Rows of one request at most: an hour of five-minute readings. */
const BATCH_MAX = 12;
/** Numbers of a row at most; those behind the known ones are newer firmware's. */
const ROW_MAX = 48;

/** What a row's numbers are, in the words of POST /api/reading; `t` in Unix seconds. */
export const BATCH_COLUMNS = [
  ...(['seq', 't', 'age', 'i', 'u', 'of'] as const),
  ...(['dwell_0_1', 'dwell_1_5', 'dwell_5_10', 'dwell_10plus'] as const),
  ...(['rssi_immediate', 'rssi_near', 'rssi_far', 'rssi_remote'] as const),
  ...(['ble_i', 'ble_u', 'ble_apple', 'ble_other'] as const),
  ...(['probe_rssi_avg', 'probe_rssi_min', 'probe_rssi_max', 'ble_rssi_avg'] as const),
  ...(['vis', 'occ'] as const),
] as const satisfies readonly (keyof Reading)[];

const Row = v.pipe(v.array(v.nullable(v.number())), v.maxLength(ROW_MAX));
const u32 = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_295)));

const Wire = v.object({
  d: v.pipe(DeviceId, v.description('unit')),
  r: v.pipe(
    v.array(Row),
    v.minLength(1, 'must have a reading'),
    v.maxLength(BATCH_MAX, `must not have more than ${BATCH_MAX} readings`),
    v.description(`readings, oldest first, each a list of ${BATCH_COLUMNS.join(', ')}`),
  ),
  fw: v.optional(v.pipe(unitText(32), v.description('firmware version'))),
  ack: v.optional(v.pipe(opaqueText(40), v.description('id of the command that was carried out'))),
  bt: v.optional(v.pipe(u32, v.description('when the unit started, Unix seconds'))),
  cell_rssi: v.optional(v.pipe(v.number(), v.description('modem’s signal, dBm'))),
  cd: v.optional(v.pipe(v.number(), v.description('readings waiting behind the first'))),
  sf: v.optional(v.pipe(v.number(), v.description('failed attempts to send in a row'))),
});

/** A row as a reading, or what is wrong with it: `u: must not be negative`. */
export type BatchRow = Reading | string;

export interface ReadingBatch {
  d: string;
  /** In the order they were sent. */
  rows: BatchRow[];
  /** Of the whole: it settles a command if any of them is taken. */
  ack?: string | undefined;
}

/** JSON value as the unit sent it → {@link ReadingBatch}. Unknown keys are ignored. */
export const ReadingBatchRequest = v.pipe(
  Wire,
  v.transform(({ d, r, ack, cd, ...shared }): ReadingBatch => {
    const rows = r.map((row, nth): BatchRow => {
      const numbers = BATCH_COLUMNS.map((name, i) => [name, row[i] ?? undefined] as const);
      const own = Object.fromEntries(numbers.filter(([, value]) => value !== undefined));
      const behind = cd === undefined ? {} : { cd: Math.max(0, cd - nth) };
      if (own.seq === undefined) return 'seq: is missing';
      const read = v.safeParse(ReadingRequest, { d, ...shared, ...behind, ...own, ts: 1 });
      return read.success ? read.output : describeIssues(read.issues);
    });
    return { d, rows, ack };
  }),
);

/** What became of a row: stored now, known from before, refused for good. */
export const OUTCOME = { stored: 's', known: 'k', refused: 'r' } as const;

/** Answer 201: as a reading's, with a letter for each row. */
export const ReadingBatchAnswer = v.object({
  status: v.literal('ok'),
  command: v.optional(v.string()),
  command_id: v.optional(v.string()),
  config_version: v.optional(v.number()),
  outcomes: v.pipe(v.string(), v.regex(/^[skr]{1,12}$/)),
});
export type ReadingBatchAnswer = v.InferOutput<typeof ReadingBatchAnswer>;
