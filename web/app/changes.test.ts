/** What waits for the backend: order, once, whose, and what somebody else has changed meanwhile. */
import { expect, test, vi } from 'vitest';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { MemoryBox, MemoryShop, shopPage } from './testing/shop-portal.ts';

const AWAY = new AppError('unavailable', 'The server cannot be reached.');
const NOTHING = { sales: null, takings: null, note: null };
const note = (text: string | null) => ({ ...NOTHING, note: text });

async function opened(...over: Parameters<typeof shopPage>) {
  const all = shopPage(...over);
  await all.changes.reload();
  await all.shop.open('hafen');
  return all;
}

test('without network it is shown at once and kept; with it again all goes, in order', async () => {
  const { portal, box, shop, delivery } = await opened();
  portal.refusing = AWAY;
  expect(await shop.setDay('hafen', '2026-11-20', note('Rain'))).toBe('waiting');
  expect(await shop.setDay('hafen', '2026-11-20', note('Snow'))).toBe('waiting');
  expect(await shop.setWeekMail('hafen', { is_on: true, language: 'de' })).toBe('waiting');
  expect(shop.state.value.days).toEqual([{ day: '2026-11-20', ...note('Snow') }]);
  expect(shop.state.value.weekMail).toMatchObject({ is_on: true, language: 'de' });
  expect(shop.state.value.changes).toHaveLength(3);
  expect(box.rows.map(({ account }) => account)).toEqual(['id-olga', 'id-olga', 'id-olga']);
  expect(delivery.state.value.stopped?.code).toBe('unavailable');
  portal.refusing = null;
  await delivery.deliver();
  expect([...portal.taken.values()].map(({ what }) => what)).toEqual([
    'shop_day',
    'shop_day',
    'week_mail',
  ]);
  expect(portal.stored).toEqual([{ day: '2026-11-20', ...note('Snow') }]);
  expect(box.rows).toEqual([]);
  expect(shop.state.value.changes).toEqual([]);
});

test('a page closed before it was sent: the next one sends it', async () => {
  const first = await opened();
  first.portal.refusing = AWAY;
  await first.shop.setOpeningHours('hafen', [{ weekday: 1, opens: '09:00', closes: '18:00' }]);
  first.portal.refusing = null;
  const next = await opened(first.portal, first.box);
  expect(next.shop.state.value.openingHours).toHaveLength(1);
  await next.delivery.deliver();
  expect(first.portal.facts.openingHours).toHaveLength(1);
  expect(next.box.rows).toEqual([]);
});

test('closed between sending and the answer: sent again with its key, once in effect', async () => {
  const first = await opened();
  const taken = first.portal.change.bind(first.portal);
  first.portal.change = async (...sent) => {
    await taken(...sent);
    throw AWAY; // the answer was lost
  };
  expect(await first.shop.setDay('hafen', '2026-11-20', note('Rain'))).toBe('waiting');
  first.portal.change = taken;
  // Somebody else was there in between: what is repeated must not undo it.
  await taken('hafen', { what: 'clear_days' }, 'otto');
  const next = await opened(first.portal, first.box);
  await next.delivery.deliver();
  expect(new Set(first.portal.sent).size).toBe(2);
  expect(first.portal.sent).toHaveLength(3);
  expect(first.portal.stored).toEqual([]);
  expect(next.box.rows).toEqual([]);
});

test('two tabs at once deliver each change once', async () => {
  const one = await opened();
  one.portal.refusing = AWAY;
  for (const text of ['Rain', 'Snow']) await one.shop.setDay('hafen', '2026-11-20', note(text));
  const other = await opened(one.portal, one.box);
  one.portal.refusing = null;
  const before = one.portal.sent.length;
  await Promise.all([one.delivery.deliver(), other.delivery.deliver()]);
  // Without locks they may both send; the keys make one effect of it.
  expect(new Set(one.portal.sent.slice(before)).size).toBe(2);
  expect(one.portal.taken.size).toBe(2);
  expect(one.portal.stored).toEqual([{ day: '2026-11-20', ...note('Snow') }]);
  expect(one.box.rows.filter(({ trouble }) => trouble)).toEqual([]);
});

