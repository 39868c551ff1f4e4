/** What an owner said of a shop, and what it becomes by changes. Pure. */
import type { OpeningTime } from '../../shared/contracts/opening-hours.ts';
import type { SaidOfDay, ShopDay } from '../../shared/contracts/shop-day.ts';
import type { SmallCounts } from '../../shared/contracts/small-counts.ts';
import type { WeekMail } from '../../shared/contracts/week-mail.ts';
import type { NewChange } from './changes.ts';
import type { Wish } from './wishes.ts';

export interface ShopFacts {
  /** By day. null = not there (yet), or not this person's. */
  days: readonly ShopDay[] | null;
  openingHours: readonly OpeningTime[] | null;
  weekMail: WeekMail | null;
  /** What others may see of few people. */
  smallCounts: SmallCounts | null;
}

/** What is said of one day. */
export function saidOf(days: readonly ShopDay[] | null, day: string): SaidOfDay {
  const { sales = null, takings = null, note = null } = days?.find((d) => d.day === day) ?? {};
  return { sales, takings, note };
}

/** The facts once these changes have been taken, in this order. What is not there stays so. */
export function laidOver(facts: ShopFacts, changes: readonly Pick<NewChange, 'wish'>[]): ShopFacts {
  return changes.reduce((sum, { wish }) => after(sum, wish), facts);
}

function after(facts: ShopFacts, wish: Wish): ShopFacts {
  const { days, openingHours, weekMail, smallCounts } = facts;
  switch (wish.what) {
    case 'shop_day':
      return { ...facts, days: days && withDays(days, [{ day: wish.day, ...wish.said }]) };
    case 'till': {
      const notes = new Map(days?.map(({ day, note }) => [day, note]));
      const said = wish.days.map((day) => ({ ...day, note: notes.get(day.day) ?? null }));
      return { ...facts, days: days && withDays(days, said) };
    }
    case 'clear_days':
      return { ...facts, days: days && [] };
    case 'opening_hours':
      return { ...facts, openingHours: openingHours && wish.times };
    case 'week_mail':
      return { ...facts, weekMail: weekMail && { ...weekMail, ...wish.wanted } };
    case 'small_counts':
      return { ...facts, smallCounts: smallCounts && { smallest_shown: wish.smallest } };
    default:
      return facts;
  }
}

/** In order; a day of which nothing is said is none. */
function withDays(days: readonly ShopDay[], said: readonly ShopDay[]): ShopDay[] {
  const all = new Map([...days, ...said].map((day) => [day.day, day]));
  return [...all.values()]
    .filter(({ sales, takings, note }) => sales !== null || takings !== null || note !== null)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}
