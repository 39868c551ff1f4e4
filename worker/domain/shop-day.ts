/**
 * What owners say of days of their own shops: till numbers and notes. Theirs alone: no
 * administrator reads them, and they go to no other place. Knows no HTTP and no SQL.
 */
import type { Me } from '../../shared/contracts/portal.ts';
import {
  FIRST_DAY,
  type ShopDay,
  type ShopDayRequest,
  type TillDay,
} from '../../shared/contracts/shop-day.ts';
import { AppError } from '../../shared/errors.ts';
import { civilDate } from '../../shared/metrics/time-zone.ts';
import { type Change, changeOf, type Facts, type PersonContext } from './audit.ts';
import { type LocationStore, locationWithFigures } from './location.ts';

export interface ShopDayStore {
  /** By day, from one to the other, both inclusive. */
  list(locationId: string, from: string, to: string): Promise<ShopDay[]>;
  /** All that is said of a day; a day of which nothing is said is none. */
  put(locationId: string, day: ShopDay, change: Change): Promise<void>;
  /** Till numbers of many days; their notes stay. */
  putTill(locationId: string, days: readonly TillDay[], change: Change): Promise<void>;
  /** Takes all out; says of how many days. */
  clear(locationId: string, change: Change): Promise<number>;
}

export interface ShopDayPorts {
  locations: LocationStore;
  shopDays: ShopDayStore;
}

const LAST_DAY = '9999-12-31';

/** @throws AppError `not_found`, for another owner's shop as for none */
export async function listShopDays(
  { locations, shopDays }: ShopDayPorts,
  person: Me,
  id: string,
  { from = FIRST_DAY, to = LAST_DAY }: { from?: string | undefined; to?: string | undefined },
): Promise<{ days: ShopDay[] }> {
  await locationWithFigures(locations, person, id);
  return { days: await shopDays.list(id, from, to) };
}

/**
 * A note may be of a day to come, a sale may not.
 * @throws AppError `not_found`, `invalid`
 */
export async function setShopDay(
  { locations, shopDays }: ShopDayPorts,
  { person, nowMs }: PersonContext,
  id: string,
  day: ShopDay,
): Promise<ShopDay> {
  const { time_zone } = await locationWithFigures(locations, person, id);
  if (day.sales !== null || day.takings !== null) checkPast([day], civilDate(nowMs, time_zone));
  await shopDays.put(id, day, trace({ person, nowMs }, 'location.shop_day', id, { day: day.day }));
  return day;
}

/** @throws AppError `not_found`, `invalid` with the first day to come; then nothing is stored */
export async function importTill(
  { locations, shopDays }: ShopDayPorts,
  { person, nowMs }: PersonContext,
  id: string,
  days: readonly TillDay[],
): Promise<{ days: number }> {
  const { time_zone } = await locationWithFigures(locations, person, id);
  checkPast(days, civilDate(nowMs, time_zone));
  const facts = { days: days.length };
  await shopDays.putTill(id, days, trace({ person, nowMs }, 'location.till', id, facts));
  return facts;
}

/** @throws AppError `not_found` */
export async function clearShopDays(
  { locations, shopDays }: ShopDayPorts,
  { person, nowMs }: PersonContext,
  id: string,
): Promise<{ days: number }> {
  await locationWithFigures(locations, person, id);
  return { days: await shopDays.clear(id, trace({ person, nowMs }, 'location.clear', id, {})) };
}

/** What is said of the day by whoever sends all of it. */
export const shopDayOf = (day: string, said: ShopDayRequest): ShopDay => ({ day, ...said });

function checkPast(days: readonly { day: string }[], today: string): void {
  const ahead = days.find(({ day }) => day > today);
  if (!ahead) return;
  throw new AppError('invalid', `${ahead.day} has not begun at this shop.`, {
    hint: 'Send sales of today and of days before.',
  });
}

/** The trail tells that something was said, and of which days; what, is the owner's. */
function trace(
  { person, nowMs }: PersonContext,
  action: 'location.shop_day' | 'location.till' | 'location.clear',
  id: string,
  after: Facts,
): Change {
  return changeOf({ actor: person.user_id, nowMs }, action, `location:${id}`, { after });
}
