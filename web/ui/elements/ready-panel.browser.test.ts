/** Making this device ready: what is fetched, what is missing, until when it lasts. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { Ready, type ReadyParts } from '../../app/ready.ts';
import { ReservedIds } from '../../app/reserved-ids.ts';
import { TestOutbox } from '../../app/testing/backend.ts';
import { IdbAnswers } from '../../storage/answers.ts';
import { lazyDb, type OpenDb } from '../../storage/db.ts';
import { IdbReserved } from '../../storage/reserved.ts';
import { mount, settled, text } from '../testing/mount.ts';
import './ready-panel.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const END = NOW + 14 * 86_400_000;
let open: OpenDb;
beforeEach(() => {
  open = lazyDb();
});
afterEach(async () => {
  document.body.replaceChildren();
  (await open()).close();
  await deleteDB('jambench');
});

const account = () => 'id-ines';
const now = () => NOW;

async function panel(more: Partial<ReadyParts> = {}, most = 50) {
  const takeAlong = vi.fn(async (holder: string, count: number) => ({
    reservations: Array.from({ length: Math.min(count, most) }, (_, i) => ({
      device_id: `JBNB000${i + 1}`.slice(0, 8),
      expires_at: new Date(END).toISOString(),
      holder,
    })),
  }));
  const ids = new ReservedIds({
    ...{ account, now, outbox: new TestOutbox(), store: new IdbReserved(open) },
    portal: { takeAlong, giveBack: async () => ({ reservations: [] }) },
    newHolder: () => 'browser-0000-0000',
    reserveOne: async () => 'JBNB0099',
  });
  const parts: ReadyParts = {
    ...{ ids, now, answers: new IdbAnswers(open, account, now) },
    firmware: { load: async (target) => ({ target, version: '6.1.0' }) as never },
    isPageKept: async () => true,
    isBundleKept: async () => true,
    settings: async () => ({}),
    takeOrders: async () => ({ count: 2, own: [] }),
    promise: async () => true,
    ...more,
  };
  const ready = new Ready(parts);
  const element = await mount('jb-ready-panel', { ready, signedIn: true });
  await settled(element);
  return { element, ready, takeAlong };
}

const make = async (count: string) => {
  await page.getByLabelText('Units to prepare').fill(count);
  await page.getByRole('button', { name: 'Make this device ready' }).click();
};
const until = () => page.getByTestId('ready-until');
const line = (words: string) => page.getByText(words);

test('all is fetched: until when, how many ids, which versions; known after a reload', async () => {
  const { element, takeAlong } = await panel();
  await expect.element(until()).toHaveTextContent('This device has not been made ready yet.');
  await make('5');
  await expect.element(until()).toHaveTextContent(/until 15 Jun.* Ids left: 5\./);
  expect(takeAlong).toHaveBeenCalledWith('browser-0000-0000', 5);
  expect(text(element)).toContain('for JamBox units 6.1.0, for virtual units 6.1.0');
  expect(text(element)).toContain('Open work orders taken along: 2.');
  element.remove();
  const again = await panel();
  await expect.element(until()).toHaveTextContent(/Ids left: 5\./);
  expect(text(again.element)).toContain('What was on this device on');
  again.element.remove();
  const removed = await panel({ isBundleKept: async (target) => target !== 'esp32s3' });
  await expect.element(until()).toHaveTextContent('Not ready: something is missing.');
  expect(text(removed.element)).toContain('This browser has removed it since.');
});

test.each<[string, Partial<ReadyParts>, string]>([
  ['the page', { isPageKept: async () => false }, 'Reload this page'],
  ['firmware', { isBundleKept: async () => false }, 'Reload this page'],
  [
    'firmware that is broken',
    {
      firmware: {
        load: async () => {
          throw new AppError('image_corrupt', 'It is broken.');
        },
      },
    },
    'Missing:',
  ],
  [
    'the settings',
    {
      settings: async () => {
        throw new AppError('unavailable', 'Away.');
      },
    },
    'Missing: Away. Try again later',
  ],
])('%s missing: it is not ready, and says what to do', async (_what, more, words) => {
  const { element } = await panel(more);
  await make('3');
  await expect.element(until()).toHaveTextContent('Not ready: something is missing.');
  await vi.waitFor(() => expect(text(element)).toContain(words));
  await expect.element(line('Missing:').first()).toBeVisible();
});

test('without work orders or the promise it is ready all the same, and says so', async () => {
  const { element } = await panel({
    promise: async () => false,
    takeOrders: async () => {
      throw new AppError('unavailable', 'Away.');
    },
  });
  await make('3');
  await expect.element(until()).toHaveTextContent(/until 15 Jun/);
  expect(text(element)).toContain('The browser may remove it');
});

test('fewer ids than wanted are said; none is not ready', async () => {
  const { element } = await panel({}, 2);
  await make('9');
  await expect.element(until()).toHaveTextContent(/Ids left: 2\./);
  expect(text(element)).toContain('More are not to be had');
  await page.getByRole('button', { name: 'Give the ids back' }).click();
  await expect.element(until()).toHaveTextContent('No id is left');
});
