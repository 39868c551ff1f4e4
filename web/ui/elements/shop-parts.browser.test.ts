/** What an owner says of the own shop, element by element, over a record in memory. */
import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { shopPage, typicalWeekOf } from '../../app/testing/shop-portal.ts';
import { change, focused, mount, settled, text } from '../testing/mount.ts';
import './shop-parts.ts';

async function record() {
  const own = shopPage();
  await own.shop.open('hafen');
  return { ...own, locationId: 'hafen' };
}

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

test('the usual week from its first to its last busy hour, this one a press away', async () => {
  const week = typicalWeekOf(12);
  const element = await mount('jb-typical-week', { week });
  const cells = () => [...(element.shadowRoot?.querySelectorAll('tbody td') ?? [])];
  expect(cells()).toHaveLength(8 * 7);
  expect(cells()[0]?.textContent).toBe('12');
  expect(text(element)).toContain('Since Monday about 190 visitors: 100% more than usual');
  await press('This week');
  expect(cells()[0]?.textContent).toBe('24');
  expect(cells()[1]?.textContent).toContain('no data');
});

test('closed hours are grey, and a first day has no usual week', async () => {
  const openingHours = [{ weekday: 1, opens: '09:00', closes: '18:00' }];
  const week = typicalWeekOf(0);
  const element = await mount('jb-typical-week', { week, openingHours });
  expect(element.shadowRoot?.querySelectorAll('td.closed')).toHaveLength(9 * 6);
  const cells = week.cells.map((cell) => ({ ...cell, usual: null, visits: null }));
  await change(element, { week: { ...week, weeks: 0, so_far: null, cells } });
  expect(text(element)).toContain('There are no numbers yet.');
});

test('a day’s sales are stored; what is no number is said, and stays typed', async () => {
  const { portal, shop, locationId } = await record();
  const element = await mount('jb-shop-day-form', { shop, locationId, day: '2026-11-20' });
  await page.getByLabelText('Number of sales').fill('thirty');
  await press('Save');
  await settled(element);
  await expect.element(page.getByText('“thirty” is no amount.')).toBeVisible();
  await expect.element(page.getByLabelText('Number of sales')).toHaveValue('thirty');
  await page.getByLabelText('Number of sales').fill('31');
  await page.getByLabelText('Takings, if you like').fill('1.204,50');
  await page.getByLabelText('Note on this day').fill('=1+1 <img src=x>');
  await press('Save');
  await settled(element);
  const note = '=1+1 <img src=x>';
  expect(portal.stored).toEqual([{ day: '2026-11-20', sales: 31, takings: 1204.5, note }]);
  await expect.element(page.getByText('Saved.')).toBeVisible();
});

test('what waits stays in the form; another day begins empty', async () => {
  const { portal, shop, locationId } = await record();
  const element = await mount('jb-shop-day-form', { shop, locationId, day: '2026-11-20' });
  portal.refusing = new AppError('unavailable', 'The server cannot be reached.');
  await page.getByLabelText('Number of sales').fill('31');
  await press('Save');
  await settled(element);
  const waits = 'Waiting: kept on this device, and sent by itself. The server cannot be reached.';
  await expect.element(page.getByText(waits)).toBeVisible();
  await expect.element(page.getByLabelText('Number of sales')).toHaveValue('31');
  await change(element, { day: '2026-11-19' });
  await expect.element(page.getByLabelText('Number of sales')).toHaveValue('');
});

test('a till’s file: what can be taken in, what not and why; only then is it stored', async () => {
  const { portal, shop, locationId } = await record();
  const element = await mount('jb-till-import', { shop, locationId, today: '2026-11-30' });
  const csv =
    '\uFEFFDatum;Anzahl;Umsatz\r\n28.01.2026;31;1.204,50\r\n30.02.2026;3;1\r\n27.01.2026;x;';
  const file = new File([csv], 'till.csv', { type: 'text/csv' });
  await userEvent.upload(
    page.getByLabelText('Or take in a file of your till', { exact: false }),
    file,
  );
  await settled(element);
  await expect.element(page.getByText('Of Wednesday 28 January 2026.')).toBeVisible();
  await expect.element(page.getByText('Line 3: no calendar has 30.02.2026.')).toBeVisible();
  await expect.element(page.getByText('Line 4: “x” is no number.')).toBeVisible();
  expect(portal.stored).toEqual([]);
  await press('Take in one day');
  await settled(element);
  expect(portal.stored).toEqual([{ day: '2026-01-28', sales: 31, takings: 1204.5, note: null }]);
  await expect.element(page.getByText('One day was taken in.')).toBeVisible();
});