test('changed by somebody else: both values are there, and the person chooses', async () => {
  const { portal, shop, delivery } = await opened();
  portal.refusing = AWAY;
  await shop.setDay('hafen', '2026-11-20', note('Rain'));
  await shop.setDay('hafen', '2026-11-20', note('Heavy rain'));
  portal.refusing = null;
  const wish = { what: 'shop_day', day: '2026-11-20', said: note('Fair'), seen: NOTHING } as const;
  await portal.change('hafen', wish, 'otto');
  await delivery.deliver();
  expect(portal.stored).toMatchObject([{ note: 'Fair' }]);
  const [mine] = shop.state.value.changes;
  expect(shop.state.value.changes).toHaveLength(1);
  expect(mine?.trouble).toEqual({ kind: 'conflict', present: note('Fair') });
  expect(mine?.wish).toMatchObject({ said: note('Heavy rain') });
  expect(shop.state.value.days).toMatchObject([{ note: 'Heavy rain' }]);
  // Not by itself.
  await delivery.deliver();
  expect(portal.stored).toMatchObject([{ note: 'Fair' }]);
  if (mine) await shop.again(mine);
  expect(portal.stored).toMatchObject([{ note: 'Heavy rain' }]);
  expect(shop.state.value.changes).toEqual([]);
});

test('the other value can be taken, or a third one written', async () => {
  const { portal, shop, delivery } = await opened();
  const clash = async (other: string) => {
    portal.refusing = AWAY;
    const seen = { ...NOTHING, ...portal.stored[0] };
    await shop.setDay('hafen', '2026-11-20', note('Mine'));
    portal.refusing = null;
    const { sales, takings, note: text } = seen;
    const said = { what: 'shop_day', day: '2026-11-20', said: note(other) } as const;
    await portal.change('hafen', { ...said, seen: { sales, takings, note: text } }, other);
    await delivery.deliver();
    return shop.state.value.changes[0];
  };
  const mine = await clash('Theirs');
  if (mine) await shop.discard(mine);
  expect(shop.state.value.days).toMatchObject([{ note: 'Theirs' }]);
  await clash('Theirs again');
  expect(await shop.setDay('hafen', '2026-11-20', note('Ours'))).toBe('stored');
  expect(portal.stored).toMatchObject([{ note: 'Ours' }]);
  expect(shop.state.value.changes).toEqual([]);
});

test('what is refused stays with the reason, holds nothing up, and can be corrected', async () => {
  const { portal, shop } = await opened();
  portal.refusing = new AppError('invalid', 'sales: must not be over 100000', { isForeign: true });
  const said = { ...NOTHING, sales: 1e9 };
  expect(await shop.setDay('hafen', '2026-11-20', said)).toBe('troubled');
  expect(shop.state.value.changes[0]?.trouble).toMatchObject({ kind: 'refused', code: 'invalid' });
  expect(shop.state.value.days).toMatchObject([{ sales: 1e9 }]);
  portal.refusing = null;
  expect(await shop.setWeekMail('hafen', { is_on: true, language: 'en' })).toBe('stored');
  expect(portal.stored).toEqual([]);
  expect(await shop.setDay('hafen', '2026-11-20', { ...NOTHING, sales: 1 })).toBe('stored');
  expect(portal.stored).toMatchObject([{ sales: 1 }]);
  expect(shop.state.value.changes).toEqual([]);
});

test.each<[ErrorCode, boolean, string]>([
  ['unauthenticated', true, 'waiting'],
  ['unavailable', false, 'waiting'],
  ['unavailable', true, 'waiting'],
  ['internal', true, 'waiting'],
  ['rate_limited', true, 'waiting'],
  ['forbidden', true, 'troubled'],
  ['not_found', true, 'troubled'],
  ['too_large', false, 'troubled'],
])('after %s (in the server’s own words: %s) it is %s', async (code, isForeign, fate) => {
  const { portal, shop, box, delivery } = await opened();
  portal.refusing = new AppError(code, 'No.', { isForeign });
  expect(await shop.setSmallCounts('hafen', 5)).toBe(fate);
  expect(box.rows).toHaveLength(1);
  expect(shop.state.value.smallCounts).toEqual({ smallest_shown: 5 });
  portal.refusing = null;
  const [change] = shop.state.value.changes;
  if (change?.trouble) await shop.again(change);
  else await delivery.deliver();
  expect(portal.facts.smallCounts).toEqual({ smallest_shown: 5 });
  expect(box.rows).toEqual([]);
});

