/** A shop's own record for tests: what is stored is there, what is refused throws. */
import type { TypicalWeek } from '../../../shared/contracts/insights.ts';
import type { OpeningTime } from '../../../shared/contracts/opening-hours.ts';
import type { ShopDay, ShopDayRequest, TillDay } from '../../../shared/contracts/shop-day.ts';
import type { SmallCounts } from '../../../shared/contracts/small-counts.ts';
import type { WeekMailRequest } from '../../../shared/contracts/week-mail.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { ShopPortal } from '../shop-record.ts';

/** `usual` people come each hour from nine to five, and twice as many this Monday. */
export function typicalWeekOf(usual: number, changes: Partial<TypicalWeek> = {}): TypicalWeek {
  const location = { id: 'hafen', name: 'Hafen Café', time_zone: 'Europe/Berlin' };
  const cells = Array.from({ length: 168 }, (_, i) => {
    const [weekday, hour] = [Math.floor(i / 24) + 1, i % 24];
    const isDay = hour >= 9 && hour < 17;
    const visits = weekday > 1 ? null : isDay ? 2 * usual : 0;
    return { weekday, hour, usual: isDay ? usual : 0, of: 4, visits };
  });
  const so_far = { visitors: 16 * usual, usual: 8 * usual };
  const dates = { as_of: '2026-11-17T08:00:00.000Z', monday: '2026-11-16', since: '2026-10-19' };
  return { location, ...dates, weeks: 4, cells, so_far, ...changes };
}

export class MemoryShop implements ShopPortal {
  stored: ShopDay[] = [];
  times: OpeningTime[] = [];
  mail: WeekMailRequest = { is_on: false, language: 'en' };
  limit: SmallCounts = { smallest_shown: null };
  week = typicalWeekOf(10);
  refusing: AppError | null = null;

  #unless<T>(value: T): Promise<T> {
    return this.refusing ? Promise.reject(this.refusing) : Promise.resolve(value);
  }
  typicalWeek = () => this.#unless(this.week);
  days = () => this.#unless([...this.stored]);
  openingHours = () => this.#unless(this.times);
  smallCounts = () => this.#unless(this.limit);
  weekMail = () => this.#unless({ ...this.mail, email: 'olga@example.net' });

  async setDay(_id: string, day: string, said: ShopDayRequest) {
    const stored = await this.#unless({ day, ...said });
    this.stored = [...this.stored.filter((d) => d.day !== day), stored];
    return stored;
  }
  async importTill(id: string, days: readonly TillDay[]) {
    for (const { day, ...till } of days) await this.setDay(id, day, { ...till, note: null });
    return days.length;
  }
  async clearDays() {
    const { length } = await this.#unless(this.stored);
    this.stored = [];
    return length;
  }
  async setOpeningHours(_id: string, times: readonly OpeningTime[]) {
    this.times = await this.#unless([...times]);
    return this.times;
  }
  async setWeekMail(_id: string, wanted: WeekMailRequest) {
    this.mail = await this.#unless(wanted);
    return { ...wanted, email: 'olga@example.net' };
  }
  async setSmallCounts(_id: string, wanted: SmallCounts) {
    this.limit = await this.#unless(wanted);
    return this.limit;
  }
}
