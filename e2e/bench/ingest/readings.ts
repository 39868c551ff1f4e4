/**
 * The readings that the ingest bench sends, by number: reading n is always the same one, of the
 * same unit and period, so that it may be sent again. Every second unit speaks v5.x, the others v6.
 * Knows no socket.
 */
import { createHash } from 'node:crypto';
import { isoSecond } from '../../../shared/time.ts';
import type { Database } from '../../testing/worker-stack.ts';
import type { Kept } from './verdict.ts';

/** So many that none sends more than its 50 requests a minute below 7,500 a second. */
export const UNITS = 9000;
const PLACES = 3000;
const PERIOD_S = 300;
/** Units work back from the last whole period; ten hours of them count as recent. */
export const LAST_S = Math.floor(Date.now() / 1000 / PERIOD_S) * PERIOD_S - PERIOD_S;
const BOOTED_S = LAST_S - 86_400;

const unitId = (n: number) => `JBNB${String(n + 1).padStart(4, '0')}`;
const tokenOf = (unit: string) => `bench-token-abcdefghijklmnopqrstuvwxyz-${unit}`;

/** Location of a unit; three units share one. */
export const placeOf = (unit: string) => `place-${(Number(unit.slice(4)) - 1) % PLACES}`;

/**
 * Reading n, as it should be stored.
 * @param units that send, in turn
 */
export function sentOf(n: number, lastS = LAST_S, units = UNITS): Kept {
  const unit = unitId(n % units);
  const start_s = lastS - Math.floor(n / units) * PERIOD_S;
  return { unit, start_s, impressions: 300 + (n % 997) };
}

/** Reading n as the unit writes it: an HTTP/1.1 request with a body of about 400 bytes. */
export function requestOf(n: number, host: string, lastS = LAST_S, units = UNITS): string {
  const { unit, start_s, impressions: i } = sentOf(n, lastS, units);
  const v6 = n % 2 === 1;
  const more = v6 ? `,"vis":12,"occ":34,"seq":${n},"fw":"6.0.0","bat":100` : '';
  const body = `{"d":"${unit}","t":"${isoSecond(start_s)}","i":${i},"u":120,${COUNTS}${more}}`;
  const head = `POST /api/reading HTTP/1.1\r\nHost: ${host}`;
  const token = `Authorization: Bearer ${tokenOf(unit)}`;
  const length = `Content-Length: ${body.length}`;
  return `${head}\r\n${token}\r\nContent-Type: application/json\r\n${length}\r\n\r\n${body}`;
}

const COUNTS = JSON.stringify({
  ...{ probe_rssi_avg: -62, probe_rssi_min: -88, probe_rssi_max: -45, cell_rssi: -85 },
  ...{ dwell_0_1: 25, dwell_1_5: 30, dwell_5_10: 10, dwell_10plus: 5 },
  ...{ rssi_immediate: 8, rssi_near: 22, rssi_far: 45, rssi_remote: 45 },
  ...{ ble_i: 200, ble_u: 85, ble_apple: 56, ble_other: 29, ble_rssi_avg: -68 },
  ...{ of: 0, cd: 0, sf: 0, age: 0, ts: 1, bt: BOOTED_S },
}).slice(1, -1);

/** Places with three units each; every unit has a token of its own. */
export async function registerUnits(db: Database): Promise<void> {
  const places = Array.from({ length: PLACES }, (_, n) => `place-${n}`);
  const units = Array.from({ length: UNITS }, (_, n) => {
    const id = unitId(n);
    return [id, createHash('sha256').update(tokenOf(id)).digest('hex'), placeOf(id)];
  });
  const run = (sql: string, rows: unknown[]) => db.prepare(sql).bind(JSON.stringify(rows)).run();
  await run(
    `INSERT INTO locations (id, name, time_zone)
      SELECT value, value, 'Europe/Berlin' FROM json_each(?1)`,
    places,
  );
  await run(
    `INSERT INTO devices (id, token_sha256, location_id, registered_s)
      SELECT value ->> 0, value ->> 1, value ->> 2, 0 FROM json_each(?1)`,
    units,
  );
}
