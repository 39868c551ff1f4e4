/**
 * Signs of life of a demo unit and who changed what about it: registered, updated once, started
 * anew after each silence. Knows no database.
 */
import { addDays, civilDate, dayBounds } from '../../shared/metrics/time-zone.ts';
import type { DemoPlace, DemoUnit } from './places.ts';
import { chance } from './random.ts';
import { goneFromS } from './readings.ts';

const DAY_S = 86_400;
/** When units of firmware 6 got it. */
const UPDATED_DAYS_AGO = 9;
const FIRMWARE_BEFORE = '5.9.2';
/** A unit says that it lives when it has started, and every day (device API). */
const FIRST_WORD_S = 40;

export interface DemoHeartbeat {
  device_id: string;
  received_ms: number;
  firmware: string;
  uptime_s: number;
  cell_rssi_dbm: number;
  location_id: string;
}

const isUpdated = ({ firmware }: DemoUnit) => firmware.startsWith('6');

/** Moments at which it started, Unix seconds, the first of them the beginning of the span. */
function startsOf(place: DemoPlace, unit: DemoUnit, { fromS, toS }: Span): number[] {
  const { silent } = unit;
  const starts = [fromS];
  if (isUpdated(unit)) starts.push(toS - UPDATED_DAYS_AGO * DAY_S);
  if (silent) {
    const day = addDays(civilDate(toS * 1000, place.time_zone), -silent.daysAgo);
    const { startMs } = dayBounds(day, place.time_zone);
    starts.push(startMs / 1000 + silent.toHour * 3600);
  }
  return starts.filter((s) => s >= fromS && s < toS).sort((a, b) => a - b);
}

interface Span {
  fromS: number;
  toS: number;
}

/** Heartbeats in [fromS, toS), oldest first. */
export function demoHeartbeats(
  place: DemoPlace,
  unit: DemoUnit,
  span: Span,
  seed: number,
): DemoHeartbeat[] {
  const starts = startsOf(place, unit, span);
  const updatedS = span.toS - UPDATED_DAYS_AGO * DAY_S;
  return starts.flatMap((startS, i) => {
    const endS = Math.min(starts[i + 1] ?? span.toS, goneFromS(place, unit, span.toS));
    const beats: DemoHeartbeat[] = [];
    for (let uptime_s = FIRST_WORD_S; startS + uptime_s < endS; uptime_s += DAY_S) {
      const next = chance(seed, unit.id, 'heartbeat', startS, uptime_s);
      beats.push({
        device_id: unit.id,
        received_ms: (startS + uptime_s) * 1000 + Math.floor(next() * 1000),
        firmware: isUpdated(unit) && startS < updatedS ? FIRMWARE_BEFORE : unit.firmware,
        uptime_s,
        cell_rssi_dbm: -82 - Math.floor(next() * 9),
        location_id: place.id,
      });
    }
    return beats;
  });
}

/** What was done about a demo unit; `after` as in worker/domain/audit.ts. */
export interface DemoChange {
  at_ms: number;
  by: 'installerId' | 'adminId' | 'ownerId' | 'owner2Id';
  action: 'unit.register' | 'unit.command';
  device_id: string;
  after: Record<string, string>;
}

/** Oldest first. */
export function demoChanges(place: DemoPlace, unit: DemoUnit, { fromS, toS }: Span): DemoChange[] {
  const { id: device_id } = unit;
  const updated = isUpdated(unit);
  const firmware = updated ? FIRMWARE_BEFORE : unit.firmware;
  const told = (atS: number, by: DemoChange['by'], name: string): DemoChange => {
    const after = { command: name };
    return { at_ms: atS * 1000, by, action: 'unit.command', device_id, after };
  };
  const after = { location_id: place.id, firmware };
  const askedS = toS - UPDATED_DAYS_AGO * DAY_S - 1800;
  return [
    { at_ms: fromS * 1000, by: 'installerId', action: 'unit.register', device_id, after },
    ...(updated ? [told(askedS, 'adminId', 'ota_check')] : []),
    ...(unit.gone ? [] : [told(toS - 2 * DAY_S, place.owner, 'send_now')]),
  ];
}
