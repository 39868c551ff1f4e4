import { expect, test } from 'vitest';
import type { ShopDay } from '../../shared/contracts/shop-day.ts';
import { AppError } from '../../shared/errors.ts';
import { type ShopPortal, ShopRecord } from './shop-record.ts';

const DAY = { day: '2026-01-28', sales: 3, takings: null, note: null };

/** A backend with one shop's days; what it is told to refuse it refuses. */
function start({
  refusing = null as AppError | null,
  stored = [DAY] as ShopDay[],
  isFarAway = false,
} = {}) {
  const asked: string[] = [];
  let limit: number | null = null;
  const answer = async <T>(name: string, value: () => T): Promise<T> => {
    asked.push(name);
    if (refusing) throw refusing;
    return value();
  };
  const backend = {
    days: () => answer('days', () => stored),
    setDay: (_id: string, day: string, said: object) =>
      answer('setDay', () => ({ day, ...said }) as ShopDay),
    importTill: (_id: string, days: readonly object[]) => answer('import', () => days.length),
    clearDays: () => answer('clear', () => 1),
    typicalWeek: () => answer('typical', () => ({ cells: [] })),
    openingHours: () => answer('hours', () => []),
    setOpeningHours: (_id: string, times: object[]) => answer('setHours', () => times),
    weekMail: () => answer('mail', () => ({ is_on: false, language: 'en', email: 'o@x.net' })),
    setWeekMail: (_id: string, wanted: object) => answer('setMail', () => wanted),
    smallCounts: () => answer('limit', () => ({ smallest_shown: limit })),
    setSmallCounts: async (_id: string, wanted: { smallest_shown: number | null }) => {
      limit = wanted.smallest_shown;
      if (isFarAway) throw new AppError('unavailable', 'Supabase did not answer.');
      return answer('setLimit', () => wanted);
    },
  };
  const shop = new ShopRecord(backend as unknown as ShopPortal);
  const refuse = (error: AppError | null) => {
    refusing = error;
  };
  return { shop, asked, refuse };
}

test('what there is of a shop, and nothing of the one before', async () => {
  const { shop } = start();
  await shop.open('hafen');
  expect(shop.state.value).toMatchObject({ locationId: 'hafen', days: [DAY], openingHours: [] });
  const opening = shop.open('mission');
  expect(shop.state.value).toMatchObject({ locationId: 'mission', days: null, weekMail: null });
  await opening;
  shop.clear();
  expect(shop.state.value).toMatchObject({ locationId: null, days: null });
});

test('an answer that comes when another shop is shown is nobody’s', async () => {
  const { shop } = start();
  const first = shop.open('hafen');
  shop.clear();
  await first;
  expect(shop.state.value.days).toBeNull();
});

test('what is an owner’s is not there for an administrator, and that is no failure', async () => {
  const { shop } = start({ refusing: new AppError('forbidden', 'Not yours.') });
  await shop.open('hafen');
  expect(shop.state.value).toMatchObject({ days: null, error: null });
});

test('a failure is kept beside what is there', async () => {
  const { shop, refuse } = start();
  await shop.open('hafen');
  refuse(new AppError('unavailable', 'away'));
  await shop.open('hafen');
  expect(shop.state.value.days).toEqual([DAY]);
  expect(shop.state.value.error?.code).toBe('unavailable');
  refuse(null);
  await shop.open('hafen');
  expect(shop.state.value.error).toBeNull();
});

test('a day that is said is in its place, one of which nothing is said is gone', async () => {
  const { shop } = start();
  await shop.open('hafen');
  const said = { sales: 1, takings: 2.5, note: 'Rain' };
  await shop.setDay('hafen', '2026-01-27', said);
  expect(shop.state.value.days?.map(({ day }) => day)).toEqual(['2026-01-27', '2026-01-28']);
  await shop.setDay('hafen', '2026-01-28', { sales: null, takings: null, note: null });
  expect(shop.state.value.days).toEqual([{ day: '2026-01-27', ...said }]);
  await shop.clearDays('hafen');
  expect(shop.state.value.days).toEqual([]);
});

test('what is refused changes nothing and is told to whoever asked', async () => {
  const { shop, refuse } = start();
  await shop.open('hafen');
  refuse(new AppError('invalid', 'Wrong.'));
  await expect(shop.setDay('hafen', '2026-01-27', { ...DAY })).rejects.toThrow('Wrong.');
  await expect(shop.importTill('hafen', [DAY])).rejects.toThrow('Wrong.');
  await expect(shop.setOpeningHours('hafen', [])).rejects.toThrow('Wrong.');
  expect(shop.state.value.days).toEqual([DAY]);
});

test('a stored limit is shown, also where older numbers could not be changed', async () => {
  const { shop } = start({ isFarAway: true });
  await shop.open('hafen');
  expect(shop.state.value.smallCounts).toEqual({ smallest_shown: null });
  await expect(shop.setSmallCounts('hafen', 5)).rejects.toThrow('Supabase');
  expect(shop.state.value.smallCounts).toEqual({ smallest_shown: 5 });
});
