/** A shop's own record for tests: what is stored is there, what is refused throws. */
import type { TypicalWeek } from '../../../shared/contracts/insights.ts';
import type { ShopDay } from '../../../shared/contracts/shop-day.ts';
import { AppError } from '../../../shared/errors.ts';
import type { AnswerCache, Kept } from '../answers.ts';
import {
  type Change,
  type ChangeBox,
  type ChangePortal,
  Changes,
  type NewChange,
} from '../changes.ts';
import type { Drafts } from '../drafts.ts';
import { OutboxDelivery } from '../outbox-delivery.ts';
import { laidOver, type ShopFacts, saidOf } from '../shop-facts.ts';
import { type ShopPortal, ShopRecord } from '../shop-record.ts';
import type { Wish } from '../wishes.ts';
import { TestBackend, TestOutbox } from './backend.ts';

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

/** A shop's facts in memory, read and changed as the backend does it. */
export class MemoryShop implements ShopPortal, ChangePortal {
  facts: ShopFacts = {
    days: [],
    openingHours: [],
    weekMail: { is_on: false, language: 'en', email: 'olga@example.net' },
    smallCounts: { smallest_shown: null },
  };
  week = typicalWeekOf(10);
  /** What every call is answered with. */
  refusing: AppError | null = null;
  /** Of changes, in order, each key once. */
  readonly taken = new Map<string, Wish>();
  /** Keys as they came. */
  readonly sent: string[] = [];

  get stored(): readonly ShopDay[] {
    return this.facts.days ?? [];
  }

  #unless<T>(value: T): Promise<T> {
    return this.refusing ? Promise.reject(this.refusing) : Promise.resolve(value);
  }
  typicalWeek = () => this.#unless(this.week);
  days = () => this.#unless([...this.stored]);
  openingHours = () => this.#unless([...(this.facts.openingHours ?? [])]);
  smallCounts = () => this.#unless(this.facts.smallCounts ?? { smallest_shown: null });
  weekMail = () =>
    this.#unless(this.facts.weekMail ?? { is_on: false, language: 'en' as const, email: '' });

  async change(_place: string, wish: Wish, key: string): Promise<void> {
    this.sent.push(key);
    await this.#unless(null);
    if (this.taken.has(key)) return;
    const present = this.#present(wish);
    if ('seen' in wish && JSON.stringify(present) !== JSON.stringify(wish.seen)) {
      throw new AppError('conflict', 'Somebody else has changed this meanwhile.', {
        present,
        isForeign: true,
      });
    }
    this.taken.set(key, wish);
    this.facts = laidOver(this.facts, [{ wish }]);
  }

  #present(wish: Wish): unknown {
    const { days, openingHours, smallCounts } = this.facts;
    if (wish.what === 'shop_day') return saidOf(days, wish.day);
    return wish.what === 'opening_hours' ? openingHours : smallCounts?.smallest_shown;
  }
}

/** What waits, in memory; a second page over the same box finds it. */
export class MemoryBox implements ChangeBox {
  rows: Change[] = [];
  /** Nothing more can be kept. */
  isFull = false;
  #last = 0;

  async add(change: NewChange): Promise<Change> {
    if (this.isFull) throw new AppError('storage_full', 'full');
    this.#last += 1;
    const row = { ...structuredClone(change), id: this.#last };
    this.rows.push(row);
    return row;
  }
  async list(account: string): Promise<Change[]> {
    return this.rows.filter((row) => row.account === account);
  }
  async put(change: Change): Promise<void> {
    this.rows = this.rows.map((row) => (row.id === change.id ? change : row));
  }
  async remove(id: number): Promise<void> {
    this.rows = this.rows.filter((row) => row.id !== id);
  }
  async keepOnly(account: string | null): Promise<void> {
    this.rows = this.rows.filter((row) => row.account === account);
  }
  async count(): Promise<number> {
    return this.rows.length;
  }
}

/** No answers but those of this page. */
export class MemoryAnswers implements AnswerCache {
  readonly kept = new Map<string, Kept<unknown>>();
  async get(name: string): Promise<Kept<never> | null> {
    return (this.kept.get(name) as Kept<never> | undefined) ?? null;
  }
  async put(name: string, answer: unknown): Promise<void> {
    this.kept.set(name, { answer, at: 1_800_000_000_000 });
  }
}

/** What is typed, as long as the test. */
class MemoryDrafts implements Drafts {
  readonly kept = new Map<string, string>();
  read = (name: string) => this.kept.get(name) ?? null;
  write = (name: string, text: string) => void this.kept.set(name, text);
  forget = (name: string) => void this.kept.delete(name);
}

/** A page of one person over a shop: what it shows, its outbox, and both stores behind. */
export function shopPage(portal = new MemoryShop(), box = new MemoryBox(), user = 'id-olga') {
  const page = { user: user as string | null, keys: 0, mayOwn: true };
  const answers = new MemoryAnswers();
  const changes: Changes = new Changes({
    box,
    portal,
    account: () => page.user,
    now: () => 1_800_000_000_000,
    newKey: () => crypto.randomUUID(),
    deliver: () => delivery.deliver(),
  });
  const delivery: OutboxDelivery = new OutboxDelivery(new TestOutbox(), new TestBackend(), {
    changes,
  });
  const drafts = new MemoryDrafts();
  const mayOwn = async () => page.mayOwn;
  const told = { delivery: delivery.state, mayOwn };
  const shop = new ShopRecord({ portal, changes, answers, drafts, ...told });
  return { drafts, portal, box, answers, changes, delivery, shop, page };
}
