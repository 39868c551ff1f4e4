/**
 * Whether a shop is open in an hour of its week, by the hours its owner gave. Knows no calendar and
 * no zone: holidays are not in it.
 */
import type { OpeningTime } from '../contracts/opening-hours.ts';

const DAY_MIN = 1440;
const WEEK_MIN = 7 * DAY_MIN;

/** `09:30` → 570. */
export function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

/** 570 → `09:30`. */
export function clockOf(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/**
 * Whether the shop is open for some of an hour; null when nothing was said of its hours.
 * @param weekday 1 = Monday … 7 = Sunday; `hour` 0 … 23
 */
export function isOpen(
  times: readonly OpeningTime[],
  weekday: number,
  hour: number,
): boolean | null {
  if (times.length === 0) return null;
  const from = (weekday - 1) * DAY_MIN + hour * 60;
  return times.some((time) => {
    const opens = (time.weekday - 1) * DAY_MIN + minutesOf(time.opens);
    const length = minutesOf(time.closes) - minutesOf(time.opens);
    const closes = opens + (length > 0 ? length : length + DAY_MIN);
    // Sunday night runs into Monday.
    return [0, WEEK_MIN].some((shift) => from + shift < closes && from + shift + 60 > opens);
  });
}