test('a file of other columns shows which were read; one that is too long says so', async () => {
  const { shop, locationId } = await record();
  const element = await mount('jb-till-import', { shop, locationId, today: '2026-11-30' });
  const choose = async (...parts: string[]) => {
    const field = page.getByLabelText('Or take in a file of your till', { exact: false });
    await userEvent.upload(field, new File(parts, 'till.csv', { type: 'text/csv' }));
    await settled(element);
  };
  await choose('Datum;Bons;<img src=x>\r\n28.01.2026;31;70\r\n');
  expect(text(element)).toContain('“Bons”; as takings: “<img src=x>”.');
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
  await choose('Datum;Bons\r\n', '28.01.2026;31\r\n'.repeat(1103));
  expect(text(element)).toContain('The file has 3 more lines than can be read at once.');
  await choose('x'.repeat(10_000_000));
  expect(text(element)).toContain('This file is too large for till numbers.');
  await choose('');
  expect(text(element)).toContain('There is nothing in this file.');
});

test('opening hours: a day opened, with a break, and midnight is the day’s end', async () => {
  const { portal, shop, locationId } = await record();
  const element = await mount('jb-opening-hours', { shop, locationId, times: [] });
  await page.getByRole('checkbox', { name: 'Friday' }).click();
  await settled(element);
  await press('Add a break');
  await settled(element);
  const closes = page.getByLabelText('Friday, closes');
  await closes.nth(0).fill('12:30');
  await closes.nth(1).fill('00:00');
  await press('Save opening hours');
  await settled(element);
  expect(portal.facts.openingHours).toEqual([
    { weekday: 5, opens: '09:00', closes: '12:30' },
    { weekday: 5, opens: '14:00', closes: '24:00' },
  ]);
});

test('small numbers are left out of reports when that was asked and confirmed', async () => {
  const { portal, shop, locationId } = await record();
  const element = await mount('jb-small-counts', { shop, locationId, smallest: null });
  expect(text(element)).toContain('Reports show every number.');
  expect(text(element)).not.toContain('Show every number ');
  const field = page.getByLabelText('Smallest number that reports may show');
  for (const wrong of ['1', '51', '2.5', '']) {
    await field.fill(wrong);
    await expect.element(field).toHaveAttribute('aria-invalid', 'true');
    expect(text(element)).not.toContain('Leave smaller numbers out');
  }
  await field.fill('5');
  await press('Leave smaller numbers out');
  await expect.element(page.getByText('fewer than 5 people were counted')).toBeVisible();
  await press('Cancel');
  expect(portal.facts.smallCounts).toEqual({ smallest_shown: null });
  await press('Leave smaller numbers out');
  await press('Leave out');
  await settled(element);
  expect(portal.facts.smallCounts).toEqual({ smallest_shown: 5 });
  await change(element, { smallest: shop.state.value.smallCounts?.smallest_shown ?? null });
  expect(text(element)).toContain('Reports show no number of fewer than 5 people.');
  expect(text(element)).toContain('Done.');
  await press('Show every number');
  await press('Show');
  await settled(element);
  expect(portal.facts.smallCounts).toEqual({ smallest_shown: null });
});

