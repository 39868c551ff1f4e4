/** Readings as rows of POST /api/reading/batch, for tests. */
import type { Reading } from '../../shared/contracts/reading.ts';
import { BATCH_COLUMNS } from '../../shared/contracts/reading-batch.ts';

/** Numbers of a reading that has its number, in the order of the contract. */
export type RowFields = Partial<Record<(typeof BATCH_COLUMNS)[number], number>>;

/** As the unit writes it: null for what was not measured, nothing behind the last number. */
export function batchRow(fields: RowFields): (number | null)[] {
  const row = BATCH_COLUMNS.map((name) => fields[name] ?? null);
  return row.slice(0, row.findLastIndex((value) => value !== null) + 1);
}

/** The same reading as a body of POST /api/reading. */
export const aloneOf = (d: string, fields: RowFields): Partial<Reading> => ({
  d,
  ...fields,
  ts: 1,
});
