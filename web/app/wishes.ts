/**
 * What a person can want changed that may wait for a network: of a shop, and of a sensor. Each says
 * what was there when it was made (`seen`), where the contract lets it; what says nothing of that
 * lets the last writer win. Pure.
 */
import type { AlertKind } from '../../shared/contracts/alert.ts';
import type { CommandName } from '../../shared/contracts/command.ts';
import type { ConfigChange } from '../../shared/contracts/config.ts';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import type { OpeningTime } from '../../shared/contracts/opening-hours.ts';
import type { SaidOfDay, TillDay } from '../../shared/contracts/shop-day.ts';
import type { WeekMailRequest } from '../../shared/contracts/week-mail.ts';

export type ShopWish =
  | { what: 'shop_day'; day: string; said: SaidOfDay; seen: SaidOfDay }
  | { what: 'till'; days: readonly TillDay[] }
  | { what: 'clear_days' }
  | { what: 'opening_hours'; times: readonly OpeningTime[]; seen: readonly OpeningTime[] }
  | { what: 'week_mail'; wanted: WeekMailRequest }
  | { what: 'small_counts'; smallest: number | null; seen: number | null };

/** Degrees; null: nobody knows. */
export interface Spot {
  latitude: number | null;
  longitude: number | null;
}

export type SensorWish =
  /** Some settings; `version`: of those that they were changed from. */
  | { what: 'sensor_settings'; change: ConfigChange; version: number }
  /** Asked for too long ago it is not sent any more: the backend says so. */
  | { what: 'sensor_command'; command: CommandName }
  | { what: 'sensor_name'; name: string | null; seen: string | null }
  /** A location's id. */
  | { what: 'sensor_place'; to: string; seen: string | null }
  | { what: 'sensor_spot'; latitude: number; longitude: number; seen: Spot }
  | { what: 'sensor_status'; status: FleetUnit['status']; seen: FleetUnit['status'] }
  /** Takes the flag off that it has for this reason. */
  | { what: 'sensor_flag'; seen: string }
  /** Somebody knows of it. The first one counts, however often and by whom it is said. */
  | { what: 'sensor_alert'; kind: AlertKind; started: number };

export type Wish = ShopWish | SensorWish;

export const isOfSensor = (wish: Wish): wish is SensorWish => wish.what.startsWith('sensor_');

/** What two changes have in common that are about the same thing. */
export function subjectOf(wish: Wish): string {
  if (wish.what === 'shop_day') return `shop_day ${wish.day}`;
  if (wish.what === 'sensor_alert') return `sensor_alert ${wish.kind} ${wish.started}`;
  return wish.what === 'clear_days' ? 'till' : wish.what;
}

/**
 * A wish as if it had been made on what another was made on that it follows. Of settings it wants
 * those of the other as well, as far as it does not say otherwise.
 */
export function madeOn(wish: Wish, before: Wish): Wish {
  if (wish.what === 'sensor_settings' && before.what === 'sensor_settings') {
    return { ...wish, change: { ...before.change, ...wish.change }, version: before.version };
  }
  if (wish.what !== before.what || !('seen' in wish) || !('seen' in before)) return wish;
  return { ...wish, seen: before.seen } as Wish;
}
