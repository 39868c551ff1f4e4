/**
 * What owners say of days of their own shops: till numbers and notes. Theirs alone: no
 * administrator reads them, and they go to no other place. Knows no HTTP and no SQL.
 */
import type { Me } from '../../shared/contracts/portal.ts';
import {
  FIRST_DAY,
  type SaidOfDay,
  type ShopDay,
  type TillDay,
} from '../../shared/contracts/shop-day.ts';
import { AppError } from '../../shared/errors.ts';
import { civilDate } from '../../shared/metrics/time-zone.ts';
import { changeOf, type Facts } from './audit.ts';
import { type OnceChange, type OncePerson, onceOf, orConflict } from './kept-answer.ts';
import { type LocationStore, locationWithFigures } from './location.ts';

export interface ShopDayStore {
  /** By day, from one to the other, both inclusive. */
  list(locationId: string, from: string, to: string): Promise<ShopDay[]>;
  /**
   * All that is said of a day; a day of which nothing is said is none.
   * @param seen what must be said of it until then; undefined: anything
   * @throws SeenOtherwise
   */
  put(
    locationId: string,
    day: ShopDay,
    seen: SaidOfDay | undefined,
    change: OnceChange,
  ): Promise<void>;
  /** Till numbers of many days; their notes stay. */
  putTill(locationId: string, days: readonly TillDay[], change: OnceChange): Promise<void>;
  count(locationId: string): Promise<number>;
  /** Takes all out. */
  clear(locationId: string, change: OnceChange): Promise<void>;
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
 * @param seen what was said of the day when it was changed
 * @throws AppError `not_found`, `invalid`; `conflict` when something else is said of it by now
 */
export async function setShopDay(
  { locations, shopDays }: ShopDayPorts,
  by: OncePerson,
  id: string,
  day: ShopDay,
  seen?: SaidOfDay,
): Promise<ShopDay> {
  const { time_zone } = await locationWithFigures(locations, by.person, id);
  if (day.sales !== null || day.takings !== null) checkPast([day], civilDate(by.nowMs, time_zone));
  const change = trace(by, 'location.shop_day', id, { day: day.day }, day);
  await orConflict(shopDays.put(id, day, seen, change), async () => {
    const [present] = await shopDays.list(id, day.day, day.day);
    const { sales = null, takings = null, note = null } = present ?? {};
    return { sales, takings, note };
  });
  return day;
}

/** @throws AppError `not_found`, `invalid` with the first day to come; then nothing is stored */
export async function importTill(
  { locations, shopDays }: ShopDayPorts,
  by: OncePerson,
  id: string,
  days: readonly TillDay[],
): Promise<{ days: number }> {
  const { time_zone } = await locationWithFigures(locations, by.person, id);
  checkPast(days, civilDate(by.nowMs, time_zone));
  const facts = { days: days.length };
  await shopDays.putTill(id, days, trace(by, 'location.till', id, facts, facts));
  return facts;
}

/** @throws AppError `not_found` */
export async function clearShopDays(
  { locations, shopDays }: ShopDayPorts,
  by: OncePerson,
  id: string,
): Promise<{ days: number }> {
  await locationWithFigures(locations, by.person, id);
  const answer = { days: await shopDays.count(id) };
  await shopDays.clear(id, trace(by, 'location.clear', id, {}, answer));
  return answer;
}

/** What is said of the day by whoever sends all of it. */
export const shopDayOf = (day: string, { sales, takings, note }: SaidOfDay): ShopDay => {
  return { day, sales, takings, note };
};

function checkPast(days: readonly { day: string }[], today: string): void {
  const ahead = days.find(({ day }) => day > today);
  if (!ahead) return;
  throw new AppError('invalid', `${ahead.day} has not begun at this shop.`, {
    hint: 'Send sales of today and of days before.',
  });
}

/** The trail tells that something was said, and of which days; what, is the owner's. */
function trace(
  { person, nowMs, once }: OncePerson,
  action: 'location.shop_day' | 'location.till' | 'location.clear',
  id: string,
  after: Facts,
  answer: object,
): OnceChange {
  const change = changeOf({ actor: person.user_id, nowMs }, action, `location:${id}`, { after });
  return onceOf(change, once, answer);
}
