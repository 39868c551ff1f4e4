/**
 * What an owner says of the own shop, as the Store page shows and changes it: till numbers and
 * notes by day, opening hours, the Monday mail, what others may see; and the usual week beside.
 * From what this device keeps at once, from the backend after; what waits to be sent is laid over
 * it. Knows neither HTTP nor IndexedDB, nor how it is drawn.
 */
import { TypicalWeek } from '../../shared/contracts/insights.ts';
import { OpeningHours, type OpeningTime } from '../../shared/contracts/opening-hours.ts';
import {
  type SaidOfDay,
  type ShopDay,
  ShopDays,
  type TillDay,
} from '../../shared/contracts/shop-day.ts';
import { SmallCounts } from '../../shared/contracts/small-counts.ts';
import { WeekMail, type WeekMailRequest } from '../../shared/contracts/week-mail.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { AnswerCache } from './answers.ts';
import type { Change, Changes, Fate, Wish } from './changes.ts';
import type { Drafts } from './drafts.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { DeliveryState } from './outbox-delivery.ts';
import { laidOver, type ShopFacts, saidOf } from './shop-facts.ts';

/** The portal, as far as this reads it. Rejects with AppError only. */
export interface ShopPortal {
  typicalWeek(id: string): Promise<TypicalWeek>;
  days(id: string): Promise<ShopDay[]>;
  openingHours(id: string): Promise<OpeningTime[]>;
  weekMail(id: string): Promise<WeekMail>;
  smallCounts(id: string): Promise<SmallCounts>;
}

export interface ShopRecordState extends ShopFacts {
  /** Whose it is; null while nothing was asked for. */
  locationId: string | null;
  typical: TypicalWeek | null;
  /** Changes of it that are not stored yet, oldest first. */
  changes: readonly Change[];
  /** When the oldest part of what is shown was known, Unix milliseconds; null: just now. */
  asOf: number | null;
  /** What could not be fetched last; what is there stays. */
  error: AppError | null;
}

const NO_FACTS: ShopFacts = { days: null, openingHours: null, weekMail: null, smallCounts: null };
const NOTHING: ShopRecordState = {
  ...NO_FACTS,
  locationId: null,
  typical: null,
  changes: [],
  asOf: null,
  error: null,
};

export interface ShopRecordOptions {
  portal: ShopPortal;
  changes: Changes;
  answers: AnswerCache;
  drafts: Drafts;
  /** How far the outbox is. */
  delivery: Observable<Delivery>;
  /** False where the person is certainly no owner: what is an owner's alone is not asked for. */
  mayOwn: () => Promise<boolean>;
}

type Delivery = Pick<DeliveryState, 'delivering' | 'stopped'>;

export class ShopRecord {
  readonly #options: ShopRecordOptions;
  readonly #state = new ObservableValue<ShopRecordState>(NOTHING);
  /** As the backend has it. */
  #stored: ShopFacts = NO_FACTS;
  #ages = new Map<string, number>();
  /** How often it was told what the backend has: an answer asked for before is older. */
  #learned = 0;