test('a fault of one thing holds up no other, but what comes after it', async () => {
  const { portal, shop, box } = await opened();
  const change = portal.change.bind(portal);
  portal.change = async (place, wish, key) => {
    if (wish.what === 'shop_day') throw new AppError('internal', 'Oops.', { isForeign: true });
    return change(place, wish, key);
  };
  await shop.setDay('hafen', '2026-11-20', note('Rain'));
  await shop.setDay('hafen', '2026-11-20', note('Snow'));
  await shop.setWeekMail('hafen', { is_on: true, language: 'en' });
  expect(portal.facts.weekMail?.is_on).toBe(true);
  expect(box.rows.map(({ wish }) => 'said' in wish && wish.said.note)).toEqual(['Rain', 'Snow']);
});

test('a pause that the server asks for is kept, then it goes on by itself', async () => {
  vi.useFakeTimers();
  try {
    const { portal, shop, delivery } = await opened();
    portal.refusing = new AppError('rate_limited', 'Too many.', { retryAfterS: 30 });
    await shop.setDay('hafen', '2026-11-20', note('Rain'));
    portal.refusing = null;
    await delivery.deliver();
    expect(portal.sent).toHaveLength(1);
    expect(delivery.state.value.stopped?.code).toBe('rate_limited');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(portal.stored).toMatchObject([{ note: 'Rain' }]);
  } finally {
    vi.useRealTimers();
  }
});

test('another person neither sees nor sends it; the same one does later', async () => {
  const { portal, box, shop, changes, delivery, page } = await opened();
  portal.refusing = AWAY;
  await shop.setDay('hafen', '2026-11-20', note('Olga’s'));
  portal.refusing = null;
  page.user = null; // the session has ended
  await delivery.deliver();
  expect([changes.state.value, portal.sent.length, box.rows.length]).toEqual([[], 1, 1]);
  const otto = await opened(portal, box, 'id-otto');
  await otto.delivery.deliver();
  expect([otto.shop.state.value.changes, portal.sent.length]).toEqual([[], 1]);
  page.user = 'id-olga';
  await delivery.deliver();
  expect(portal.stored).toMatchObject([{ note: 'Olga’s' }]);
});

test('when somebody else signs in, what the first one left behind goes', async () => {
  const { portal, box, shop } = await opened();
  portal.refusing = AWAY;
  await shop.setDay('hafen', '2026-11-20', note('Olga’s'));
  const otto = await opened(portal, box, 'id-otto');
  await otto.changes.keepOnly('id-otto');
  expect(box.rows).toEqual([]);
});

test('a browser that keeps nothing: it waits with the page, after all that is kept', async () => {
  const { portal, box, shop, changes, delivery } = await opened();
  portal.refusing = AWAY;
  await shop.setDay('hafen', '2026-11-20', note('Kept'));
  box.isFull = true;
  await shop.setDay('hafen', '2026-11-20', note('First'));
  expect(await shop.setDay('hafen', '2026-11-20', note('Second'))).toBe('waiting');
  expect(changes.isUnkept).toBe(true);
  portal.refusing = null;
  await delivery.deliver();
  const notes = [...portal.taken.values()].map((wish) => 'said' in wish && wish.said.note);
  expect(notes).toEqual(['Kept', 'First', 'Second']);
  expect(changes.isUnkept).toBe(false);
});

test('what another tab has delivered is looked up anew', async () => {
  const box = new MemoryBox();
  const portal = new MemoryShop();
  const one = await opened(portal, box);
  portal.refusing = AWAY;
  await one.shop.setDay('hafen', '2026-11-20', note('Rain'));
  portal.refusing = null;
  const other = await opened(portal, box);
  await other.delivery.deliver();
  await one.changes.reload(); // as the other tab’s word makes it do
  await vi.waitFor(() => expect(one.shop.state.value.days).toMatchObject([{ note: 'Rain' }]));
  expect(one.shop.state.value.changes).toEqual([]);
});

test('nobody signed in changes nothing', async () => {
  const { shop, page } = await opened();
  page.user = null;
  await expect(shop.setDay('hafen', '2026-11-20', note('x'))).rejects.toThrow('Nobody');
});