test('a limit waits while reports cannot be reached, and says so', async () => {
  const { portal, shop, delivery, locationId } = await record();
  const element = await mount('jb-small-counts', { shop, locationId, smallest: null });
  portal.refusing = new AppError('unavailable', 'Supabase did not answer.');
  await press('Leave smaller numbers out');
  await press('Leave out');
  await settled(element);
  await expect.element(page.getByText('Waiting: kept on this device')).toBeVisible();
  portal.refusing = null;
  await delivery.deliver();
  await settled(element);
  expect(portal.facts.smallCounts).toEqual({ smallest_shown: 5 });
  await expect.element(page.getByText('Waiting', { exact: false })).not.toBeInTheDocument();
});

test('the Monday mail is switched on; off waits without network, and says so', async () => {
  const { portal, shop, locationId } = await record();
  const { weekMail: mail } = shop.state.value;
  const element = await mount('jb-week-mail', { shop, locationId, mail } as never);
  const box = page.getByRole('checkbox');
  await box.click();
  await settled(element);
  expect(portal.facts.weekMail).toMatchObject({ is_on: true, language: 'en' });
  await change(element, { mail: shop.state.value.weekMail });
  portal.refusing = new AppError('unavailable', 'away');
  await box.click();
  await settled(element);
  await change(element, { mail: shop.state.value.weekMail });
  await expect.element(box).not.toBeChecked();
  await expect.element(page.getByText('Waiting: kept on this device')).toBeVisible();
  expect(portal.facts.weekMail).toMatchObject({ is_on: true });
});

test('somebody else was faster: both values are there, and either can be chosen', async () => {
  const { portal, shop, delivery, locationId } = await record();
  const day = '2026-11-20';
  const element = await mount('jb-shop-day-form', { shop, locationId, day });
  const shown = async () => {
    await settled(element);
    await change(element, { said: shop.state.value.days?.find((d) => d.day === day) });
  };
  for (const choice of ['Keep yours', 'Take what is there']) {
    portal.refusing = new AppError('unavailable', 'away');
    await page.getByLabelText('Note on this day').fill(`Mine, ${choice}`);
    await press('Save');
    await shown();
    portal.refusing = null;
    const { sales = null, takings = null, note = null } = portal.stored[0] ?? {};
    const said = { sales: 7, takings: null, note: 'Theirs' };
    const seen = { sales, takings, note };
    await portal.change(locationId, { what: 'shop_day', day, said, seen }, choice);
    await delivery.deliver();
    await shown();
    await expect.element(page.getByTestId('mine')).toHaveTextContent(`“Mine, ${choice}”`);
    await expect.element(page.getByTestId('theirs')).toHaveTextContent('7 sales, “Theirs”');
    await expect.element(page.getByLabelText('Note on this day')).toHaveValue(`Mine, ${choice}`);
    await press(choice);
    await shown();
    await expect.element(page.getByTestId('mine')).not.toBeInTheDocument();
    const kept = choice === 'Keep yours' ? `Mine, ${choice}` : 'Theirs';
    expect(portal.stored).toMatchObject([{ note: kept }]);
    await expect.element(page.getByLabelText('Note on this day')).toHaveValue(kept);
  }
});

test('what is refused is said in words, and what was typed stays to be corrected', async () => {
  const { portal, shop, locationId } = await record();
  const day = '2026-11-20';
  const element = await mount('jb-shop-day-form', { shop, locationId, day });
  portal.refusing = new AppError('forbidden', 'Your role does not allow this.', {
    isForeign: true,
  });
  await page.getByLabelText('Number of sales').fill('31');
  await press('Save');
  await settled(element);
  await expect.element(page.getByText('This was not taken.')).toBeVisible();
  await expect.element(page.getByLabelText('Number of sales')).toHaveValue('31');
  portal.refusing = null;
  await press('Send again');
  await settled(element);
  expect(portal.stored).toMatchObject([{ sales: 31 }]);
});

