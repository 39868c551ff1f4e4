/**
 * What an owner says of the own shop, as the Store page shows and changes it: till numbers and
 * notes by day, opening hours, the Monday mail; and the usual week beside. Asked for when the
 * numbers are there. Knows neither HTTP nor how it is drawn.
 */
import type { TypicalWeek } from '../../shared/contracts/insights.ts';
import type { OpeningTime } from '../../shared/contracts/opening-hours.ts';
import type { ShopDay, ShopDayRequest, TillDay } from '../../shared/contracts/shop-day.ts';
import type { SmallCounts } from '../../shared/contracts/small-counts.ts';
import type { WeekMail, WeekMailRequest } from '../../shared/contracts/week-mail.ts';
import { type AppError, toAppError } from '../../shared/errors.ts';
import { type Observable, ObservableValue } from './observable.ts';

/** The portal, as far as this needs it. Rejects with AppError only. */
export interface ShopPortal {
  typicalWeek(id: string): Promise<TypicalWeek>;
  days(id: string): Promise<ShopDay[]>;
  setDay(id: string, day: string, said: ShopDayRequest): Promise<ShopDay>;
  /** @returns of how many days */
  importTill(id: string, days: readonly TillDay[]): Promise<number>;
  clearDays(id: string): Promise<number>;
  openingHours(id: string): Promise<OpeningTime[]>;
  setOpeningHours(id: string, times: readonly OpeningTime[]): Promise<OpeningTime[]>;
  weekMail(id: string): Promise<WeekMail>;
  setWeekMail(id: string, wanted: WeekMailRequest): Promise<WeekMail>;
  smallCounts(id: string): Promise<SmallCounts>;
  /** Also when it rejects with `unavailable` the limit may be stored. */
  setSmallCounts(id: string, wanted: SmallCounts): Promise<SmallCounts>;
}

export interface ShopRecordState {
  /** Whose it is; null while nothing was asked for. */
  locationId: string | null;
  typical: TypicalWeek | null;
  /** By day. null = not there (yet), or not this person's. */
  days: readonly ShopDay[] | null;
  openingHours: readonly OpeningTime[] | null;
  weekMail: WeekMail | null;
  /** What others may see of few people. */
  smallCounts: SmallCounts | null;
  /** What could not be fetched last; what is there stays. */
  error: AppError | null;
}

const NOTHING: ShopRecordState = {
  locationId: null,
  typical: null,
  days: null,
  openingHours: null,
  weekMail: null,
  smallCounts: null,
  error: null,
};

export class ShopRecord {
  readonly #portal: ShopPortal;
  readonly #state = new ObservableValue<ShopRecordState>(NOTHING);

  constructor(portal: ShopPortal) {
    this.#portal = portal;
  }

  get state(): Observable<ShopRecordState> {
    return this.#state;
  }

  /** Forgets everything: for sign-out. */
  clear(): void {
    this.#state.set(NOTHING);
  }

  /**
   * Fetches what there is of a shop. Ends when all is there or has failed; never rejects. What
   * belongs to owners is not there for others: that is no failure.
   */
  async open(id: string): Promise<void> {
    if (this.#state.value.locationId !== id) this.#state.set({ ...NOTHING, locationId: id });
    await Promise.all([
      this.#take(id, this.#portal.typicalWeek(id), (typical) => ({ typical })),
      this.#take(id, this.#portal.days(id), (days) => ({ days })),
      this.#take(id, this.#portal.openingHours(id), (openingHours) => ({ openingHours })),
      this.#take(id, this.#portal.weekMail(id), (weekMail) => ({ weekMail })),
      this.#take(id, this.#portal.smallCounts(id), (smallCounts) => ({ smallCounts })),
    ]);
  }

  async #take<T>(
    id: string,
    asked: Promise<T>,
    patch: (answer: T) => Partial<ShopRecordState>,
  ): Promise<void> {
    try {
      const answer = await asked;
      if (this.#state.value.locationId === id) this.#state.patch({ ...patch(answer), error: null });
    } catch (failure) {
      const error = toAppError(failure, 'unavailable');
      if (error.code === 'forbidden' || this.#state.value.locationId !== id) return;
      this.#state.patch({ error });
    }
  }

  /** @throws AppError when it was not stored; what was typed stays with whoever typed it */
  async setDay(id: string, day: string, said: ShopDayRequest): Promise<void> {
    const stored = await this.#portal.setDay(id, day, said);
    const others = (this.#state.value.days ?? []).filter((d) => d.day !== day);
    const isNothing = stored.sales === null && stored.takings === null && stored.note === null;
    this.#putDays(id, isNothing ? others : [...others, stored]);
  }

  /** @returns of how many days @throws AppError; then nothing was stored */
  async importTill(id: string, days: readonly TillDay[]): Promise<number> {
    const count = await this.#portal.importTill(id, days);
    this.#putDays(id, await this.#portal.days(id));
    return count;
  }

  /** Takes till numbers and notes of all days out. @throws AppError */
  async clearDays(id: string): Promise<void> {
    await this.#portal.clearDays(id);
    this.#putDays(id, []);
  }

  /** @throws AppError */
  async setOpeningHours(id: string, times: readonly OpeningTime[]): Promise<void> {
    const openingHours = await this.#portal.setOpeningHours(id, times);
    if (this.#state.value.locationId === id) this.#state.patch({ openingHours });
  }

  /** @throws AppError */
  async setWeekMail(id: string, wanted: WeekMailRequest): Promise<void> {
    const weekMail = await this.#portal.setWeekMail(id, wanted);
    if (this.#state.value.locationId === id) this.#state.patch({ weekMail });
  }

  /**
   * @param smallest null: others may see every number
   * @throws AppError `unavailable` may mean that it is set and earlier numbers are not changed yet:
   * then the state has it
   */
  async setSmallCounts(id: string, smallest: number | null): Promise<void> {
    const wanted = { smallest_shown: smallest };
    const put = (smallCounts: SmallCounts) => {
      if (this.#state.value.locationId === id) this.#state.patch({ smallCounts });
    };
    try {
      put(await this.#portal.setSmallCounts(id, wanted));
    } catch (failure) {
      await this.#portal.smallCounts(id).then(put, () => undefined);
      throw failure;
    }
  }

  #putDays(id: string, days: readonly ShopDay[]): void {
    if (this.#state.value.locationId !== id) return;
    this.#state.patch({ days: [...days].sort((a, b) => (a.day < b.day ? -1 : 1)) });
  }
}
