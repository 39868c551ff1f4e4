/** Routes under /api/v1/locations/:id that are about an owner's own shop. Fetched when needed. */
import { TypicalWeek } from '../../shared/contracts/insights.ts';
import { OpeningHours, type OpeningTime } from '../../shared/contracts/opening-hours.ts';
import {
  ShopDay,
  type ShopDayRequest,
  ShopDays,
  ShopDaysChanged,
  type TillDay,
} from '../../shared/contracts/shop-day.ts';
import { SmallCounts } from '../../shared/contracts/small-counts.ts';
import { WeekMail, type WeekMailRequest } from '../../shared/contracts/week-mail.ts';
import type { ShopPortal } from '../app/shop-record.ts';
import type { Http } from './http.ts';

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

  setDay(id: string, day: string, body: ShopDayRequest): Promise<ShopDay> {
    const path = at(id, `shop-days/${day}`);
    return this.#http.send({ method: 'PUT', path, body, answer: ShopDay });
  }

  async importTill(id: string, days: readonly TillDay[]): Promise<number> {
    const path = at(id, 'shop-days');
    const asked = { method: 'POST', path, body: { days }, answer: ShopDaysChanged } as const;
    return (await this.#http.send(asked)).days;
  }

  async clearDays(id: string): Promise<number> {
    const path = at(id, 'shop-days');
    return (await this.#http.send({ method: 'DELETE', path, answer: ShopDaysChanged })).days;
  }

  async openingHours(id: string): Promise<OpeningTime[]> {
    const path = at(id, 'opening-hours');
    return (await this.#http.send({ path, answer: OpeningHours })).opening_hours;
  }

  async setOpeningHours(id: string, times: readonly OpeningTime[]): Promise<OpeningTime[]> {
    const path = at(id, 'opening-hours');
    const body = { opening_hours: times };
    const answer = await this.#http.send({ method: 'PUT', path, body, answer: OpeningHours });
    return answer.opening_hours;
  }

  weekMail(id: string): Promise<WeekMail> {
    return this.#http.send({ path: at(id, 'week-mail'), answer: WeekMail });
  }

  setWeekMail(id: string, body: WeekMailRequest): Promise<WeekMail> {
    return this.#http.send({ method: 'PUT', path: at(id, 'week-mail'), body, answer: WeekMail });
  }

  smallCounts(id: string): Promise<SmallCounts> {
    return this.#http.send({ path: at(id, 'small-counts'), answer: SmallCounts });
  }

  setSmallCounts(id: string, body: SmallCounts): Promise<SmallCounts> {
    const path = at(id, 'small-counts');
    const timeoutMs = ANEW_TIMEOUT_MS;
    return this.#http.send({ method: 'PUT', path, body, answer: SmallCounts, timeoutMs });
  }
}
