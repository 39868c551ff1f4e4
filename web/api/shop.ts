/** Routes under /api/v1/locations/:id that are about an owner's own shop. Fetched when needed. */
import type * as v from 'valibot';
import { TypicalWeek } from '../../shared/contracts/insights.ts';
import { OpeningHours, type OpeningTime } from '../../shared/contracts/opening-hours.ts';
import { ShopDay, ShopDays, ShopDaysChanged } from '../../shared/contracts/shop-day.ts';
import { SmallCounts } from '../../shared/contracts/small-counts.ts';
import { WeekMail } from '../../shared/contracts/week-mail.ts';
import type { ShopPortal } from '../app/shop-record.ts';
import type { ShopWish } from '../app/wishes.ts';
import type { ApiRequest, Http } from './http.ts';

const at = (id: string, rest: string) => `/api/v1/locations/${encodeURIComponent(id)}/${rest}`;

/** All rows of two months go to Supabase anew before the answer comes. */
const ANEW_TIMEOUT_MS = 90_000;

/** {@link ShopPortal} of this page’s own origin. */
export class ShopApi implements ShopPortal {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  typicalWeek(id: string): Promise<TypicalWeek> {
    return this.#http.send({ path: at(id, 'typical-week'), answer: TypicalWeek });
  }

  async days(id: string): Promise<ShopDay[]> {
    return (await this.#http.send({ path: at(id, 'shop-days'), answer: ShopDays })).days;
  }

  async openingHours(id: string): Promise<OpeningTime[]> {
    const path = at(id, 'opening-hours');
    return (await this.#http.send({ path, answer: OpeningHours })).opening_hours;
  }

  weekMail(id: string): Promise<WeekMail> {
    return this.#http.send({ path: at(id, 'week-mail'), answer: WeekMail });
  }

  smallCounts(id: string): Promise<SmallCounts> {
    return this.#http.send({ path: at(id, 'small-counts'), answer: SmallCounts });
  }
}

/** How a change of a shop is said to the backend. */
export function shopRequest(id: string, wish: ShopWish): ApiRequest<v.GenericSchema> {
  switch (wish.what) {
    case 'shop_day': {
      const { day, said, seen } = wish;
      const path = at(id, `shop-days/${day}`);
      return { method: 'PUT', path, body: { ...said, seen }, answer: ShopDay };
    }
    case 'till':
      return {
        method: 'POST',
        path: at(id, 'shop-days'),
        body: { days: wish.days },
        answer: ShopDaysChanged,
      };
    case 'clear_days':
      return { method: 'DELETE', path: at(id, 'shop-days'), answer: ShopDaysChanged };
    case 'opening_hours': {
      const body = { opening_hours: wish.times, seen: wish.seen };
      return { method: 'PUT', path: at(id, 'opening-hours'), body, answer: OpeningHours };
    }
    case 'week_mail':
      return { method: 'PUT', path: at(id, 'week-mail'), body: wish.wanted, answer: WeekMail };
    case 'small_counts': {
      const body = { smallest_shown: wish.smallest, seen: wish.seen };
      const path = at(id, 'small-counts');
      const timeoutMs = ANEW_TIMEOUT_MS;
      return { method: 'PUT', path, body, answer: SmallCounts, timeoutMs };
    }
  }
}
