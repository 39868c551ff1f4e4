/**
 * An administrator's word on which of a unit's readings count: those that break a rule wait for it
 * outside every sum (doubt.ts), and an administrator takes others out and back. Sums follow at
 * once, and reach Supabase with the next run of the sync. Knows no HTTP and no SQL.
 */
import type { DoubtsPage, SumsAnswer, SumsRequest } from '../../shared/contracts/judgement.ts';
import { isoTime } from '../../shared/time.ts';
import { type Change, type ChangeContext, unitChange } from './audit.ts';
import { DOUBT_WORDS, type Doubt } from './doubt.ts';
import { cursorOf, keyIn, type PageQuery, paged } from './page.ts';

/** Readings of one unit whose periods begin at `from_s` or later and before `to_s`. */
export interface Stretch {
  device_id: string;
  from_s: number;
  to_s: number;
}

export interface DoubtedRow {
  period_start_s: number;
  variant: string;
  received_s: number;
  doubt: Doubt | null;
  is_counted: 0 | 1;
  judged_s: number | null;
  impressions: number;
  device_minutes: number;
  visits: number | null;
}

export interface JudgementStore {
  /** Puts readings into the sums or takes them out; says how many changed. All or nothing. */
  judge(stretch: Stretch, isCounted: boolean, change: Change): Promise<number>;
  /** What is in doubt or taken out, newest first. */
  doubts(
    deviceId: string,
    before: { period_start_s: number; variant: string } | undefined,
    limit: number,
  ): Promise<DoubtedRow[]>;
}

export async function judgeReadings(
  store: JudgementStore,
  { actor, nowMs }: ChangeContext,
  deviceId: string,
  { from, to, counted }: SumsRequest,
): Promise<SumsAnswer> {
  // A period begins at whole seconds: the first at or after each moment.
  const wholeS = (moment: string) => Math.ceil(Date.parse(moment) / 1000);
  const stretch = { device_id: deviceId, from_s: wholeS(from), to_s: wholeS(to) };
  const facts = { after: { from, to, counted } };
  const change = unitChange({ actor, nowMs }, 'unit.sums', deviceId, facts);
  const changed = await store.judge(stretch, counted, change);
  return { device_id: deviceId, from, to, counted, changed };
}

export async function listDoubts(
  store: JudgementStore,
  deviceId: string,
  query: PageQuery,
): Promise<DoubtsPage> {
  const before = keyIn(query.cursor, (period, variant = '') => {
    return { period_start_s: Number(period), variant };
  });
  const { rows, next_cursor } = await paged(
    (n) => store.doubts(deviceId, before, n),
    query.limit,
    ({ period_start_s, variant }) => cursorOf(period_start_s, variant),
  );
  return { readings: rows.map(toDoubtedReading), next_cursor };
}

function toDoubtedReading(row: DoubtedRow): DoubtsPage['readings'][number] {
  const { impressions, device_minutes, visits } = row;
  return {
    period_start: isoTime(row.period_start_s),
    received_at: isoTime(row.received_s),
    doubt: row.doubt && DOUBT_WORDS[row.doubt],
    counted: row.is_counted === 1,
    judged_at: isoTime(row.judged_s),
    ...{ impressions, device_minutes, visits },
  };
}
