/**
 * Plausible readings of a demo unit: a curve of the day by the place's own clock, weekends apart,
 * readings lost on the way and one long silence. The same period always gives the same reading,
 * whenever the seed runs. Knows no database.
 */
import type { Reading } from '../../shared/contracts/reading.ts';
import { BUCKET_S } from '../../shared/metrics/bucket.ts';
import { addDays, civilDate, dayBounds, localMs } from '../../shared/metrics/time-zone.ts';
import { STAYS, ZONES } from '../../shared/metrics/wire.ts';
import type { DemoPlace, DemoUnit } from './places.ts';
import { chance, happenings, split } from './random.ts';

/** How people spread over zones and stays in a small shop; nothing depends on the exact shares. */
const ZONE_WEIGHTS = [8, 24, 38, 30] as const;
const STAY_WEIGHTS = [38, 34, 18, 10] as const;
/** Minutes that somebody stays on average, by STAY_WEIGHTS. */
const MEAN_STAY_MIN = 4;
/** One reading in this many never arrives. */
const LOST_ONE_IN = 180;
const DAY_S = 86_400;
/** Of the second owner. */
const LAGGING = 'JBNB0004';
/** Phones that only pass by, for each visit; and those at night, per five minutes. */
const PASSING_PER_VISIT = 2.2;
const NIGHT_PHONES = 0.3;
/** Share of phones that also advertise, and of those that are Apple's. */
const BLE_SHARE = 0.6;
const APPLE_SHARE = 0.58;

/** Readings of one unit for every period that starts in [fromS, toS), oldest first. */
export function demoReadings(
  place: DemoPlace,
  unit: DemoUnit,
  span: { fromS: number; toS: number },
  seed: number,
): Reading[] {
  const silent = silence(place, unit, span.toS);
  const readings: Reading[] = [];
  for (let startS = span.fromS; startS < span.toS; startS += BUCKET_S) {
    const next = chance(seed, unit.id, startS);
    const lost = next() < 1 / LOST_ONE_IN;
    if (lost || silent(startS)) continue;
    const reading = demoReading(place, unit, startS, next);
    readings.push({ ...reading, ...weather(unit, startS, span.toS, Number(reading.cell_rssi)) });
  }
  return readings;
}

/** Days ago on which the signal was bad, and for one unit so bad that readings waited. */
const BAD_DAYS_AGO = 6;
const BACKLOG_DAYS_AGO = 3;

/** How the network was: a day of bad signal, a failed try now and then, one unit that lagged. */
function weather({ id }: DemoUnit, startS: number, nowS: number, rssi: number): Partial<Reading> {
  const agoS = nowS - startS;
  const isBad = Math.floor(agoS / DAY_S) === BAD_DAYS_AGO;
  // an hour and a half of it
  const lag = agoS / BUCKET_S - (BACKLOG_DAYS_AGO * DAY_S) / BUCKET_S;
  const cd = id === LAGGING && lag > 0 && lag <= 18 ? Math.round(lag) : 0;
  const sf = isBad && startS % (7 * BUCKET_S) === 0 ? 1 : 0;
  return { cell_rssi: rssi - (isBad ? 12 : 0), cd, sf };
}

function demoReading(place: DemoPlace, unit: DemoUnit, startS: number, next: () => number) {
  const local = new Date(localMs(startS * 1000, place.time_zone));
  const isWeekend = local.getUTCDay() % 6 === 0;
  const curve = isWeekend ? place.weekend : place.weekday;
  const perHour = (curve[local.getUTCHours()] ?? 0) * unit.share;
  const visits = happenings((perHour * BUCKET_S) / 3600, next);
  const passing = happenings(visits * PASSING_PER_VISIT + NIGHT_PHONES, next);
  const minutes = visits * 3 + passing;
  const zones = split(minutes, ZONE_WEIGHTS, next);
  const stays = split(visits, STAY_WEIGHTS, next);
  const [ble = 0] = split(minutes, [BLE_SHARE, 1 - BLE_SHARE], next);
  const [apple = 0] = split(ble, [APPLE_SHARE, 1 - APPLE_SHARE], next);
  const speaksV6 = unit.firmware.startsWith('6');
  const reading: Reading = {
    d: unit.id,
    t: startS,
    i: minutes * 3 + happenings(minutes, next),
    u: minutes,
    ...Object.fromEntries(ZONES.map((name, i) => [name, zones[i] ?? 0])),
    ...Object.fromEntries(STAYS.map((name, i) => [name, stays[i] ?? 0])),
    ble_i: ble * 4,
    ble_u: ble,
    ble_apple: apple,
    ble_other: ble - apple,
    probe_rssi_avg: -66,
    cell_rssi: -82 - Math.floor(next() * 9),
    of: 0,
    cd: 0,
    sf: 0,
    age: 0,
    ts: 1,
    ...(speaksV6 && { vis: visits, seq: Math.floor(startS / BUCKET_S) }),
  };
  return speaksV6 ? { ...reading, occ: occupancyX10(perHour, visits, next) } : reading;
}

/**
 * Ten times the mean number of people near, as firmware 6 sends it: who comes in times how long one
 * stays (Little's law). Half of those near in five minutes came before them, and are the curve's.
 */
function occupancyX10(perHour: number, visits: number, next: () => number): number {
  const comingPerMin = (perHour / 60 + (visits * 60) / BUCKET_S) / 2;
  return happenings(10 * comingPerMin * MEAN_STAY_MIN, next);
}

/** When a unit fell silent for good, by its place's calendar and clock; Unix seconds. */
export function goneFromS({ time_zone }: DemoPlace, { gone }: DemoUnit, nowS: number): number {
  if (!gone) return Number.POSITIVE_INFINITY;
  const day = addDays(civilDate(nowS * 1000, time_zone), -gone.daysAgo);
  return dayBounds(day, time_zone).startMs / 1000 + gone.hour * 3600;
}

/** Whether the unit said nothing at a moment, by its place's calendar and clock. */
function silence(place: DemoPlace, unit: DemoUnit, nowS: number) {
  const { silent } = unit;
  const goneS = goneFromS(place, unit, nowS);
  if (!silent) return (startS: number) => startS + BUCKET_S > goneS;
  const day = addDays(civilDate(nowS * 1000, place.time_zone), -silent.daysAgo);
  return (startS: number) => {
    const local = new Date(localMs(startS * 1000, place.time_zone));
    const hour = local.getUTCHours();
    const isThatDay = local.toISOString().startsWith(day);
    return isThatDay && hour >= silent.fromHour && hour < silent.toHour;
  };
}
