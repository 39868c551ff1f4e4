import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { MemoryAnswers, shopPage } from './testing/shop-portal.ts';

const DAY = { day: '2026-01-28', sales: 3, takings: null, note: null };

function start() {
  const all = shopPage();
  all.portal.facts = { ...all.portal.facts, days: [DAY] };
  const refuse = (error: AppError | null) => {
    all.portal.refusing = error;
  };
  return { ...all, refuse };
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
  const { shop, refuse } = start();
  refuse(new AppError('forbidden', 'Not yours.'));
  await shop.open('hafen');
  expect(shop.state.value).toMatchObject({ days: null, error: null });
});

test('who is no owner does not ask for what is an owner’s', async () => {
  const { shop, portal, page } = start();
  const asked: string[] = [];
  for (const name of ['days', 'weekMail', 'openingHours', 'smallCounts', 'typicalWeek'] as const) {
    const ask = portal[name] as () => Promise<never>;
    Object.assign(portal, { [name]: () => asked.push(name) && ask() });
  }
  page.mayOwn = false;
  await shop.open('hafen');
  expect(asked.toSorted()).toEqual(['openingHours', 'smallCounts', 'typicalWeek']);
  const none = { days: null, weekMail: null, error: null };
  expect(shop.state.value).toMatchObject({ ...none, openingHours: [] });
  page.mayOwn = true;
  await shop.open('hafen');
  expect(asked).toContain('days');
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

test('without network it shows what this device keeps, and says as of when', async () => {
  const { shop, refuse, answers } = start();
  await shop.open('hafen');
  expect(shop.state.value.asOf).toBeNull();
  refuse(new AppError('unavailable', 'away'));
  shop.clear();
  await shop.open('hafen');
  expect(shop.state.value).toMatchObject({ days: [DAY], asOf: 1_800_000_000_000 });
  expect(shop.state.value.typical?.weeks).toBe(4);
  refuse(null);
  await shop.open('hafen');
  expect(shop.state.value.asOf).toBeNull();
  expect(answers).toBeInstanceOf(MemoryAnswers);
  expect(answers.kept.size).toBe(5);
});

test('a day that is said is in its place, one of which nothing is said is gone', async () => {
  const { shop } = start();
  await shop.open('hafen');
  const said = { sales: 1, takings: 2.5, note: 'Rain' };
  await shop.setDay('hafen', '2026-01-27', said);
  expect(shop.state.value.days?.map(({ day }) => day)).toEqual(['2026-01-27', '2026-01-28']);
  await shop.setDay('hafen', '2026-01-28', { sales: null, takings: null, note: null });
  expect(shop.state.value.days).toEqual([{ day: '2026-01-27', ...said }]);
  await shop.importTill('hafen', [{ day: '2026-01-27', sales: 2, takings: null }]);
  expect(shop.state.value.days).toEqual([
    { day: '2026-01-27', sales: 2, takings: null, note: 'Rain' },
  ]);
  await shop.clearDays('hafen');
  expect(shop.state.value.days).toEqual([]);
});

test('an answer on its way when something is stored does not take it back', async () => {
  const { shop, portal } = start();
  await shop.open('hafen');
  let answer = (_days: unknown) => {};
  portal.days = () =>
    new Promise((resolve) => {
      answer = resolve as never;
    });
  const reading = shop.open('hafen');
  await shop.setDay('hafen', '2026-01-27', { sales: 9, takings: null, note: null });
  answer([DAY]);
  await reading;
  expect(shop.state.value.days?.map(({ sales }) => sales)).toEqual([9, 3]);
});

test('a page that closes once a deletion is through does not show it again', async () => {
  const { shop, box, answers, changes } = start();
  await shop.open('hafen');
  let isThrough = () => {};
  const through = new Promise<void>((resolve) => {
    isThrough = resolve;
  });
  // the page is closed before the box has done it
  box.remove = () => {
    isThrough();
    return new Promise(() => {});
  };
  void shop.clearDays('hafen');
  await through;
  expect(answers.kept.get('hafen days')?.answer).toEqual([]);
  expect(changes.state.value).toHaveLength(1);
});
