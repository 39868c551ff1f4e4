/** Days of UTC that a command is asked for. */
import { isoDay } from '../../shared/time.ts';
import { UsageError } from '../cli.ts';

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * @param from first day like 2026-11-01; yesterday when left out
 * @param to last day; the first one when left out
 * @throws UsageError for what is no day, or ends before it begins
 */
export function daysOf(from: string | undefined, to: string | undefined, nowMs: number): string[] {
  const first = from ?? isoDay(nowMs - DAY_MS);
  const last = to ?? first;
  for (const day of [first, last]) {
    const isDay = DAY.test(day) && isoDay(Date.parse(day)) === day;
    if (!isDay) throw new UsageError(`"${day}" is no day; write it like 2026-11-30.`);
  }
  if (last < first) throw new UsageError(`--to ${last} is before --from ${first}.`);
  const days: string[] = [];
  for (let ms = Date.parse(first); ms <= Date.parse(last); ms += DAY_MS) days.push(isoDay(ms));
  return days;
}