test('what is typed is there after the form was away; a fault has the focus', async () => {
  const { shop, drafts, locationId } = await record();
  const day = '2026-11-20';
  const first = await mount('jb-shop-day-form', { shop, locationId, day });
  await page.getByLabelText('Note on this day').fill('Half a sen');
  first.remove();
  const element = await mount('jb-shop-day-form', { shop, locationId, day });
  await expect.element(page.getByLabelText('Note on this day')).toHaveValue('Half a sen');
  await expect.element(page.getByText('Not saved yet.')).toBeVisible();
  await page.getByLabelText('Takings, if you like').fill('much');
  await press('Save');
  await settled(element);
  expect(focused()?.id).toBe('takings');
  await expect
    .element(page.getByLabelText('Takings, if you like'))
    .toHaveAttribute('aria-invalid', 'true');
  await page.getByLabelText('Takings, if you like').fill('');
  await press('Save');
  await settled(element);
  expect(drafts.kept.size).toBe(0);
  await expect.element(page.getByText('Saved.')).toBeVisible();
});

/** Each form of the own shop: what is typed or chosen, and what it then still shows. */
const FORMS = {
  'jb-shop-day-form': {
    properties: { day: '2026-11-20' },
    async fill() {
      await page.getByLabelText('Note on this day').fill('Typed');
      await press('Save');
    },
    kept: () => expect.element(page.getByLabelText('Note on this day')).toHaveValue('Typed'),
  },
  'jb-opening-hours': {
    properties: { times: [] },
    async fill() {
      await page.getByRole('checkbox', { name: 'Friday' }).click();
      await press('Save opening hours');
    },
    kept: () => expect.element(page.getByRole('checkbox', { name: 'Friday' })).toBeChecked(),
  },
  'jb-week-mail': {
    properties: { mail: { is_on: false, language: 'en', email: 'olga@example.net' } },
    fill: () => page.getByRole('checkbox').click(),
    kept: () => expect.element(page.getByRole('checkbox')).toBeChecked(),
  },
  'jb-small-counts': {
    properties: { smallest: null },
    async fill() {
      await page.getByLabelText('Smallest number that reports may show').fill('7');
      await press('Leave smaller numbers out');
      await press('Leave out');
    },
    kept: () =>
      expect.element(page.getByLabelText('Smallest number that reports may show')).toHaveValue(7),
  },
  'jb-till-import': {
    properties: { today: '2026-11-30' },
    async fill() {
      const file = new File(['Date,Sales\n2026-01-28,31'], 'till.csv', { type: 'text/csv' });
      const field = page.getByLabelText('Or take in a file of your till', { exact: false });
      await userEvent.upload(field, file);
      await press('Take in one day');
    },
    kept: async () => {},
  },
} as const;

/** As web/api/http.ts makes them of 401, 403, 429, 500, HTML and nothing. */
const FAULTS: [string, AppError, string][] = [
  ['401', new AppError('unauthenticated', 'This session was ended.'), 'sign in again'],
  ['403', new AppError('forbidden', 'Only its owner may.', { hint: 'Ask him.' }), 'Only its owner'],
  ['429', new AppError('rate_limited', 'Slowly.', { retryAfterS: 30 }), 'a pause of 30 s'],
  ['500', new AppError('internal', 'Something went wrong on our side.'), 'went wrong'],
  ['HTML', new AppError('unavailable', 'The server did not answer (HTTP 502).'), 'HTTP 502'],
  ['nothing', new AppError('unavailable', 'The server cannot be reached.'), 'cannot be reached'],
];

describe.each(Object.keys(FORMS) as (keyof typeof FORMS)[])('%s', (tag) => {
  test.each(FAULTS)('answered %s: in words, kept, and sent later', async (_name, fault, words) => {
    const { portal, shop, box, delivery, locationId } = await record();
    const { properties, fill, kept } = FORMS[tag];
    const element = await mount(tag, { shop, locationId, ...properties } as never);
    portal.refusing = fault;
    await fill();
    await settled(element);
    expect(text(element)).toContain(words);
    await kept();
    expect(box.rows).toHaveLength(1);
    portal.refusing = null;
    const [change] = shop.state.value.changes;
    if (change?.trouble) await press('Send again');
    else if (fault.code !== 'rate_limited') await delivery.deliver();
    await settled(element);
    // a pause that was asked for is kept
    expect(portal.taken.size).toBe(fault.code === 'rate_limited' ? 0 : 1);
  });
});