  constructor(options: ShopRecordOptions) {
    this.#options = options;
    const { changes } = options;
    let before = changes.state.value;
    const settled = new Set<number>();
    changes.onSettled(async (change, { instead, isFirstTry }) => {
      settled.add(change.id);
      if (change.place !== this.#state.value.locationId) return;
      await this.#learn(change, instead);
      if (!isFirstTry) void this.open(change.place);
    });
    changes.state.subscribe((all) => {
      const here = before.filter(({ place }) => place === this.#state.value.locationId);
      const gone = here.filter(({ id }) => !all.some((one) => one.id === id));
      before = all;
      this.#show({});
      // Another tab has delivered it, or a person has taken it out: look what is there now.
      const { locationId } = this.#state.value;
      if (locationId && gone.some(({ id }) => !settled.has(id))) void this.open(locationId);
    });
  }

  get state(): Observable<ShopRecordState> {
    return this.#state;
  }

  get delivery(): Observable<Delivery> {
    return this.#options.delivery;
  }

  get drafts(): Drafts {
    return this.#options.drafts;
  }

  /** Forgets everything: for sign-out. */
  clear(): void {
    this.#stored = NO_FACTS;
    this.#ages.clear();
    this.#state.set(NOTHING);
  }

  /**
   * Shows what there is of a shop. Ends when all is there or has failed; never rejects. What
   * belongs to owners is not there for others: that is no failure.
   */
  async open(id: string): Promise<void> {
    if (this.#state.value.locationId !== id) {
      this.clear();
      this.#show({ locationId: id });
    }
    const { portal } = this.#options;
    const { days: ShopDaysList } = ShopDays.entries;
    const { opening_hours: Times } = OpeningHours.entries;
    await Promise.all([
      this.#part(id, 'typical', TypicalWeek, portal.typicalWeek(id), (typical) =>
        this.#show({ typical }),
      ),
      this.#part(
        id,
        'days',
        ShopDaysList,
        this.#owned(() => portal.days(id)),
        (days) => this.#store({ days }),
      ),
      this.#part(id, 'hours', Times, portal.openingHours(id), (openingHours) =>
        this.#store({ openingHours }),
      ),
      this.#part(
        id,
        'mail',
        WeekMail,
        this.#owned(() => portal.weekMail(id)),
        (weekMail) => this.#store({ weekMail }),
      ),
      this.#part(id, 'small', SmallCounts, portal.smallCounts(id), (smallCounts) =>
        this.#store({ smallCounts }),
      ),
    ]);
  }

  /** What is the owner's alone is asked for by nobody else, who would be refused. */
  async #owned<T>(ask: () => Promise<T>): Promise<T> {
    if (!(await this.#options.mayOwn())) throw new AppError('forbidden', '');
    return await ask();
  }

  /** One answer: as it is kept, then as it comes. */
  async #part<T>(
    id: string,
    name: string,
    schema: Parameters<AnswerCache['get']>[1],
    asked: Promise<T>,
    take: (answer: T) => void,
  ): Promise<void> {
    const key = `${id} ${name}`;
    const isHere = () => this.#state.value.locationId === id;
    const learned = this.#learned;
    // Not to be missed while what is kept is looked up.
    const answered = asked.then(
      (answer) => ({ answer }),
      (cause: unknown) => ({ error: toAppError(cause, 'unavailable') }),
    );
    if (!this.#ages.has(name)) {
      const kept = await this.#options.answers.get(key, schema);
      if (kept && isHere() && !this.#ages.has(name)) {
        this.#ages.set(name, kept.at);
        take(kept.answer as T);
      }
    }
    const outcome = await answered;
    if (!isHere()) return;
    if ('answer' in outcome) {
      this.#ages.set(name, Number.POSITIVE_INFINITY);
      if (name !== 'typical' && learned !== this.#learned) return;
      take(outcome.answer);
      this.#show({ error: null });
      await this.#options.answers.put(key, outcome.answer);
    } else if (outcome.error.code !== 'forbidden') {
      this.#show({ error: outcome.error });
    }
  }

  /** Everything that is said of a day. What is kept of it is sent as soon as it can be. */
  setDay(id: string, day: string, said: SaidOfDay): Promise<Fate> {
    const seen = saidOf(this.#beneath().days, day);
    return this.#put(id, { what: 'shop_day', day, said, seen });
  }

  /** Till numbers of many days; their notes stay. */
  importTill(id: string, days: readonly TillDay[]): Promise<Fate> {
    return this.#put(id, { what: 'till', days });
  }

  /** Takes till numbers and notes of all days out. */
  clearDays(id: string): Promise<Fate> {
    return this.#put(id, { what: 'clear_days' });
  }

  setOpeningHours(id: string, times: readonly OpeningTime[]): Promise<Fate> {
    const seen = this.#beneath().openingHours ?? [];
    return this.#put(id, { what: 'opening_hours', times, seen });
  }

  setWeekMail(id: string, wanted: WeekMailRequest): Promise<Fate> {
    return this.#put(id, { what: 'week_mail', wanted });
  }

  /** @param smallest null: others may see every number */
  setSmallCounts(id: string, smallest: number | null): Promise<Fate> {
    const seen = this.#beneath().smallCounts?.smallest_shown ?? null;
    return this.#put(id, { what: 'small_counts', smallest, seen });
  }

  /** Sends a change in trouble again, now that the person has seen what is there. */
  async again(change: Change): Promise<void> {
    await this.#options.changes.again(change.id, this.#madeOnPresent(change.wish));
  }

  /** What is there stays. */
  async discard(change: Change): Promise<void> {
    await this.#options.changes.discard(change.id);
  }

  /** The same as if that were wanted which is there now. */
  presentOf(wish: Wish): Wish {
    const now = this.#madeOnPresent(wish);
    return 'seen' in now ? withSaid(now, now.seen) : now;
  }

  #madeOnPresent(wish: Wish): Wish {
    const { days, openingHours, smallCounts } = this.#beneath();
    if (wish.what === 'shop_day') return { ...wish, seen: saidOf(days, wish.day) };
    if (wish.what === 'opening_hours') return { ...wish, seen: openingHours ?? [] };
    if (wish.what === 'small_counts') return { ...wish, seen: smallCounts?.smallest_shown ?? null };
    return wish;
  }

  /** A change is made on what will be there once all is sent that can be. */
  #beneath(): ShopFacts {
    return laidOver(
      this.#stored,
      this.#changesHere().filter(({ trouble }) => trouble === null),
    );
  }

  async #put(id: string, wish: Wish): Promise<Fate> {
    return await this.#options.changes.put(id, wish);
  }

  #changesHere(): Change[] {
    const { locationId } = this.#state.value;
    return this.#options.changes.state.value.filter(({ place }) => place === locationId);
  }

  /** A change went through, or is told what is there instead. */
  async #learn(change: Change, instead: { present: unknown } | undefined): Promise<void> {
    this.#learned += 1;
    const wish = instead ? withSaid(change.wish, instead.present) : change.wish;
    this.#store(laidOver(this.#stored, [{ ...change, wish }]));
    const { days, openingHours, weekMail, smallCounts } = this.#stored;
    const kept = { days, hours: openingHours, mail: weekMail, small: smallCounts };
    const known = Object.entries(kept).filter(([, answer]) => answer !== null);
    await Promise.all(
      known.map(([name, answer]) => this.#options.answers.put(`${change.place} ${name}`, answer)),
    );
  }

  #store(facts: Partial<ShopFacts>): void {
    this.#stored = { ...this.#stored, ...facts };
    this.#show({});
  }

  #show(more: Partial<ShopRecordState>): void {
    this.#state.patch(more);
    const changes = this.#changesHere();
    const oldest = Math.min(...this.#ages.values());
    const asOf = Number.isFinite(oldest) ? oldest : null;
    this.#state.patch({ ...laidOver(this.#stored, changes), changes, asOf });
  }
}

/** The same as if that had been said which is there now. */
function withSaid(wish: Wish, present: unknown): Wish {
  if (wish.what === 'shop_day') return { ...wish, said: present as SaidOfDay };
  if (wish.what === 'opening_hours') return { ...wish, times: present as OpeningTime[] };
  if (wish.what === 'small_counts') return { ...wish, smallest: present as number | null };
  return wish;
}
