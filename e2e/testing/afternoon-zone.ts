/** Where on earth it is early afternoon. Knows no shop and no page. */
import { clockMs } from '../../shared/metrics/time-zone.ts';

const HOUR_MS = 3_600_000;
/** A shop's fullest hours are behind it, and it is open for some more. */
const FROM_HOUR = 13;

/** Some two hours apart, once around. */
const ZONES = [
  'America/Los_Angeles',
  'America/Chicago',
  'America/Halifax',
  'America/Noronha',
  'Europe/Lisbon',
  'Europe/Berlin',
  'Africa/Nairobi',
  'Asia/Karachi',
  'Asia/Dhaka',
  'Asia/Singapore',
  'Australia/Brisbane',
  'Pacific/Auckland',
  'Pacific/Honolulu',
];

/** @returns the zone whose clock comes next after one p.m. @param now milliseconds since 1970 */
export function afternoonZone(now: number): string {
  const pastOne = (zone: string) => {
    const past = clockMs(now, zone) - FROM_HOUR * HOUR_MS;
    return past < 0 ? past + 24 * HOUR_MS : past;
  };
  const sorted = ZONES.toSorted((a, b) => pastOne(a) - pastOne(b));
  return sorted[0] ?? 'UTC';
}
